"""A box is known again by its label or its own marks; its design alone proves nothing, nor does a blurred view."""

from dataclasses import replace

import pytest

from sixfaces.domain.answer import Answer
from sixfaces.domain.packed_facts import Changed
from sixfaces.domain.parcel_facts import Face
from sixfaces.observe.outbound.box import box_likeness, concluded
from sixfaces.observe.outbound.box_pairs import Standing
from sixfaces.observe.outbound.changes import changes
from tests.unit.outbound.boxes import Drawn, faces, stained, stuck
from tests.unit.parcel.shipped_boxes import Filming

MET, NOT_MET, CANNOT_TELL = Answer.MET, Answer.NOT_MET, Answer.CANNOT_TELL
BOX = Drawn(5, 5, 5)
WENT = faces(BOX, take=1)
BLURRED = Filming(px=(90, 120), angle_deg=60, blur_px=(5, 6), off=0.02)


@pytest.mark.parametrize("turn", [0, 7])
def test_the_box_whose_label_is_still_there_is_the_same_however_it_was_put_down(turn: int) -> None:
    found = box_likeness(faces(BOX, take=2, turn=turn), WENT)
    assert (found.same, found.design, found.by) == (MET, MET, "label")
    assert found.likely >= 0.9


def test_the_same_box_with_another_label_is_no_other_box() -> None:
    found = box_likeness(faces(replace(BOX, label=55), take=2), WENT)
    assert (found.same, found.design) == (CANNOT_TELL, MET)


def test_another_box_of_the_stock_is_never_told_to_be_the_same() -> None:
    found = box_likeness(faces(replace(BOX, label=55, own=55), take=2), WENT)
    assert (found.same, found.design) == (CANNOT_TELL, MET)
    assert found.likely <= 0.7


def test_stains_and_creases_on_several_faces_tell_boxes_of_one_stock_apart() -> None:
    bare = replace(BOX, label=None)
    went, came = stained(faces(bare, take=1), own=1), faces(bare, take=2)
    assert box_likeness(stained(came, own=1), went)[:3] == (MET, MET, "own_marks")
    other = box_likeness(stained(came, own=2), went)
    assert other[:2] == (CANNOT_TELL, MET)
    assert other.likely < 0.7


def test_a_box_with_other_print_is_another_although_one_carrier_labelled_both() -> None:
    found = box_likeness(faces(Drawn(55, 55, 55), take=2), WENT)
    assert (found.same, found.design, found.by) == (NOT_MET, NOT_MET, "faces")


def test_plain_boxes_cannot_be_told_apart() -> None:
    plain = Drawn(None, None, 5)
    found = box_likeness(faces(plain, take=2), faces(plain, take=1))
    assert found[:3] == (CANNOT_TELL, CANNOT_TELL, "not_comparable")


def test_blurred_faces_tell_nothing() -> None:
    assert box_likeness(faces(BOX, take=2, how=BLURRED), WENT).same is CANNOT_TELL
    assert box_likeness(faces(Drawn(55, 55, 55), take=2, how=BLURRED), WENT).same is CANNOT_TELL


def test_bytes_that_are_no_picture_count_as_a_face_not_seen() -> None:
    torn = {face: picture._replace(jpeg=picture.jpeg[:30]) for face, picture in WENT.items()}
    assert box_likeness(torn, WENT).by == "not_comparable"


def test_the_same_pictures_give_the_same_answer_twice() -> None:
    came = faces(replace(BOX, label=55), take=2)
    assert box_likeness(came, WENT)[:4] == box_likeness(came, WENT)[:4]


def test_a_new_label_is_framed_as_a_question_where_it_was_stuck() -> None:
    came = faces(BOX, take=2)
    came[Face.LEFT] = stuck(came[Face.LEFT])
    asked = {pair.returned: changes(pair.laid) for pair in box_likeness(came, WENT).pairs}
    (change,) = asked.pop(Face.LEFT)
    assert change.what is Changed.LABEL
    x, y, wide, high = change.box
    assert x <= 0.15 < 0.4 <= x + wide
    assert y <= 0.3 < 0.6 <= y + high
    assert not any(asked.values())


def test_a_dark_stain_is_a_question_and_no_label() -> None:
    came = faces(BOX, take=2)
    came[Face.LEFT] = stuck(came[Face.LEFT], tone=40)
    (asked,) = (changes(pair.laid) for pair in box_likeness(came, WENT).pairs if pair.returned is Face.LEFT)
    assert [change.what for change in asked] == [Changed.MARK]


def test_the_face_under_a_new_label_is_still_shown_beside_its_own() -> None:
    found = box_likeness(faces(BOX, take=2), faces(replace(BOX, label=None), take=1))
    every = [(pair.returned, pair.packed) for pair in found.pairs] + [pair[:2] for pair in found.unlaid]
    assert sorted(every) == sorted((face, face) for face in Face)


def test_a_box_that_did_not_change_raises_no_question_in_other_light() -> None:
    found = box_likeness(faces(BOX, take=2), WENT)
    assert [changes(pair.laid) for pair in found.pairs if changes(pair.laid)] == []


@pytest.mark.parametrize("conflicts", [0, 1])
def test_one_face_that_contradicts_is_not_enough_for_another_box(conflicts: int) -> None:
    assert concluded(Standing((), 4, conflicts, conflicts))[0] is CANNOT_TELL
