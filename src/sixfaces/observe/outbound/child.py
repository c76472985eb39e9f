"""The child that lays two parcels beside each other: what runs in the jail, where alone their pictures are decoded."""

import time
from collections.abc import Iterator, Mapping

import cv2

from sixfaces.domain.answer import Answer
from sixfaces.domain.facts import UnmeasuredFact
from sixfaces.domain.observation import Measured
from sixfaces.domain.packed_facts import PackedBoxFact, PackedItemFact, PicturesBeside
from sixfaces.domain.parcel_facts import Face
from sixfaces.media.wire import ChildEnd, Kind, WireError, blob_of
from sixfaces.observe.messages import Done, Finished, Told
from sixfaces.observe.outbound.box import BoxLikeness, box_likeness
from sixfaces.observe.outbound.box_pairs import Pair
from sixfaces.observe.outbound.changes import changes
from sixfaces.observe.outbound.item import item_likeness
from sixfaces.observe.outbound.messages import OBSERVER, Beside, Seen
from sixfaces.observe.outbound.pictures import FacePicture

Pictures = dict[str, bytes]
UNTOLD = 0.5
"""Confidence of what is left open: the fact says itself how likely either is."""


def main(line: ChildEnd) -> None:
    """Serve one request. Raises WireError if it is none."""
    started = time.perf_counter()
    cv2.setNumThreads(1)
    message = line.receive()
    if message is None or message.kind is not Kind.REQUEST:
        raise WireError("the first message must be a request")
    asked = Beside.model_validate_json(message.payload)
    returned, packed = _received(line)
    for measured in compared(asked, returned, packed):
        line.send_model(Kind.FACT, Told(observer=OBSERVER, measured=measured))
    line.send_model(Kind.FINISHED, Finished(observer=OBSERVER))
    line.send_model(Kind.DONE, Done(decode_s=time.perf_counter() - started))


def _received(line: ChildEnd) -> tuple[Pictures, Pictures]:
    """The return's pictures and the packing video's, by name."""
    returned: Pictures = {}
    packed: Pictures = {}
    while (message := line.receive()) is not None:
        blob = blob_of(message)
        (returned if message.kind is Kind.CROP else packed)[f"{blob.name}.jpg"] = blob.data
    return returned, packed


def compared(asked: Beside, returned: Pictures, packed: Pictures) -> Iterator[Measured]:
    """The facts on box and item; a hole for each that is not seen on both sides."""
    ours, theirs = _faces(asked.returned, returned), _faces(asked.packed, packed)
    if ours and theirs:
        yield _box(asked, ours, theirs)
    else:
        code = "no_returned_faces" if theirs else "no_packed_faces"
        yield Measured(fact=UnmeasuredFact(of=("packed_box",), code=code, detail=asked.packing[:16]))
    own, other = _items(asked.returned, returned), _items(asked.packed, packed)
    if own and other:
        yield _item(asked, own, other)
    else:
        code = "no_item_views" if other else "no_packed_views"
        yield Measured(fact=UnmeasuredFact(of=("packed_item",), code=code, detail=asked.packing[:16]))


def _faces(seen: tuple[Seen, ...], pictures: Mapping[str, bytes]) -> dict[Face, FacePicture]:
    return {
        one.face: FacePicture(pictures[one.picture], one.edge_px, one.cos, one.sharpness, one.share, one.waybill)
        for one in seen
        if one.picture in pictures
    }


def _items(seen: tuple[Seen, ...], pictures: Mapping[str, bytes]) -> Pictures:
    faces = {one.picture for one in seen}
    return {name: data for name, data in pictures.items() if name not in faces}


def _box(asked: Beside, ours: dict[Face, FacePicture], theirs: dict[Face, FacePicture]) -> Measured:
    found = box_likeness(ours, theirs)
    names = tuple({one.face: one.picture for one in side} for side in (asked.returned, asked.packed))
    fact = PackedBoxFact(
        packing=asked.packing,
        same=found.same,
        design=found.design,
        by=found.by,
        likely=found.likely,
        beside=_all_beside(found, names[0], names[1]) or _labels(asked),
    )
    return Measured(fact=fact, confidence=_confidence(found.same, found.likely))


def _all_beside(found: BoxLikeness, ours: dict[Face, str], theirs: dict[Face, str]) -> tuple[PicturesBeside, ...]:
    """Faces that lie upon each other, then those that stand for each other without."""
    laid = tuple(_beside(pair, ours, theirs) for pair in found.pairs)
    return laid + tuple(
        PicturesBeside(picture=ours[face], packed=theirs[other], turned=quarter % 4)
        for face, other, quarter in found.unlaid
    )


def _beside(pair: Pair, ours: dict[Face, str], theirs: dict[Face, str]) -> PicturesBeside:
    return PicturesBeside(
        picture=ours[pair.returned],
        packed=theirs[pair.packed],
        turned=pair.quarter % 4,
        agrees=pair.agreement.alike,
        differs=pair.agreement.apart,
        changes=changes(pair.laid),
    )


def _labels(asked: Beside) -> tuple[PicturesBeside, ...]:
    """Where nothing lies upon anything, the faces with the labels stand beside each other, or else the best seen."""
    best = [max(side, key=lambda one: (one.waybill, one.cos * one.edge_px)) for side in (asked.returned, asked.packed)]
    return (PicturesBeside(picture=best[0].picture, packed=best[1].picture),)


def _item(asked: Beside, own: Pictures, other: Pictures) -> Measured:
    found = item_likeness(own, other)
    pair = found.pair or (min(own), min(other))
    fact = PackedItemFact(
        packing=asked.packing,
        same=found.same,
        by=found.by,
        likely=found.likely,
        beside=(PicturesBeside(picture=pair[0], packed=pair[1], agrees=found.cells),),
    )
    return Measured(fact=fact, confidence=_confidence(found.same, found.likely))


def _confidence(same: Answer, likely: float) -> float:
    """How sure the answer is."""
    return {Answer.MET: likely, Answer.NOT_MET: round(1 - likely, 3)}.get(same, UNTOLD)
