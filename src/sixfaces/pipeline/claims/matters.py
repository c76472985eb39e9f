"""Gathers what a decision rests on: the case, its course, the report on its evidence, inspections, what was paid."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeVar

from sixfaces.decision.clocks import breached, readings
from sixfaces.decision.course import course_of
from sixfaces.decision.incomplete import Lacking, lacking
from sixfaces.decision.recommend import recommend
from sixfaces.decision.situation import Matter
from sixfaces.domain.case import CaseFile
from sixfaces.domain.chronicle import Party
from sixfaces.domain.decision import Decision, DecisionTable, Recommendation
from sixfaces.domain.errors import RulebookError
from sixfaces.domain.filing import FiledCase, StoredVerdict
from sixfaces.domain.model import Model
from sixfaces.domain.records import Transaction
from sixfaces.domain.report import Report
from sixfaces.domain.service_times import ClockReading, ServiceTimes
from sixfaces.pipeline.reading import report_of
from sixfaces.pipeline.service import Service
from sixfaces.rulebook.dated import Shelf
from sixfaces.rulebook.decisions import TABLES
from sixfaces.rulebook.service_times import SERVICE_TIMES

DEFAULT = "default"

M = TypeVar("M", bound=Model)


@dataclass(frozen=True)
class Looked:
    """A case looked at as a whole, at an instant."""

    case: FiledCase
    matter: Matter
    table: DecisionTable
    times: ServiceTimes
    clocks: tuple[ClockReading, ...]
    lacks: tuple[Lacking, ...]
    verdict: StoredVerdict | None
    current: Decision | None
    now: datetime

    def recommended(self) -> Recommendation | None:
        """What the machine recommends; None where the claim says neither kind nor reason."""
        return recommend(self.matter, self.table)


def judged_report(service: Service, tenant: str, case_id: str) -> tuple[StoredVerdict | None, Report | None]:
    """The present verdict and its report, read outside of any transaction: it lies in the store of bytes."""
    with service.records.begin(tenant, reading=True) as transaction:
        verdict = transaction.verdicts.current(case_id)
    if verdict is None or verdict.erased_at is not None:
        return None, None
    return verdict, report_of(service, verdict)


def look(transaction: Transaction, case: FiledCase, judged: tuple[StoredVerdict | None, Report | None]) -> Looked:
    """Everything of the case that stands in this transaction. A verdict that is not the present one is left out."""
    verdict, report = judged
    present = transaction.verdicts.current(case.id)
    if verdict is None or present is None or present.id != verdict.id:
        verdict, report = None, None
    exhibits, now = transaction.exhibits.of_case(case.id), transaction.now
    course = course_of(case.file, transaction.chronicle.of_case(case.id), exhibits)
    day = (case.file.claim.opened_at or now).date()
    table, times = table_of(case.file, day), times_of(case.file, day)
    clocks = tuple(readings(case.file, course, times, now=now))
    order = case.file.order.order_id
    paid = [one for one in transaction.payments.of_order(order) if one.case_id != case.id] if order else []
    matter = Matter(
        file=case.file,
        course=course,
        report=report,
        inspections=tuple(transaction.qc_verdicts.of_case(case.id)),
        paid=tuple(paid),
        breached=breached(clocks, Party.SELLER),
        now=now,
    )
    roles = frozenset(one.exhibit.role for one in exhibits)
    current = transaction.decisions.current(case.id)
    return Looked(case, matter, table, times, clocks, lacking(case.file, course, roles), verdict, current, now)


def table_of(file: CaseFile, on: date) -> DecisionTable:
    """The platform's decision table that was in force, else the default one; before the first edition that one."""
    return _edition(TABLES, file, on)


def times_of(file: CaseFile, on: date) -> ServiceTimes:
    """The platform's service times that were in force, else the default ones."""
    return _edition(SERVICE_TIMES, file, on)


def _edition(shelf: Shelf[M], file: CaseFile, on: date) -> M:
    name = file.platform if file.platform in shelf.names() else DEFAULT
    try:
        return shelf.load(name, on=on)
    except RulebookError:
        return shelf.load(name)  # a claim older than all editions
