"""A whole take's facts, and what the rules make of them."""

from dataclasses import replace

import numpy as np
import pytest

from sixfaces.criteria.completeness_stages import inspection_shown, item_shown, opening_shown, sealed_at_start
from sixfaces.criteria.completeness_take import always_in_view
from sixfaces.criteria.rule import Judge
from sixfaces.domain.answer import Answer
from sixfaces.domain.facts import BreakCause, BreakFact, ContinuityFact, Steadiness, TakeFact, UnmeasuredFact
from sixfaces.domain.observation import Measured
from sixfaces.domain.parcel_facts import ParcelFact, Stage, StageFact
from sixfaces.observe.parcel.glimpse import Glimpse, glimpse
from sixfaces.observe.parcel.look import GRID, Crop, Look
from sixfaces.observe.parcel.softness import Sort
from sixfaces.observe.parcel.story import measured, story
from tests.golden.building import evidence, exhibit, fact
from tests.golden.reading_findings import judged
from tests.unit.parcel.take_scripts import CLEAN, TYPICAL, Take, script, take, time

LONG_GONE = [
    seed for seed in range(20) if all(p.seconds > 1.1 for p in script("absence", np.random.default_rng(seed)))
][:6]
"""Seeds whose absences last longer than the policy of the golden cases allows."""

MET, NOT, UNCLEAR = Answer.MET, Answer.NOT_MET, Answer.CANNOT_TELL


def answer(judge: Judge, seen: Take) -> Answer:
    """The rule's answer; where footage was removed the recording has its break there."""
    end = seen.glimpses[-1].time.seconds
    around = [fact(TakeFact(index=0), 0, end)]
    around.append(fact(ContinuityFact(steadiness=Steadiness.FIXED, frames=900, smallest_removal_s=0.1), 0, end))
    if seen.scenario == "opening_cut_away":
        cut = next(i for i, s in enumerate(seen.truth) if s is Stage.OPEN) / len(seen.truth) * end
        around.append(fact(BreakFact(cause=BreakCause.CUT, certain=True, score=9, threshold=6), cut, cut + 0.1))
    return judged(judge, evidence(exhibit(*measured(story(seen.glimpses)), *around))).answer


@pytest.mark.parametrize(
    ("judge", "scenario", "right", "never"),
    [
        (sealed_at_start, "honest", MET, NOT),
        (sealed_at_start, "starts_open", NOT, MET),
        (sealed_at_start, "starts_cut", NOT, MET),
        (opening_shown, "honest", MET, NOT),
        (opening_shown, "opening_off_camera", NOT, MET),
        (opening_shown, "never_opened", UNCLEAR, MET),
        (item_shown, "honest", MET, NOT),
        (item_shown, "no_item", UNCLEAR, MET),
        (always_in_view, "honest", MET, NOT),
        (always_in_view, "absence", NOT, MET),
    ],
)
def test_the_rules_answer_rightly_or_ask_a_person(judge: Judge, scenario: str, right: Answer, never: Answer) -> None:
    clean, spoilt = ([answer(judge, take(scenario, seed, noise)) for seed in LONG_GONE] for noise in (CLEAN, TYPICAL))
    assert clean.count(right) >= 4
    assert spoilt.count(right) >= 3
    assert never not in clean + spoilt


def test_an_opening_that_was_cut_away_is_never_taken_for_one() -> None:
    takes = [take("opening_cut_away", seed, noise) for seed in LONG_GONE for noise in (CLEAN, TYPICAL)]
    answers = [answer(opening_shown, seen) for seen in takes]
    assert set(answers) <= {NOT, UNCLEAR}
    assert NOT in answers


def test_a_missing_inspection_rejects_nobody_as_long_as_items_are_often_not_recognised() -> None:
    without = take("no_item", 1, CLEAN)
    assert answer(inspection_shown, without) is UNCLEAR


def soft(seen: Take, *, share: float) -> list[Glimpse]:
    """The take with a bag in that share of the looks, a box in the others."""
    rng = np.random.default_rng(5)
    kinds = [(0.03, 0.07, 0.85, 0.05) if rng.random() < share else (0.03, 0.85, 0.1, 0.02) for _ in seen.glimpses]
    return [replace(g, kind=k if g.found else ()) for g, k in zip(seen.glimpses, kinds, strict=True)]


@pytest.mark.parametrize(("share", "expected", "sure"), [(0.0, False, True), (1.0, True, True), (0.5, None, False)])
def test_a_soft_parcel_is_told_and_half_a_bag_is_doubtful(share: float, expected: bool | None, sure: bool) -> None:
    (found,) = [m for m in measured(story(soft(take("honest", 3), share=share))) if isinstance(m.fact, ParcelFact)]
    assert isinstance(found.fact, ParcelFact)
    assert expected is None or found.fact.soft is expected
    assert (found.confidence >= 0.8) is sure


def test_an_open_box_that_looks_like_a_bag_stays_a_box() -> None:
    seen = take("honest", 3, CLEAN)
    opened = next(i for i, s in enumerate(seen.truth) if s is Stage.OPEN)
    bags = [
        replace(g, kind=(0.03, 0.07, 0.85, 0.05)) if i >= opened and g.found else g for i, g in enumerate(seen.glimpses)
    ]
    assert story(bags).sort is Sort.BOX


def test_the_parcel_was_followed_but_for_its_absences() -> None:
    seen = take("absence", 2, CLEAN)
    (found,) = [m for m in measured(story(seen.glimpses)) if isinstance(m.fact, ParcelFact)]
    assert isinstance(found.fact, ParcelFact)
    assert found.span is not None
    away = sum(p.seconds for p in seen.parts if p.stage is Stage.ABSENT)
    assert found.fact.tracked_s == pytest.approx(found.span.duration_s - away, abs=0.25)


def holes(facts: list[Measured]) -> dict[str, tuple[str, ...]]:
    return {m.fact.code: m.fact.of for m in facts if isinstance(m.fact, UnmeasuredFact)}


def test_footage_without_frames_or_without_a_parcel_says_so() -> None:
    assert "stage" in holes(list(measured(story([]))))["no_frames"]
    nothing = list(measured(story([Glimpse(time(i / 10), False) for i in range(40)])))
    assert {"parcel", "seal", "absence", "quantity", "inspection"} <= set(holes(nothing)["parcel_not_found"])
    assert [m.confidence for m in nothing if isinstance(m.fact, StageFact)] == [0.5]


def test_an_item_that_was_never_made_out_leaves_a_hole() -> None:
    unseen = [replace(g, item=None) for g in take("honest", 1, CLEAN).glimpses]
    found = list(measured(story(unseen)))
    assert "quantity" in {of for m in found if isinstance(m.fact, UnmeasuredFact) for of in m.fact.of}
    assert "inspection" in {of for m in found if isinstance(m.fact, UnmeasuredFact) for of in m.fact.of}


def test_the_same_glimpses_tell_the_same_facts() -> None:
    seen = take("hidden", 7, TYPICAL)
    assert list(measured(story(seen.glimpses))) == list(measured(story(seen.glimpses)))


def look(*, item: tuple[slice, slice] | None, hand: tuple[slice, slice] | None) -> Look:
    maps = np.zeros((6, GRID, GRID), np.float32)
    maps[0, 8:20, 8:24] = 1
    if hand:
        maps[1][hand] = 1
    if item:
        maps[2][item] = 1
    maps[4, 8:12, 8:24] = 1
    return Look(
        Crop(320.0, 180.0, 160.0), tensor=np.zeros(15), inertia=np.zeros(6), centre=np.zeros(2), size=0.0,
        kind=np.array([0, 1, 0, 0.0]), state=np.array([0.1, 0.2, 0.3, 0.4]), seal=np.array([1, 0, 0.0]), maps=maps,
    )  # fmt: skip


def test_a_look_becomes_a_glimpse_in_pixels_of_the_frame() -> None:
    seen = glimpse(time(1), look(item=np.s_[22:28, 4:16], hand=np.s_[20:30, 16:24]), place=(320.0, 180.0, 90.0))
    assert seen.state == (0.1, 0.2, 0.3, 0.4)
    assert seen.inside == pytest.approx(4 * 16 / GRID**2, abs=0.003)
    assert 0.0 < seen.held < 0.5
    assert seen.item is not None
    assert seen.item.box == (260.0, 210.0, 60.0, 30.0)
    assert seen.item.parts == 1
    assert min(seen.item.angle, 180 - seen.item.angle) < 5
    assert seen.item.held > 0.1


def test_specks_are_no_item_and_no_hands_hold_nothing() -> None:
    seen = glimpse(time(1), look(item=np.s_[22:24, 4:6], hand=None), place=(320.0, 180.0, 90.0))
    assert seen.item is None
    assert seen.held == 0.0
