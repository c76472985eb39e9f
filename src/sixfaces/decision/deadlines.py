"""Deadlines that people set (D12, D18, D23): evidence asked for, referrals, promises. Each ends with its answer, or
when nobody waits for it any more: with the decision, the withdrawal, the settlement."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import NamedTuple

from sixfaces.decision.clock_words import MOOT, why
from sixfaces.decision.course import Course
from sixfaces.decision.runs import Run
from sixfaces.domain.chronicle import (
    ClaimWithdrawn,
    Decided,
    EvidenceAsked,
    EvidenceCame,
    Happening,
    Party,
    Promised,
    PromiseEnded,
    ReferralAnswered,
    Referred,
    Settled,
)
from sixfaces.domain.model import Say
from sixfaces.domain.service_times import ClockReading, ClockState

DEADLINE_WARNING = timedelta(hours=8)
"""They are warned of so long before."""


class Deadline(NamedTuple):
    """Something that is asked for by an instant."""

    code: str
    holder: Party
    until: datetime
    title: Say


def deadlines(course: Course, *, now: datetime) -> Iterator[ClockReading]:
    """What people asked for by an instant."""
    known = [one for one in course.entries if one.at <= now]
    for n, entry in enumerate(known):
        deadline = _deadline(entry.what)
        if deadline is None:
            continue
        came = (one.at for one in known if entry.at <= one.at and _answers(entry.what, one.what))
        over = (one.at for one in known[n + 1 :] if _is_over(entry.what, one.what))
        answered, ended = next(came, None), next(over, None)
        is_moot = ended is not None and (answered is None or ended < answered)
        yield _by(deadline, Run(entry.at, ended if is_moot else answered, entry.id), now=now, is_moot=is_moot)


def _deadline(what: Happening) -> Deadline | None:
    if isinstance(what, EvidenceAsked):
        return Deadline("evidence", what.of, what.until, Say(zh="举证期限", en="Evidence asked for"))
    if isinstance(what, Referred):
        return Deadline("referral", what.to, what.until, Say(zh="送检答复", en="Answer of the referral"))
    if isinstance(what, Promised) and what.until is not None:
        return Deadline("promise", Party.SELLER, what.until, Say(zh="履行承诺", en="Promise to be kept"))
    return None


def _answers(asked: Happening, came: Happening) -> bool:
    if isinstance(asked, EvidenceAsked):
        return isinstance(came, EvidenceCame) and came.of is asked.of
    if isinstance(asked, Referred):
        return isinstance(came, ReferralAnswered) and came.by is asked.to and _same_line(asked, came)
    return isinstance(asked, Promised) and isinstance(came, PromiseEnded) and came.promise == asked.promise


def _same_line(asked: Referred, came: ReferralAnswered) -> bool:
    return asked.line is None or came.line in {None, asked.line}


def _is_over(asked: Happening, came: Happening) -> bool:
    """Whether nobody waits any more. A promise is made for after the decision as well."""
    if isinstance(came, Decided):
        return not isinstance(asked, Promised)
    return isinstance(came, ClaimWithdrawn | Settled)


def _by(deadline: Deadline, run: Run, *, now: datetime, is_moot: bool) -> ClockReading:
    looked, until = min(run.end or now, now), deadline.until
    if looked > until:
        state = ClockState.BREACHED
    elif run.end is not None:
        state = ClockState.KEPT
    else:
        state = ClockState.WARNED if until - DEADLINE_WARNING <= now else ClockState.RUNNING
    reading = ClockReading(
        code=deadline.code,
        title=deadline.title,
        holder=deadline.holder,
        state=state,
        started_at=run.start,
        entry=run.entry,
        due_at=until,
        ended_at=run.end,
        used=looked - run.start,
        left=max(until - looked, timedelta(0)),
        why=Say(zh="", en=""),
        cites=("D23",),
    )
    if is_moot and state is ClockState.KEPT:
        return reading.model_copy(update={"why": MOOT})
    waits_for = None if run.end else deadline.code
    return reading.model_copy(update={"why": why(reading, until - run.start, waits_for=waits_for)})
