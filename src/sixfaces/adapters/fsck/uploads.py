"""Uploads: what was acknowledged is on disk, and what is complete becomes evidence.

1. an upload that is not over has segments from 0 to its offset without holes, and their bytes are in the spool
2. an offset lies within its length; what is complete has a job that seals it; what is sealed has its exhibit
3. nothing still receives an hour after it expired
"""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from sixfaces.adapters.fsck.aside import Aside
from sixfaces.adapters.fsck.fault import Fault, fault
from sixfaces.adapters.fsck.look import Look
from sixfaces.adapters.fsck.rows import instant
from sixfaces.adapters.fsck.spool import Spool

OVERDUE = timedelta(hours=1)
_OPEN = ("receiving", "received")
_UPLOADS = """
SELECT u.id, u.tenant, u.state, u."offset", u.length, u.expires_at, u.direct, c.tenant, e.id,
       u.id IN (SELECT subject FROM jobs WHERE kind = 'seal' AND state <> 'done')
FROM uploads u LEFT JOIN cases c ON c.id = u.case_id LEFT JOIN exhibits e ON e.id = u.exhibit_id ORDER BY u.id
"""
_SEGMENTS = 'SELECT upload_id, "start", length, place FROM segments ORDER BY upload_id, "start"'


def check_uploads(look: Look) -> Iterator[Fault]:
    """All of the above; then what lies in the spool for no upload."""
    segments = look.rows.ask(_SEGMENTS)
    segment = next(segments, None)
    known = Aside()
    for row in look.rows.ask(_UPLOADS):
        look.counted["uploads"] += 1
        id, state, offset, direct = row[0], row[2], row[3], row[6]
        known.add(id)
        its = []
        while segment is not None and segment[0] <= id:
            its.append(segment)
            segment = next(segments, None)
        yield from _standing(look, row)
        if state in _OPEN and direct is None:
            yield from _bytes(look.spool, id, offset=offset, segments=[one for one in its if one[0] == id])
    for id in look.spool.uploads():
        if id not in known:
            yield fault("spool_orphaned", id)


def _standing(look: Look, row: tuple[Any, ...]) -> Iterator[Fault]:
    """2. and 3."""
    id, tenant, state, offset, length, expires_at, direct, case_tenant, exhibit, is_to_be_sealed = row
    place = f"upload {id}"
    if case_tenant is not None and case_tenant != tenant:
        yield fault("tenant_crossed", place)
    is_beyond = length is not None and offset > length
    is_short = state == "received" and direct is None and offset != length
    if is_beyond or is_short:
        yield fault("upload_beyond", f"{place}, {offset} of {length}")
    if state == "received" and not is_to_be_sealed:
        yield fault("upload_unsealed", place)
    if state == "sealed" and exhibit is None:
        yield fault("sealed_without_exhibit", place)
    if state == "receiving" and instant(expires_at) + OVERDUE < look.rows.now:
        yield fault("upload_overdue", place)


def _bytes(spool: Spool, id: str, *, offset: int, segments: list[tuple[Any, ...]]) -> Iterator[Fault]:
    """1."""
    end = 0
    for _, start, length, place in segments:
        if start != end:
            yield fault("segments_gap", f"upload {id}, byte {end}")
        end = start + length
        lacking = spool.lacks(place, start, end)
        if lacking is not None:
            yield fault(lacking, f"upload {id}, {place}")
    if end != offset:
        yield fault("segments_gap", f"upload {id}, byte {end} of {offset}")
