"""Cases and exhibits as an installation keeps them, and the verdicts on them."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated

from pydantic import AwareDatetime, Field

from sixfaces.domain.answer import Verdict
from sixfaces.domain.case import CaseFile
from sixfaces.domain.erasing import Tombstone
from sixfaces.domain.exhibit import Exhibit
from sixfaces.domain.model import Model, Say, Sha256, Text
from sixfaces.domain.people import Id, StationId, TenantId

Revision = Annotated[int, Field(ge=1)]


class CaseState(StrEnum):
    """How far a case has come."""

    OPEN = "open"
    """No evidence has been sealed yet."""
    VERIFYING = "verifying"
    STALLED = "stalled"
    """No verdict will come: a job that it needs was given up. Replaying that job sets the case going again."""
    VERIFIED = "verified"
    """The current revision has a verdict."""
    CLOSED = "closed"


class FiledCase(Model):
    """A case of a tenant. `revision` rises with each edit of what is claimed and each sealed exhibit: a verdict is on
    one revision. A tenant has one case for each `file.case_id`."""

    id: Id
    tenant: TenantId
    file: CaseFile
    revision: Revision
    state: CaseState
    created_at: AwareDatetime
    updated_at: AwareDatetime
    closed_at: AwareDatetime | None = None
    erased_at: AwareDatetime | None = None
    """Since when there is nothing left in it but tombstones and verdicts."""

    @property
    def opened_at(self) -> datetime:
        """When its claim was opened, as far as the file says; else when it was filed."""
        return self.file.claim.opened_at or self.created_at


class KnownTexts(Model):
    """Places of masked texts in a case file (`claim.statement`) whose texts somebody knows who may not see them: they
    stated them there themselves, and nobody else has edited the case since."""

    actor: Text
    places: tuple[Text, ...]


class Quarantine(Model):
    """Why no further attempt is made to measure an exhibit."""

    code: Text
    text: Say
    fix: Say


class FiledExhibit(Model):
    """A sealed file in a case. The same bytes in two cases are two of these over one blob. `entry` is the number of
    its `seal` in the custody log."""

    id: Id
    tenant: TenantId
    case_id: Id
    exhibit: Exhibit
    sealed_at: AwareDatetime
    entry: int
    station: StationId | None = None
    upload_id: Id | None = None
    observed_by: Text | None = None
    """Version of the observers whose record is current; None until measured."""
    quarantine: Quarantine | None = None
    erased: Tombstone | None = None
    """Its bytes have gone, and its name with them; the rest of it stays, as what the log says of it does."""


class StoredVerdict(Model):
    """A machine's verdict on one revision of a case by one version of the code and of the policy: there is exactly one
    of these, until a run over the archive goes back to a policy that was left, or other observers measured again.
    `again`: how many there were of these before. The report lies under `results`, a prefix of derived blobs."""

    id: Id
    tenant: TenantId
    case_id: Id
    revision: Revision
    code_version: Text
    policy: Text
    policy_version: Text
    policy_digest: Sha256
    verdict: Verdict
    results: Text
    entry: int
    judged_at: AwareDatetime
    again: Annotated[int, Field(ge=0)] = 0
    erased_at: AwareDatetime | None = None
    """Since when its report is gone."""
