"""An upload: bytes on their way in, until they are sealed as an exhibit or refused."""

from enum import StrEnum
from typing import Annotated

from pydantic import AwareDatetime, Field

from sixfaces.domain.exhibit import Medium, Role
from sixfaces.domain.filing import Quarantine
from sixfaces.domain.model import Model, Sha256, Text
from sixfaces.domain.people import Id, StationId, TenantId

Count = Annotated[int, Field(ge=0, le=2**62)]


class UploadState(StrEnum):
    """Where an upload stands."""

    RECEIVING = "receiving"
    RECEIVED = "received"
    """All bytes are here and on disk; sealing follows at once, or by the sweep after a crash."""
    SEALED = "sealed"
    REFUSED = "refused"
    """The whole file was not what was declared, or may not be evidence: `refusal` says why."""
    TERMINATED = "terminated"
    EXPIRED = "expired"


class Upload(Model):
    """One file being handed in. `token` rises with each writer that takes over: an older one can commit no more.

    `length` is None until known (tus creation-defer-length). `offset` counts bytes that are on disk. `metadata` is what
    the client said at creation, as it said it. `received_sha256` is the digest of the bytes as they came in, where one
    process saw them all. `direct` is the id of the store's multipart upload where the client sends its bytes there.
    """

    id: Id
    tenant: TenantId
    key_id: Id
    station: StationId | None = None
    case_id: Id
    role: Role
    name: Text
    length: Count | None
    offset: Count = 0
    metadata: Text | None = None
    declared_sha256: Sha256 | None = None
    received_sha256: Sha256 | None = None
    direct: Text | None = None
    state: UploadState = UploadState.RECEIVING
    token: int = 0
    exhibit_id: Id | None = None
    refusal: Quarantine | None = None
    created_at: AwareDatetime
    expires_at: AwareDatetime


class Segment(Model):
    """Bytes `start` to `start + length` of an upload, on disk in the spool at `place`: one writer's, in order."""

    upload_id: Id
    start: Count
    length: Count
    place: Text


class Receipt(Model):
    """What the sender of a file is told once it is evidence: our own digest of it, and where that is entered.

    entry: number of its `seal` in the custody log. unprotected: what the store does not keep, by our own probing; the
    bytes are unprotected against those who hold its keys wherever this is not empty.
    """

    exhibit_id: Id
    case_id: Id
    upload_id: Id | None = None
    name: Text
    role: Role
    medium: Medium
    format: Text
    sha256: Sha256
    bytes: Count
    sealed_at: AwareDatetime
    entry: int
    store: Text
    unprotected: tuple[Text, ...] = ()
