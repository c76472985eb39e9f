"""Clips of a take: what one may take, and what one is."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated, NamedTuple

from pydantic import Field

from sixfaces.domain.groups import Groups
from sixfaces.domain.model import Model, Sha256, Text
from sixfaces.domain.time import MediaSpan

MOST_STRETCHES = 1000
"""Of one clip: as many as a proof has ranges."""


class ClipKind(StrEnum):
    """How a clip came to be."""

    COPIED = "copied"
    """The take's own packets: anybody can hold them against the take's root."""
    ENCODED = "encoded"
    """Made anew from the take's pictures, for size: who made it says so, and nothing in its bytes proves it."""


class ClipBudget(Model):
    """What a clip may take at most. `width` and `height` are of a picture lying on its longer side; `containers` and
    `codecs` are what whoever gets it takes."""

    bytes: Annotated[int, Field(ge=1)]
    seconds: Annotated[float, Field(gt=0)]
    width: Annotated[int, Field(ge=16)] = 1920
    height: Annotated[int, Field(ge=16)] = 1080
    containers: tuple[Text, ...] = ("mp4",)
    codecs: tuple[Text, ...] = ("h264",)


class Likeness(Model):
    """How a picture of a re-encoded clip looks beside the one that it was made from: perceptual hashes, and when each
    is shown, in milliseconds."""

    clip_ms: int
    take_ms: int
    clip_hash: Sha256
    take_hash: Sha256


class Written(Model):
    """A clip as it was written. `ranges` are the groups that it holds, or was made from, each as its first and how
    many; `spans` what of the take it shows; `why` the code of the reason why its packets are not the take's own."""

    kind: ClipKind
    codec: Text
    width: int
    height: int
    seconds: float
    ranges: tuple[tuple[int, int], ...] = ()
    spans: tuple[MediaSpan, ...]
    why: Text | None = None
    likeness: tuple[Likeness, ...] = ()


class Clip(NamedTuple):
    """A clip on disk, an MP4 file without sound. `groups` are those of its take; None where it has none that could be
    told, and the clip is bound to its take by nobody's word but the maker's."""

    path: Path
    sha256: str
    bytes: int
    written: Written
    groups: Groups | None

    @property
    def kind(self) -> ClipKind:
        """Whether its packets are the take's own."""
        return self.written.kind

    @property
    def ranges(self) -> tuple[range, ...]:
        """The take's groups in it, or that it was made from."""
        return tuple(range(first, first + many) for first, many in self.written.ranges)
