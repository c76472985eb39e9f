"""Parts of the continuity observer: no frames, tiny frames, memory, sound, merging, trials, evidence."""

import tracemalloc
from collections.abc import Iterator

import numpy as np
import pytest

from sixfaces.domain.facts import BreakCause, ContinuityFact
from sixfaces.domain.time import MediaTime
from sixfaces.media.frames import AudioBlock, Gray, SmallFrame
from sixfaces.observe.continuity import Continuity
from sixfaces.observe.continuity_break import Break, merged, takes
from sixfaces.observe.continuity_evidence import NAMES
from sixfaces.observe.continuity_score import CERTAIN, SUSPECT, jump_score
from sixfaces.observe.continuity_sound import Sound
from sixfaces.observe.continuity_trials import LENGTHS_S, Trials


def at(seconds: float) -> MediaTime:
    return MediaTime(ticks=round(seconds * 1000), den=1000)


def fed(frames: Iterator[Gray] | list[Gray], *, fps: float = 30) -> Continuity:
    observer = Continuity(lambda _name, _data: None)
    for n, gray in enumerate(frames):
        observer.small(SmallFrame(n, at(n / fps), gray, key=n == 0, corrupt=False))
    return observer


def noise(count: int, shape: tuple[int, int] = (90, 160)) -> Iterator[Gray]:
    rng = np.random.default_rng(1)
    still = rng.integers(30, 220, shape)
    for _ in range(count):
        yield np.asarray(still + rng.integers(-2, 3, shape), np.uint8)


def test_no_frames_are_no_facts() -> None:
    assert list(fed([]).finish()) == []


@pytest.mark.parametrize("shape", [(1, 160), (7, 9), (24, 24), (160, 24), (23, 160)])
def test_any_size_of_picture_is_survived(shape: tuple[int, int]) -> None:
    facts = list(fed(noise(30, shape)).finish())
    assert isinstance(facts[-1].fact, ContinuityFact)


def test_where_nothing_moves_the_smallest_removal_is_unknown() -> None:
    fact = list(fed(noise(300)).finish())[-1].fact
    assert isinstance(fact, ContinuityFact)
    assert fact.smallest_removal_s is None


def test_memory_does_not_grow_with_length_beyond_some_numbers_a_frame() -> None:
    tracemalloc.start()
    try:
        observer = fed(noise(400))
        early = tracemalloc.get_traced_memory()[0]
        for n, gray in enumerate(noise(1200)):
            observer.small(SmallFrame(400 + n, at((400 + n) / 30), gray, key=False, corrupt=False))
        late = tracemalloc.get_traced_memory()[0]
    finally:
        tracemalloc.stop()
    assert late - early < 1200 * 2_000


def block(start: float, rms: list[float]) -> AudioBlock:
    levels = np.array(rms, np.float32)
    return AudioBlock(at(start), 0.02, levels, levels)


def test_a_hole_between_blocks_of_sound_is_a_doubtful_break() -> None:
    sound = Sound()
    sound.add(block(0, [0.1] * 50))
    sound.add(block(1.5, [0.1] * 50))
    (found,) = sound.breaks()
    assert (found.cause, found.certain) == (BreakCause.AUDIO_BREAK, False)
    assert found.lost_s == pytest.approx(0.5)


def test_a_recorder_that_mutes_quiet_passages_is_no_series_of_breaks() -> None:
    sound = Sound()
    sound.add(block(0, ([0.1] * 20 + [0.0] * 10) * 8 + [0.1]))
    assert sound.breaks() == []


def test_silence_before_and_after_the_sound_is_no_break() -> None:
    sound = Sound()
    sound.add(block(0, [0.0] * 50 + [0.1] * 50 + [0.0] * 50))
    assert sound.breaks() == []


def test_one_moment_has_one_break_and_the_certain_one_stays() -> None:
    doubtful = Break(BreakCause.JUMP, at(1), at(1.03), certain=False, score=3, threshold=2)
    certain = Break(BreakCause.BLACK, at(1.05), at(1.5), certain=True, score=3, threshold=2)
    assert merged([doubtful, certain]) == [certain]


def test_a_stall_that_ends_in_a_jump_is_a_freeze() -> None:
    stall = Break(BreakCause.FREEZE, at(1), at(2.5), certain=False, score=1.5, threshold=1)
    jump = Break(BreakCause.JUMP, at(2.5), at(2.53), certain=True, score=9, threshold=7)
    (found,) = merged([stall, jump])
    assert (found.cause, found.certain) == (BreakCause.FREEZE, True)


def test_a_doubtful_break_divides_no_take() -> None:
    doubtful = Break(BreakCause.JUMP, at(1), at(1.03), certain=False, score=3, threshold=2)
    assert len(takes([doubtful], first=at(0), last=at(5))) == 1


def test_takes_lie_between_certain_breaks_and_reach_from_end_to_end() -> None:
    cuts = [Break(BreakCause.CUT, at(t), at(t + 0.1), certain=True, score=9, threshold=7) for t in (1, 3)]
    spans = [m.span for m in takes(cuts, first=at(0), last=at(5))]
    assert [(s.start.seconds, s.end.seconds) for s in spans if s] == [(0, 1), (1.1, 3), (3.1, 5)]


def test_the_smallest_removal_is_the_shortest_from_which_on_all_are_found() -> None:
    trials = Trials()
    for length in LENGTHS_S:
        for n in range(8):
            trials.count(length, found=length >= 0.5 or (length == 0.2 and n > 0))
    assert trials.smallest_s() == 0.5


def test_few_trials_say_nothing() -> None:
    trials = Trials()
    trials.count(0.5, found=True)
    assert trials.smallest_s() is None


def test_the_score_shipped_fits_the_evidence_and_orders_calm_before_torn() -> None:
    score = jump_score()
    assert score.mean.shape == (len(NAMES),)
    assert score(np.zeros(len(NAMES), np.float32)) < SUSPECT < CERTAIN
