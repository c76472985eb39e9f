"""How often people agree with the machine, by month, by where their word comes from, and by rule.

A person's word is on the evidence or on the remedy as a whole. Of a rule it tells something where the rule's answer
decided: `not_met` stands with the word `rejected`; `met` in evidence that the machine accepted stands with `accepted`,
and falls with all others there, as nobody says which of them was wrong; `cannot_tell` where the machine asked stands
with people who could not tell either. Of what was met in evidence that another rule rejected the word tells nothing.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from sixfaces.domain.answer import Answer, Verdict
from sixfaces.domain.decision import Decision
from sixfaces.domain.rules import RuleCode
from sixfaces.domain.statistics import AgreementFigure, WordOf
from sixfaces.watching.sureness import share

STANDS_WITH = {
    Answer.NOT_MET: Verdict.REJECTED,
    Answer.MET: Verdict.ACCEPTED,
    Answer.CANNOT_TELL: Verdict.NEEDS_REVIEW,
}
"""The verdict that each answer leads to, and the word with which people agree with it."""
AS_RECOMMENDED = "as_recommended"
OTHERWISE = "otherwise"
_RULES = frozenset(code.value for code in RuleCode)


class Word(NamedTuple):
    """What a person said of evidence."""

    source: WordOf
    said: Verdict


class Spoken(NamedTuple):
    """What the machine said of evidence: the verdict, and the answers that decided it, by code."""

    verdict: Verdict
    rules: Mapping[str, Answer]


class Agreeing:
    """Adds words one by one; keeps counts by month, source, rule and answer alone."""

    def __init__(self) -> None:
        self._people: dict[tuple[str, WordOf, str, str], Counter[str]] = defaultdict(Counter)

    def add(self, month: str, spoken: Spoken, word: Word) -> None:
        """One word on evidence."""
        self._people[month, word.source, "", spoken.verdict.value][word.said.value] += 1
        for code, answer in told_by(spoken):
            self._people[month, word.source, code, answer.value][word.said.value] += 1

    def decide(self, month: str, source: WordOf, decision: Decision, *, how: str) -> None:
        """One word on a decision: `how` is `as_recommended`, `otherwise`, or the reason for another one."""
        self._people[month, source, "", decision.recommendation.remedy.value][how] += 1
        cited = {cite for reason in decision.recommendation.reasons for cite in reason.cites}
        for code in cited & _RULES:
            self._people[month, source, code, decision.recommendation.remedy.value][how] += 1

    def figures(self) -> Iterator[AgreementFigure]:
        """By month, source, rule and answer."""
        for month, source, code, said in sorted(self._people):
            people = self._people[month, source, code, said]
            agree = _agreeing(source, said)
            yield AgreementFigure(
                month=month, source=source, rule=code or None, gone=bool(code) and code not in _RULES, said=said,
                agrees=share(people[agree], people.total()), people=dict(sorted(people.items())),
            )  # fmt: skip


def told_by(spoken: Spoken) -> Iterator[tuple[str, Answer]]:
    """The rules of which a word on this evidence tells anything."""
    for code, answer in spoken.rules.items():
        if STANDS_WITH[answer] is spoken.verdict:
            yield code, answer


def spoken_of(verdict: Verdict, answers: Sequence[tuple[str, Answer]]) -> Spoken:
    """Of all exhibits that decide: a rule's graver answer counts."""
    rules: dict[str, Answer] = {}
    for code, answer in answers:
        if code not in rules or _GRAVE.index(answer) < _GRAVE.index(rules[code]):
            rules[code] = answer
    return Spoken(verdict, rules)


_GRAVE = (Answer.NOT_MET, Answer.CANNOT_TELL, Answer.MET)


def _agreeing(source: WordOf, said: str) -> str:
    if source in {WordOf.DECISION, WordOf.SAMPLED_DECISION}:
        return AS_RECOMMENDED
    return STANDS_WITH[Answer(said)].value if said in _ANSWERS else said


_ANSWERS = frozenset(answer.value for answer in Answer)
