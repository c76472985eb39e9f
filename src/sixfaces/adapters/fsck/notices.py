"""Notices and links: what lies in the outbox can be sent and is of something, and what a link says can be read."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from sixfaces.adapters.fsck.fault import Fault, fault
from sixfaces.adapters.fsck.look import Look
from sixfaces.adapters.fsck.rows import instant
from sixfaces.domain.notice import SIDES, NoticeKind, NoticeState

OVERDUE = timedelta(hours=1)
_NOTICES = """
    SELECT n.id, n.kind, n.party, n.state, n.next_attempt_at, n.ended_at, n.about = n.case_id OR c.id IS NOT NULL
    FROM notices n LEFT JOIN chronicle c ON c.id = n.about AND c.case_id = n.case_id AND c.tenant = n.tenant
    ORDER BY n.id
"""
_LINKS = "SELECT id, party, language, created_at, expires_at FROM links ORDER BY id"
_KINDS, _STATES, _PARTIES = frozenset(NoticeKind), frozenset(NoticeState), frozenset(SIDES)


def check_notices(look: Look) -> Iterator[Fault]:
    """All of the above."""
    for id, kind, party, state, next_at, ended_at, is_of_something in look.rows.ask(_NOTICES):
        look.counted["notices"] += 1
        if kind not in _KINDS or party not in _PARTIES or state not in _STATES:
            yield fault("row_unreadable", f"notices {id}")
            continue
        if not is_of_something:
            yield fault("notice_of_nothing", id)
        if (code := _timed(look, state, next_at, ended_at=ended_at)) is not None:
            yield fault(code, id)
    for id, party, language, created_at, expires_at in look.rows.ask(_LINKS):
        if party not in _PARTIES or language not in {"zh", "en"} or instant(expires_at) <= instant(created_at):
            yield fault("row_unreadable", f"links {id}")


def _timed(look: Look, state: str, next_at: datetime | str | None, *, ended_at: datetime | str | None) -> str | None:
    """A notice waits for an instant, or has ended at one."""
    is_pending = state == NoticeState.PENDING
    if is_pending is not (next_at is not None) or is_pending is (ended_at is not None):
        return "notice_unscheduled"
    return "notice_overdue" if next_at is not None and instant(next_at) + OVERDUE < look.rows.now else None
