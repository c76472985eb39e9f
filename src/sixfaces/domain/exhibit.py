"""An exhibit: one submitted file, sealed by its digest, and what its medium is."""

from enum import StrEnum
from typing import Annotated

from pydantic import AwareDatetime, Field

from sixfaces.domain.model import Model, Sha256, Text

Seconds = Annotated[float, Field(ge=0)]


class Role(StrEnum):
    """What an exhibit was handed in as."""

    UNBOXING_VIDEO = "unboxing_video"
    PACKING_VIDEO = "packing_video"
    BUYER_VIDEO = "buyer_video"
    BUYER_PHOTO = "buyer_photo"
    QC_PHOTO = "qc_photo"
    DOCUMENT = "document"

    @property
    def is_video(self) -> bool:
        """Whether exhibits of this role are judged as moving pictures."""
        return self.name.endswith("_VIDEO")


class Medium(StrEnum):
    """What the bytes are, by our own sniffing and never by file name."""

    VIDEO = "video"
    PHOTO = "photo"
    DOCUMENT = "document"
    UNKNOWN = "unknown"


class Exhibit(Model):
    """One submitted file. `declared_sha256` is what the sender said the digest is, when it said so."""

    sha256: Sha256
    name: Text
    role: Role
    bytes: Annotated[int, Field(ge=0)]
    medium: Medium
    format: Text
    declared_sha256: Sha256 | None = None
    received_at: AwareDatetime | None = None


class MediaInfo(Model):
    """The medium as it is shown: width and height in pixels after rotation; `fps` is the measured mean."""

    duration_s: Seconds | None = None
    width: Annotated[int, Field(ge=1)]
    height: Annotated[int, Field(ge=1)]
    fps: Annotated[float, Field(ge=0)] | None = None
    codec: Text
    audio_codec: Text | None = None
    rotation_deg: int = 0
