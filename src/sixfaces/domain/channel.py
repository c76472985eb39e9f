"""A channel that evidence is handed to, and what it really accepts: dated data with the source of each figure."""

from datetime import date
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field

from sixfaces.domain.model import Model, Say, Sha256, Text

Count = Annotated[int, Field(ge=1, le=10_000)]
Bytes = Annotated[int, Field(ge=1_000, le=10_000_000_000)]
Pixels = Annotated[int, Field(ge=64, le=20_000)]


class Colour(StrEnum):
    """What colours a channel takes."""

    COLOUR = "colour"
    GREY = "grey"
    """No colour: what calls itself black and white takes shades of grey."""


class Source(Model):
    """Where figures were read, and when."""

    title: Text
    url: Text
    read: date
    says: Text


class TextLimits(Model):
    """The field for the statement; `characters` are Unicode code points, line feeds among them."""

    characters: Annotated[int, Field(ge=1, le=1_000_000)]


class PictureLimits(Model):
    """Pictures as files of their own."""

    formats: tuple[Literal["jpeg", "png"], ...] = Field(min_length=1)
    bytes: Bytes | None = None
    count: Count | None = None
    longest_px: Pixels | None = None
    colour: Colour = Colour.COLOUR


class PdfLimits(Model):
    """PDF files. `archival`: only PDF/A is taken."""

    bytes: Bytes | None = None
    pages: Count | None = None
    colour: Colour = Colour.COLOUR
    archival: bool = False


class VideoLimits(Model):
    """Moving pictures."""

    formats: tuple[Literal["mp4"], ...] = ("mp4",)
    bytes: Bytes | None = None
    seconds: Annotated[float, Field(gt=0, le=86_400)] | None = None
    longest_px: Pixels | None = None
    count: Count = 1


class Channel(Model):
    """What one channel accepts. What is not named is not taken; no figure where there is None. `unconfirmed` are the
    paths of figures that no source of ours states, such as `pictures.count`."""

    name: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{1,40}$")]
    version: Annotated[str, Field(pattern=r"^[0-9]{4}\.[0-9]{1,6}$")]
    title: Say
    effective_from: date
    effective_to: date | None = None
    digest: Sha256
    sources: tuple[Source, ...]
    unconfirmed: tuple[Text, ...] = ()
    bytes: Bytes | None = None
    """Of all files together."""
    files: Count | None = None
    text: TextLimits | None = None
    pictures: PictureLimits | None = None
    pdf: PdfLimits | None = None
    video: VideoLimits | None = None
    note: Say | None = None
