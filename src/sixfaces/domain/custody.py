"""The custody log's words: who did what to which evidence, in an order that nobody can change unseen."""

from enum import StrEnum
from typing import Annotated, Any

from pydantic import AwareDatetime, Field

from sixfaces.domain.model import Model, Sha256, Text
from sixfaces.domain.people import TenantId


class Act(StrEnum):
    """What is entered. One verb for each stage that evidence passes, and each reading by a person."""

    ACCEPT = "accept"
    SEAL = "seal"
    REFUSE = "refuse"
    OBSERVE = "observe"
    JUDGE = "judge"
    GRADE = "grade"
    DECIDE = "decide"
    RECORD = "record"
    """Something that happened to a claim, by the digest of its entry in the chronicle."""
    SAMPLE = "sample"
    """A lot of what the machine said by itself was drawn from, or its sample has been looked at."""
    READ = "read"
    HOLD = "hold"
    """A legal hold was placed or lifted."""
    ERASE = "erase"
    """Bytes and what was made of them are being removed, or have been."""
    AMEND = "amend"
    """An edit of what is claimed, or of who may do what."""
    DAMAGE = "damage"
    """A sealed original was found missing or changed in the store, or found whole again."""


class Deed(Model):
    """An entry before it has its place. `body` is JSON of strings, whole numbers, lists and maps only, so that its
    canonical bytes are the same everywhere; it names no person's data beyond ids and digests."""

    tenant: TenantId
    act: Act
    subject: Text
    actor: Text
    body: dict[str, Any] = Field(default_factory=dict)


class Entry(Deed):
    """A deed in its place. `leaf` is the RFC 6962 leaf hash of its canonical bytes, `seq` counts from 0 over all
    tenants."""

    seq: Annotated[int, Field(ge=0)]
    at: AwareDatetime
    leaf: Sha256


class Checkpoint(Model):
    """The log's state at a size, signed (Ed25519) as a C2SP signed note. `stamp` is an RFC 3161 token over the note."""

    origin: Text
    size: Annotated[int, Field(ge=0)]
    root: Sha256
    at: AwareDatetime
    note: Text
    stamp: bytes | None = None


class InclusionProof(Model):
    """That the entry's leaf stands at `seq` in the log of `size` (RFC 9162 §2.1.3)."""

    seq: int
    size: int
    path: tuple[Sha256, ...]


class ConsistencyProof(Model):
    """That the log of `new` begins with the log of `old` (RFC 9162 §2.1.4)."""

    old: int
    new: int
    path: tuple[Sha256, ...]
