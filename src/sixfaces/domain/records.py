"""What the pipeline needs of a database, as plain interfaces: one transaction, and what it holds.

A transaction sees one tenant's rows only (or, begun with tenant None by workers and the sweep, all tenants'); a row of
another tenant is one that is not there. All instants are the database's (`Transaction.now`), never a client's or a
worker's. What is left without an exception is committed; any exception undoes all of it.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from typing import Any, NamedTuple, Protocol

from sixfaces.domain.answer import Verdict
from sixfaces.domain.archive import Archive
from sixfaces.domain.case import CaseFile
from sixfaces.domain.claim_records import ClaimRows
from sixfaces.domain.erasing import Erasures, Holds, Pruning
from sixfaces.domain.evidence import EarlierTake
from sixfaces.domain.filing import CaseState, FiledCase, FiledExhibit, KnownTexts, Quarantine, StoredVerdict
from sixfaces.domain.identity import Person
from sixfaces.domain.job import Job, JobKind, JobState
from sixfaces.domain.log_records import Custody as Custody
from sixfaces.domain.model import Model
from sixfaces.domain.notice_ports import Links, Notices
from sixfaces.domain.observation import Record
from sixfaces.domain.originals import Leases, Originals
from sixfaces.domain.pages import Page as Page
from sixfaces.domain.people import ApiKey, ApiRole, Station
from sixfaces.domain.reverifying import Reverifications
from sixfaces.domain.schedule import Schedules
from sixfaces.domain.strays import Strays
from sixfaces.domain.upload import Segment, Upload
from sixfaces.domain.watching_records import WatchedRows
from sixfaces.domain.webhook_ports import Webhooks


class CaseQuery(NamedTuple):
    """Which cases: those that match everything given."""

    case_id: str | None = None
    order_id: str | None = None
    claim_id: str | None = None
    waybill: str | None = None
    state: CaseState | None = None
    verdict: Verdict | None = None
    only_of: str | None = None
    """A station that has handed in all that is in the case."""


class KeyQuery(NamedTuple):
    """Which keys: those that match everything given. `active`: neither revoked nor expired. `used_since` and
    `unused_since`: used then or later, or not, as coarsely as uses are noted."""

    role: ApiRole | None = None
    station: str | None = None
    active: bool | None = None
    used_since: datetime | None = None
    unused_since: datetime | None = None


EVERY_KEY = KeyQuery()


class JobCount(NamedTuple):
    """Jobs of one kind and state. `due`: how many of them may run now; `waited`: for how long one of these could
    have run at most."""

    kind: JobKind
    state: JobState
    jobs: int
    due: int
    waited: timedelta | None


class Event(Model):
    """Something that changed about a case, for those who watch it. `id` rises within the installation."""

    id: int
    case_id: str
    kind: str
    at: datetime
    body: dict[str, Any]


class KeptAnswer(Model):
    """An answer to a request with an idempotency key, to be given again byte for byte."""

    request_sha256: str
    status: int
    headers: dict[str, str]
    body: bytes


class Cases(Protocol):
    """Cases of the tenant."""

    def add(self, case: FiledCase) -> bool:
        """False, and nothing done, where the tenant already has one with this `file.case_id`."""
        ...

    def get(self, id: str, *, lock: bool = False) -> FiledCase | None:
        """One case; `lock` holds its row until the transaction ends."""
        ...

    def by_case_id(self, case_id: str, *, lock: bool = False) -> FiledCase | None:
        """The tenant's case of this number."""
        ...

    def salt(self, id: str) -> bytes | None:
        """What goes into digests of what people stated in the case, and is shown to nobody; None once it is erased."""
        ...

    def known_texts(self, id: str) -> KnownTexts | None:
        """Who knows masked texts of the case as they were kept with `know_texts`."""
        ...

    def know_texts(self, id: str, known: KnownTexts | None) -> None:
        """Keep who knows which masked texts of the case; None: nobody but those who may see them."""
        ...

    def find(self, query: CaseQuery, page: Page, *, in_short: bool = False) -> Sequence[FiledCase]:
        """Newest first; `in_short`: without the lines of the order and the times of receipt, of which there may be
        hundreds."""
        ...

    def carrying(self, code: str, *, limit: int) -> Sequence[FiledCase]:
        """Cases of which this is a code that may be printed or scanned: the case's, order's or claim's number, the
        waybill of the return or of the parcel that went out. Newest first."""
        ...

    def change(self, id: str, *, file: CaseFile | None = None, revised: bool = False, state: CaseState | None = None
               ) -> FiledCase:  # fmt: skip
        """Write what is given; `revised` raises the revision by one."""
        ...


class Exhibits(Protocol):
    """Sealed exhibits."""

    def add(self, exhibit: FiledExhibit) -> None:
        """One more exhibit of its case."""
        ...

    def get(self, id: str) -> FiledExhibit | None:
        """One exhibit."""
        ...

    def several(self, ids: Collection[str]) -> Sequence[FiledExhibit]:
        """Those of them that are there, in the order in which they were sealed; one question for thousands."""
        ...

    def of_case(self, case_id: str) -> Sequence[FiledExhibit]:
        """In the order in which they were sealed."""
        ...

    def cases_only_of(self, station: str, case_ids: Collection[str]) -> Collection[str]:
        """Those of the cases that have exhibits and none that another than this station handed in."""
        ...

    def with_bytes(self, sha256: str) -> Sequence[FiledExhibit]:
        """All exhibits of these bytes."""
        ...

    def observed(self, id: str, *, by: str) -> None:
        """Its record by this version of the observers is current."""
        ...

    def quarantine(self, id: str, reason: Quarantine | None) -> None:
        """Measure it no more; None: again."""
        ...

    def earlier_takes(self, waybill: str, *, before: FiledExhibit) -> Sequence[EarlierTake]:
        """Unboxing takes of this waybill, claimed or read in the footage, sealed before that exhibit in any case."""
        ...

    def waybills_read(self, id: str, texts: Iterable[str]) -> Sequence[str]:
        """Texts of codes read in the exhibit that may be waybills, for `earlier_takes`; returns those not known of it
        before."""
        ...

    def cases_after(self, exhibit: FiledExhibit, waybills: Iterable[str]) -> Sequence[str]:
        """Ids of other cases with an unboxing take of one of these waybills, claimed or read, that was sealed after
        the exhibit; without those for which the claim of the exhibit's own case has made it an earlier take."""
        ...


class Observations(Protocol):
    """What was measured of bytes, whichever cases they are in."""

    def keep(self, record: Record, *, by: str, results: str) -> bool:
        """False where these bytes already have a record by this version. `results`: prefix of its derived pictures."""
        ...

    def get(self, sha256: str, *, by: str) -> tuple[Record, str] | None:
        """The record and the prefix of its pictures."""
        ...

    def measured(self) -> Iterable[str]:
        """SHA-256 of all bytes that have a record, by whichever version."""
        ...

    def newest(self, sha256: str) -> tuple[Record, str] | None:
        """The record that was kept last, by whichever version, and the prefix of its pictures."""
        ...


class Verdicts(Protocol):
    """Verdicts, appended and never changed."""

    def add(self, verdict: StoredVerdict) -> bool:
        """False where one on this (case, revision, code version, policy digest) exists."""
        ...

    def current(self, case_id: str) -> StoredVerdict | None:
        """The last on the case's present revision; None while there is none."""
        ...

    def current_of(self, case_ids: Collection[str]) -> Mapping[str, StoredVerdict]:
        """The same for several cases, by their ids; one question, however many they are."""
        ...

    def of_case(self, case_id: str) -> Sequence[StoredVerdict]:
        """All, newest first."""
        ...


class Uploads(Protocol):
    """Bytes on their way in."""

    def add(self, upload: Upload) -> None:
        """A new upload."""
        ...

    def get(self, id: str, *, lock: bool = False) -> Upload | None:
        """One upload."""
        ...

    def take_over(self, id: str) -> Upload | None:
        """Raise the token: who held the old one can commit no more."""
        ...

    def received(self, segment: Segment, *, token: int) -> Upload | None:
        """Add bytes at the offset; None, and nothing done, unless `token` is current, the upload is receiving and the
        segment starts at its offset. A segment that goes on at the same place is joined to the last one."""
        ...

    def segments(self, id: str) -> Sequence[Segment]:
        """In order, without holes."""
        ...

    def change(self, upload: Upload) -> None:
        """Write its length, state, exhibit, refusal, expiry, `received_sha256` and `direct`."""
        ...

    def to_sweep(self, now: datetime, *, limit: int) -> Sequence[Upload]:
        """Expired ones that still receive, and ended ones that still have segments or a multipart upload of the store:
        of refused ones, whose bytes are kept until then, only those that have expired."""
        ...

    def forget_segments(self, id: str) -> None:
        """Their bytes are gone from the spool."""
        ...

    def spool_bytes(self) -> int:
        """Bytes in the spool, of whatever has become of their uploads."""
        ...

    def awaited_bytes(self, *, since: datetime, but: str | None = None) -> int:
        """Bytes that uploads through the spool have announced and not brought yet, of those that expire after `since`:
        the others have rested so long that no room is kept for them. `but`: an upload that is not counted."""
        ...

    def open_bytes(self) -> int:
        """Bytes of all uploads that have not ended, by the lengths that they announce, and of refused ones whose bytes
        are still kept."""
        ...


class Jobs(Protocol):
    """The queue of record."""

    def add(self, job: Job) -> Job:
        """Where a ready job of this kind and subject waits, that one, with the more urgent priority of both."""
        ...

    def get(self, id: str) -> Job | None:
        """One job."""
        ...

    def claim(self, id: str, *, worker: str, lease: timedelta) -> Job | None:
        """The job, now running with a new token, if it was ready and due."""
        ...

    def extend(self, job: Job, *, lease: timedelta) -> bool:
        """False where the lease has been lost."""
        ...

    def holds(self, job: Job) -> bool:
        """Whether `job.token` is still the current one; its row stays locked until the transaction ends, so that what
        is written beside it is written by the holder or by nobody."""
        ...

    def end(self, job: Job, state: JobState, *, reason: Quarantine | None = None) -> bool:
        """Finish; False where the token is stale."""
        ...

    def again(self, job: Job, *, after: timedelta, failed: int = 0, guilt: int = 0, reason: Quarantine | None = None
              ) -> bool:  # fmt: skip
        """Back to ready, counting what went wrong; False where the token is stale."""
        ...

    def lost(self, *, limit: int) -> Sequence[Job]:
        """Jobs whose lease has run out: each is made ready again (or dead after MOST_LOST) and counted."""
        ...

    def due(self, *, limit: int) -> Sequence[Job]:
        """Ready and due, in the order in which they ought to run: by priority, then in turn between tenants by how
        much of each is running, then by age."""
        ...

    def find(self, *, kind: JobKind | None, state: JobState | None, page: Page) -> Sequence[Job]:
        """Newest first."""
        ...

    def given_up(self, kind: JobKind, subjects: Collection[str]) -> Sequence[str]:
        """Those of the subjects that have a dead job of this kind and none that is ready or running."""
        ...

    def count(self) -> Sequence[JobCount]:
        """Of each kind and state but done."""
        ...

    def unserved(self, kind: JobKind, subjects: Sequence[str]) -> Sequence[str]:
        """Those of the subjects that have no job of this kind that is ready or running or was given up."""
        ...

    def replay(self, id: str) -> Job | None:
        """A dead or quarantined job is ready again with its counters at nothing; None if it is neither."""
        ...


class People(Protocol):
    """Keys, persons and stations."""

    def add_key(self, key: ApiKey) -> None:
        """A new key."""
        ...

    def key(self, id: str) -> ApiKey | None:
        """One key, of whichever tenant where the transaction is of none."""
        ...

    def keys(self, page: Page, query: KeyQuery = EVERY_KEY) -> Sequence[ApiKey]:
        """Newest first."""
        ...

    def used(self, ids: Collection[str], *, sparing: timedelta) -> None:
        """These keys are in use; one whose last use is noted as less than `sparing` ago is left alone."""
        ...

    def revoke(self, id: str) -> ApiKey | None:
        """From now on it is worth nothing."""
        ...

    def seen(self, person: Person) -> None:
        """They asked now, as this person; who is known already keeps the instant at which they were seen first."""
        ...

    def person(self, id: str) -> Person | None:
        """One person as they were seen last; in a transaction of no tenant any tenant's."""
        ...

    def persons(self, page: Page) -> Sequence[Person]:
        """By id, falling."""
        ...

    def block(self, id: str, *, blocked: bool) -> Person | None:
        """They are let in no more, or again; one blocked before keeps the instant of that. None where there is none."""
        ...

    def add_station(self, station: Station) -> bool:
        """False where the tenant has one of this id."""
        ...

    def station(self, id: str) -> Station | None:
        """One station."""
        ...

    def stations(self, page: Page) -> Sequence[Station]:
        """By id, falling."""
        ...

    def retire_station(self, id: str) -> Station | None:
        """It films no more; one retired before keeps the instant of that. None where there is none."""
        ...


class Events(Protocol):
    """What watchers are told."""

    def tell(self, case_id: str, kind: str, body: Mapping[str, Any]) -> None:
        """One more event, with this transaction."""
        ...

    def since(self, id: int, *, case_id: str, limit: int = 100) -> Sequence[Event]:
        """Events after `id`, in order."""
        ...

    def newest(self, case_ids: Collection[str]) -> Mapping[str, int]:
        """Ids of the last event of each of these cases that has any; one question for thousands of them."""
        ...


class Answers(Protocol):
    """Answers kept for repeated requests."""

    def begin(self, key: str, request_sha256: str) -> KeptAnswer | None:
        """The answer kept under this key, or None and the key's row held by this transaction. Raises
        RequestError `request.key_reused` where the key came with another request."""
        ...

    def keep(self, key: str, answer: KeptAnswer, *, lasting: timedelta) -> None:
        """Keep the answer of a request that has `begin`."""
        ...


class Transaction(ClaimRows, WatchedRows, Protocol):
    """All that one transaction may touch."""

    now: datetime
    cases: Cases
    exhibits: Exhibits
    originals: Originals
    observations: Observations
    verdicts: Verdicts
    uploads: Uploads
    jobs: Jobs
    custody: Custody
    people: People
    events: Events
    answers: Answers
    holds: Holds
    erasures: Erasures
    strays: Strays
    pruning: Pruning
    webhooks: Webhooks
    notices: Notices
    links: Links
    leases: Leases
    archive: Archive
    reverifications: Reverifications
    schedules: Schedules


class Records(Protocol):
    """The database. Raises RecordsError `records.unavailable` where it cannot be reached, `records.full` where it has
    no room, `records.conflict` where another transaction won and this one may be tried again."""

    def begin(self, tenant: str | None, *, reading: bool = False) -> AbstractContextManager[Transaction]:
        """A transaction that sees this tenant's rows, or all; one that is `reading` waits for nobody and may write
        nothing."""
        ...

    def healthy(self) -> bool:
        """Whether a trivial question is answered."""
        ...
