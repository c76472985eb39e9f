"""Which stretches without the parcel are absences, and how long they were."""

import numpy as np
import pytest

from sixfaces.domain.parcel_facts import AbsenceFact, Stage
from sixfaces.observe.parcel.absences import Absence, absences
from sixfaces.observe.parcel.glimpse import Glimpse, Lost
from sixfaces.observe.parcel.stages import stages
from tests.unit.parcel.take_scripts import HARD, take, time

HOME = (320.0, 180.0, 150.0)


def stretch(
    missing: int, *, lost: Lost = "hidden", again: tuple[float, float, float] = HOME, fps: float = 10.0
) -> tuple[Absence, ...]:
    """Twenty frames with the parcel at home, some without, twenty with it somewhere."""
    flags = [True] * 20 + [False] * missing + [True] * 20
    return absences(
        [
            Glimpse(
                time(i / fps), there, lost=None if there else lost, place=(HOME if i < 20 else again) if there else None
            )
            for i, there in enumerate(flags)
        ]
    )


@pytest.mark.parametrize(
    ("missing", "lost", "again", "told"),
    [
        (1, "hidden", HOME, False),
        (2, "hidden", HOME, False),
        (3, "hidden", HOME, True),
        (2, "hidden", (400.0, 180.0, 150.0), True),
        (2, "hidden", (320.0, 180.0, 220.0), True),
        (2, "left_frame", HOME, True),
        (1, "left_frame", HOME, False),
    ],
)
def test_only_a_short_dropout_in_the_same_place_is_no_absence(
    missing: int, lost: Lost, again: tuple[float, float, float], told: bool
) -> None:
    assert bool(stretch(missing, lost=lost, again=again)) is told


def test_an_absence_lasts_from_the_first_frame_without_to_the_first_with_the_parcel() -> None:
    (only,) = stretch(12, lost="left_frame")
    assert only.span.seconds == (2.0, 3.2)
    assert only.measured.fact == AbsenceFact(reason="left_frame")
    assert only.confidence > 0.9


def test_being_hidden_is_inferred_and_never_sure() -> None:
    (only,) = stretch(30)
    assert only.reason == "hidden"
    assert only.confidence < 0.8


def test_the_trackers_own_trust_counts() -> None:
    seen = [Glimpse(time(i / 10), not 5 <= i < 15, place=HOME, trust=0.4) for i in range(20)]
    (only,) = absences(seen)
    assert only.confidence == pytest.approx(0.4, abs=0.01)


def test_a_parcel_that_comes_late_or_goes_for_good_is_told() -> None:
    found = absences([Glimpse(time(i / 10), 5 <= i < 30, place=HOME) for i in range(40)])
    assert [(a.span.seconds, a.open_ended) for a in found] == [((0.0, 0.5), True), ((3.0, 3.9), True)]


def test_all_absences_of_half_a_second_are_found_in_noise() -> None:
    for scenario in ("absence", "opening_off_camera", "hidden"):
        for seed in range(8):
            seen = take(scenario, seed, HARD)
            (true,) = [p for p in seen.parts if p.stage is Stage.ABSENT]
            lengths = [a.span.duration_s for a in absences(seen.glimpses)]
            assert np.min(np.abs(np.array(lengths) - true.seconds)) < 0.26


def test_a_stage_goes_on_under_hands_for_a_second_and_ends_where_the_parcel_left() -> None:
    cases: list[tuple[Lost, int, bool]] = [("hidden", 8, False), ("hidden", 14, True), ("left_frame", 5, True)]
    for lost, missing, ends in cases:
        flags = [True] * 20 + [False] * missing + [True] * 20
        seen = [
            Glimpse(time(i / 10), there, lost=None if there else lost, state=(0.9, 0.05, 0.03, 0.02) if there else ())
            for i, there in enumerate(flags)
        ]
        assert (Stage.ABSENT in {s.stage for s in stages(seen, absences(seen))}) is ends
