"""Judging an archive again: what is asked for, and what would come out otherwise."""

from collections.abc import Collection, Mapping, Sequence
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Protocol

from pydantic import AwareDatetime, Field

from sixfaces.domain.answer import Verdict
from sixfaces.domain.archive import Span
from sixfaces.domain.filing import Quarantine
from sixfaces.domain.model import Instant, Model, Text
from sixfaces.domain.pages import Page
from sixfaces.domain.people import Id, TenantId
from sixfaces.domain.policy import Policy

EXAMPLES = 5
"""Cases that are named of each kind of flip."""

NOT_COUNTED = "-"
"""Stands for an answer that did not count, and for no rule at all."""

Count = Annotated[int, Field(ge=0)]


class Selection(Model):
    """Which judged cases: those that match everything given. `of_policy`: name, or name@version, of the policy that
    judged; times are those of judging, `until` excluded."""

    since: Instant | None = None
    until: Instant | None = None
    category: Text | None = None
    platform: Text | None = None
    station: Text | None = None
    verdict: Verdict | None = None
    of_policy: Text | None = None

    @property
    def holds_no_time(self) -> bool:
        """Nothing can have been judged then: it ends before it begins. Whoever asks for it is told so."""
        return self.since is not None and self.until is not None and self.since >= self.until


class Flip(Model):
    """A case whose verdict would be another one. `rules`: code to `old>new`, for each rule that counts otherwise in one
    of the exhibits that decide; `by`: those of them that bring the verdict about."""

    case_id: Text
    number: Text
    verdict_id: Text
    old: Verdict
    new: Verdict
    old_policy: Text
    new_policy: Text
    rules: dict[Text, Text]
    by: tuple[Text, ...] = ()
    platform: Text | None = None
    categories: tuple[Text, ...] = ()
    stake: dict[Text, Decimal] = Field(default_factory=dict)
    exhibits: int
    judged_at: AwareDatetime

    @property
    def kind(self) -> str:
        """From what to what."""
        return f"{self.old.value}>{self.new.value}"


class RuleShare(Model):
    """The part of one rule in flips of one kind: how many it brings about, by counting as what instead of what, the
    money at stake, the first cases. A case that several rules flip is in the share of each."""

    flips: Count = 0
    changes: dict[Text, Count] = Field(default_factory=dict)
    stake: dict[Text, Decimal] = Field(default_factory=dict)
    examples: tuple[Text, ...] = ()


class Tally(Model):
    """What judging again came to, over any number of cases.

    asked: exhibits of which rules ran; of all others every answer was known. recoded: exhibits that other code judged,
    of which all rules ran. flips, stake, examples: by kind of flip, such as `accepted>rejected`. by_rule: by kind of
    flip and code, what rules bring about (`-`: none does, only what answers amount to is another). rules: by code, how
    often it counted otherwise where a verdict flips; unflipped: the same where the verdict stays. remeasured: exhibits
    that this version would measure again before it gave a verdict, which it does where a case's verdict flips.
    unmeasured: by rule that the policy newly requires, exhibits of which nothing was measured for it, and exhibits it
    was asked of. unread: verdicts whose material was never kept.
    """

    cases: Count = 0
    exhibits: Count = 0
    asked: Count = 0
    recoded: Count = 0
    flips: dict[Text, Count] = Field(default_factory=dict)
    stake: dict[Text, dict[Text, Decimal]] = Field(default_factory=dict)
    rules: dict[Text, dict[Text, Count]] = Field(default_factory=dict)
    examples: dict[Text, tuple[Text, ...]] = Field(default_factory=dict)
    by_rule: dict[Text, dict[Text, RuleShare]] = Field(default_factory=dict)
    unflipped: dict[Text, dict[Text, Count]] = Field(default_factory=dict)
    remeasured: Count = 0
    unmeasured: dict[Text, tuple[Count, Count]] = Field(default_factory=dict)
    unread: Count = 0

    @property
    def flipped(self) -> int:
        """Cases whose verdict would be another one."""
        return sum(self.flips.values())

    def never_measured(self) -> tuple[str, ...]:
        """Rules that the policy newly requires and for which nothing was measured in any exhibit that was looked at."""
        return tuple(sorted(code for code, (lacking, of) in self.unmeasured.items() if of and lacking == of))


def together(one: Tally, other: Tally) -> Tally:
    """Both in one. Sums do not depend on the order; the examples kept are the first."""
    kinds = sorted({*one.stake, *other.stake})
    named = sorted({*one.examples, *other.examples})
    newly = sorted({*one.unmeasured, *other.unmeasured})
    return Tally(
        cases=one.cases + other.cases,
        exhibits=one.exhibits + other.exhibits,
        asked=one.asked + other.asked,
        recoded=one.recoded + other.recoded,
        flips=_sum(one.flips, other.flips),
        stake={kind: _money(one.stake.get(kind, {}), other.stake.get(kind, {})) for kind in kinds},
        rules=_sums(one.rules, other.rules),
        unflipped=_sums(one.unflipped, other.unflipped),
        by_rule={
            kind: _shares(one.by_rule.get(kind, {}), other.by_rule.get(kind, {}))
            for kind in sorted({*one.by_rule, *other.by_rule})
        },
        examples={kind: (one.examples.get(kind, ()) + other.examples.get(kind, ()))[:EXAMPLES] for kind in named},
        remeasured=one.remeasured + other.remeasured,
        unmeasured={
            code: (
                one.unmeasured.get(code, (0, 0))[0] + other.unmeasured.get(code, (0, 0))[0],
                one.unmeasured.get(code, (0, 0))[1] + other.unmeasured.get(code, (0, 0))[1],
            )
            for code in newly
        },
        unread=one.unread + other.unread,
    )


def _shares(one: Mapping[str, RuleShare], other: Mapping[str, RuleShare]) -> dict[str, RuleShare]:
    none, found = RuleShare(), {}
    for code in sorted({*one, *other}):
        a, b = one.get(code, none), other.get(code, none)
        found[code] = RuleShare(
            flips=a.flips + b.flips,
            changes=_sum(a.changes, b.changes),
            stake=_money(a.stake, b.stake),
            examples=(a.examples + b.examples)[:EXAMPLES],
        )
    return found


def _sums(one: Mapping[str, Mapping[str, int]], other: Mapping[str, Mapping[str, int]]) -> dict[str, dict[str, int]]:
    return {code: _sum(one.get(code, {}), other.get(code, {})) for code in sorted({*one, *other})}


def _sum(one: Mapping[str, int], other: Mapping[str, int]) -> dict[str, int]:
    return {name: one.get(name, 0) + other.get(name, 0) for name in sorted({*one, *other})}


def _money(one: Mapping[str, Decimal], other: Mapping[str, Decimal]) -> dict[str, Decimal]:
    nothing = Decimal()
    return {name: one.get(name, nothing) + other.get(name, nothing) for name in sorted({*one, *other})}


class RunState(StrEnum):
    """Where a run over all workers stands."""

    RUNNING = "running"
    PAUSED = "paused"
    CANCELLED = "cancelled"
    FAILED = "failed"
    """A part of the archive cannot be read: nothing is left out, so there is no result."""
    DONE = "done"
    """Every case was judged again; nothing was written."""
    APPLYING = "applying"
    APPLIED = "applied"
    """Every case whose verdict flips has its job."""


class Reverification(Model):
    """A judging again of one tenant's archive by all workers. `policy`: as it was when the run was asked for; None:
    each case by that which judges it now. `code_version`, `observers`: of whoever began it, and of all who take part in
    it. `newest`: no verdict after this id is looked at. `rate`: exhibits a second at most."""

    id: Id
    tenant: TenantId
    policy: Policy | None = None
    code_version: Text | None = None
    observers: Text | None = None
    selection: Selection
    newest: Text
    rate: Annotated[float, Field(gt=0)] | None = None
    state: RunState = RunState.RUNNING
    spans: Count = 0
    schedule: Id | None = None
    by: Text
    made_at: AwareDatetime
    ended_at: AwareDatetime | None = None
    failure: Quarantine | None = None


class RunSpan(Model):
    """One piece of a run: verdicts after `after`, up to and with `until`. Done once `tally` is there; `place`: its
    flips."""

    id: Id
    tenant: TenantId
    run: Id
    number: Count
    after: Text
    until: Text
    verdicts: Count
    tally: Tally | None = None
    place: Text | None = None
    applied: bool = False

    @property
    def span(self) -> Span:
        """Which verdicts."""
        return Span(self.after, self.until)


class RunProgress(Model):
    """How far a run is, and what it has come to so far."""

    done: Count
    applied: Count
    tally: Tally


class Reverifications(Protocol):
    """Runs, their spans, and what was applied of them."""

    def add(self, run: Reverification, spans: Collection[RunSpan]) -> None:
        """A new run with all of its spans."""
        ...

    def get(self, id: str, *, lock: bool = False) -> Reverification | None:
        """One run."""
        ...

    def find(self, page: Page, *, schedule: str | None = None) -> Sequence[Reverification]:
        """Newest first; those that this schedule began."""
        ...

    def change(self, run: Reverification) -> None:
        """Write its state, rate, end and failure."""
        ...

    def forget(self, id: str) -> None:
        """The run and its spans are no more."""
        ...

    def span(self, id: str) -> RunSpan | None:
        """One span."""
        ...

    def waiting(self, run: str, *, to_apply: bool = False) -> Sequence[RunSpan]:
        """Spans that have no tally yet, or are still to be applied, in order."""
        ...

    def tell(self, span: RunSpan) -> None:
        """Write its tally, the place of its flips, and whether it was applied."""
        ...

    def progress(self, run: str) -> RunProgress:
        """All spans together."""
        ...

    def spans(self, run: str, *, after: int, limit: int) -> Sequence[RunSpan]:
        """Spans that are done, by number."""
        ...

    def judge_under(self, case_id: str, *, revision: int, policy: Policy, run: str) -> None:
        """This revision of the case is judged by that policy from now on; the next one as ever."""
        ...

    def judge_as_ever(self, case_id: str, *, revision: int) -> None:
        """This revision of the case is judged by what judges a new one: what a run brought to bear on it ends."""
        ...

    def policy_for(self, case_id: str, *, revision: int) -> Policy | None:
        """The policy that a run brought to bear on this revision."""
        ...
