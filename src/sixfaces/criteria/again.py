"""Judges again what was judged before: only what may come out otherwise is asked once more.

1. A rule whose thresholds are those of the policy that judged then, by the same code, answers as it did: its answer is
   taken from what was told. All others are asked again, without words.
2. From the answers on it is as in `judge`, by the same function.
"""

from collections.abc import Sequence

from sixfaces.criteria.combining import Combined, Uses, combined, told_by
from sixfaces.criteria.registry import RULES
from sixfaces.domain.evidence import Evidence
from sixfaces.domain.judgement import Told, ToldOf
from sixfaces.domain.policy import Policy
from sixfaces.domain.rules import RuleCode


class Again:
    """A policy, and the rules that are to be asked again under it; None asks all of them."""

    def __init__(self, policy: Policy, asked: frozenset[RuleCode] | None = None) -> None:
        self.policy = policy
        self._uses = Uses(policy)
        every = asked is None
        self.rules = tuple(rule for rule in RULES if every or rule.code in (asked or ()))
        self._asked = frozenset(rule.code for rule in self.rules)
        self.is_whole = every

    def fresh(self, evidence: Evidence) -> tuple[tuple[Told, ...], ...]:
        """1. What the rules that are asked answer now, for each exhibit."""
        return tuple(
            tuple(
                told_by(rule.judge(evidence, seen, self.policy))
                for rule in self.rules
                if seen.exhibit.role in rule.roles
            )
            for seen in evidence.exhibits
        )

    def told(self, before: Sequence[ToldOf], fresh: Sequence[Sequence[Told]]) -> tuple[ToldOf, ...]:
        """All answers under the policy: those that were given `before`, and the fresh ones in place of theirs."""
        if not self.rules:
            return tuple(before)
        return tuple(ToldOf(one.role, (*self._kept(one), *new)) for one, new in zip(before, fresh, strict=True))

    def _kept(self, before: ToldOf) -> Sequence[Told]:
        return () if self.is_whole else [told for told in before.answers if told.code not in self._asked]

    def combined(self, told: Sequence[ToldOf]) -> Combined:
        """2."""
        return combined(told, self._uses)

    def counts(self, told: Told) -> bool:
        """Whether an answer decides anything under the policy."""
        return self._uses.counts(told)
