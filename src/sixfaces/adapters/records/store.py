"""The records of an installation in one database: transactions on it, and whether it answers."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from threading import Lock
from weakref import finalize

from sqlalchemy import Connection, Engine, func, select
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from sixfaces.adapters.records.alarms import SqlAlarms, SqlDayCounts
from sixfaces.adapters.records.answers import SqlAnswers
from sixfaces.adapters.records.archive import SqlArchive
from sixfaces.adapters.records.cases import SqlCases
from sixfaces.adapters.records.chronicle import SqlChronicle, SqlTurns
from sixfaces.adapters.records.clock import clock
from sixfaces.adapters.records.custody import SqlCustody
from sixfaces.adapters.records.decisions import SqlDecisions, SqlPayments
from sixfaces.adapters.records.engine import READING, Patience, engine_of
from sixfaces.adapters.records.erasures import SqlErasures
from sixfaces.adapters.records.events import SqlEvents
from sixfaces.adapters.records.exhibits import SqlExhibits
from sixfaces.adapters.records.holds import SqlHolds
from sixfaces.adapters.records.inspections import SqlInspections, SqlQcVerdicts
from sixfaces.adapters.records.jobs import SqlJobs
from sixfaces.adapters.records.leases import SqlLeases
from sixfaces.adapters.records.notices import SqlLinks, SqlNotices
from sixfaces.adapters.records.observations import SqlObservations
from sixfaces.adapters.records.originals import SqlOriginals
from sixfaces.adapters.records.people import SqlPeople
from sixfaces.adapters.records.pruning import SqlPruning
from sixfaces.adapters.records.reverifications import SqlReverifications
from sixfaces.adapters.records.samples import SqlPlanting, SqlSamples
from sixfaces.adapters.records.schedules import SqlSchedules
from sixfaces.adapters.records.scope import Scope
from sixfaces.adapters.records.strays import SqlStrays
from sixfaces.adapters.records.trouble import conflict, is_gone, translated
from sixfaces.adapters.records.uploads import SqlUploads
from sixfaces.adapters.records.verdicts import SqlVerdicts
from sixfaces.adapters.records.watching import SqlWatching
from sixfaces.adapters.records.webhooks import SqlWebhooks
from sixfaces.domain.archive import Archive
from sixfaces.domain.claim_records import Chronicle, Decisions, Inspections, Payments, QcVerdicts, Turns
from sixfaces.domain.erasing import Erasures, Holds, Pruning
from sixfaces.domain.notice_ports import Links, Notices
from sixfaces.domain.originals import Leases, Originals
from sixfaces.domain.records import (
    Answers,
    Cases,
    Custody,
    Events,
    Exhibits,
    Jobs,
    Observations,
    People,
    Transaction,
    Uploads,
    Verdicts,
)
from sixfaces.domain.reverifying import Reverifications
from sixfaces.domain.schedule import Schedules
from sixfaces.domain.strays import Strays
from sixfaces.domain.tracing import UNTRACED, Tracer
from sixfaces.domain.watching_records import Alarms, DayCounts, Planting, Samples, Watching
from sixfaces.domain.webhook_ports import Webhooks

ALL = "*"
"""The tenant setting that sees every row; no tenant can be called so."""


class SqlTransaction:
    """Transaction (domain.records)."""

    def __init__(self, scope: Scope, trace: str | None) -> None:
        self.now: datetime = scope.now
        self.cases: Cases = SqlCases(scope)
        self.exhibits: Exhibits = SqlExhibits(scope)
        self.originals: Originals = SqlOriginals(scope)
        self.observations: Observations = SqlObservations(scope)
        self.verdicts: Verdicts = SqlVerdicts(scope)
        self.uploads: Uploads = SqlUploads(scope)
        self.jobs: Jobs = SqlJobs(scope, trace)
        self.custody: Custody = SqlCustody(scope)
        self.people: People = SqlPeople(scope)
        self.events: Events = SqlEvents(scope)
        self.answers: Answers = SqlAnswers(scope)
        self.chronicle: Chronicle = SqlChronicle(scope)
        self.inspections: Inspections = SqlInspections(scope)
        self.qc_verdicts: QcVerdicts = SqlQcVerdicts(scope)
        self.decisions: Decisions = SqlDecisions(scope)
        self.payments: Payments = SqlPayments(scope)
        self.turns: Turns = SqlTurns(scope)
        self.holds: Holds = SqlHolds(scope)
        self.erasures: Erasures = SqlErasures(scope)
        self.strays: Strays = SqlStrays(scope)
        self.pruning: Pruning = SqlPruning(scope)
        self.webhooks: Webhooks = SqlWebhooks(scope, trace)
        self.notices: Notices = SqlNotices(scope)
        self.links: Links = SqlLinks(scope)
        self.leases: Leases = SqlLeases(scope)
        self.watching: Watching = SqlWatching(scope)
        self.day_counts: DayCounts = SqlDayCounts(scope)
        self.alarms: Alarms = SqlAlarms(scope)
        self.samples: Samples = SqlSamples(scope)
        self.planting: Planting = SqlPlanting(scope)
        self.archive: Archive = SqlArchive(scope)
        self.reverifications: Reverifications = SqlReverifications(scope)
        self.schedules: Schedules = SqlSchedules(scope)


class SqlRecords:
    """Records (domain.records) over an address such as `sqlite:///records.sqlite` or `postgresql://host/name`.

    Opens nothing before the first transaction; the tables must be there (`migrating.migrate`). Safe to share between
    threads, not across a fork. Jobs carry on what `tracer` tells of. Raises RecordsError `records.url`.
    """

    def __init__(self, url: str, *, patience: Patience = Patience(), tracer: Tracer = UNTRACED) -> None:  # noqa: B008 immutable
        self._engine: Engine = engine_of(url, patience)
        self._patience = patience
        self._tracer = tracer
        self._writing = Lock()
        finalize(self, self._engine.dispose)  # who forgets to close leaves no connection to the database open

    @contextmanager
    def begin(self, tenant: str | None, *, reading: bool = False) -> Iterator[Transaction]:
        """As in the interface. Threads of this process queue for SQLite's one writer here, in turn, instead of polling
        the file's lock; nothing may be begun inside of a transaction."""
        trace = self._tracer.carried()
        with (
            self._tracer.span("transaction", reading=reading),
            translated(),
            self._turn(reading=reading),
            self._started(tenant, reading=reading) as (connection, now),
        ):
            yield SqlTransaction(Scope(connection, tenant, now), trace)
            connection.commit()

    def healthy(self) -> bool:
        """As in the interface."""
        try:
            with self._engine.connect().execution_options(**{READING: True}) as connection:
                return bool(connection.execute(select(1)).scalar_one() == 1)
        except SQLAlchemyError:
            return False

    def close(self) -> None:
        """Close all connections that are not in use."""
        self._engine.dispose()

    @contextmanager
    def _turn(self, *, reading: bool) -> Iterator[None]:
        if reading or self._engine.dialect.name != "sqlite":
            yield
            return
        if not self._writing.acquire(timeout=self._patience.lock_s):
            raise conflict()
        try:
            yield
        finally:
            self._writing.release()

    @contextmanager
    def _started(self, tenant: str | None, *, reading: bool) -> Iterator[tuple[Connection, datetime]]:
        options = self._options(reading=reading)
        with self._engine.connect() as connection:
            connection.execution_options(**options)
            try:
                now = _opened(connection, tenant)
            except DBAPIError as error:
                if not is_gone(error):
                    raise
                # The server was restarted while the connection lay in the pool: nothing was done yet, and the pool
                # has now forgotten all connections of that time.
                connection.rollback()
                now = _opened(connection, tenant)
            yield connection, now

    def _options(self, *, reading: bool) -> dict[str, object]:
        if not reading:
            return {}
        if self._engine.dialect.name == "sqlite":
            return {READING: True}
        return {"postgresql_readonly": True, "isolation_level": "REPEATABLE READ"}


def _opened(connection: Connection, tenant: str | None) -> datetime:
    """Begin, tell the database whose rows may be seen, and ask what time it is."""
    if connection.dialect.name != "postgresql":
        connection.begin()
        return clock(connection)
    told = select(func.set_config("sixfaces.tenant", ALL if tenant is None else tenant, True), func.clock_timestamp())
    now: datetime = connection.execute(told).one()[1]
    return now.astimezone(UTC)
