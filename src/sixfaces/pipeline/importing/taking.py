"""Takes one statement in, in a transaction. The same statement again finds everything as it says, and changes nothing.

1. planned   what the case would be, what its chronicle lacks; nothing is written, so that a dry run ends here
2. done      the case is filed by the rules of every edit, then entries are made
What a later export says otherwise of the same happening strikes the earlier entry, unless a person has struck it.
Who may not see personal data is not told whether they state just what is kept behind a mask (`pipeline.unseen`): it is
an edit, and an entry, either way.
"""

from collections.abc import Sequence
from typing import NamedTuple

from pydantic import ValidationError

from sixfaces.domain.case import CaseFile
from sixfaces.domain.chronicle import Occurrence, Party, Struck
from sixfaces.domain.errors import RequestError
from sixfaces.domain.filing import CaseState, FiledCase
from sixfaces.domain.importing import Outcome, Refusal, Statement, Told, Tree
from sixfaces.domain.job import Job
from sixfaces.domain.pages import Page
from sixfaces.domain.people import Principal
from sixfaces.domain.records import CaseQuery, Transaction
from sixfaces.pipeline import refusals as common
from sixfaces.pipeline.claims.chronicling import AHEAD, chronicle
from sixfaces.pipeline.claims.chronicling import Told as Saying
from sixfaces.pipeline.filing import Expected, file_case
from sixfaces.pipeline.importing import refusals
from sixfaces.pipeline.importing.merging import Around, merged
from sixfaces.pipeline.personal import shown
from sixfaces.pipeline.unseen import is_unknown

MOST_CASES = 100
"""Of one order."""


class Entry(NamedTuple):
    """What is to be entered under a reference, and the entry that it takes the place of."""

    told: Told
    reference: str
    strikes: str | None = None


class Plan(NamedTuple):
    """What a statement changes of one case; `known` is None where there is no such case yet. `stated`: the places in
    the file that it names. `is_edit`: that the case is edited, be it to what it says already."""

    known: FiledCase | None
    file: CaseFile
    entries: tuple[Entry, ...]
    stated: frozenset[str]
    is_edit: bool

    @property
    def outcome(self) -> Outcome:
        """What becomes of it."""
        if self.known is None:
            return Outcome.MADE
        return Outcome.CHANGED if self.entries or self.is_edit else Outcome.UNCHANGED


class Done(NamedTuple):
    """What became of a statement, and the jobs that look at its case again."""

    outcome: Outcome
    entries: int = 0
    jobs: tuple[Job, ...] = ()


class For(NamedTuple):
    """Whose statement it is, of which platform, and whether it will be done in this transaction."""

    who: Principal
    platform: str
    lock: bool = False


def planned(transaction: Transaction, statement: Statement, said: For) -> list[Plan] | Refusal:
    """What it changes: of its case, or of every case of its order."""
    platform, lock = said.platform, said.lock
    late = next((told for told in statement.told if told.at > transaction.now + AHEAD), None)
    if late is not None:
        return refusals.in_the_future(statement, late)
    of_order = _of_order(transaction, statement.order, platform)
    lines: Sequence[Tree] = max((_lines(one) for one in of_order), key=len, default=())
    around = Around(platform, lines, blindly=not said.who.sees_personal)
    cases: list[FiledCase | None] = []
    if statement.number is None:
        cases = [transaction.cases.get(one.id, lock=True) if lock else one for one in of_order]
    else:
        known = transaction.cases.by_case_id(statement.number, lock=lock)
        if known is not None and (refused := _contradiction(statement, known, platform)):
            return refused
        cases = [known]
    try:
        return [_plan(transaction, statement, known, said=said, around=around) for known in cases]
    except ValidationError as exc:
        return refusals.not_fitting(statement, exc)


def _plan(
    transaction: Transaction, statement: Statement, known: FiledCase | None, *, said: For, around: Around
) -> Plan:
    file, stated = merged(known.file if known else None, statement, around)
    entries = _entries(transaction, statement, known, said=said)
    is_edit = known is None or file != known.file or is_unknown(transaction, said.who, known, stated=stated)
    return Plan(known, file, entries, stated, is_edit)


def done(transaction: Transaction, who: Principal, statement: Statement, *, platform: str) -> Done | Refusal:
    """Take it in. What is refused has changed nothing."""
    plans = planned(transaction, statement, For(who, platform, lock=True))
    if isinstance(plans, Refusal):
        return plans
    try:
        for plan in plans:
            _check_open(plan)
    except RequestError as exc:
        return refusals.of_error(statement, exc)
    made = [_carried_out(transaction, who, plan) for plan in plans]
    return Done(worst([one.outcome for one in made]), sum(one.entries for one in made), _all_jobs(made))


def worst(outcomes: list[Outcome]) -> Outcome:
    """Of several cases of an order: changed if one is; unmatched where there is none."""
    return next((one for one in Outcome if one in outcomes), Outcome.UNMATCHED)


def _all_jobs(made: list[Done]) -> tuple[Job, ...]:
    return tuple(job for one in made for job in one.jobs)


def _of_order(transaction: Transaction, order: str | None, platform: str) -> list[FiledCase]:
    """The cases of the order, oldest first."""
    if order is None:
        return []
    found = transaction.cases.find(CaseQuery(order_id=order), Page(limit=MOST_CASES))
    return [one for one in reversed(found) if one.file.platform in (None, platform) and one.erased_at is None]


def _lines(case: FiledCase) -> Sequence[Tree]:
    return [item.model_dump(mode="json") for item in case.file.order.items]


def _contradiction(statement: Statement, known: FiledCase, platform: str) -> Refusal | None:
    if known.file.platform not in (None, platform):
        return refusals.other_platform(statement, known.file.platform)
    if None not in (known.file.order.order_id, statement.order) and known.file.order.order_id != statement.order:
        return refusals.other_order(statement)
    return None


def _check_open(plan: Plan) -> None:
    """Raises as filing does, before anything is written."""
    if plan.known is None or plan.outcome is Outcome.UNCHANGED:
        return
    if plan.known.erased_at is not None:
        raise common.erased(plan.known.id, plan.known.erased_at)
    if plan.known.state is CaseState.CLOSED:
        raise common.closed()


def _carried_out(transaction: Transaction, who: Principal, plan: Plan) -> Done:
    """2."""
    if plan.outcome is Outcome.UNCHANGED:
        return Done(plan.outcome)
    expected = Expected(revision=plan.known.revision) if plan.known is not None else Expected()
    filed = file_case(transaction, who, plan.file, expected=expected, stated=plan.stated)
    jobs = list(filed.jobs)
    for entry in plan.entries:
        told = entry.told
        said = [Saying(told.what, told.source, told.at, reference=entry.reference)]
        if entry.strikes is not None:
            why = "A later export states it otherwise. 之后的导出有不同的记录。"
            said.insert(0, Saying(Struck(entry=entry.strikes, why=why), Party.PLATFORM))
        for one in said:
            entered = chronicle(transaction, filed.case, who.actor, told=one)
            jobs += [entered.job] if entered.job is not None else []
    return Done(plan.outcome, len(plan.entries), tuple(jobs))


def _entries(
    transaction: Transaction, statement: Statement, known: FiledCase | None, *, said: For
) -> tuple[Entry, ...]:
    there = transaction.chronicle.of_case(known.id) if known is not None and statement.told else ()
    struck = {one.what.entry for one in there if isinstance(one.what, Struck)}
    found = []
    for told in statement.told:
        base = f"{said.platform}:{told.code}"
        its = [one for one in there if one.reference is not None and _is_of(one.reference, base)]
        found.append(_entry(said.who, told, base, its=its, struck=struck))
    return tuple(one for one in found if one is not None)


def _entry(who: Principal, told: Told, base: str, *, its: Sequence[Occurrence], struck: set[str]) -> Entry | None:
    """None where it is entered already, or somebody struck just that. `its`: what is entered of it."""
    if not its:
        return Entry(told, base)
    last = max(its, key=lambda one: (len(one.reference or ""), one.reference or ""))
    is_known = last.actor == who.actor or shown(who, last.what) == last.what
    if is_known and last.what == told.what and (told.keeps_first or last.at == told.at):
        return None
    return Entry(told, f"{base}:{len(its) + 1}", None if last.id in struck else last.id)


def _is_of(reference: str, base: str) -> bool:
    head, _, number = reference.rpartition(":")
    return reference == base or (head == base and number.isdigit())
