"""REVERIFY: judge one span of a run again, or apply its flips. May die anywhere; each span counts once.

1. ended     a run that rests, was cancelled or failed: the job ends, and resuming adds another
2. judge     without any transaction; the flips go out under a place of this attempt alone
3. count     what it came to, by the holder of the job, where nothing was counted before; the last one ends the run
4. apply     some flips in each transaction; those that were applied before are so again, which changes nothing
"""

from collections.abc import Sequence
from functools import partial
from itertools import islice

import structlog

from sixfaces.domain.errors import ArchiveError
from sixfaces.domain.filing import Quarantine
from sixfaces.domain.job import Job
from sixfaces.domain.records import Transaction
from sixfaces.domain.reverifying import Flip, Reverification, RunSpan, RunState
from sixfaces.pipeline.archive.applying import Bringing, apply_flips
from sixfaces.pipeline.archive.results import count_span, flips_of, keep_flips
from sixfaces.pipeline.archive.runs import fail_run, held_to_code, next_in_turn
from sixfaces.pipeline.archive.spans import Asked, Judging, rejudged
from sixfaces.pipeline.service import Service
from sixfaces.pipeline.work.follow_up import hint_all
from sixfaces.pipeline.work.hold import Hold

log = structlog.get_logger()

AT_ONCE = 100
"""Cases in one transaction that applies."""


def reverify_span(service: Service, hold: Hold) -> None:
    """Do what the job's span needs next."""
    with service.records.begin(hold.job.tenant, reading=True) as tx:
        span = tx.reverifications.span(hold.job.subject)
        run = tx.reverifications.get(span.run) if span else None
    if span is None or run is None or run.state not in (RunState.RUNNING, RunState.APPLYING):
        return hold.write(hold.ended)  # 1.
    if run.state is RunState.APPLYING:
        return _apply(service, hold, run, span=span)
    if span.tally is not None:
        return hold.write(hold.ended)
    asked = Asked(run.policy, run.selection, run.newest)
    try:
        held_to_code(service, run)
        judging = rejudged(service, run.tenant, span=span.span, asked=asked)  # 2.
    except ArchiveError as exc:
        log.warning("reverification_failed", run=run.id, code=exc.code)
        reason = Quarantine(code=exc.code, text=exc.text, fix=exc.fix)
        return hold.write(lambda tx: _fail(tx, hold, run, reason=reason))
    hold.check()
    attempt = f"derived/{run.tenant}/reverifications/{run.id}/{hold.job.id}.{hold.job.token}"
    place = keep_flips(service.blobs, attempt, judging.flips)
    return hold.write(lambda tx: _count(tx, hold, span, judging=judging, place=place))


def _count(transaction: Transaction, hold: Hold, span: RunSpan, *, judging: Judging, place: str) -> None:
    """3."""
    count_span(transaction, span, judging, place=place)
    hold.ended(transaction)


def _fail(transaction: Transaction, hold: Hold, run: Reverification, *, reason: Quarantine) -> None:
    fail_run(transaction, run.id, reason=reason)
    hold.ended(transaction)


def _apply(service: Service, hold: Hold, run: Reverification, *, span: RunSpan) -> None:
    """4."""
    try:
        held_to_code(service, run)
        flips = flips_of(service.blobs, span) if not span.applied else ()
    except ArchiveError as exc:
        log.warning("reverification_failed", run=run.id, code=exc.code)
        reason = Quarantine(code=exc.code, text=exc.text, fix=exc.fix)
        return hold.write(lambda tx: _fail(tx, hold, run, reason=reason))
    bringing, left = Bringing(run.id, run.policy, run.rate), iter(flips)
    while some := tuple(islice(left, AT_ONCE)):
        hold.check()
        done = hold.write(partial(_applied, run=run, flips=some, bringing=bringing))
        if done is None:
            return hold.write(hold.ended)
        hint_all(service, done)
        bringing = bringing._replace(before=bringing.before + sum(flip.exhibits for flip in some))
    return hold.write(lambda tx: _has_applied(tx, hold, span, exhibits=bringing.before))


def _applied(
    transaction: Transaction, *, run: Reverification, flips: Sequence[Flip], bringing: Bringing
) -> list[Job] | None:
    """None where the run was cancelled."""
    now = transaction.reverifications.get(run.id)
    if now is None or now.state is not RunState.APPLYING:
        return None
    return apply_flips(transaction, run.tenant, flips, bringing=bringing)


def _has_applied(transaction: Transaction, hold: Hold, span: RunSpan, *, exhibits: int) -> None:
    run = transaction.reverifications.get(span.run, lock=True)
    transaction.reverifications.tell(span.model_copy(update={"applied": True}))
    left = transaction.reverifications.waiting(span.run, to_apply=True)
    if run is not None and run.state is RunState.APPLYING:
        next_in_turn(transaction, run, left, exhibits=exhibits)
    if not left and run is not None and run.state is RunState.APPLYING:
        ended = {"state": RunState.APPLIED, "ended_at": transaction.now}
        transaction.reverifications.change(run.model_copy(update=ended))
    hold.ended(transaction)
