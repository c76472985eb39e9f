"""Exhibits: their originals, their entries in the log, what was measured of them.

1. each exhibit has its `seal` entry, which says what its row says, and each `seal` entry its exhibit
2. each original is in the store, with its size and its digest; the same bytes of a tenant are read once
3. what counts as measured has its record, the one that was entered, and the pictures that the record cites
"""

import hashlib
import json
from collections.abc import Iterator
from typing import Any

from sixfaces.adapters.fsck.aside import Aside
from sixfaces.adapters.fsck.fault import Fault, fault
from sixfaces.adapters.fsck.look import Look, tree_of

_EXHIBITS = """
SELECT e.id, e.tenant, e.case_id, e.sha256, e.entry, e.role, e.observed_by, CAST(e.exhibit AS TEXT), c.tenant,
       e.erased IS NOT NULL
FROM exhibits e LEFT JOIN cases c ON c.id = e.case_id ORDER BY e.entry, e.id
"""
_SEALS = "SELECT seq, tenant, subject, CAST(body AS TEXT) FROM log_entries WHERE act = 'seal' ORDER BY seq"
_OBSERVED = "SELECT tenant, CAST(body AS TEXT) FROM log_entries WHERE act = 'observe' ORDER BY seq"
_RECORDS = 'SELECT tenant, sha256, "by", results, CAST(record AS TEXT) FROM observations'
_UNRECORDED = """
SELECT e.id FROM exhibits e WHERE e.observed_by IS NOT NULL AND e.erased IS NULL AND NOT EXISTS (
    SELECT 1 FROM observations o WHERE o.tenant = e.tenant AND o.sha256 = e.sha256 AND o."by" = e.observed_by
) ORDER BY e.id
"""


_UNWATCHED = """
SELECT e.sha256, e.tenant FROM exhibits e LEFT JOIN originals o ON o.tenant = e.tenant AND o.sha256 = e.sha256
WHERE o.sha256 IS NULL AND e.erased IS NULL GROUP BY e.sha256, e.tenant ORDER BY e.sha256
"""


def check_evidence(look: Look) -> Iterator[Fault]:
    """All of the above; then originals that nobody would read again, and those that no exhibit names."""
    known = Aside()
    erased = Aside()
    seals = look.rows.ask(_SEALS)
    seal = next(seals, None)
    for row in look.rows.ask(_EXHIBITS):
        look.counted["exhibits"] += 1
        id, tenant, _, sha256, entry = row[:5]
        exhibit = tree_of(row[7])
        if exhibit is None:
            yield fault("row_unreadable", f"exhibit {id}")
            exhibit = {}
        if row[8] is not None and row[8] != tenant:
            yield fault("tenant_crossed", f"exhibit {id}")
        while seal is not None and seal[0] < entry:
            yield fault("seal_without_exhibit", f"entry {seal[0]}, exhibit {seal[2]}")
            seal = next(seals, None)
        if seal is None or seal[0] != entry:
            yield fault("exhibit_unentered", f"exhibit {id}, entry {entry}")
        else:
            if _told(seal[3]) | {"exhibit": seal[2], "tenant": seal[1]} != _stands(row, exhibit):
                yield fault("exhibit_differs", f"exhibit {id}, entry {entry}")
            seal = next(seals, None)
        key = f"originals/{tenant}/{sha256[:2]}/{sha256}"
        if row[9]:
            erased.add(key)
        elif known.add(key):
            yield from _original(look, key, exhibit.get("bytes"))
    if seal is not None:
        yield fault("seal_without_exhibit", f"entry {seal[0]}, exhibit {seal[2]}")
        yield from (fault("seal_without_exhibit", f"entry {one[0]}, exhibit {one[2]}") for one in seals)
    for sha256, tenant in look.rows.ask(_UNWATCHED):
        yield fault("original_unwatched", f"originals/{tenant}/{sha256[:2]}/{sha256}")
    for key, _ in look.store.listed("originals/"):
        if key not in known and key not in erased:
            yield fault("original_orphaned", key)


def check_records(look: Look) -> Iterator[Fault]:
    """3."""
    for (id,) in look.rows.ask(_UNRECORDED):
        yield fault("record_missing", f"exhibit {id}")
    entered, takes = Aside(), Aside()
    for tenant, body in look.rows.ask(_OBSERVED):
        told = tree_of(body) or {}
        yield from _take(takes, f"{told.get('sha256')} ({tenant})", told.get("take"))
        if "record_sha256" not in told:
            continue
        entered.put(_measured(tenant, told.get("sha256"), told.get("observers")), str(told.get("record_sha256")))
    for tenant, sha256, by, results, text in look.rows.ask(_RECORDS):
        look.counted["records"] += 1
        record, place = tree_of(text), f"record of {sha256} ({tenant})"
        if record is None:
            yield fault("row_unreadable", place)
            continue
        digest = entered.get(_measured(tenant, sha256, by))
        if digest is None:
            yield fault("record_unentered", place)
        elif digest != _spelled(record):
            yield fault("record_changed", place)
        for fact in _groups(record):
            yield from _take(takes, f"{sha256} ({tenant})", fact)
        yield from _pictures(look, record, results)


def _take(takes: Aside, whose: str, take: object) -> Iterator[Fault]:
    """The root over a take's groups of pictures: whoever tells one for the same bytes tells the same."""
    if not isinstance(take, dict):
        return
    told = json.dumps([take.get(name) for name in ("form", "root", "groups", "codec", "parameters")])
    known = takes.get(whose)
    if known is None:
        takes.put(whose, told)
    elif known != told:
        yield fault("take_differs", f"take {whose}")


def _groups(record: dict[str, Any]) -> Iterator[object]:
    told = record.get("observations")
    for one in told if isinstance(told, list) else ():
        fact = one.get("fact") if isinstance(one, dict) else None
        if isinstance(fact, dict) and fact.get("kind") == "groups":
            yield fact


def _measured(tenant: str, sha256: object, by: object) -> str:
    return json.dumps([tenant, sha256, by])


def _original(look: Look, key: str, size: object) -> Iterator[Fault]:
    """2."""
    there = look.store.size(key)
    if there is None:
        yield fault("original_missing", key)
        return
    look.counted["bytes"] += there
    if there != size:
        yield fault("original_size", key)
    if not look.is_quick and look.store.digest(key) != key.rpartition("/")[2]:
        yield fault("original_changed", key)


def _pictures(look: Look, record: dict[str, Any], results: str) -> Iterator[Fault]:
    images = record.get("images")
    for name, sha256 in sorted(images.items()) if isinstance(images, dict) else ():
        key = f"{results}/{name}"
        if look.store.size(key) is None:
            yield fault("picture_missing", key)
        elif not look.is_quick and look.store.digest(key) != sha256:
            yield fault("picture_changed", key)


def _told(body: object) -> dict[str, Any]:
    told = tree_of(body) or {}
    return {name: told.get(name) for name in ("sha256", "bytes", "case", "role")}


def _stands(row: tuple[Any, ...], exhibit: dict[str, Any]) -> dict[str, Any]:
    """What the seal entry ought to say. Where the row's column and its exhibit differ, nothing is as it was entered."""
    id, tenant, case, sha256, _, role = row[:6]
    alike = (exhibit.get("sha256"), exhibit.get("role")) == (sha256, role)
    told = {"sha256": sha256 if alike else None, "bytes": exhibit.get("bytes"), "case": case, "role": role}
    return told | {"exhibit": id, "tenant": tenant}


def _spelled(record: dict[str, Any]) -> str:
    """Digest of a record as records are written for people: one space of indent, one newline at the end."""
    text = json.dumps(record, ensure_ascii=False, indent=1) + "\n"
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
