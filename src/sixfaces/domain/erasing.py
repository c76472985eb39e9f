"""How long evidence is kept, who holds it for longer, and what is left of it when it has gone."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Annotated, NamedTuple, Protocol

from pydantic import AwareDatetime, Field

from sixfaces.domain.case import CaseFile
from sixfaces.domain.exhibit import Role
from sixfaces.domain.model import Model, Text
from sixfaces.domain.people import Id, TenantId

Days = Annotated[int, Field(ge=1, le=36_500)]


class Retention(Model):
    """How long a tenant's evidence is kept after its case was closed. None, and a role that is None: for ever.

    days: the case with all that is in it. roles: exhibits of a role, sooner or later than the case; one that stays
    longer keeps its case.
    """

    days: Days | None = None
    roles: dict[Role, Days | None] = Field(default_factory=dict)

    def of(self, role: Role) -> int | None:
        """Days for exhibits of this role."""
        return self.roles.get(role, self.days)


class HoldReason(StrEnum):
    """Why evidence must stay whatever its retention says."""

    DISPUTE = "dispute"
    LITIGATION = "litigation"
    REGULATOR = "regulator"
    INVESTIGATION = "investigation"
    OTHER = "other"


class LegalHold(Model):
    """Somebody's word that a case and all that is in it must stay, until an instant or until somebody lifts it."""

    id: Id
    tenant: TenantId
    case_id: Id
    reason: HoldReason
    note: Annotated[Text, Field(max_length=1000)] | None = None
    placed_by: Text
    placed_at: AwareDatetime
    until: AwareDatetime | None = None
    lifted_by: Text | None = None
    lifted_at: AwareDatetime | None = None

    def holds(self, now: datetime) -> bool:
        """Whether it still does."""
        return self.lifted_at is None and (self.until is None or self.until > now)


class EraseReason(StrEnum):
    """Why evidence is erased."""

    RETENTION_EXPIRED = "retention_expired"
    DATA_SUBJECT_REQUEST = "data_subject_request"
    COURT_ORDER = "court_order"
    CONTRACT_ENDED = "contract_ended"
    MISTAKE = "mistake"


class Tombstone(Model):
    """What is left beside an exhibit's digest, size and role when its bytes have gone: when, why and by whom.

    `erasure` is the id under which it was done."""

    erasure: Id
    reason: EraseReason
    by: Text
    at: AwareDatetime


class ErasureState(StrEnum):
    """How far an erasure has come."""

    ASKED = "asked"
    WAITING = "waiting"
    """The store's lock is still in force: nothing has been removed, and nothing will be before `waits_until`."""
    BEGUN = "begun"
    """Nothing of it is given out any more; what is stored is being removed. It can no longer be stopped."""
    DONE = "done"
    REFUSED = "refused"
    """Somebody held it when its turn came: nothing was removed."""


class Erasure(Model):
    """The removal of a case with all that is in it, or of one exhibit. `revision`: of the case, when it began.

    forget_waybill: also what an earlier opening of the same parcel is found by. holds: why it was refused.
    """

    id: Id
    tenant: TenantId
    case_id: Id
    exhibit_id: Id | None = None
    reason: EraseReason
    by: Text
    forget_waybill: bool = False
    state: ErasureState = ErasureState.ASKED
    asked_at: AwareDatetime
    waits_until: AwareDatetime | None = None
    began_at: AwareDatetime | None = None
    ended_at: AwareDatetime | None = None
    revision: int = 0
    holds: tuple[Text, ...] = ()

    @property
    def is_over(self) -> bool:
        """Whether nothing more comes of it."""
        return self.state in (ErasureState.DONE, ErasureState.REFUSED)


class Removal(NamedTuple):
    """Bytes that no exhibit needs any more, on their way out of the store; sealing the same waits until they are."""

    tenant: str
    sha256: str
    erasure: str
    number: int


class Expired(NamedTuple):
    """A case whose time is over, or one exhibit of it."""

    tenant: str
    case_id: str
    exhibit_id: str | None = None


class Holds(Protocol):
    """Legal holds, and how long a tenant keeps what."""

    def place(self, hold: LegalHold) -> None:
        """One more."""
        ...

    def of_case(self, case_id: str) -> Sequence[LegalHold]:
        """All of a case, lifted and ended ones too, oldest first."""
        ...

    def lift(self, id: str, *, by: str) -> LegalHold | None:
        """It holds no longer; one lifted before stays as it was. None where there is none."""
        ...

    def retention(self) -> Retention:
        """The tenant's; for ever where nothing was said."""
        ...

    def keep_retention(self, retention: Retention) -> None:
        """From now on."""
        ...

    def retentions(self) -> Mapping[str, Retention]:
        """Of all tenants that have said something."""
        ...

    def expired_cases(self, retention: Retention, *, limit: int) -> Sequence[Expired]:
        """Closed cases whose time is over with that of all that is in them; nobody holds them, and none of it is being
        erased."""
        ...

    def expired_exhibits(self, retention: Retention, *, limit: int) -> Sequence[Expired]:
        """The same of exhibits, in cases that stay."""
        ...


class Erasures(Protocol):
    """What is being erased, and everything that goes with it in the records."""

    def add(self, erasure: Erasure) -> None:
        """A new one."""
        ...

    def get(self, id: str) -> Erasure | None:
        """One."""
        ...

    def change(self, erasure: Erasure) -> None:
        """Write its state, instants, revision and holds, and whether the waybill goes too."""
        ...

    def find(self, *, case_id: str | None, before: str | None, limit: int) -> Sequence[Erasure]:
        """Newest first; of one case, or of all."""
        ...

    def under_way(self, case_id: str) -> Sequence[Erasure]:
        """Those of the case that are not over."""
        ...

    def lock_bytes(self, sha256: str) -> None:
        """Until the transaction ends nobody else seals or removes these bytes of the tenant."""
        ...

    def removals_of(self, sha256: str) -> tuple[int, bool]:
        """How often these bytes were removed or began to be, as erased or as strays, and whether they are being removed
        now."""
        ...

    def remove_unneeded(self, shas: Iterable[str], *, erasure: str) -> None:
        """Begin to remove those of the bytes, which the caller has locked, that no exhibit of the tenant needs; what
        was measured of them goes at once."""
        ...

    def removals(self, erasure: str) -> Sequence[Removal]:
        """Of this erasure, those that have not ended."""
        ...

    def removed(self, erasure: str) -> None:
        """All of them have ended."""
        ...

    def entomb(self, exhibit_id: str, tombstone: Tombstone, *, forget_waybill: bool) -> None:
        """The exhibit is erased: its name goes, and nothing is measured of it any more."""
        ...

    def empty_case(self, case_id: str, file: CaseFile) -> None:
        """The case is erased: this is what is left of what was claimed."""
        ...

    def forget_course(self, case_id: str, *, forget_waybill: bool) -> None:
        """What people wrote in the course of the erased case goes; kinds, instants, outcomes, amounts and digests stay.
        Its links lead nowhere, what waits to be told is dropped, its clocks turn no more."""
        ...

    def forget_words_on(self, exhibit_id: str) -> None:
        """What people wrote of the erased exhibit in the course of its case goes; who wrote when, step, codes, kinds,
        outcomes and digests stay. Nothing goes where another exhibit of the case has the same bytes."""
        ...

    def named_by(self, exhibit_id: str) -> Sequence[str]:
        """Ids of inspections and entries of the chronicle that are of the erased exhibit."""
        ...

    def forget_readings(self, case_id: str) -> None:
        """Waybills that were read in exhibits of the case are known no more."""
        ...

    def inspections_of(self, case_id: str) -> Sequence[str]:
        """Ids of inspections of the case."""
        ...

    def spoil_verdicts(self, case_id: str, *, below: int | None) -> None:
        """The reports of all verdicts on the case, or on revisions below one, have gone; the verdicts stay."""
        ...

    def spoiled_results(self, case_id: str) -> Sequence[str]:
        """Prefixes under which these reports lay."""
        ...

    def forget_events(self, case_id: str, *, exhibit_id: str | None) -> None:
        """What watchers were told of the case, or of one exhibit of it."""
        ...

    def uploads_of(self, case_id: str, *, exhibit_id: str | None) -> Sequence[str]:
        """Ids of uploads to the case, or of those that became this exhibit."""
        ...

    def scrub_upload(self, id: str) -> None:
        """Its name and what its sender said of it go; one that has not ended ends here."""
        ...

    def answers_naming(self, id: str) -> Sequence[str]:
        """Keys of kept answers of the tenant that hold this id."""
        ...

    def forget_answers(self, keys: Collection[str]) -> None:
        """They are given no more."""
        ...

    def is_worked_on(self, case_id: str, *, exhibit_ids: Collection[str]) -> bool:
        """Whether a job on the case, its uploads, these exhibits or others of the same bytes is running."""
        ...


class Pruning(Protocol):
    """Rows whose time is over, removed a few at a time; each returns how many went."""

    def events(self, *, older: timedelta, limit: int) -> int:
        """Told so long ago; `pruned_through` says from where on they are whole."""
        ...

    def pruned_through(self) -> int:
        """The last event that was pruned, 0 while none was."""
        ...

    def jobs(self, *, older: timedelta, limit: int) -> int:
        """Done so long ago. Dead letters and quarantined ones stay."""
        ...

    def uploads(self, *, older: timedelta, limit: int) -> int:
        """Ended, expired so long ago, and without a byte in the spool."""
        ...

    def answers(self, *, limit: int) -> int:
        """Kept no longer."""
        ...
