"""Erasures, and everything in the tables that goes with what is erased."""

from collections.abc import Collection, Iterable, Sequence
from typing import Any

from sqlalchemy import ColumnElement, String, cast, delete, exists, func, or_, select, update

from sixfaces.adapters.records.cases import searched
from sixfaces.adapters.records.erased_course import ErasedCourse
from sixfaces.adapters.records.erased_exhibit import ErasedExhibit
from sixfaces.adapters.records.erasing_tables import erasures, removals
from sixfaces.adapters.records.scope import Scope, Shape, bounded
from sixfaces.adapters.records.stray_tables import strays
from sixfaces.adapters.records.tables import (
    answers,
    cases,
    events,
    exhibits,
    jobs,
    observations,
    originals,
    uploads,
    verdicts,
    waybills_read,
)
from sixfaces.domain.case import CaseFile
from sixfaces.domain.erasing import Erasure, ErasureState, Removal, Tombstone
from sixfaces.domain.job import JobState
from sixfaces.domain.upload import UploadState

_SHAPE = Shape(erasures, Erasure)
_OVER = (ErasureState.DONE, ErasureState.REFUSED)
_CHANGEABLE = ("state", "waits_until", "began_at", "ended_at", "revision", "holds", "forget_waybill")
_OPEN = (UploadState.RECEIVING, UploadState.RECEIVED)


class SqlErasures:
    """Erasures (domain.erasing), in a transaction of one tenant where they change anything but their own row."""

    def __init__(self, scope: Scope) -> None:
        self._scope = scope

    def add(self, erasure: Erasure) -> None:
        """As in the interface."""
        self._scope.own(erasure.tenant)
        self._scope.done(erasures.insert().values(_SHAPE.values(erasure)))

    def get(self, id: str) -> Erasure | None:
        """As in the interface."""
        asked = select(*_SHAPE.columns).where(erasures.c.id == id, self._scope.sees(erasures))
        return _SHAPE.maybe(self._scope.first(asked))

    def change(self, erasure: Erasure) -> None:
        """As in the interface."""
        new = {name: getattr(erasure, name) for name in _CHANGEABLE}
        self._scope.done(update(erasures).where(erasures.c.id == erasure.id, self._scope.sees(erasures)).values(new))

    def find(self, *, case_id: str | None, before: str | None, limit: int) -> Sequence[Erasure]:
        """As in the interface."""
        asked = select(*_SHAPE.columns).where(self._scope.sees(erasures))
        if case_id is not None:
            asked = asked.where(erasures.c.case_id == case_id)
        if before is not None:
            asked = asked.where(erasures.c.id < before)
        return [
            _SHAPE.read(row) for row in self._scope.rows(asked.order_by(erasures.c.id.desc()).limit(bounded(limit)))
        ]

    def under_way(self, case_id: str) -> Sequence[Erasure]:
        """As in the interface, oldest first."""
        its = (erasures.c.case_id == case_id, erasures.c.state.not_in(_OVER), self._scope.sees(erasures))
        return [
            _SHAPE.read(row) for row in self._scope.rows(select(*_SHAPE.columns).where(*its).order_by(erasures.c.id))
        ]

    def lock_bytes(self, sha256: str) -> None:
        """As in the interface. SQLite's writer has all to itself."""
        if self._scope.on_postgres:
            key = func.hashtextextended(f"bytes {self._scope.named()} {sha256}", 0)
            self._scope.connection.execute(select(func.pg_advisory_xact_lock(key)))

    def removals_of(self, sha256: str) -> tuple[int, bool]:
        """As in the interface."""
        its = (removals.c.tenant == self._scope.named(), removals.c.sha256 == sha256)
        asked = select(func.count().label("all"), func.count(removals.c.ended_at).label("ended")).where(*its)
        row = self._scope.connection.execute(asked).one()
        stray = (strays.c.tenant == self._scope.named(), strays.c.sha256 == sha256, strays.c.began_at.is_not(None))
        told = select(func.count().label("all"), func.count(strays.c.ended_at).label("ended")).where(*stray)
        more = self._scope.connection.execute(told).one()
        return row[0] + more[0], row[0] != row[1] or more[0] != more[1]

    def remove_unneeded(self, shas: Iterable[str], *, erasure: str) -> None:
        """As in the interface."""
        tenant = self._scope.named()
        for sha256 in shas:
            needed = exists().where(*_of(exhibits, tenant, sha256), exhibits.c.erased.is_(None))
            if self._scope.connection.execute(select(needed)).scalar_one():
                continue
            number, is_going = self.removals_of(sha256)
            if not is_going:
                row = {"tenant": tenant, "sha256": sha256, "erasure": erasure, "number": number + 1}
                self._scope.done(removals.insert().values(row | {"began_at": self._scope.now}))
            for table in (observations, originals):
                self._scope.done(delete(table).where(*_of(table, tenant, sha256)))

    def removals(self, erasure: str) -> Sequence[Removal]:
        """As in the interface."""
        columns = (removals.c.tenant, removals.c.sha256, removals.c.erasure, removals.c.number)
        rows = self._scope.rows(select(*columns).where(*self._going(erasure)).order_by(removals.c.sha256))
        return [Removal(row.tenant, row.sha256, row.erasure, row.number) for row in rows]

    def removed(self, erasure: str) -> None:
        """As in the interface."""
        self._scope.done(update(removals).where(*self._going(erasure)).values(ended_at=self._scope.now))

    def entomb(self, exhibit_id: str, tombstone: Tombstone, *, forget_waybill: bool) -> None:
        """As in the interface. Raises LookupError where there is no such exhibit."""
        its = (exhibits.c.id == exhibit_id, self._scope.sees(exhibits))
        row = self._scope.first(select(exhibits.c.exhibit).where(*its).with_for_update())
        if row is None:
            raise LookupError(exhibit_id)
        nameless = row.exhibit.model_copy(update={"name": ""})
        new = {"exhibit": nameless, "quarantine": None, "erased": tombstone}
        self._scope.done(update(exhibits).where(*its).values(new))
        if forget_waybill:
            read = (waybills_read.c.exhibit_id == exhibit_id, self._scope.sees(waybills_read))
            self._scope.done(delete(waybills_read).where(*read))

    def empty_case(self, case_id: str, file: CaseFile) -> None:
        """As in the interface."""
        erased_at = func.coalesce(cases.c.erased_at, self._scope.now)
        new: dict[str, Any] = {"file": file, "erased_at": erased_at, "updated_at": self._scope.now}
        new["known_texts"] = None
        new["salt"] = None  # with it goes the last way from digests in the log to what was said
        its = (cases.c.id == case_id, self._scope.sees(cases))
        self._scope.done(update(cases).where(*its).values(new | searched(file)))

    def forget_course(self, case_id: str, *, forget_waybill: bool) -> None:
        """As in the interface."""
        ErasedCourse(self._scope, case_id).forget(forget_waybill=forget_waybill)

    def forget_words_on(self, exhibit_id: str) -> None:
        """As in the interface. Raises LookupError where no exhibit of this id is erased."""
        ErasedExhibit(self._scope, exhibit_id).forget()

    def named_by(self, exhibit_id: str) -> Sequence[str]:
        """As in the interface. Raises LookupError likewise."""
        return ErasedExhibit(self._scope, exhibit_id).named_by()

    def forget_readings(self, case_id: str) -> None:
        """As in the interface."""
        its = select(exhibits.c.id).where(exhibits.c.case_id == case_id, self._scope.sees(exhibits))
        read = (waybills_read.c.exhibit_id.in_(its), self._scope.sees(waybills_read))
        self._scope.done(delete(waybills_read).where(*read))

    def inspections_of(self, case_id: str) -> Sequence[str]:
        """As in the interface."""
        return ErasedCourse(self._scope, case_id).inspections()

    def spoil_verdicts(self, case_id: str, *, below: int | None) -> None:
        """As in the interface."""
        its = [verdicts.c.case_id == case_id, verdicts.c.erased_at.is_(None), self._scope.sees(verdicts)]
        if below is not None:
            its.append(verdicts.c.revision < below)
        self._scope.done(update(verdicts).where(*its).values(erased_at=self._scope.now))

    def spoiled_results(self, case_id: str) -> Sequence[str]:
        """As in the interface."""
        its = (verdicts.c.case_id == case_id, verdicts.c.erased_at.is_not(None), self._scope.sees(verdicts))
        return [row.results for row in self._scope.rows(select(verdicts.c.results).where(*its))]

    def forget_events(self, case_id: str, *, exhibit_id: str | None) -> None:
        """As in the interface."""
        its = [events.c.case_id == case_id, self._scope.sees(events)]
        if exhibit_id is not None:
            its.append(cast(events.c.body, String).contains(exhibit_id, autoescape=True))
        self._scope.done(delete(events).where(*its))

    def uploads_of(self, case_id: str, *, exhibit_id: str | None) -> Sequence[str]:
        """As in the interface."""
        its = [uploads.c.case_id == case_id, self._scope.sees(uploads)]
        if exhibit_id is not None:
            its.append(uploads.c.exhibit_id == exhibit_id)
        return [row.id for row in self._scope.rows(select(uploads.c.id).where(*its).order_by(uploads.c.id))]

    def scrub_upload(self, id: str) -> None:
        """As in the interface."""
        its = (uploads.c.id == id, self._scope.sees(uploads))
        self._scope.done(update(uploads).where(*its).values(name="", metadata=None))
        over = {"state": UploadState.TERMINATED, "token": uploads.c.token + 1}
        self._scope.done(update(uploads).where(*its, uploads.c.state.in_(_OPEN)).values(over))

    def answers_naming(self, id: str) -> Sequence[str]:
        """As in the interface. Reads all that is kept for the tenant: not while others wait."""
        place = func.strpos if self._scope.on_postgres else func.instr
        text = func.encode(answers.c.body, "escape") if self._scope.on_postgres else answers.c.body
        found = place(text, id if self._scope.on_postgres else id.encode())
        asked = select(answers.c.key).where(answers.c.tenant == self._scope.named(), found > 0)
        return [row.key for row in self._scope.rows(asked)]

    def forget_answers(self, keys: Collection[str]) -> None:
        """As in the interface."""
        its = (answers.c.tenant == self._scope.named(), answers.c.key.in_(keys))
        self._scope.done(delete(answers).where(*its))

    def is_worked_on(self, case_id: str, *, exhibit_ids: Collection[str]) -> bool:
        """As in the interface."""
        tenant = self._scope.named()
        named = select(exhibits.c.sha256).where(exhibits.c.tenant == tenant, exhibits.c.id.in_(exhibit_ids))
        alike = select(exhibits.c.id).where(exhibits.c.tenant == tenant, exhibits.c.sha256.in_(named))
        sealing = select(uploads.c.id).where(uploads.c.tenant == tenant, uploads.c.case_id == case_id)
        subject = or_(jobs.c.subject == case_id, jobs.c.subject.in_(alike), jobs.c.subject.in_(sealing))
        running = exists().where(jobs.c.tenant == tenant, jobs.c.state == JobState.RUNNING, subject)
        return bool(self._scope.connection.execute(select(running)).scalar_one())

    def _going(self, erasure: str) -> tuple[ColumnElement[bool], ...]:
        return removals.c.erasure == erasure, removals.c.ended_at.is_(None), self._scope.sees(removals)


def _of(table: Any, tenant: str, sha256: str) -> tuple[ColumnElement[bool], ColumnElement[bool]]:  # noqa: ANN401 a table
    return table.c.tenant == tenant, table.c.sha256 == sha256
