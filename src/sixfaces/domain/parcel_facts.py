"""Facts about the parcel, its faces, stages and contents (DESIGN §6)."""

from collections.abc import Iterator
from enum import StrEnum
from typing import Annotated, Literal, NamedTuple

from pydantic import Field, model_validator

from sixfaces.domain.answer import Answer
from sixfaces.domain.exhibit import Seconds
from sixfaces.domain.model import Model, Text, Unit


class Face(StrEnum):
    """The six faces, named as the parcel first rests before the camera (D6)."""

    TOP = "top"
    BOTTOM = "bottom"
    FRONT = "front"
    BACK = "back"
    LEFT = "left"
    RIGHT = "right"


class Stage(StrEnum):
    """Stages of an unboxing, in their natural order."""

    ABSENT = "absent"
    SEALED = "sealed"
    SHOWING = "showing"
    OPENING = "opening"
    OPEN = "open"
    ITEM_OUT = "item_out"


class ParcelFact(Model):
    """The handled parcel over the take. `soft` marks bags and tubes, which have no six faces to judge.

    `unnamed_s` is the longest stretch before the opening in which a box was in view whose faces could not be named:
    after a gap that nothing joins to what was seen before, or where its orientation was lost. A face that is missing
    may have been shown there. `names_sure` is how likely all names were right from the first rest to the opening: a
    face is missing only if they were.
    """

    kind: Literal["parcel"] = "parcel"
    soft: bool
    tracked_s: Seconds
    unnamed_s: Seconds = 0.0
    names_sure: Unit = 1.0


class FaceMoment(NamedTuple):
    """How a face stood to the camera at `at_s`, for `for_s` seconds around it; see `FaceFact` for the rest."""

    at_s: float
    for_s: float
    view_cos: float
    uncovered: float
    in_frame: float
    edge_px: float
    sharpness: float


class FaceSeries(Model):
    """How a face stood to the camera from moment to moment, so that any limits can be held against it later."""

    at_s: tuple[Seconds, ...]
    for_s: tuple[Seconds, ...]
    view_cos: tuple[Unit, ...]
    uncovered: tuple[Unit, ...]
    in_frame: tuple[Unit, ...]
    edge_px: tuple[Annotated[float, Field(ge=0)], ...]
    sharpness: tuple[Unit, ...]

    @model_validator(mode="after")
    def _even(self) -> "FaceSeries":
        if len({len(getattr(self, name)) for name in FaceMoment._fields}) != 1:
            raise ValueError("all series of a face must have one length")
        return self

    def rows(self) -> Iterator[FaceMoment]:
        """The moments in their order."""
        columns = (getattr(self, name) for name in FaceMoment._fields)
        return (FaceMoment(*row) for row in zip(*columns, strict=True))


class FaceFact(Model):
    """One stretch in which a face was turned to the camera: its best view and how long it was shown.

    `image` is its rectified crop in the atlas. `view_cos` is the cosine between the face's normal and the direction
    to the camera, `uncovered` and `in_frame` shares of the face, `edge_px` its shorter edge in full-frame pixels,
    `sharpness` 0..1 in pixels of the medium frame. `series` has the whole stretch; where it is given, `dwell_s` is for
    people only, and how long a policy's own limits held is told by `face_view.judged`. `waybill`: the face carries
    the waybill label.
    """

    kind: Literal["face"] = "face"
    face: Face
    view_cos: Unit
    dwell_s: Seconds
    uncovered: Unit
    in_frame: Unit
    edge_px: Annotated[float, Field(ge=0)]
    sharpness: Unit
    best_s: Seconds
    image: Text | None = None
    waybill: bool = False
    series: FaceSeries | None = None


class StageFact(Model):
    """The stage of the unboxing over the observation's span."""

    kind: Literal["stage"] = "stage"
    stage: Stage


class SealFact(Model):
    """Whether the parcel's seal (tape, flaps) was intact when the footage starts."""

    kind: Literal["seal"] = "seal"
    intact: Answer


class AbsenceFact(Model):
    """A stretch in which the parcel was not in view."""

    kind: Literal["absence"] = "absence"
    reason: Literal["left_frame", "hidden"]


class IdentityFact(Model):
    """Whether the parcel after a gap (the observation's span) is the one before it, and by what."""

    kind: Literal["identity"] = "identity"
    same: Answer
    by: Text


class ItemViewFact(Model):
    """One of the best views of the item out of the parcel; `image` is its crop in full size, the span its moment."""

    kind: Literal["item_view"] = "item_view"
    image: Text


class ItemMatch(StrEnum):
    """By what an item was recognised. `embedding` is the likeness by a model of the installation's own."""

    BARCODE = "barcode"
    SERIAL = "serial"
    APPEARANCE = "appearance"
    EMBEDDING = "embedding"


class ItemFact(Model):
    """The item seen after opening compared with one that the order names by SKU or reference image.

    Where pictures were compared, `view` is the crop of the item that shows most and `picture` the reference, made small
    for people; the span is the view's.
    """

    kind: Literal["item"] = "item"
    reference: Text
    by: ItemMatch
    same: Answer
    score: Unit
    view: Text | None = None
    picture: Text | None = None


class QuantityFact(Model):
    """How many items were taken out of the parcel."""

    kind: Literal["quantity"] = "quantity"
    count: Annotated[int, Field(ge=0)]


class WeightFact(Model):
    """A weight read from a scale in the picture, in grams."""

    kind: Literal["weight"] = "weight"
    grams: Annotated[float, Field(ge=0)]


class InspectionFact(Model):
    """The item was held and turned before the camera over the observation's span (D5, D7)."""

    kind: Literal["inspection"] = "inspection"
    views: Annotated[int, Field(ge=0)]


class DefectMatchFact(Model):
    """Whether the buyer's photo and the returned item show the same defect."""

    kind: Literal["defect_match"] = "defect_match"
    same: Answer
    score: Unit


class RecaptureFact(Model):
    """How likely the picture is a recording of a screen or print."""

    kind: Literal["recapture"] = "recapture"
    likelihood: Unit
    signs: tuple[Text, ...] = ()
