"""Re-identification after a gap, on boxes filmed twice."""

from dataclasses import replace

import numpy as np
import pytest

from sixfaces.domain.answer import Answer
from sixfaces.domain.naming import IDENTIFIED
from sixfaces.domain.parcel_facts import IdentityFact
from sixfaces.domain.time import MediaSpan
from sixfaces.observe.parcel.identity import Side, identity_fact, likeness
from sixfaces.observe.parcel.symmetric import GROUP
from tests.unit.parcel.painted_box import at
from tests.unit.parcel.shipped_boxes import Carton, Real, carton, filmed

EDGES: Real = np.array([330.0, 300.0, 240.0])
STOOD, TIPPED = GROUP[0], GROUP[14]


def box(**changes: int | None) -> Carton:
    """A printed carton with a label; `changes` replaces what it is made from."""
    made: dict[str, int | None] = {"print_seed": 2, "label_seed": 2, "tape_seed": 2, **changes}
    tape = made["tape_seed"]
    assert tape is not None
    return carton(EDGES, print_seed=made["print_seed"], label_seed=made["label_seed"], tape_seed=tape)


def coded(side: Side, *codes: str) -> Side:
    """The side with waybill codes read."""
    return replace(side, codes=frozenset(codes))


@pytest.fixture(scope="module")
def before() -> Side:
    """The box before the gap."""
    return filmed(box(), seed=1, turn=STOOD)


@pytest.fixture(scope="module")
def after() -> Side:
    """The same box after it, on another side."""
    return filmed(box(), seed=2, turn=TIPPED)


def test_the_same_box_on_another_side_is_known_by_its_label_once_a_code_was_read_on_it(
    before: Side, after: Side
) -> None:
    found = likeness(coded(before, "SF1"), after)
    assert (found.same, found.by) == (Answer.MET, "label")
    assert found.score >= 0.8


def test_the_same_code_on_a_face_that_fits_is_the_same_box(before: Side, after: Side) -> None:
    assert likeness(coded(before, "SF1"), coded(after, "SF1", "690"))[:2] == (Answer.MET, "waybill_code")


def test_another_code_is_another_box_however_alike_they_look(before: Side, after: Side) -> None:
    assert likeness(coded(before, "SF1"), coded(after, "SF2"))[:2] == (Answer.NOT_MET, "waybill_code")


def test_a_sticker_on_which_no_code_was_read_proves_nothing(before: Side, after: Side) -> None:
    assert likeness(before, after)[:2] == (Answer.CANNOT_TELL, "print_only")


def test_the_same_carton_with_another_label_of_the_same_form_is_not_accepted(before: Side) -> None:
    other = filmed(box(label_seed=77, tape_seed=2), seed=2, turn=TIPPED)
    assert likeness(coded(before, "SF1"), other)[:2] == (Answer.NOT_MET, "label")


def test_one_code_on_two_different_labels_is_a_contradiction(before: Side) -> None:
    other = filmed(box(label_seed=77), seed=2, turn=TIPPED)
    assert likeness(coded(before, "SF1"), coded(other, "SF1"))[:2] == (Answer.CANNOT_TELL, "contradictory")


def test_a_box_with_other_print_is_another_box(before: Side) -> None:
    other = filmed(box(print_seed=50, label_seed=50, tape_seed=50), seed=2, turn=TIPPED)
    found = likeness(coded(before, "SF1"), other)
    assert found.same is Answer.NOT_MET


def test_the_same_print_without_a_label_cannot_be_told_apart() -> None:
    one, other = (filmed(box(label_seed=None), seed=seed, turn=turn) for seed, turn in ((1, STOOD), (2, TIPPED)))
    assert likeness(coded(one, "SF1"), other)[:2] == (Answer.CANNOT_TELL, "print_only")


def test_plain_boxes_prove_nothing() -> None:
    one, other = (
        filmed(box(print_seed=None, label_seed=None), seed=seed, turn=turn) for seed, turn in ((1, STOOD), (2, TIPPED))
    )
    assert likeness(one, other).same is Answer.CANNOT_TELL


def test_a_box_of_other_proportions_is_another_box(before: Side, after: Side) -> None:
    flat = replace(after, edges=np.array([1.4, 1.4, 0.3]))
    assert likeness(before, flat)[:2] == (Answer.NOT_MET, "proportions")


def test_nothing_seen_on_one_side_cannot_be_compared(before: Side) -> None:
    assert likeness(before, Side(before.edges, {}))[:2] == (Answer.CANNOT_TELL, "not_comparable")


def test_the_fact_spans_the_gap_and_its_reason_has_words(before: Side, after: Side) -> None:
    gap = MediaSpan(start=at(3), end=at(4))
    measured = identity_fact(coded(before, "SF1"), after, gap)
    assert isinstance(measured.fact, IdentityFact)
    assert measured.span == gap
    assert measured.fact.by in IDENTIFIED


def test_comparing_twice_gives_the_same(before: Side, after: Side) -> None:
    assert likeness(coded(before, "SF1"), after) == likeness(coded(before, "SF1"), after)
