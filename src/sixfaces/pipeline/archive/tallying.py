"""A tally in the making: flips are added as they come."""

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TypeVar

from sixfaces.domain.reverifying import EXAMPLES, NOT_COUNTED, Flip, RuleShare, Tally

V = TypeVar("V")


@dataclass
class Share:
    """Some flips: how many, the money at stake, the first of them; `changes`: of a rule, from what to what."""

    flips: int = 0
    stake: dict[str, Decimal] = field(default_factory=dict)
    examples: list[str] = field(default_factory=list)
    changes: Counter[str] = field(default_factory=Counter)

    def add(self, flip: Flip, change: str = "") -> None:
        """One more."""
        self.flips += 1
        for currency, amount in flip.stake.items():
            self.stake[currency] = self.stake.get(currency, Decimal()) + amount
        if len(self.examples) < EXAMPLES:
            self.examples.append(flip.number)
        if change:
            self.changes[change] += 1

    def told(self) -> RuleShare:
        """As a tally holds it."""
        return RuleShare(
            flips=self.flips, changes=_sorted(self.changes), stake=_sorted(self.stake), examples=tuple(self.examples)
        )


@dataclass
class Counting:
    """Counts cases, flips and what else is worth knowing of a span."""

    cases: int = 0
    exhibits: int = 0
    asked: int = 0
    recoded: int = 0
    remeasured: int = 0
    unread: int = 0
    kinds: dict[str, Share] = field(default_factory=lambda: defaultdict(Share))
    by_rule: dict[str, dict[str, Share]] = field(default_factory=lambda: defaultdict(lambda: defaultdict(Share)))
    rules: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    unflipped: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    lacking: Counter[str] = field(default_factory=Counter)
    of: Counter[str] = field(default_factory=Counter)

    def add(self, flip: Flip) -> None:
        """One more flip."""
        self.kinds[flip.kind].add(flip)
        for code, change in flip.rules.items():
            self.rules[code][change] += 1
        for code in flip.by or (NOT_COUNTED,):
            self.by_rule[flip.kind][code].add(flip, flip.rules.get(code, ""))

    def stays(self, rules: Mapping[str, str]) -> None:
        """A case whose verdict stays, though these rules count otherwise."""
        for code, change in rules.items():
            self.unflipped[code][change] += 1

    def tally(self) -> Tally:
        """What it has come to."""
        kinds = {kind: share.told() for kind, share in sorted(self.kinds.items())}
        return Tally(
            cases=self.cases,
            exhibits=self.exhibits,
            asked=self.asked,
            recoded=self.recoded,
            remeasured=self.remeasured,
            unread=self.unread,
            flips={kind: share.flips for kind, share in kinds.items()},
            stake={kind: share.stake for kind, share in kinds.items()},
            examples={kind: share.examples for kind, share in kinds.items()},
            by_rule={
                kind: {code: share.told() for code, share in sorted(shares.items())}
                for kind, shares in sorted(self.by_rule.items())
            },
            rules={code: _sorted(changes) for code, changes in sorted(self.rules.items())},
            unflipped={code: _sorted(changes) for code, changes in sorted(self.unflipped.items())},
            unmeasured={code: (self.lacking[code], of) for code, of in sorted(self.of.items())},
        )


def _sorted(counted: Mapping[str, V]) -> dict[str, V]:
    return dict(sorted(counted.items()))
