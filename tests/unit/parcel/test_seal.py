"""Whether the parcel was sealed at the start, from looks at its seam."""

from dataclasses import replace

import pytest

from sixfaces.domain.answer import Answer
from sixfaces.domain.observation import Measured
from sixfaces.domain.parcel_facts import SealFact
from sixfaces.observe.parcel.absences import absences
from sixfaces.observe.parcel.glimpse import Glimpse
from sixfaces.observe.parcel.seal import seal
from sixfaces.observe.parcel.stages import stages
from tests.unit.parcel.take_scripts import CLEAN, CLOCK, HARD, TYPICAL, Noise, take

UNSEEN, INTACT, CUT = (0.96, 0.02, 0.02), (0.05, 0.92, 0.03), (0.05, 0.03, 0.92)


def judged(glimpses: list[Glimpse]) -> tuple[Answer, float]:
    gone = absences(glimpses)
    measured = seal(glimpses, stages(glimpses, gone), gone)
    assert measured is not None
    return answer(measured), measured.confidence


def answer(measured: Measured) -> Answer:
    assert isinstance(measured.fact, SealFact)
    return measured.fact.intact


def seams(first: tuple[float, ...], then: tuple[float, ...], since_s: float, scenario: str = "honest") -> list[Glimpse]:
    """A clean take whose looks at the seam are replaced: `first` before `since_s`, `then` from there on."""
    seen = take(scenario, 4, CLEAN).glimpses
    return [replace(g, seal=(first if g.time.ticks < since_s * CLOCK else then) if g.found else ()) for g in seen]


@pytest.mark.parametrize("noise", [CLEAN, TYPICAL, HARD])
def test_an_honest_take_was_sealed_and_one_with_cut_tape_never_is(noise: Noise) -> None:
    honest = [judged(take("honest", seed, noise).glimpses) for seed in range(10)]
    assert sum(found is Answer.MET and sure >= 0.8 for found, sure in honest) >= 7
    for seed in range(10):
        found, _ = judged(take("starts_cut", seed, noise).glimpses)
        assert found is not Answer.MET


def test_a_take_that_starts_open_was_not_sealed() -> None:
    answers = [judged(take("starts_open", seed, TYPICAL).glimpses)[0] for seed in range(8)]
    assert set(answers) == {Answer.NOT_MET}


def test_a_seal_never_looked_at_is_not_made_up() -> None:
    assert judged(seams(UNSEEN, UNSEEN, 0))[0] is Answer.CANNOT_TELL


def test_a_whole_seal_seen_later_on_a_parcel_that_was_watched_proves_the_start() -> None:
    assert judged(seams(UNSEEN, INTACT, 2.0))[0] is Answer.MET


def test_a_whole_seal_seen_only_after_an_absence_proves_nothing_of_the_start() -> None:
    glimpses = seams(UNSEEN, INTACT, 0, "absence")
    left = next(i for i, g in enumerate(glimpses) if g.lost == "left_frame")
    spoilt = [replace(g, seal=UNSEEN) if i < left and g.found else g for i, g in enumerate(glimpses)]
    assert judged(spoilt)[0] is Answer.CANNOT_TELL


def test_a_whole_seam_below_is_no_proof_beside_a_cut_one_above() -> None:
    found, _ = judged(seams(CUT, INTACT, 2.5))
    assert found is Answer.CANNOT_TELL


def test_a_cut_seen_in_two_looks_decides_nothing() -> None:
    glimpses = seams(UNSEEN, UNSEEN, 0)
    spoilt = [replace(g, seal=CUT) if i in (8, 9) else g for i, g in enumerate(glimpses)]
    assert judged(spoilt)[0] is Answer.CANNOT_TELL


def test_a_parcel_never_in_view_has_no_seal() -> None:
    nothing = [replace(g, found=False, lost=None, state=(), seal=()) for g in take("honest", 1).glimpses]
    gone = absences(nothing)
    assert seal(nothing, stages(nothing, gone), gone) is None
