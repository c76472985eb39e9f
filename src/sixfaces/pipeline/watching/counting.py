"""Counts what happened on a day (UTC), by group: what alarms are made of. Counting again gives the same."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Protocol, TypeVar

from sixfaces.decision.course import Course
from sixfaces.decision.found import found
from sixfaces.decision.situation import claimed_items
from sixfaces.domain.case import ClaimReason, OrderItem
from sixfaces.domain.chronicle import ClockTold, Rated
from sixfaces.domain.decision import Found
from sixfaces.domain.filing import FiledCase
from sixfaces.domain.inspection import QcVerdict
from sixfaces.domain.records import Transaction
from sixfaces.domain.service_times import ClockState
from sixfaces.domain.watching import DayCount, Group
from sixfaces.domain.watching_records import Between
from sixfaces.watching.series import ALL, groups_of
from sixfaces.watching.tally import POLICY

QUALITY = frozenset(
    {
        ClaimReason.QUALITY_DEFECT, ClaimReason.DAMAGED, ClaimReason.NOT_AS_DESCRIBED, ClaimReason.COUNTERFEIT,
        ClaimReason.PERISHABLE,
    }
)  # fmt: skip
"""Reasons that speak against the goods themselves."""
LOW_STARS = 2
AT_ONCE = 500

Counted = Counter[tuple[Group, str]]


class _HasId(Protocol):
    @property
    def id(self) -> str: ...


R = TypeVar("R", bound=_HasId)


def count_day(transaction: Transaction, day: date) -> None:
    """Count all of a day anew."""
    between = day_between(day)
    counted: Counted = Counter()
    _count_cases(transaction, between, counted)
    _count_looks(transaction, between, counted)
    _count_decisions(transaction, between, counted)
    _count_told(transaction, between, counted)
    counts = [DayCount(day=day, group=group, what=what, n=n) for (group, what), n in counted.items()]
    transaction.day_counts.put(day, counts)


def day_between(day: date) -> Between:
    """The day, as it is in UTC."""
    start = datetime.combine(day, time(), tzinfo=UTC)
    return Between(start, start + timedelta(1), limit=AT_ONCE)


def in_pieces(ask: Callable[[Between], Sequence[R]], between: Between) -> Iterator[Sequence[R]]:
    """All rows, in pieces."""
    while True:
        rows = ask(between)
        yield rows
        if len(rows) < between.limit:
            return
        between = between._replace(after=rows[-1].id)


def groups_of_item(item: OrderItem) -> Iterator[Group]:
    """The groups of one line of an order."""
    return groups_of(item.category, item.supplier, item.batch)


def _count_cases(transaction: Transaction, between: Between, counted: Counted) -> None:
    for cases in in_pieces(transaction.watching.cases_opened, between):
        for case in (case for case in cases if case.erased_at is None):
            groups = {group for item in claimed_items(case.file) for group in groups_of_item(item)} | {ALL}
            for group in groups:
                counted[group, "cases"] += 1
                counted[group, "quality"] += case.file.claim.reason in QUALITY


def _count_looks(transaction: Transaction, between: Between, counted: Counted) -> None:
    """Each line that was inspected that day, by all looks at it so far: where they differ, no defect is confirmed."""
    for piece in in_pieces(transaction.watching.looked, between):
        ids = {one.case_id for one in piece}
        cases, looks = transaction.watching.cases(ids), transaction.watching.looks(ids)
        for case_id, line in {(one.case_id, one.line) for one in piece}:
            its = [one for one in looks.get(case_id, ()) if one.line == line and one.at < between.until]
            _count_line(cases[case_id], its, counted)


def _count_line(case: FiledCase, looks: Sequence[QcVerdict], counted: Counted) -> None:
    items = case.file.order.items
    if not looks or looks[-1].line >= len(items):
        return
    codes = confirmed(looks)
    for group in groups_of_item(items[looks[-1].line]):
        counted[group, "inspected"] += 1
        for code in codes:
            counted[group, f"defect:{code}"] += 1


def confirmed(looks: Sequence[QcVerdict]) -> frozenset[str]:
    """Codes of the defects of one line that its looks confirm: all of those who confirm one, where most do."""
    if found(looks, Course(())) is not Found.DEFECT_CONFIRMED:
        return frozenset()
    agreeing = (one for one in looks if Found.of(one.outcome) is Found.DEFECT_CONFIRMED)
    return frozenset(defect.code for one in agreeing for defect in one.defects)


def _count_decisions(transaction: Transaction, between: Between, counted: Counted) -> None:
    for piece in in_pieces(transaction.watching.decided, between):
        for one in piece:
            counted[ALL, "superseding" if one.supersedes else "decided"] += 1
            if not one.by.startswith(POLICY):
                counted[ALL, "by_person"] += 1
                counted[ALL, "overruled"] += one.overrules is not None


def _count_told(transaction: Transaction, between: Between, counted: Counted) -> None:
    def told(kind: str) -> Iterator[object]:
        for piece in in_pieces(lambda part: transaction.watching.told(kind, part), between):
            yield from (one.what for one in piece)

    for what in told("clock.told"):
        if isinstance(what, ClockTold) and what.state == ClockState.BREACHED:
            counted[ALL, f"breach:{what.code}"] += 1
    for what in told("rated"):
        if isinstance(what, Rated):
            counted[ALL, "rated"] += 1
            counted[ALL, "low_rating"] += what.stars <= LOW_STARS
