"""What waits for a reviewer, in the order in which it ought to be looked at.

1. cases of which somebody may still have to say something: neither closed nor decided nor withdrawn
2. each with its most urgent clock, what it is worth, and how sure the machine is
3. by how little time is left, then by doubt, then by money
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple

from sixfaces.decision.claim_state import is_withdrawn
from sixfaces.decision.given import price_of
from sixfaces.decision.money import claimed_units
from sixfaces.domain.answer import Verdict
from sixfaces.domain.case import CaseFile
from sixfaces.domain.filing import CaseState, FiledCase, StoredVerdict
from sixfaces.domain.people import Principal
from sixfaces.domain.records import CaseQuery, Page, Transaction
from sixfaces.domain.service_times import ClockReading, ClockState
from sixfaces.pipeline.claims.matters import look
from sixfaces.pipeline.claims.rules import ClaimRules
from sixfaces.pipeline.inspections.knowing import blind_cases
from sixfaces.pipeline.visible import judged_cases

MOST_LOOKED = 500
"""So many cases are looked at for one page, however few of them wait: it is asked for every few seconds."""
_PIECE = 100


class Urgency(StrEnum):
    """How little time is left on the most urgent clock."""

    LATE = "late"
    HOURS = "hours"
    """Four hours at most."""
    DAY = "day"
    DAYS = "days"
    """Three days at most."""
    LATER = "later"
    NONE = "none"


_WITHIN = (
    (timedelta(0), Urgency.LATE),
    (timedelta(hours=4), Urgency.HOURS),
    (timedelta(days=1), Urgency.DAY),
    (timedelta(days=3), Urgency.DAYS),
)
_DOUBT = {Verdict.NEEDS_REVIEW: 0, Verdict.REJECTED: 1, Verdict.ACCEPTED: 2}


class Waiting(NamedTuple):
    """A case in the queue. Who must not know how it stands is told neither verdict nor clock (`is_hidden`)."""

    case: FiledCase
    verdict: StoredVerdict | None
    clock: ClockReading | None
    urgency: Urgency
    value: Decimal | None
    currency: str | None
    is_hidden: bool


def waiting(
    transaction: Transaction, who: Principal, page: Page, *, rules: ClaimRules
) -> tuple[Sequence[Waiting], str | None]:
    """At most `page.limit` cases of the newest that wait, in the order to look at them, and the place from which older
    ones are found, if there are any."""
    found: list[FiledCase] = []
    before, looked, more = page.before, 0, True
    while more and len(found) < page.limit and looked < MOST_LOOKED:
        cases = transaction.cases.find(CaseQuery(), Page(before=before, limit=_PIECE))
        for case in cases:
            if len(found) == page.limit:
                break
            before, looked = case.id, looked + 1
            if _may_wait(transaction, case):
                found.append(case)
        more = len(cases) == _PIECE or (bool(cases) and before != cases[-1].id)
    return _ordered(transaction, who, found, rules=rules), before if more else None


def _may_wait(transaction: Transaction, case: FiledCase) -> bool:
    """1."""
    is_over = case.state is CaseState.CLOSED or case.erased_at is not None
    return not is_over and transaction.decisions.current(case.id) is None


def _ordered(
    transaction: Transaction, who: Principal, cases: Sequence[FiledCase], *, rules: ClaimRules
) -> Sequence[Waiting]:
    """2 and 3."""
    ids = [case.id for case in cases]
    known = frozenset(judged_cases(transaction, who, ids)) - blind_cases(transaction, who)
    verdicts = transaction.verdicts.current_of(known)
    rows = [
        _row(transaction, case, verdicts.get(case.id), rules=rules, is_hidden=case.id not in known) for case in cases
    ]
    return sorted((row for row in rows if row is not None), key=_turn)


def _row(
    transaction: Transaction, case: FiledCase, verdict: StoredVerdict | None, *, rules: ClaimRules, is_hidden: bool
) -> Waiting | None:
    looked = look(transaction, case, (None, None), rules=rules)
    if is_withdrawn(looked.matter.course):
        return None
    value, currency = _value(case.file)
    if is_hidden:
        return Waiting(case, None, None, Urgency.NONE, value, currency, is_hidden=True)
    clock = _most_urgent(looked.clocks)
    return Waiting(case, verdict, clock, _urgency(clock, looked.now), value, currency, is_hidden=False)


def _most_urgent(clocks: Sequence[ClockReading]) -> ClockReading | None:
    """Of those that have not ended: the one that is due first."""
    live = [one for one in clocks if one.ended_at is None and one.due_at is not None and one.state != ClockState.PAUSED]
    return min(live, key=lambda one: (one.due_at, one.code), default=None)


def _urgency(clock: ClockReading | None, now: datetime) -> Urgency:
    if clock is None or clock.due_at is None:
        return Urgency.NONE
    left = clock.due_at - now
    return next((told for within, told in _WITHIN if left <= within), Urgency.LATER)


def _value(file: CaseFile) -> tuple[Decimal | None, str | None]:
    """What the buyer asks for, else the price of what is claimed."""
    currency = next((item.currency for item in file.order.items if item.currency), None)
    if file.claim.asked is not None:
        return file.claim.asked, currency
    prices = [price for unit in claimed_units(file) if (price := price_of(file, unit)) is not None]
    return (sum(prices, Decimal(0)) if prices else None), currency


def _turn(row: Waiting) -> tuple[int, int, Decimal, str]:
    doubt = _DOUBT.get(row.verdict.verdict, 3) if row.verdict else 3
    return list(Urgency).index(row.urgency), doubt, -(row.value or Decimal(0)), row.case.id
