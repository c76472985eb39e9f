"""Gathers what a decision rests on: the case, its course, the report on its evidence, inspections, what was paid."""

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime

from sixfaces.decision.clocks import breached, readings
from sixfaces.decision.course import course_of, opened_at
from sixfaces.decision.incomplete import Lacking, lacking
from sixfaces.decision.recommend import recommend
from sixfaces.decision.situation import Matter
from sixfaces.domain.chronicle import Party
from sixfaces.domain.claim_records import Payment
from sixfaces.domain.decision import Decision, DecisionTable, Recommendation
from sixfaces.domain.filing import CaseState, FiledCase, StoredVerdict
from sixfaces.domain.model import Say
from sixfaces.domain.records import Transaction
from sixfaces.domain.report import Report
from sixfaces.domain.service_times import ClockReading, ServiceTimes
from sixfaces.pipeline.claims.rules import SHIPPED, ClaimRules
from sixfaces.pipeline.reading import report_of
from sixfaces.pipeline.service import Service


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
        """What the machine recommends; None where the claim says neither kind nor reason. While evidence is being
        verified, nothing closes by itself."""
        found = recommend(self.matter, self.table)
        if found is None or self.case.state is not CaseState.VERIFYING:
            return found
        return found.model_copy(update={"automatic": False, "waits_for": (*found.waits_for, _VERIFYING)})


def judged_report(service: Service, tenant: str, case_id: str) -> tuple[StoredVerdict | None, Report | None]:
    """The present verdict and its report, read outside of any transaction: it lies in the store of bytes."""
    with service.records.begin(tenant, reading=True) as transaction:
        verdict = transaction.verdicts.current(case_id)
    if verdict is None or verdict.erased_at is not None:
        return None, None
    return verdict, report_of(service, verdict)


def look(
    transaction: Transaction,
    case: FiledCase,
    judged: tuple[StoredVerdict | None, Report | None],
    *,
    rules: ClaimRules = SHIPPED,
) -> Looked:
    """Everything of the case that stands in this transaction. A verdict that is not the present one is left out."""
    verdict, report = judged
    present = transaction.verdicts.current(case.id)
    if verdict is None or present is None or present.id != verdict.id:
        verdict, report = None, None
    exhibits, now = transaction.exhibits.of_case(case.id), transaction.now
    course = course_of(case.file, transaction.chronicle.of_case(case.id), exhibits)
    made, platform = opened_at(case.file, course) or now, case.file.platform
    table, times = rules.table_of(platform, made), rules.times_of(platform, made)
    clocks = tuple(readings(case.file, course, times, now=now))
    matter = Matter(
        file=case.file,
        course=course,
        report=report,
        inspections=tuple(transaction.qc_verdicts.of_case(case.id)),
        paid=paid_elsewhere(transaction, case),
        breached=breached(clocks, Party.SELLER),
        now=now,
    )
    roles = frozenset(one.exhibit.role for one in exhibits)
    current = transaction.decisions.current(case.id)
    return Looked(case, matter, table, times, clocks, lacking(case.file, course, roles), verdict, current, now)


def paid_elsewhere(transaction: Transaction, case: FiledCase) -> tuple[Payment, ...]:
    """What was given for pieces of its order in other cases."""
    order = case.file.order
    of_order = transaction.payments.of_order(order.order_id, case.file.platform) if order.order_id else ()
    return tuple(one for one in of_order if one.case_id != case.id)


def tag_of(looked: Looked, recommended: Recommendation) -> str:
    """Names what a recommendation says and rests on: who signs it says by this tag that they have seen just that."""
    seen = {
        "revision": looked.case.revision,
        "verdict": looked.verdict.id if looked.verdict else None,
        "decision": looked.current.id if looked.current else None,
        **recommended.model_dump(mode="json", exclude={"appeal", "reasons", "waits_for"}),
    }
    return hashlib.sha256(json.dumps(seen, sort_keys=True).encode()).hexdigest()[:32]


_VERIFYING = Say(zh="证据核验的结果。", en="The verdict on the evidence: it is being verified.")
