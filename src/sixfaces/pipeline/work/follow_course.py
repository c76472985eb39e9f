"""COURSE: look at a case's course again. Sweeps only enqueue; here everything is read anew.

1. complete   a claim that lacks nothing any more is entered as complete: the seller's clocks start (D3)
2. clocks     each warning and each breach is told once, and both sides of what concerns them; when to look next is
             noted
3. close      what policy lets close without a person is decided (D20)
"""

from collections.abc import Iterator

import structlog

from sixfaces.decision.clocks import next_turn
from sixfaces.domain.chronicle import ClaimCompleted, ClaimWithdrawn, ClockTold, Occurrence, Party
from sixfaces.domain.filing import CaseState
from sixfaces.domain.job import Job
from sixfaces.domain.notice import NoticeKind
from sixfaces.domain.notice_ports import NoticeQuery
from sixfaces.domain.pages import Page
from sixfaces.domain.records import Transaction
from sixfaces.domain.service_times import ClockState
from sixfaces.pipeline.claims.chronicling import Told, course_job, deed_of, occurrence_of
from sixfaces.pipeline.claims.deciding import BY_POLICY, Ruling, decide
from sixfaces.pipeline.claims.matters import Looked, judged_report, look
from sixfaces.pipeline.notices.telling import LATE, tell, tell_opening
from sixfaces.pipeline.service import Service
from sixfaces.pipeline.work.follow_up import hint_all
from sixfaces.pipeline.work.hold import Hold

log = structlog.get_logger()

MACHINE = "machine"
MOST_DUE = 200
_TOLD = frozenset({ClockState.WARNED, ClockState.BREACHED})


def follow_course(service: Service, hold: Hold) -> None:
    """Look at the job's case."""
    judged = judged_report(service, hold.job.tenant, hold.job.subject)
    hold.check()

    def body(transaction: Transaction) -> list[Job]:
        case = transaction.cases.get(hold.job.subject, lock=True)
        hold.ended(transaction)
        if case is None or case.erased_at is not None:
            return []
        return _followed(transaction, look(transaction, case, judged))

    hint_all(service, hold.write(body))


def sweep_turns(service: Service) -> None:
    """A job for each case of which a clock has turned."""
    with service.records.begin(None, reading=True) as transaction:
        due = {id: transaction.cases.get(id) for id in transaction.turns.due(limit=MOST_DUE)}
    for case in due.values():
        if case is None:
            continue
        with service.records.begin(case.tenant) as transaction:
            transaction.turns.put(case.id, None)
            job = transaction.jobs.add(course_job(transaction, case))
        hint_all(service, [job])


def _followed(transaction: Transaction, looked: Looked) -> list[Job]:
    """What was entered may start other clocks: then the case is looked at once more."""
    told = (*_completed(looked), *_turned(looked))
    entries = [occurrence_of(transaction, looked.case, MACHINE, told=one) for one in told]
    new = [entry for entry in entries if transaction.chronicle.add(entry)]
    _tell(transaction, looked, new)
    rules = looked.times.clocks
    transaction.turns.put(looked.case.id, next_turn(looked.clocks, rules, now=looked.now))
    jobs = [transaction.jobs.add(course_job(transaction, looked.case))] if new else _closed(transaction, looked)
    _enter(transaction, new)
    return jobs


def _tell(transaction: Transaction, looked: Looked, entries: list[Occurrence]) -> None:
    """A claim that was complete from the beginning is told of once, and a clock that ran out long ago by nobody's mail:
    it is of a claim that is older than this installation knows it."""
    incomplete = NoticeQuery(case_id=looked.case.id, kind=NoticeKind.CLAIM_INCOMPLETE)
    was_incomplete = bool(transaction.notices.find(incomplete, Page(limit=1)))
    clocks = {(clock.code, clock.started_at): clock for clock in looked.clocks}
    for entry in entries:
        what = entry.what
        clock = clocks.get((what.code, what.since)) if isinstance(what, ClockTold) else None
        is_old = clock is not None and clock.due_at is not None and clock.due_at <= looked.now - LATE
        mailed = not is_old and (was_incomplete or not isinstance(what, ClaimCompleted))
        tell(transaction, looked.case, entry, holder=clock.holder if clock else None, mailed=mailed)
    if looked.case.state is not CaseState.CLOSED and not looked.matter.course.all(ClaimWithdrawn):
        tell_opening(transaction, looked.case, looked.lacks)


def _enter(transaction: Transaction, entries: list[Occurrence]) -> None:
    if entries:
        transaction.custody.append(*(deed_of(transaction, entry) for entry in entries))


def _completed(looked: Looked) -> Iterator[Told]:
    """1."""
    if not looked.lacks and not looked.matter.course.all(ClaimCompleted):
        yield Told(ClaimCompleted(), Party.PLATFORM, looked.now, reference="complete")


def _turned(looked: Looked) -> Iterator[Told]:
    """2. The reference names the run of the clock, so that each turn of it is told once."""
    for clock in looked.clocks:
        if clock.state in _TOLD and clock.ended_at is None:
            what = ClockTold(code=clock.code, state=clock.state.value, since=clock.started_at)
            run = f"{clock.code} {clock.started_at.isoformat()} {clock.state.value}"
            yield Told(what, Party.PLATFORM, looked.now, reference=run)


def _closed(transaction: Transaction, looked: Looked) -> list[Job]:
    """3. Never over a person, and never what is closed or withdrawn."""
    recommended = looked.recommended()
    is_over = looked.case.state is CaseState.CLOSED or bool(looked.matter.course.all(ClaimWithdrawn))
    if transaction.planting.of_case(looked.case.id) is not None:  # a known case is nobody's claim
        return []
    if recommended is None or not recommended.automatic or looked.current is not None or looked.lacks or is_over:
        return []
    by = BY_POLICY.format(table=recommended.table, version=recommended.table_version)
    made = decide(transaction, looked, by, ruling=Ruling())
    log.info("decided", case=looked.case.id, remedy=made.decision.remedy.value, by=by)
    return [made.job]
