"""Webhooks: what lies in the outbox can be sent, what has ended is over, and no event of late was told to nobody."""

import re
from collections.abc import Iterator
from datetime import datetime, timedelta

from sixfaces.adapters.fsck.fault import Fault, fault
from sixfaces.adapters.fsck.look import Look, tree_of
from sixfaces.adapters.fsck.rows import instant

OVERDUE = timedelta(hours=1)
LATELY = timedelta(hours=12)
"""What ended earlier may have been forgotten."""

SETTLED = timedelta(minutes=1)
"""An event of the moment in which an endpoint was made need not know of it."""

_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.ASCII)
_ENDPOINTS = "SELECT id, tenant, kinds, secret, updated_at FROM webhook_endpoints ORDER BY id"
_DELIVERIES = """
    SELECT d.id, d.kind, d.payload, d.state, d.next_attempt_at, d.ended_at, e.failing_since
    FROM webhook_deliveries d LEFT JOIN webhook_endpoints e ON e.id = d.endpoint_id ORDER BY d.id
"""
_TWICE = """
    SELECT kind, subject FROM webhook_deliveries WHERE kind IN ('exhibit.sealed', 'evidence.judged')
    GROUP BY endpoint_id, kind, subject HAVING count(*) > 1
"""
_EVENTS = {
    "exhibit.sealed": "SELECT id, sealed_at FROM exhibits",
    "evidence.judged": "SELECT id, judged_at FROM verdicts",
}


def check_webhooks(look: Look) -> Iterator[Fault]:
    """All of the above."""
    for id, kind, payload, state, *times in look.rows.ask(_DELIVERIES):
        look.counted["deliveries"] += 1
        told = tree_of(payload)
        if told is None or told.get("type") != kind:
            yield fault("row_unreadable", f"webhook_deliveries {id}")
        if (code := _timed(look, state, times)) is not None:
            yield fault(code, id)
    for kind, subject in look.rows.ask(_TWICE):
        yield fault("delivery_twice", f"{kind} {subject}")
    for id, tenant, kinds, secret, updated_at in list(look.rows.ask(_ENDPOINTS)):
        wanted = tree_of(f'{{"kinds": {kinds}}}')
        if wanted is None or not _ID.fullmatch(id) or not secret.startswith("v1."):
            yield fault("row_unreadable", f"webhook_endpoints {id}")
            continue
        for kind in (kind for kind in _EVENTS if kind in wanted["kinds"]):
            yield from _missing(look, kind, endpoint=id, tenant=tenant, since=instant(updated_at) + SETTLED)


def _timed(look: Look, state: str, times: list[datetime | str | None]) -> str | None:
    """A delivery waits for an instant, or has ended at one. Of one that an endpoint refuses nobody knows when."""
    next_at, ended_at, failing_since = times
    if (state == "pending") is not (next_at is not None) or (state == "pending") is (ended_at is not None):
        return "delivery_unscheduled"
    is_late = next_at is not None and instant(next_at) + OVERDUE < look.rows.now
    return "delivery_overdue" if is_late and failing_since is None else None


def _missing(look: Look, kind: str, *, endpoint: str, tenant: str, since: datetime) -> Iterator[Fault]:
    """Events of late that have no delivery. Ids sort by time, so that old ones need not be read."""
    since = max(since, look.rows.now - LATELY)
    digits = f"{int((since - SETTLED).timestamp() * 1000):012x}"
    first = f"{digits[:8]}-{digits[8:]}"
    asked = f"SELECT subject FROM webhook_deliveries WHERE endpoint_id = '{endpoint}' AND kind = '{kind}'"
    told = {subject for (subject,) in look.rows.ask(f"{asked} AND id >= '{first}'")}
    whose = tenant.replace("'", "''")
    for id, at in look.rows.ask(f"{_EVENTS[kind]} WHERE tenant = '{whose}' AND id >= '{first}' ORDER BY id"):
        if id not in told and instant(at) > since:
            yield fault("delivery_missing", f"{kind} {id} -> {endpoint}")
