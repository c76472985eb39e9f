"""Judges blocks of the archive again: rows in, a tally and the flips out. Writes nothing anywhere.

1. select    by the columns that runs select by
2. ask       only the rules that may answer otherwise: by the same code those whose thresholds differ, else all
3. compare   the verdict with the one that was given; where they differ, which rules count otherwise
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from pydantic import ValidationError

from sixfaces.criteria.again import Again
from sixfaces.criteria.combining import Uses
from sixfaces.criteria.reads import answering_otherwise
from sixfaces.domain.answer import Verdict
from sixfaces.domain.archive import Block
from sixfaces.domain.case import CaseFile
from sixfaces.domain.exhibit import Role
from sixfaces.domain.judgement import Lacks, Told, ToldOf
from sixfaces.domain.policy import Policy
from sixfaces.domain.reverifying import EXAMPLES, NOT_COUNTED, Flip, Selection, Tally
from sixfaces.pipeline.archive.errors import corrupt, newer
from sixfaces.pipeline.archive.rows import Case, policies_of, stake_of
from sixfaces.pipeline.choose_policy import choose_policy

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


@dataclass
class Counting:
    """A tally in the making."""

    cases: int = 0
    exhibits: int = 0
    asked: int = 0
    remeasured: int = 0
    unread: int = 0
    flips: Counter[str] = field(default_factory=Counter)
    stake: dict[str, dict[str, Decimal]] = field(default_factory=dict)
    rules: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    examples: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    lacking: Counter[str] = field(default_factory=Counter)
    of: Counter[str] = field(default_factory=Counter)

    def add(self, flip: Flip) -> None:
        """One more flip."""
        self.flips[flip.kind] += 1
        sums = self.stake.setdefault(flip.kind, {})
        for currency, amount in flip.stake.items():
            sums[currency] = sums.get(currency, Decimal()) + amount
        for code, change in flip.rules.items():
            self.rules[code][change] += 1
        if len(self.examples[flip.kind]) < EXAMPLES:
            self.examples[flip.kind].append(flip.number)

    def tally(self) -> Tally:
        """What it has come to."""
        return Tally(
            cases=self.cases,
            exhibits=self.exhibits,
            asked=self.asked,
            remeasured=self.remeasured,
            unread=self.unread,
            flips=dict(sorted(self.flips.items())),
            stake={kind: dict(sorted(sums.items())) for kind, sums in sorted(self.stake.items())},
            rules={code: dict(sorted(changes.items())) for code, changes in sorted(self.rules.items())},
            examples={kind: tuple(numbers) for kind, numbers in sorted(self.examples.items())},
            unmeasured={code: (self.lacking[code], of) for code, of in sorted(self.of.items())},
        )


class Rejudging:
    """Judges rows again by one version of the code and of the observers, under the policy of each."""

    def __init__(self, policy: PolicyOf, *, code_version: str, observers: str, selection: Selection) -> None:
        self._policy, self._code, self._observers = policy, code_version, observers
        self._selection = selection
        self._plans: dict[tuple[str, str, str], _Plan] = {}
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
            except ValidationError as exc:
                raise newer(part, str(case["number"])) from exc
            self.counting.cases += 1
            self.counting.exhibits += case["exhibits"]
            self.counting.asked += case["exhibits"] if plan.again.rules else 0
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
        key = (digest, case["code_version"], new.digest)
        if key not in self._plans:
            old = policies.get(digest)
            is_same_code = case["code_version"] == self._code
            asked = answering_otherwise(old, new) if old is not None and is_same_code else None
            self._plans[key] = _Plan(Again(new, asked), Uses(old or new), new)
        return self._plans[key]

    def _judged(self, case: Case, plan: "_Plan") -> Flip | None:
        before = case.told()
        told = plan.again.told(case.evidence(), before) if plan.again.rules else before
        amount = plan.again.combined(told)
        self._look_for_holes(told, plan)
        old = Verdict(case["verdict"])
        if amount.verdict is old:
            return None
        return Flip(
            case_id=case["case_id"],
            number=case["number"],
            verdict_id=case["id"],
            old=old,
            new=amount.verdict,
            old_policy=f"{case['policy']} {case['policy_version']}",
            new_policy=f"{plan.new.name} {plan.new.version}",
            rules=changes(before, told, plan=plan),
            platform=case["platform"],
            categories=tuple(case["categories"]),
            stake=dict(stake_of(case["stake"])),
            exhibits=case["exhibits"],
            judged_at=case["judged_at"],
        )

    def _look_for_holes(self, told: Sequence[ToldOf], plan: "_Plan") -> None:
        """Exhibits of which nothing was measured for a rule that the policy newly requires."""
        for one in told if plan.newly else ():
            for answer in one.answers:
                if answer.code in plan.newly:
                    self.counting.of[answer.code.value] += 1
                    self.counting.lacking[answer.code.value] += answer.lacks is Lacks.OBSERVATION


class _Plan:
    """How rows of one policy and code are judged again."""

    def __init__(self, again: Again, old: Uses, new: Policy) -> None:
        self.again, self.old, self.new = again, old, new
        self.newly = Uses(new).required - old.required


def changes(before: Sequence[ToldOf], after: Sequence[ToldOf], *, plan: _Plan) -> dict[str, str]:
    """The rules that count otherwise, in the exhibits that decide: unboxing videos, or all where there is none."""
    found: dict[str, str] = {}
    deciding = [one.role is Role.UNBOXING_VIDEO for one in before]
    for one, other, decides in zip(before, after, deciding, strict=True):
        if decides or not any(deciding):
            old = {told.code: _weight(told, counts=plan.old.counts(told)) for told in one.answers}
            new = {told.code: _weight(told, counts=plan.again.counts(told)) for told in other.answers}
            for code in sorted({*old, *new}):
                was, now = old.get(code, NOT_COUNTED), new.get(code, NOT_COUNTED)
                if was != now:
                    found.setdefault(code.value, f"{was}>{now}")
    return found


def _weight(told: Told, *, counts: bool) -> str:
    return told.answer.value if counts else NOT_COUNTED


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
