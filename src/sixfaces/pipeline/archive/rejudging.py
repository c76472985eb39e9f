"""Judges blocks of the archive again: rows in, a tally and the flips out. Writes nothing anywhere.

1. select    by the columns that runs select by
2. ask       only the rules that may answer otherwise: by the same code those whose thresholds differ, else all
3. compare   the verdict with the one that was given; where they differ, which rules count otherwise
"""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from typing import NamedTuple

from pydantic import ValidationError

from sixfaces.criteria.again import Again
from sixfaces.criteria.combining import Uses
from sixfaces.criteria.reads import answering_otherwise
from sixfaces.domain.answer import Answer, Verdict
from sixfaces.domain.archive import Block
from sixfaces.domain.case import CaseFile
from sixfaces.domain.exhibit import Role
from sixfaces.domain.judgement import Lacks, Told, ToldOf
from sixfaces.domain.policy import Policy
from sixfaces.domain.reverifying import NOT_COUNTED, Flip, Selection
from sixfaces.domain.rules import RuleCode
from sixfaces.pipeline.archive.errors import corrupt, newer
from sixfaces.pipeline.archive.rows import Case, UnknownWordError, policies_of, stake_of
from sixfaces.pipeline.archive.tallying import Counting
from sixfaces.pipeline.choose_policy import choose_policy

MOST_KNOWN = 20_000
"""Outcomes that a plan remembers: some megabytes."""

PolicyOf = Callable[[str | None], Policy]
"""The policy for a platform."""


def policy_of(asked: Policy | str | None) -> PolicyOf:
    """The policy that was asked for, or else that by which a case of the platform would be judged now. Calling it
    raises RulebookError for a name that there is not."""
    found: dict[str | None, Policy] = {}

    def of(platform: str | None) -> Policy:
        if isinstance(asked, Policy):
            return asked
        if platform not in found:
            found[platform] = choose_policy(CaseFile(case_id="-", platform=platform), asked)[0]
        return found[platform]

    return of


class Rejudging:
    """Judges rows again by one version of the code and of the observers, under the policy of each."""

    def __init__(self, policy: PolicyOf, *, code_version: str, observers: str, selection: Selection) -> None:
        self._policy, self._code, self._observers = policy, code_version, observers
        self._selection = selection
        self._plans: dict[tuple[object, ...], _Plan] = {}
        self.counting = Counting()

    def flips(self, block: Block, *, only: Collection[str], part: str) -> Iterator[Flip]:
        """The rows of these verdicts; what they come to is added to `counting`. Raises ArchiveError
        `archive.newer`."""
        policies = policies_of(block.head)
        for at in range(block.count):
            case = Case(block, at)
            if case["id"] not in only or not is_wanted(case, self._selection):
                continue
            plan = self._plan(case, policies)
            try:
                flip = self._judged(case, plan)
            except (ValidationError, UnknownWordError) as exc:
                raise newer(part, str(case["number"])) from exc
            self.counting.cases += 1
            self.counting.exhibits += case["exhibits"]
            self.counting.asked += case["exhibits"] if plan.again.rules else 0
            self.counting.recoded += 0 if plan.is_same_code else case["exhibits"]
            if block.head.observers != self._observers:
                self.counting.remeasured += case["exhibits"]
            if flip is not None:
                self.counting.add(flip)
                yield flip

    def held_to(self, found: int, wanted: Collection[str], *, part: str) -> None:
        """Every verdict that a part is said to hold was in it. Raises ArchiveError `archive.corrupt`."""
        if found != len(wanted):
            raise corrupt(part, f"{found} of {len(wanted)} rows")

    def _plan(self, case: Case, policies: Mapping[str, Policy]) -> "_Plan":
        new, digest = self._policy(case["platform"]), case["policy_digest"]
        key = (digest, case["code_version"], new.digest, case.stands_for)
        if key not in self._plans:
            old = policies.get(digest)
            is_same_code = case["code_version"] == self._code
            asked = answering_otherwise(old, new) if old is not None and is_same_code else None
            self._plans[key] = _Plan(Again(new, asked), Uses(old or new), new=new, is_same_code=is_same_code)
        return self._plans[key]

    def _judged(self, case: Case, plan: "_Plan") -> Flip | None:
        outcome = plan.outcome(case)
        for code, lacking in outcome.newly:
            self.counting.of[code] += 1
            self.counting.lacking[code] += lacking
        old, rules = case.verdict(), outcome.rules
        if outcome.verdict is old:
            self.counting.stays(rules)
            return None
        return Flip(
            case_id=case["case_id"],
            number=case["number"],
            verdict_id=case["id"],
            old=old,
            new=outcome.verdict,
            old_policy=f"{case['policy']} {case['policy_version']}",
            new_policy=f"{plan.new.name} {plan.new.version}",
            rules=dict(rules),
            by=bringing_about(old, outcome.verdict, rules),
            platform=case["platform"],
            categories=tuple(case["categories"]),
            stake=dict(stake_of(case["stake"])),
            exhibits=case["exhibits"],
            judged_at=case["judged_at"],
        )


class _Outcome(NamedTuple):
    """What answers amount to: the verdict, the rules that count otherwise; `newly`: for each answer of a rule that the
    policy newly requires, its code, and whether nothing was measured for it."""

    verdict: Verdict
    rules: Mapping[str, str]
    newly: tuple[tuple[str, bool], ...]


class _Plan:
    """How rows of one policy and code are judged again. `moves`: codes of rules that may count otherwise."""

    def __init__(self, again: Again, old: Uses, *, new: Policy, is_same_code: bool) -> None:
        uses = Uses(new)
        self.again, self.old, self.new, self.is_same_code = again, old, new, is_same_code
        self._newly = uses.required - old.required
        asked = {rule.code for rule in again.rules}
        self.moves = frozenset(code for code in RuleCode if code in asked or uses.use(code) is not old.use(code))
        self._known: dict[tuple[object, ...], _Outcome] = {}

    def outcome(self, case: Case) -> _Outcome:
        """Of a row. Many rows have the same answers: what these amount to is found out once."""
        fresh = self.again.fresh(case.evidence()) if self.again.rules else ()
        key = (case["roles"], case["told"], fresh)
        found = self._known.get(key)
        if found is None:
            if len(self._known) >= MOST_KNOWN:
                self._known.clear()
            found = self._known[key] = self._outcome(case.told(), fresh)
        return found

    def _outcome(self, before: Sequence[ToldOf], fresh: Sequence[Sequence[Told]]) -> _Outcome:
        told = self.again.told(before, fresh)
        answers = [answer for one in told for answer in one.answers if answer.code in self._newly]
        newly = tuple((one.code.value, one.lacks is Lacks.OBSERVATION) for one in answers)
        return _Outcome(self.again.combined(told).verdict, changes(before, told, plan=self), newly)


def changes(before: Sequence[ToldOf], after: Sequence[ToldOf], *, plan: _Plan) -> dict[str, str]:
    """The rules that count otherwise, in the exhibits that decide: unboxing videos, or all where there is none."""
    found: dict[str, str] = {}
    deciding = [one.role is Role.UNBOXING_VIDEO for one in before]
    for one, other, decides in zip(before, after, deciding, strict=True):
        if decides or not any(deciding):
            old = {told.code: told for told in one.answers if told.code in plan.moves}
            new = {told.code: told for told in other.answers if told.code in plan.moves}
            for code in old.keys() | new.keys():
                was, now = _weight(old.get(code), plan.old), _weight(new.get(code), plan.again)
                if was != now:
                    found.setdefault(code.value, f"{was}>{now}")
    return dict(sorted(found.items()))


def bringing_about(old: Verdict, new: Verdict, rules: Mapping[str, str]) -> tuple[str, ...]:
    """Of rules that count otherwise, those without which the verdict would not be another: one that is not met rejects,
    one that cannot be told asks for a person, and so does its end the other way round."""
    toward = _STANDS_FOR.get(new) if new is not Verdict.NEEDS_REVIEW or old is Verdict.ACCEPTED else None
    away = _STANDS_FOR.get(old) if toward is None else None
    ends = {code: change.split(">") for code, change in rules.items()}
    found = [code for code, (was, now) in ends.items() if now == toward or was == away]
    return tuple(found or rules)


_STANDS_FOR = {Verdict.REJECTED: Answer.NOT_MET.value, Verdict.NEEDS_REVIEW: Answer.CANNOT_TELL.value}


def _weight(told: Told | None, by: Uses | Again) -> str:
    return told.answer.value if told is not None and by.counts(told) else NOT_COUNTED


def is_wanted(case: Case, selection: Selection) -> bool:
    """1."""
    at, wanted = case["judged_at"], selection
    if (wanted.since is not None and at < wanted.since) or (wanted.until is not None and at >= wanted.until):
        return False
    if wanted.platform is not None and case["platform"] != wanted.platform:
        return False
    if wanted.verdict is not None and case["verdict"] != wanted.verdict.value:
        return False
    if wanted.category is not None and wanted.category not in case["categories"]:
        return False
    if wanted.station is not None and wanted.station not in case["stations"]:
        return False
    name, _, version = (wanted.of_policy or "").partition("@")
    return (not name or case["policy"] == name) and (not version or case["policy_version"] == version)
