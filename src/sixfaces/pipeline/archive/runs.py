"""Runs that judge an archive again over all workers: asked for, paused, resumed, cancelled, applied.

A run is made of spans, each with a job of its own behind all live work. A job counts once: what a span came to is
written by the holder of its job, where nothing was written before. While a run rests, its jobs end without doing
anything, and resuming adds them anew.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from sixfaces.domain.archive import Span
from sixfaces.domain.custody import Act, Deed
from sixfaces.domain.errors import RulebookError
from sixfaces.domain.filing import Quarantine
from sixfaces.domain.job import Job, JobKind
from sixfaces.domain.people import Principal
from sixfaces.domain.policy import Policy
from sixfaces.domain.records import Transaction
from sixfaces.domain.reverifying import Reverification, RunSpan, RunState, Selection
from sixfaces.domain.webhook import WebhookKind
from sixfaces.pipeline.archive.errors import never_measured, no_policy, other_code, resting
from sixfaces.pipeline.archive.rejudging import policy_of
from sixfaces.pipeline.archive.spans import Asked, spans_of
from sixfaces.pipeline.ids import is_id, new_id
from sixfaces.pipeline.refusals import missing
from sixfaces.pipeline.service import Service
from sixfaces.pipeline.webhooks.announcing import announce
from sixfaces.rulebook.loader import load_policy, policy_names

PRIORITY = 9
"""Behind everything else."""


class Wish(NamedTuple):
    """What somebody asks for. `policy`: name, or name@version."""

    policy: str | None
    selection: Selection
    rate: float | None = None
    schedule: str | None = None


class Planned(NamedTuple):
    """What a run will look at, and by what: the policy, and the code and observers of whoever plans it."""

    wish: Wish
    policy: Policy | None
    newest: str
    spans: tuple[tuple[Span, int], ...]
    code_version: str
    observers: str


def planned(service: Service, tenant: str, wish: Wish) -> Planned:
    """Everything that was judged until now, in spans. Raises ArchiveError `archive.policy`."""
    policy = known_policy(wish.policy) if wish.policy is not None else None
    with service.records.begin(tenant, reading=True) as tx:
        newest = tx.archive.newest()
    return plan_of(service, tenant, wish, asked=Asked(policy, wish.selection, newest))


def plan_of(service: Service, tenant: str, wish: Wish, *, asked: Asked) -> Planned:
    """The spans of what is asked for. Raises RulebookError for a policy that there is not."""
    policy = policy_of(asked.policy)(None) if isinstance(asked.policy, str) else asked.policy
    spans = tuple(spans_of(service, tenant, asked))
    return Planned(wish, policy, asked.newest, spans, service.code_version, service.measuring.observers)


def held_to_code(service: Service, run: Reverification) -> None:
    """Who takes part in a run is of its code and observers: its result is of one version. Raises ArchiveError
    `archive.code`."""
    if run.code_version not in (None, service.code_version) or run.observers not in (None, service.measuring.observers):
        raise other_code(str(run.code_version), service.code_version)


def begin_run(
    transaction: Transaction, tenant: str, plan: Planned, *, by: str, is_resting: bool = False
) -> tuple[Reverification, list[Job]]:
    """The run, and its jobs. `is_resting`: it has none until it is resumed, and whoever begins it judges its spans."""
    now = transaction.now
    run = Reverification(
        id=new_id(),
        tenant=tenant,
        policy=plan.policy,
        code_version=plan.code_version,
        observers=plan.observers,
        selection=plan.wish.selection,
        newest=plan.newest,
        rate=plan.wish.rate,
        spans=len(plan.spans),
        state=RunState.DONE if not plan.spans else RunState.PAUSED if is_resting else RunState.RUNNING,
        schedule=plan.wish.schedule,
        by=by,
        made_at=now,
        ended_at=None if plan.spans else now,
    )
    of = {"tenant": tenant, "run": run.id}
    rows = [
        RunSpan(id=new_id(), number=number, after=span.after, until=span.until, verdicts=verdicts, **of)
        for number, (span, verdicts) in enumerate(plan.spans, 1)
    ]
    transaction.reverifications.add(run, rows)
    jobs = [] if is_resting else _jobs(transaction, run, rows)
    if not rows:
        announce_ended(transaction, run)
    return run, jobs


def start_run(service: Service, tenant: str, wish: Wish, *, by: str) -> tuple[Reverification, list[Job]]:
    """Plan a run and begin it. Raises ArchiveError `archive.policy`."""
    plan = planned(service, tenant, wish)
    with service.records.begin(tenant) as tx:
        return begin_run(tx, tenant, plan, by=by)


def known_policy(asked: str) -> Policy:
    """A policy that comes along, by name or name@version: never a file. Raises ArchiveError `archive.policy`."""
    if asked.partition("@")[0] not in policy_names():
        raise no_policy(asked)
    try:
        return load_policy(asked)
    except RulebookError as exc:
        raise no_policy(asked) from exc


def run_of(transaction: Transaction, id: str, *, lock: bool = False) -> Reverification:
    """One run. Raises RequestError `request.missing`."""
    run = transaction.reverifications.get(id, lock=lock) if is_id(id) else None
    if run is None:
        raise missing()
    return run


def pause(transaction: Transaction, id: str) -> Reverification:
    """It rests from the next span on. Raises RequestError `request.missing`, ArchiveError `archive.resting`."""
    return _turned(transaction, id, old=(RunState.RUNNING, RunState.PAUSED), new=RunState.PAUSED)


def resume(transaction: Transaction, id: str) -> tuple[Reverification, list[Job]]:
    """It goes on where it was. Raises as `pause`."""
    was = run_of(transaction, id, lock=True).state
    run = _turned(transaction, id, old=(RunState.RUNNING, RunState.PAUSED), new=RunState.RUNNING)
    if was is RunState.RUNNING:
        return run, []
    return run, _jobs(transaction, run, transaction.reverifications.waiting(run.id))


def cancel(transaction: Transaction, id: str) -> Reverification:
    """It ends without a result. What was applied stays applied: verdicts are never taken back. Raises as `pause`."""
    old = (RunState.RUNNING, RunState.PAUSED, RunState.APPLYING, RunState.CANCELLED)
    return _turned(transaction, id, old=old, new=RunState.CANCELLED)


def apply(transaction: Transaction, who: Principal, id: str) -> tuple[Reverification, list[Job]]:
    """Have the flipped cases judged; who said so is entered. Applying twice is no error. Raises as `pause`, and
    ArchiveError `archive.never_measured` where the policy requires what nobody measured."""
    return apply_by(transaction, who.actor, id)


def apply_by(transaction: Transaction, actor: str, id: str) -> tuple[Reverification, list[Job]]:
    """As `apply`, by whoever that is."""
    run = run_of(transaction, id, lock=True)
    if run.state in (RunState.APPLYING, RunState.APPLIED):
        return run, []
    tally = transaction.reverifications.progress(run.id).tally
    if tally.never_measured():
        raise never_measured(tally.never_measured())
    spans = transaction.reverifications.waiting(run.id, to_apply=True)
    new = RunState.APPLYING if spans else RunState.APPLIED
    run = _turned(transaction, id, old=(RunState.DONE,), new=new)
    jobs = _jobs(transaction, run, spans)
    policy = {"policy_digest": run.policy.digest} if run.policy is not None else {}
    body = {"what": "reverification", "flips": tally.flipped, **policy}
    transaction.custody.append(Deed(tenant=run.tenant, act=Act.AMEND, subject=run.id, actor=actor, body=body))
    return run, jobs


def fail_run(transaction: Transaction, id: str, *, reason: Quarantine) -> None:
    """A run that cannot look at everything has no result."""
    run = transaction.reverifications.get(id, lock=True)
    if run is not None and run.state in (RunState.RUNNING, RunState.PAUSED, RunState.APPLYING):
        failed = {"state": RunState.FAILED, "ended_at": transaction.now, "failure": reason}
        run = run.model_copy(update=failed)
        transaction.reverifications.change(run)
        announce_ended(transaction, run)


def end_run(transaction: Transaction, run: Reverification) -> None:
    """Every span is done: what would flip is known."""
    run = run.model_copy(update={"state": RunState.DONE, "ended_at": transaction.now})
    transaction.reverifications.change(run)
    announce_ended(transaction, run)


def announce_ended(transaction: Transaction, run: Reverification) -> None:
    """Endpoints are told that a run has a result, or that it will have none."""
    flips = transaction.reverifications.progress(run.id).tally.flipped
    data = {"reverification": run.id, "state": run.state.value, "schedule": run.schedule, "flips": flips}
    kind = WebhookKind.REVERIFICATION_ENDED
    announce(transaction, kind, tenant=run.tenant, subject=run.id, data=data)


def _turned(transaction: Transaction, id: str, *, old: Sequence[RunState], new: RunState) -> Reverification:
    run = run_of(transaction, id, lock=True)
    if run.state not in old:
        raise resting(run.state.value)
    ended = transaction.now if new in (RunState.CANCELLED, RunState.APPLIED) else None
    run = run.model_copy(update={"state": new, "ended_at": ended or run.ended_at})
    transaction.reverifications.change(run)
    return run


def _jobs(transaction: Transaction, run: Reverification, spans: Sequence[RunSpan]) -> list[Job]:
    """One for each span; of a run with a rate one for the first: the end of each makes the next one due."""
    wanted = spans if run.rate is None else spans[:1]
    return [transaction.jobs.add(_job(run, span, now=transaction.now, after=timedelta())) for span in wanted]


def next_in_turn(transaction: Transaction, run: Reverification, spans: Sequence[RunSpan], *, exhibits: int) -> None:
    """Of a run with a rate, the job of the first of these spans, due once so many exhibits may have been looked at."""
    if run.rate is not None and spans:
        after = timedelta(seconds=exhibits / run.rate)
        transaction.jobs.add(_job(run, spans[0], now=transaction.now, after=after))


def _job(run: Reverification, span: RunSpan, *, now: datetime, after: timedelta) -> Job:
    return Job(
        id=new_id(),
        tenant=run.tenant,
        kind=JobKind.REVERIFY,
        subject=span.id,
        priority=PRIORITY,
        not_before=now + after,
        created_at=now,
    )
