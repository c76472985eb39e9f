"""What a chronicle says of the claim as such: withdrawn, in the platform's hands, excused, promised."""

from collections.abc import Iterator
from datetime import datetime

from sixfaces.decision.course import Course
from sixfaces.domain.chronicle import (
    ClaimOpened,
    ClaimWithdrawn,
    Excused,
    Happening,
    Promised,
    PromiseEnded,
    Settled,
    Stepped,
)


def is_withdrawn(course: Course) -> bool:
    """Whether the buyer wants nothing any more: withdrew and did not open the claim again."""
    withdrawn, opened = _last_at(course, ClaimWithdrawn), _last_at(course, ClaimOpened)
    return withdrawn is not None and (opened is None or opened <= withdrawn)


def is_stepped_in(course: Course) -> bool:
    """Whether the claim is in the platform's hands (D19): it stepped in, and nothing was settled since."""
    ends = [one.what for one in course.entries if isinstance(one.what, Stepped | Settled)]
    return bool(ends) and isinstance(ends[-1], Stepped)


def is_excused(course: Course) -> bool:
    """Whether a person took down an understandable reason for being late (D17)."""
    return bool(course.all(Excused))


def promise_broken(course: Course, *, now: datetime | None = None) -> bool:
    """Whether a promise to the buyer was not kept: a person says so, or its time passed in silence."""
    ended = {one.promise: one.kept for one in course.all(PromiseEnded)}
    return not all(ended.values()) or (now is not None and any(_lapsed(course, set(ended), now)))


def promises_open(course: Course) -> bool:
    """Whether there are promises of which nobody has said how they ended."""
    return not {one.promise for one in course.all(Promised)} <= {one.promise for one in course.all(PromiseEnded)}


def _lapsed(course: Course, ended: set[str], now: datetime) -> Iterator[str]:
    """Promises whose last instant passed while somebody still waited for them. One that was renewed has its new one."""
    until = {one.promise: one.until for one in course.all(Promised) if one.promise not in ended}
    over = min((one.at for one in course.entries if isinstance(one.what, Settled)), default=None)
    withdrawn = _last_at(course, ClaimWithdrawn) if is_withdrawn(course) else None
    for promise, last in until.items():
        if last is not None and all(last < at for at in (now, over, withdrawn) if at is not None):
            yield promise


def _last_at(course: Course, kind: type[Happening]) -> datetime | None:
    return max((one.at for one in course.entries if isinstance(one.what, kind)), default=None)
