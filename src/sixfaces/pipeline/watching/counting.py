"""Counts the cases that were opened on a day (UTC), as they stand now, by group: what alarms are made of. Counting
again gives the same, or what has become known since.

1. claims      all of them, and complaints of quality
2. lines       those that were inspected, with the defects that all looks at them and answers to referrals confirm
3. decisions   first ones and those that were superseded; persons' against what was recommended
4. service     clocks that ran out, how long the first reply took, ratings, evidence on which a person differs
5. outcome     fourteen days on: whether it has ended, and what it cost
"""

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import NamedTuple

from sixfaces.decision.course import Course, course_of, opened_at
from sixfaces.decision.found import words_of_lines
from sixfaces.decision.situation import claimed_items
from sixfaces.domain.case import ClaimReason, OrderItem
from sixfaces.domain.chronicle import ClaimWithdrawn, ClockTold, Decided, Rated, Replied, Reviewed
from sixfaces.domain.decision import Found
from sixfaces.domain.filing import FiledCase
from sixfaces.domain.inspection import QcVerdict
from sixfaces.domain.records import Transaction
from sixfaces.domain.service_times import ClockState
from sixfaces.domain.sop import QcOutcome
from sixfaces.domain.watching import DayCount, Group
from sixfaces.domain.watching_records import Between
from sixfaces.watching.series import ALL, groups_of
from sixfaces.watching.tally import Seen, agrees_on_evidence, answers_machine, costs_of, ended_at

QUALITY = frozenset(
    {
        ClaimReason.QUALITY_DEFECT, ClaimReason.DAMAGED, ClaimReason.NOT_AS_DESCRIBED, ClaimReason.COUNTERFEIT,
        ClaimReason.PERISHABLE,
    }
)  # fmt: skip
"""Reasons that speak against the goods themselves."""
_MAY_CONFIRM = frozenset({QcOutcome.DEFECT_CONFIRMED, QcOutcome.REFERRED})
LOW_STARS = 2
RIPE = timedelta(14)
"""So long after it was opened a case is asked whether it has ended, and what it cost."""
SLOW = {"1h": timedelta(hours=1), "4h": timedelta(hours=4), "24h": timedelta(hours=24)}
"""First replies that took longer are counted."""
COSTS = tuple(step * 10**power for power in range(1, 7) for step in (1, 2, 5))
"""Cases that cost so much or more are counted, in whole units of the currency."""
AT_ONCE = 500

Counted = Counter[tuple[Group, str]]


def count_day(transaction: Transaction, day: date) -> None:
    """Count all of a day anew."""
    counted: Counted = Counter()
    for cases in cases_in_pieces(transaction, day_between(day)):
        ids = [case.id for case in cases]
        entries, decisions = transaction.watching.chronicles(ids), transaction.watching.decisions(ids)
        looks = transaction.watching.looks(ids)
        for case in (case for case in cases if case.erased_at is None):
            course = course_of(case.file, entries.get(case.id, ()))
            its = Seen(
                opened_at=opened_at(case.file, course),
                entries=course.entries,
                decisions=decisions.get(case.id, ()),
                looks=looks.get(case.id, ()),
            )
            _count(_One(case, course, its, transaction.now), counted)
    counts = [DayCount(day=day, group=group, what=what, n=n) for (group, what), n in counted.items() if n]
    transaction.day_counts.put(day, counts)


class _One(NamedTuple):
    """A case, and when it is looked at."""

    case: FiledCase
    course: Course
    seen: Seen
    now: datetime


def day_between(day: date) -> Between:
    """The day, as it is in UTC."""
    start = datetime.combine(day, time(), tzinfo=UTC)
    return Between(start, start + timedelta(1), limit=AT_ONCE)


def cases_in_pieces(transaction: Transaction, between: Between) -> Iterator[Sequence[FiledCase]]:
    """All cases that were opened then, some at a time."""
    while True:
        cases = transaction.watching.cases_opened(between)
        yield cases
        if len(cases) < between.limit:
            return
        between = behind(between, cases[-1])


def behind(between: Between, case: FiledCase) -> Between:
    """What is left after this one."""
    return between._replace(since=case.opened_at, after=case.id)


def batched(ids: Sequence[str], size: int) -> Iterator[Sequence[str]]:
    """The same, so many at a time."""
    return (ids[n : n + size] for n in range(0, len(ids), size))


def days_of(case: FiledCase) -> set[date]:
    """The day that it counts for, and the one that it counted for while nobody knew when it was opened."""
    return {_day(case.opened_at), _day(case.created_at)}


def _day(at: datetime) -> date:
    return at.astimezone(UTC).date()


def groups_of_item(item: OrderItem) -> Iterator[Group]:
    """The groups of one line of an order."""
    return groups_of(item.category, item.supplier, item.batch)


def _count(one: _One, counted: Counted) -> None:
    _count_claim(one.case, counted)
    _count_lines(one, counted)
    _count_decisions(one.seen, counted)
    _count_service(one, counted)
    _count_outcome(one, counted)


def _count_claim(case: FiledCase, counted: Counted) -> None:
    """1."""
    groups = {group for item in claimed_items(case.file) for group in groups_of_item(item)} | {ALL}
    for group in groups:
        counted[group, "cases"] += 1
        counted[group, "quality"] += case.file.claim.reason in QUALITY


def _count_lines(one: _One, counted: Counted) -> None:
    """2. One that was sent away counts once its answer is there."""
    items = one.case.file.order.items
    known = Known(one.case, one.seen.looks, one.course)
    for line, word in words_of_lines(known.looks, known.course).items():
        if line >= len(items) or word is Found.REFERRED:
            continue
        codes = confirmed(known, line)
        for group in groups_of_item(items[line]):
            counted[group, "inspected"] += 1
            for code in codes:
                counted[group, f"defect:{code}"] += 1


class Known(NamedTuple):
    """A case with its looks and its course."""

    case: FiledCase
    looks: Sequence[QcVerdict]
    course: Course


def known_of(transaction: Transaction, ids: Collection[str]) -> dict[str, Known]:
    """Cases as they are known now."""
    cases, looks = transaction.watching.cases(ids), transaction.watching.looks(ids)
    entries = transaction.watching.chronicles(ids)
    return {id: Known(case, looks.get(id, ()), Course(entries.get(id, ()))) for id, case in cases.items()}


def confirmed(known: Known, line: int) -> frozenset[str]:
    """Codes of the defects of one line that its looks confirm, or who it was sent to: all of those who found one, where
    most do (D12, D15)."""
    if words_of_lines(known.looks, known.course).get(line) is not Found.DEFECT_CONFIRMED:
        return frozenset()
    agreeing = (one for one in known.looks if one.line == line and one.outcome in _MAY_CONFIRM)
    return frozenset(defect.code for one in agreeing for defect in one.defects)


def _count_decisions(seen: Seen, counted: Counted) -> None:
    """3."""
    if seen.decisions:
        counted[ALL, "decided"] += 1
        counted[ALL, "superseded"] += len(seen.decisions) > 1
    for one in seen.decisions:
        if answers_machine(one):
            counted[ALL, "by_person"] += 1
            counted[ALL, "overruled"] += one.overrules is not None


def _count_service(one: _One, counted: Counted) -> None:
    """4."""
    whats = [entry.what for entry in one.seen.entries]
    for code in {what.code for what in whats if isinstance(what, ClockTold) and what.state == ClockState.BREACHED}:
        counted[ALL, f"breach:{code}"] += 1
    if one.seen.opened_at is not None:
        waited = _waited(one, one.seen.opened_at)
        counted[ALL, "timed"] += 1
        for name, limit in SLOW.items():
            counted[ALL, f"slow:{name}"] += waited > limit
    stars = [what.stars for what in whats if isinstance(what, Rated)]
    if stars:
        counted[ALL, "rated"] += 1
        counted[ALL, "low_rating"] += stars[-1] <= LOW_STARS
    agrees = agrees_on_evidence(one.seen)
    if agrees is not None:
        counted[ALL, "assessed"] += 1
        counted[ALL, "disagreed"] += not agrees


def _waited(one: _One, opened: datetime) -> timedelta:
    """For the first reply; until now where there is none yet."""
    replies = (
        entry.at for entry in one.seen.entries if isinstance(entry.what, Replied | Reviewed | Decided | ClaimWithdrawn)
    )
    return min(replies, default=one.now) - opened


def _count_outcome(one: _One, counted: Counted) -> None:
    """5."""
    opened = one.seen.opened_at or one.case.opened_at
    if one.now < opened + RIPE:
        return
    end = ended_at(one.seen)
    counted[ALL, "ripe"] += 1
    counted[ALL, "unresolved"] += end is None or end > opened + RIPE
    for currency, amount in costs_of(one.seen).items():
        for step in COSTS:
            counted[ALL, f"cost:{currency}:{step}"] += amount >= step
