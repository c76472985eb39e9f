"""Facts about the parcel that came back beside the one that went out: its box, its item, and what is changed."""

from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field

from sixfaces.domain.answer import Answer
from sixfaces.domain.model import Model, Sha256, Text, Unit

Box = tuple[Unit, Unit, Unit, Unit]
"""x, y, width and height of a part of a picture, as shares of the picture's own."""


class Changed(StrEnum):
    """What a change on a face looks like. It is a question to a person and no finding."""

    LABEL = "label"
    TAPE = "tape"
    MARK = "mark"
    """A dent, tear, stain, writing, or anything else."""


class Change(Model):
    """A place of a face that looks otherwise than when it went out; `box` on the return's picture."""

    what: Changed
    box: Box


class PicturesBeside(Model):
    """Two pictures that show the same: `picture` of the return's record, `packed` of the packing video's, which is to
    be turned by `turned` quarters anticlockwise to stand as the other does. `agrees`: tiles or places that match,
    `differs`: those that clearly do not."""

    picture: Text
    packed: Text
    turned: Annotated[int, Field(ge=0, le=3)] = 0
    agrees: Annotated[int, Field(ge=0)] = 0
    differs: Annotated[int, Field(ge=0)] = 0
    changes: tuple[Change, ...] = ()


class PackedBoxFact(Model):
    """Whether the box that came back is the one of a packing video (`packing`, its digest), by what
    (`domain.naming.PACKED`), and how likely it is that box where as many are as are not. `design`: whether it is at
    least a box of the same make and print; of these there may be thousands."""

    kind: Literal["packed_box"] = "packed_box"
    packing: Sha256
    same: Answer
    design: Answer
    by: Text
    likely: Unit
    beside: tuple[PicturesBeside, ...] = ()


class PackedItemFact(Model):
    """Whether the item that came out of the return looks like the one that was packed. `same` means the same article by
    its print, never the same piece."""

    kind: Literal["packed_item"] = "packed_item"
    packing: Sha256
    same: Answer
    by: Text
    likely: Unit
    beside: tuple[PicturesBeside, ...] = ()
