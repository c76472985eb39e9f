"""COURSE: look at a case's course again. Sweeps only enqueue; here everything is read anew.

1. complete   a claim that lacks nothing any more is entered as complete: the seller's clocks start (D3)
2. clocks     each warning and each breach is told once, and both sides of what concerns them; when to look next is
             noted
3. close      what policy lets close without a person is decided (D20)
"""

from collections.abc import Iterator
from typing import NamedTuple

import structlog

from sixfaces.decision.claim_state import is_withdrawn
from sixfaces.decision.clocks import next_turn
from sixfaces.decision.course import Course
from sixfaces.domain.chronicle import ClaimCompleted, ClaimOpened, ClaimWithdrawn, ClockTold, Occurrence, Party
from sixfaces.domain.filing import CaseState
from sixfaces.domain.job import Job
from sixfaces.domain.notice import NoticeKind
from sixfaces.domain.notice_ports import NoticeQuery
from sixfaces.domain.pages import Page
from sixfaces.domain.records import Transaction
from sixfaces.domain.service_times import ClockReading, ClockState
from sixfaces.pipeline.claims.chronicling import OURS, Told, course_job, deed_of, occurrence_of
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
        return _followed(transaction, look(transaction, case, judged, rules=service.rules))

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
    entries = [(occurrence_of(transaction, looked.case, MACHINE, told=one.told), one.clock) for one in told]
    added = [one for one in entries if transaction.chronicle.add(one[0])]
    _tell(transaction, looked, added)
    rules, course = looked.times.clocks, looked.matter.course
    transaction.turns.put(looked.case.id, next_turn(looked.clocks, rules, course=course, now=looked.now))
    new = [entry for entry, _ in added]
    jobs = [transaction.jobs.add(course_job(transaction, looked.case))] if new else _closed(transaction, looked)
    _enter(transaction, new)
    return jobs


def _tell(transaction: Transaction, looked: Looked, entries: list[tuple[Occurrence, ClockReading | None]]) -> None:
    """A claim that was complete from the beginning is told of once, and a clock that ran out long ago by nobody's mail:
    it is of a claim that is older than this installation knows it."""
    incomplete = NoticeQuery(case_id=looked.case.id, kind=NoticeKind.CLAIM_INCOMPLETE)
    was_incomplete = bool(transaction.notices.find(incomplete, Page(limit=1)))
    for entry, clock in entries:
        is_old = clock is not None and clock.due_at is not None and clock.due_at <= looked.now - LATE
        mailed = not is_old and (was_incomplete or not isinstance(entry.what, ClaimCompleted))
        tell(transaction, looked.case, entry, holder=clock.holder if clock else None, mailed=mailed)
    if looked.case.state is not CaseState.CLOSED and not is_withdrawn(looked.matter.course):
        tell_opening(transaction, looked.case, looked.lacks)


def _enter(transaction: Transaction, entries: list[Occurrence]) -> None:
    if entries:
        transaction.custody.append(*(deed_of(transaction, entry) for entry in entries))


class _Telling(NamedTuple):
    """Something to be entered, and the clock that it is of."""

    told: Told
    clock: ClockReading | None = None


def _completed(looked: Looked) -> Iterator[_Telling]:
    """1. Once, and once more for each time that it is opened again."""
    course = looked.matter.course
    if looked.lacks or is_withdrawn(course):
        return
    again = _opened_again(course)
    done = [one.at for one in course.entries if isinstance(one.what, ClaimCompleted)]
    if not done or (again is not None and max(done) < again.at):
        reference = f"{OURS}complete" if again is None else f"{OURS}complete {again.id}"
        yield _Telling(Told(ClaimCompleted(), Party.PLATFORM, looked.now, reference=reference))


def _opened_again(course: Course) -> Occurrence | None:
    """The entry by which a claim that had been withdrawn was opened the last time."""
    ends = [one for one in course.entries if isinstance(one.what, ClaimOpened | ClaimWithdrawn)]
    after = [ends[n + 1] for n, one in enumerate(ends[:-1]) if isinstance(one.what, ClaimWithdrawn)]
    return next((one for one in reversed(after) if isinstance(one.what, ClaimOpened)), None)


def _turned(looked: Looked) -> Iterator[_Telling]:
    """2. By the entry with which the clock began, so that each turn of it is told once. Those told before entries were
    named are known by their instant."""
    course = looked.matter.course
    told = {(one.code, one.state, one.since, one.entry) for one in course.all(ClockTold)}
    for clock in looked.clocks:
        code, state, since = clock.code, clock.state, clock.started_at
        known = {(code, state.value, since, entry) for entry in (clock.entry, None)} & told
        if state in _TOLD and clock.ended_at is None and not known:
            what = ClockTold(code=code, state=state.value, since=since, entry=clock.entry)
            run = f"{OURS}{code} {clock.entry} {since.isoformat()} {state.value}"
            yield _Telling(Told(what, Party.PLATFORM, looked.now, reference=run), clock)


def _closed(transaction: Transaction, looked: Looked) -> list[Job]:
    """3. Never over a person, and never what is closed or withdrawn."""
    recommended = looked.recommended()
    is_over = looked.case.state is CaseState.CLOSED or is_withdrawn(looked.matter.course)
    if transaction.planting.of_case(looked.case.id) is not None:  # a known case is nobody's claim
        return []
    if recommended is None or not recommended.automatic or looked.current is not None or looked.lacks or is_over:
        return []
    by = BY_POLICY.format(table=recommended.table, version=recommended.table_version)
    made = decide(transaction, looked, by, ruling=Ruling())
    log.info("decided", case=looked.case.id, remedy=made.decision.remedy.value, by=by)
    return [made.job]
