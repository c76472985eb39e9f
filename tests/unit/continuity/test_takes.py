"""Continuity on whole files: each defect is found where it is, genuine takes stay whole."""

import pytest

from fixtures.build import MEDIA, built
from fixtures.makers.continuity import DEFECT_S, SLOWED_S
from sixfaces.domain.facts import BreakCause, BreakFact, ContinuityFact, Steadiness, TakeFact
from sixfaces.domain.observation import Measured
from sixfaces.media.container import probe_container
from sixfaces.media.decode import decode_video
from sixfaces.observe.continuity import Continuity

NEAR_S = 0.15

GENUINE = (
    "take_fixed.mp4",
    "take_handheld.mp4",
    "take_12fps.mp4",
    "take_pulsing_keyframes.mp4",
    "take_repeated_frames.mp4",
    "take_browser_recorder.mp4",
    "take_flash_and_lamp.mp4",
    "take_with_sound.mp4",
)

SUDDEN = {
    "cut.mp4": BreakCause.CUT,
    "removed_1s_fixed.mp4": BreakCause.JUMP,
    "removed_1s_handheld.mp4": BreakCause.JUMP,
    "removed_2s_and_swapped.mp4": BreakCause.JUMP,
}

STRETCHES = {
    "freeze.mp4": (BreakCause.FREEZE, DEFECT_S + 1.5),
    "black.mp4": (BreakCause.BLACK, DEFECT_S + 0.5),
    "timestamp_gap.mp4": (BreakCause.TIMESTAMP_GAP, DEFECT_S + 2.0),
}


def watched(name: str) -> list[Measured]:
    path = MEDIA / name if (MEDIA / name).exists() else built(name)
    observer = Continuity(lambda _name, _data: None)
    decode_video(path, probe_container(path, demuxer=None), wants={"small", "audio"}, sink=observer)
    return list(observer.finish())


def breaks(facts: list[Measured]) -> list[tuple[BreakFact, float, float]]:
    return [
        (m.fact, m.span.start.seconds, m.span.end.seconds)
        for m in facts
        if isinstance(m.fact, BreakFact) and m.span is not None
    ]


def takes(facts: list[Measured]) -> list[tuple[float, float]]:
    return [(m.span.start.seconds, m.span.end.seconds) for m in facts if isinstance(m.fact, TakeFact) and m.span]


def summary(facts: list[Measured]) -> ContinuityFact:
    (found,) = [m.fact for m in facts if isinstance(m.fact, ContinuityFact)]
    return found


@pytest.mark.parametrize("name", [*GENUINE, "genuine.mp4", "bottom_missing.mp4"])
def test_a_genuine_take_is_one_take_without_any_break(name: str) -> None:
    facts = watched(name)
    assert breaks(facts) == []
    assert len(takes(facts)) == 1


@pytest.mark.parametrize("name", SUDDEN)
def test_a_cut_or_a_removal_is_certain_and_lies_where_it_was_made(name: str) -> None:
    facts = watched(name)
    ((found, start, end),) = breaks(facts)
    assert (found.cause, found.certain) == (SUDDEN[name], True)
    assert start == pytest.approx(DEFECT_S, abs=NEAR_S)
    assert end == pytest.approx(DEFECT_S, abs=NEAR_S)
    assert found.score > found.threshold


@pytest.mark.parametrize("name", STRETCHES)
def test_a_stretch_without_pictures_is_certain_and_has_its_length(name: str) -> None:
    ((found, start, end),) = breaks(watched(name))
    cause, until = STRETCHES[name]
    assert (found.cause, found.certain) == (cause, True)
    assert start == pytest.approx(DEFECT_S, abs=NEAR_S)
    assert end == pytest.approx(until, abs=NEAR_S)
    assert found.lost_s == pytest.approx(until - DEFECT_S, abs=NEAR_S)


def test_a_dissolve_is_certain_and_overlaps_where_it_was_made() -> None:
    ((found, start, end),) = breaks(watched("dissolve.mp4"))
    assert (found.cause, found.certain) == (BreakCause.DISSOLVE, True)
    assert start < DEFECT_S < end


def test_footage_slowed_by_repeating_frames_is_for_a_person_to_look_at() -> None:
    facts = watched("slowed.mp4")
    starts = [start for found, start, _ in breaks(facts) if found.cause is BreakCause.SPEED_CHANGE]
    assert any(start == pytest.approx(SLOWED_S, abs=0.75) for start in starts)
    assert len(takes(facts)) == 1


def test_digital_silence_in_a_live_track_is_doubtful_and_divides_nothing() -> None:
    facts = watched("sound_muted.mp4")
    ((found, start, end),) = breaks(facts)
    assert (found.cause, found.certain) == (BreakCause.AUDIO_BREAK, False)
    assert start == pytest.approx(DEFECT_S, abs=NEAR_S)
    assert end == pytest.approx(DEFECT_S + 0.5, abs=NEAR_S)
    assert len(takes(facts)) == 1
    assert summary(facts).audio_checked


def test_certain_breaks_divide_the_whole_video_into_takes() -> None:
    times = [time for span in takes(watched("cut.mp4")) for time in span]
    assert times == pytest.approx([0.0, DEFECT_S, DEFECT_S, 8.0], abs=NEAR_S)


def test_a_video_without_sound_says_that_sound_was_not_checked() -> None:
    assert not summary(watched("take_fixed.mp4")).audio_checked


def test_a_tripod_and_a_hand_are_told_apart() -> None:
    assert summary(watched("take_fixed.mp4")).steadiness is Steadiness.FIXED
    assert summary(watched("take_handheld.mp4")).steadiness is Steadiness.HANDHELD


def test_an_all_black_video_proves_nothing() -> None:
    facts = watched("all_black.mp4")
    ((found, _, _),) = breaks(facts)
    assert (found.cause, found.certain) == (BreakCause.BLACK, False)
    assert summary(facts).smallest_removal_s is None


def test_a_single_frame_is_a_take_about_which_nothing_is_known() -> None:
    facts = watched("one_frame.mp4")
    assert len(takes(facts)) == 1
    assert summary(facts).frames == 1
    assert summary(facts).smallest_removal_s is None


def test_the_same_file_gives_the_same_facts_byte_for_byte() -> None:
    first, second = ("\n".join(m.model_dump_json() for m in watched("removed_1s_fixed.mp4")) for _ in range(2))
    assert first == second
