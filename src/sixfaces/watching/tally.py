"""Figures of many cases (D25): each case is added once, as it stands, and nothing of it is kept but numbers.

1. clocks        every run of every clock that has ended or run out
2. end           the claim's end: settled, withdrawn, paid, or decided with nothing to pay; opened again, it goes on
3. decisions     the first says whether a policy signed it; persons' are compared with what was recommended
4. looks         a second look at goods against the first; a person's word on evidence against the machine's
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import NamedTuple

from sixfaces.domain.answer import Verdict
from sixfaces.domain.chronicle import (
    Assessed,
    ClaimOpened,
    ClaimWithdrawn,
    CostBooked,
    Decided,
    Money,
    Occurrence,
    Party,
    Rated,
    RefundPaid,
    RefundReturned,
    Settled,
    Side,
)
from sixfaces.domain.decision import Decision, Remedy
from sixfaces.domain.inspection import QcVerdict
from sixfaces.domain.model import Say
from sixfaces.domain.rules import RuleCode
from sixfaces.domain.service_times import ClockReading, ClockState
from sixfaces.domain.watching import ClockFigure, CostFigure, Figures, Share
from sixfaces.watching.sureness import mean, share, spread

OPEN = frozenset({ClockState.RUNNING, ClockState.WARNED, ClockState.PAUSED})
POLICY = "policy:"
_CLEAR = frozenset({Side.ACCEPTED, Side.REJECTED})
_RULES = frozenset(code.value for code in RuleCode)


class Seen(NamedTuple):
    """A case as it stands. `opened_at` as far as that is known; `entries`: what counts of its chronicle, in order;
    `decisions`: newest first; `targets`: the share of cases in which each clock must be kept."""

    opened_at: datetime | None
    entries: Sequence[Occurrence]
    clocks: Sequence[ClockReading] = ()
    targets: Mapping[str, float] = {}
    decisions: Sequence[Decision] = ()
    looks: Sequence[QcVerdict] = ()


class Tries:
    """How often something was so, of how often it could have been."""

    def __init__(self) -> None:
        self.k = 0
        self.n = 0

    def add(self, is_so: bool) -> None:
        """Once more."""
        self.n += 1
        self.k += is_so

    def share(self) -> Share:
        """With its interval."""
        return share(self.k, self.n)


class _Clock:
    def __init__(self, title: Say) -> None:
        self.title = title
        self.target: float | None = None
        self.kept = Tries()
        self.seconds: list[float] = []
        self.running = 0


class Tally:
    """Adds cases; `figures` tells."""

    def __init__(self) -> None:
        self.cases = 0
        self._clocks: dict[str, _Clock] = {}
        self._resolved, self._resolution = Tries(), list[float]()
        self._stars: list[float] = []
        self._costs: dict[str, list[Decimal]] = defaultdict(list)
        self._superseded, self._automatic, self._overruled = Tries(), Tries(), Tries()
        self._because: Counter[str] = Counter()
        self._agreed, self._seconds, self._evidence = Tries(), Tries(), Tries()
        self._by_row: dict[str, Tries] = defaultdict(Tries)
        self._by_rule: dict[str, Tries] = defaultdict(Tries)

    def add(self, seen: Seen) -> None:
        """One more case."""
        self.cases += 1
        for reading in seen.clocks:
            self._add_clock(reading, seen.targets.get(reading.code))
        end = ended_at(seen)
        self._resolved.add(end is not None)
        if end is not None and seen.opened_at is not None and end >= seen.opened_at:
            self._resolution.append((end - seen.opened_at).total_seconds())
        self._stars += [float(one.what.stars) for one in seen.entries if isinstance(one.what, Rated)][-1:]
        for currency, amount in costs_of(seen).items():
            self._costs[currency].append(amount)
        self._add_decisions(seen)
        self._add_looks(seen)

    def figures(self) -> Figures:
        """Everything that was added."""
        return Figures(
            cases=self.cases,
            clocks=tuple(self._clock(code, one) for code, one in sorted(self._clocks.items())),
            resolved=self._resolved.share(),
            resolution=spread(self._resolution),
            stars=mean(self._stars, least=1.0, most=5.0),
            costs=tuple(self._cost(currency, amounts) for currency, amounts in sorted(self._costs.items())),
            superseded=self._superseded.share(),
            second_looks=self._seconds.share(),
            overruled=self._overruled.share(),
            overruled_because=dict(sorted(self._because.items())),
            agreement=self._agreed.share(),
            by_row={row: tries.share() for row, tries in sorted(self._by_row.items())},
            by_rule={rule: tries.share() for rule, tries in sorted(self._by_rule.items())},
            evidence=self._evidence.share(),
            automatic=self._automatic.share(),
        )

    def _add_clock(self, reading: ClockReading, target: float | None) -> None:
        """1."""
        clock = self._clocks.setdefault(reading.code, _Clock(reading.title))
        clock.target = target if target is not None else clock.target
        if reading.state in OPEN:
            clock.running += 1
            return
        clock.kept.add(reading.state is ClockState.KEPT)
        clock.seconds.append(reading.used.total_seconds())

    @staticmethod
    def _clock(code: str, clock: _Clock) -> ClockFigure:
        return ClockFigure(
            code=code, title=clock.title, target=clock.target, kept=clock.kept.share(), times=spread(clock.seconds),
            running=clock.running,
        )  # fmt: skip

    def _cost(self, currency: str, amounts: Sequence[Decimal]) -> CostFigure:
        free = [0.0] * (self.cases - len(amounts))
        return CostFigure(
            currency=currency, total=sum(amounts, Decimal(0)), per_case=mean([*map(float, amounts), *free], least=0.0)
        )

    def _add_decisions(self, seen: Seen) -> None:
        """3."""
        if not seen.decisions:
            return
        first = seen.decisions[-1]
        self._superseded.add(len(seen.decisions) > 1)
        self._automatic.add(first.by.startswith(POLICY))
        for decision in (one for one in seen.decisions if answers_machine(one)):
            self._overruled.add(decision.overrules is not None)
            if decision.overrules is not None:
                self._because[decision.overrules.value] += 1
            self._compare(decision)

    def _compare(self, decision: Decision) -> None:
        agrees = decision.overrules is None
        self._agreed.add(agrees)
        self._by_row[decision.recommendation.row].add(agrees)
        cited = {cite for reason in decision.recommendation.reasons for cite in reason.cites}
        for rule in cited & _RULES:
            self._by_rule[rule].add(agrees)

    def _add_looks(self, seen: Seen) -> None:
        """4."""
        outcomes = {one.inspection: one.outcome for one in seen.looks}
        for look in seen.looks:
            if look.second_of in outcomes:
                self._seconds.add(outcomes[look.second_of] is not look.outcome)
        agrees = agrees_on_evidence(seen)
        if agrees is not None:
            self._evidence.add(agrees)


def agrees_on_evidence(seen: Seen) -> bool | None:
    """4. A person's word on the seller's evidence is the machine's; None where one of them has said nothing clear."""
    said = [one.what.side for one in seen.entries if isinstance(one.what, Assessed) and one.what.of is Party.SELLER]
    judged = next((one.verdict for one in seen.decisions if one.verdict is not None), None)
    if not said or said[-1] not in _CLEAR or judged not in {Verdict.ACCEPTED, Verdict.REJECTED}:
        return None
    return said[-1].value == judged


def answers_machine(decision: Decision) -> bool:
    """Whether a person decided where the machine had recommended something: who answers what the table asks overrules
    nobody (D25)."""
    return not decision.by.startswith(POLICY) and decision.recommendation.remedy is not Remedy.ASK_PERSON


def ended_at(seen: Seen) -> datetime | None:
    """2. None while it goes on."""
    standing = seen.decisions[0].id if seen.decisions else None
    end: datetime | None = None
    for entry in seen.entries:
        if isinstance(entry.what, ClaimOpened):
            end = None
        elif end is None and _ends(entry, standing):
            end = entry.at
    return end


def _ends(entry: Occurrence, standing: str | None) -> bool:
    what = entry.what
    if isinstance(what, Decided):
        return what.decision == standing and what.remedy == Remedy.NONE
    return isinstance(what, Settled | ClaimWithdrawn | RefundPaid)


def costs_of(seen: Seen) -> dict[str, Decimal]:
    """What it cost, by currency."""
    total: dict[str, Decimal] = defaultdict(Decimal)
    for money in _spent(seen.entries):
        total[money.currency] += money.amount
    for back in (one.what.money for one in seen.entries if isinstance(one.what, RefundReturned)):
        total[back.currency] = max(Decimal(0), total[back.currency] - back.amount)
    return total


def _spent(entries: Sequence[Occurrence]) -> Iterator[Money]:
    return (one.what.money for one in entries if isinstance(one.what, RefundPaid | CostBooked))
