"""Two parcels are compared in a jail; whatever happens there ends as a fact or a hole."""

import hashlib

import cv2

from fixtures.products import Look, Product, hardened, seen
from sixfaces.domain.answer import Answer
from sixfaces.domain.comparison import Comparison, ParcelSide
from sixfaces.domain.facts import UnmeasuredFact
from sixfaces.domain.packed_facts import PackedBoxFact, PackedItemFact
from sixfaces.domain.parcel_facts import Face, FaceFact
from sixfaces.observe.outbound.comparer import JailedOutbound
from sixfaces.observe.outbound.pictures import FacePicture
from tests.unit.outbound.boxes import Drawn, faces

BOX = Drawn(5, 5, 5)


def side(sha: str, pictures: dict[Face, FacePicture], *, items: dict[str, bytes] | None = None) -> ParcelSide:
    facts = tuple(
        FaceFact(
            face=face, view_cos=one.cos, dwell_s=1.0, uncovered=1.0, in_frame=1.0, edge_px=one.edge_px,
            sharpness=one.sharpness, best_s=2.0, image=f"faces/{face}.jpg", waybill=one.waybill,
        )
        for face, one in pictures.items()
    )  # fmt: skip
    data = {f"faces/{face}.jpg": one.jpeg for face, one in pictures.items()}
    return ParcelSide(sha * 64, "packing.mp4", facts, data | (items or {}))


def views(product: Product, first: int) -> dict[str, bytes]:
    crops = [seen(product, hardened(Look(0), first + number)) for number in range(2)]
    return {f"items/{n:02d}.jpg": cv2.imencode(".jpg", crop)[1].tobytes() for n, crop in enumerate(crops, 1)}


PACKED = side("b", faces(BOX, take=1), items=views(Product(3, 0), 300))


def holes(one: Comparison) -> list[tuple[tuple[str, ...], str]]:
    return [(m.fact.of, m.fact.code) for m in one.measured if isinstance(m.fact, UnmeasuredFact)]


def test_box_and_item_are_compared_and_both_sides_pictures_named() -> None:
    returned = side("a", faces(BOX, take=2), items=views(Product(3, 0), 400))
    one = JailedOutbound().beside(returned, PACKED)
    (box,) = (m for m in one.measured if isinstance(m.fact, PackedBoxFact))
    (item,) = (m for m in one.measured if isinstance(m.fact, PackedItemFact))
    assert (one.observer, one.reference, one.version, one.images) == ("outbound", "b" * 64, "1", {})
    assert isinstance(box.fact, PackedBoxFact)
    assert isinstance(item.fact, PackedItemFact)
    assert (box.fact.same, box.fact.packing, box.fact.by) == (Answer.MET, "b" * 64, "label")
    assert box.confidence == box.fact.likely
    assert {pair.picture for pair in box.fact.beside} == {f"faces/{face}.jpg" for face in Face}
    assert item.fact.same is not Answer.NOT_MET
    (pair,) = item.fact.beside
    assert pair.picture.startswith("items/")
    name = f"{'a' * 16}/faces/top.jpg"
    assert one.views[name] == hashlib.sha256(returned.pictures["faces/top.jpg"]).hexdigest()
    assert holes(one) == []


def test_a_packing_video_without_a_parcel_is_a_hole() -> None:
    one = JailedOutbound().beside(side("a", faces(BOX, take=2)), side("b", {}))
    assert holes(one) == [(("packed_box",), "no_packed_faces"), (("packed_item",), "no_packed_views")]


def test_a_return_of_which_no_face_was_kept_is_a_hole() -> None:
    assert (("packed_box",), "no_returned_faces") in holes(JailedOutbound().beside(side("a", {}), PACKED))


def test_bytes_that_are_no_picture_cannot_be_told_by() -> None:
    torn = {name: data[:40] for name, data in PACKED.pictures.items()}
    one = JailedOutbound().beside(PACKED._replace(exhibit="a" * 64), PACKED._replace(pictures=torn))
    answers = [m.fact.same for m in one.measured if isinstance(m.fact, PackedBoxFact | PackedItemFact)]
    assert answers == [Answer.CANNOT_TELL, Answer.CANNOT_TELL]


def test_a_child_that_dies_leaves_holes_and_no_error() -> None:
    one = JailedOutbound(child="sixfaces.observe.outbound.nowhere:main").beside(PACKED, PACKED)
    assert one.measured
    assert all(isinstance(m.fact, UnmeasuredFact) for m in one.measured)
    assert {kind for of, _ in holes(one) for kind in of} == {"packed_box", "packed_item"}
