"""The archive of observations: every part is there as it was written, and holds the verdicts that name it.

1. bytes     each part's file is in the store, with the size and digest on record
2. rows      as many verdicts name a part as it holds, all of its tenant; what is named is there
3. erased    nothing that was erased is in a part, once its erasure has ended
4. strays    files that no part names: what a writer left that died. A note only
"""

from collections.abc import Iterator

from sixfaces.adapters.fsck.aside import Aside
from sixfaces.adapters.fsck.fault import Fault, fault
from sixfaces.adapters.fsck.look import Look

_PARTS = """
SELECT p.id, p.tenant, p.place, p.state, p.sha256, p.bytes, p.cases,
       (SELECT count(*) FROM verdicts v WHERE v.part = p.id AND v.tenant = p.tenant)
FROM archive_parts p ORDER BY p.id
"""
_LOST = """
SELECT v.id FROM verdicts v LEFT JOIN archive_parts p ON p.id = v.part AND p.tenant = v.tenant AND p.state = 'there'
WHERE v.part IS NOT NULL AND v.part <> '' AND p.id IS NULL ORDER BY v.id
"""
_ERASED = """
SELECT v.id FROM verdicts v WHERE v.part IS NOT NULL AND v.part <> '' AND v.erased_at IS NOT NULL
AND NOT EXISTS (SELECT 1 FROM erasures e WHERE e.tenant = v.tenant AND e.case_id = v.case_id AND e.state = 'begun')
ORDER BY v.id
"""


def check_archive(look: Look) -> Iterator[Fault]:
    """All of the above."""
    named = Aside()
    for id, _, place, state, sha256, size, cases, held in look.rows.ask(_PARTS):
        named.add(place)
        if state == "there":
            look.counted["parts"] += 1
            yield from _file(look, place, sha256=sha256, size=size)
            if cases != held:
                yield fault("part_differs", f"part {id}: {cases} rows, {held} verdicts")
    yield from (fault("part_lost", f"verdict {id}") for (id,) in look.rows.ask(_LOST))
    yield from (fault("part_survived", f"verdict {id}") for (id,) in look.rows.ask(_ERASED))
    yield from (fault("part_orphaned", key) for key, _ in look.store.listed("archive/") if key not in named)


def _file(look: Look, place: str, *, sha256: str, size: int) -> Iterator[Fault]:
    """1."""
    there = look.store.size(place)
    if there is None:
        yield fault("part_missing", place)
    elif there != size or (not look.is_quick and look.store.digest(place) != sha256):
        yield fault("part_changed", place)
