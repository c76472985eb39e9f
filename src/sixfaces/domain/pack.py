"""An exhibit pack: what was made for a channel from one case, of which sealed bytes, and what was left out."""

from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field

from sixfaces.domain.model import Model, Say, Sha256, Text

Milliseconds = Annotated[int, Field(ge=0)]


class PackKind(StrEnum):
    """What a file of a pack is."""

    STATEMENT = "statement"
    DOCUMENT = "document"
    PAGE = "page"
    CLIP = "clip"


class Shown(Model):
    """A picture in a pack: of which original, at which moment, from which derived picture, and what was done to it.

    `picture` is the digest of the derived picture as it was sealed with the report, `file` that of the bytes that are
    shown: the same where nothing was done."""

    original: Sha256
    at_ms: Milliseconds | None = None
    picture: Sha256
    file: Sha256
    did: tuple[Text, ...] = ()


class PackFile(Model):
    """A file of a pack that is to be handed in, and the pictures that it shows."""

    name: Text
    kind: PackKind
    sha256: Sha256
    bytes: Annotated[int, Field(ge=0)]
    shows: tuple[Shown, ...] = ()
    credentials: bool = False
    """Whether it carries content credentials (C2PA) of whoever made the pack."""


class LeftOut(Model):
    """Something that the case has and the pack does not, and why."""

    what: Say
    why: Say


class PackedOriginal(Model):
    """A sealed file that the pack is about. `enclosed`: its bytes lie in the pack."""

    sha256: Sha256
    bytes: Annotated[int, Field(ge=0)]
    name: Text
    role: Text
    enclosed: bool = False


class Pack(Model):
    """pack.json of a pack. Of its report only the digest is told."""

    format: Literal["sixfaces.pack/1"] = "sixfaces.pack/1"
    case: Text
    language: Literal["zh", "en"]
    masked: bool
    channel: Text
    channel_sha256: Sha256
    unconfirmed: tuple[Text, ...] = ()
    verdict: Text
    policy: Text
    policy_sha256: Sha256
    report_sha256: Sha256
    originals: tuple[PackedOriginal, ...]
    files: tuple[PackFile, ...]
    left_out: tuple[LeftOut, ...] = ()
