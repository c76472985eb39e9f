"""Crops and reference pictures are compared in a jail; whatever happens there ends as a fact or a hole."""

import hashlib
from pathlib import Path

import cv2
import numpy as np
import pytest

from fixtures.onnx_model import pooling_model
from fixtures.products import Look, Picture, Product, hardened, seen, shop_picture
from sixfaces.domain.answer import Answer
from sixfaces.domain.comparison import Comparison, Reference
from sixfaces.domain.facts import UnmeasuredFact
from sixfaces.domain.parcel_facts import ItemFact, ItemMatch
from sixfaces.domain.twins import twin_of
from sixfaces.observe.item.comparer import JailedComparer


class Kept:
    """Pictures in memory."""

    def __init__(self) -> None:
        self.data: dict[str, bytes] = {}

    def put(self, name: str, data: bytes) -> None:
        self.data[name] = data


def encoded(picture: Picture, form: str = ".png") -> bytes:
    return cv2.imencode(form, picture)[1].tobytes()


def reference(name: str, data: bytes, form: str = "png") -> Reference:
    return Reference(name, hashlib.sha256(data).hexdigest(), form, data)


ITEM = Product(3, 0)
SHOP = reference("shop.png", encoded(shop_picture(ITEM)))
VIEWS = {f"items/{i:02d}.jpg": encoded(seen(ITEM, hardened(Look(0), 300 + i)), ".jpg") for i in range(4)}


def compared(*references: Reference, comparer: JailedComparer | None = None) -> tuple[tuple[Comparison, ...], Kept]:
    kept = Kept()
    return (comparer or JailedComparer()).compare(references, views=VIEWS, pictures=kept), kept


def holes(one: Comparison) -> list[tuple[str, str]]:
    return [(m.fact.code, m.fact.detail) for m in one.measured if isinstance(m.fact, UnmeasuredFact)]


def items(one: Comparison) -> list[ItemFact]:
    return [m.fact for m in one.measured if isinstance(m.fact, ItemFact)]


def test_the_item_is_recognised_and_the_comparison_says_of_what_it_is() -> None:
    (one,), kept = compared(SHOP)
    (fact,) = items(one)
    assert (fact.reference, fact.by, fact.same) == ("shop.png", ItemMatch.APPEARANCE, Answer.MET)
    assert fact.view in VIEWS
    assert one.reference == SHOP.sha256
    assert one.views == {name: hashlib.sha256(data).hexdigest() for name, data in VIEWS.items()}
    assert one.version == "1"
    assert fact.picture is not None
    assert one.images == {fact.picture: hashlib.sha256(kept.data[fact.picture]).hexdigest()}
    assert kept.data[fact.picture].startswith(b"\xff\xd8\xff")


def test_a_masked_twin_of_the_reference_is_made_where_that_is_asked_for() -> None:
    (one,), kept = compared(SHOP, comparer=JailedComparer(masks=True))
    (fact,) = items(one)
    assert fact.picture is not None
    twin = twin_of(fact.picture)
    assert one.images == {name: hashlib.sha256(kept.data[name]).hexdigest() for name in (twin, fact.picture)}
    assert kept.data[twin].startswith(b"\xff\xd8\xff")
    assert kept.data[twin] != kept.data[fact.picture]


def test_a_reference_that_does_not_decode_costs_only_itself() -> None:
    broken = reference("torn.png", SHOP.data[:40])
    (first, second), _ = compared(broken, SHOP)
    assert items(first) == []
    assert holes(first)[0][0] == "reference_unreadable"
    assert holes(first)[0][1].startswith("torn.png: ")
    assert items(second)[0].same is Answer.MET


def test_a_child_that_cannot_run_leaves_a_hole_for_each_reference() -> None:
    (one,), _ = compared(SHOP, comparer=JailedComparer(child="sixfaces.observe.item.child:no_such_function"))
    assert [code for code, _ in holes(one)] == ["media.internal"]
    assert items(one) == []


def test_without_references_no_child_is_started() -> None:
    assert JailedComparer(child="no.such:thing").compare((), views=VIEWS, pictures=Kept()) == ()


def test_a_model_of_ones_own_gives_a_likeness_of_its_own(tmp_path: Path) -> None:
    model = tmp_path / "own.onnx"
    model.write_bytes(pooling_model())
    comparer = JailedComparer(model=model)
    (one,), _ = compared(SHOP, comparer=comparer)
    by_print, by_model = items(one)
    assert by_print.same is Answer.MET
    assert (by_model.by, by_model.same) == (ItemMatch.EMBEDDING, Answer.CANNOT_TELL)
    assert 0 < by_model.score < 1
    assert one.version == f"1+{hashlib.sha256(model.read_bytes()).hexdigest()[:12]}"


@pytest.mark.parametrize("data", [b"no model", pooling_model(channels=4)], ids=["garbage", "four channels"])
def test_a_broken_model_is_told_and_costs_only_itself(tmp_path: Path, data: bytes) -> None:
    model = tmp_path / "own.onnx"
    model.write_bytes(data)
    (one,), _ = compared(SHOP, comparer=JailedComparer(model=model))
    assert [fact.by for fact in items(one)] == [ItemMatch.APPEARANCE]
    assert [code for code, _ in holes(one)] == ["item_model_broken"]


def test_a_model_that_has_gone_leaves_a_hole(tmp_path: Path) -> None:
    (one,), _ = compared(SHOP, comparer=JailedComparer(model=tmp_path / "gone.onnx"))
    assert [code for code, _ in holes(one)] == ["media.internal"]


def test_two_runs_tell_the_same() -> None:
    assert compared(SHOP)[0] == compared(SHOP)[0]


def test_views_that_are_no_pictures_recognise_nothing() -> None:
    found = JailedComparer().compare((SHOP,), views={"items/01.jpg": np.zeros(99, np.uint8).tobytes()}, pictures=Kept())
    assert [fact.same for fact in items(found[0])] == [Answer.CANNOT_TELL]
