"""Verdicts: one for each revision, code and policy; entered; with their results; and no case that was forgotten.

1. a verdict is on a revision that its case had, and alone on it for its code and policy
2. each verdict has its `judge` entry, and each `judge` entry its verdict
3. every file that the verdict's results name is in the store; each of them is the one that was entered
4. a verified case has a verdict on its present revision, and shows it
5. a case with sealed evidence has a verdict on its present revision, or a job that brings one
"""

import hashlib
import json
from collections.abc import Iterator
from typing import Any

from sixfaces.adapters.fsck.fault import Fault, fault
from sixfaces.adapters.fsck.look import Look, tree_of

_VERDICTS = """
SELECT v.id, v.tenant, v.case_id, v.revision, v.code_version, v.policy_digest, v.verdict, v.results, v.entry,
       c.tenant, c.revision, v.erased_at
FROM verdicts v LEFT JOIN cases c ON c.id = v.case_id ORDER BY v.entry, v.id
"""
_JUDGED = "SELECT seq, tenant, subject, CAST(body AS TEXT) FROM log_entries WHERE act = 'judge' ORDER BY seq"
_TWICE = """
SELECT case_id, revision FROM verdicts
GROUP BY tenant, case_id, revision, code_version, policy_digest, again HAVING count(*) > 1
"""
_PRESENT = "SELECT 1 FROM verdicts v WHERE v.tenant = c.tenant AND v.case_id = c.id AND v.revision = c.revision"
_UNJUDGED = f"SELECT c.id FROM cases c WHERE c.state = 'verified' AND NOT EXISTS ({_PRESENT}) ORDER BY c.id"
_SHOWN = f"""
SELECT c.id FROM cases c WHERE c.verdict IS NOT NULL AND NOT EXISTS ({_PRESENT} AND v.verdict = c.verdict) ORDER BY c.id
"""
_FORGOTTEN = f"""
SELECT c.id FROM cases c WHERE c.state <> 'closed' AND NOT EXISTS ({_PRESENT})
AND EXISTS (SELECT 1 FROM exhibits e WHERE e.tenant = c.tenant AND e.case_id = c.id AND e.erased IS NULL)
AND c.id NOT IN (SELECT subject FROM jobs WHERE kind = 'judge' AND state <> 'done')
AND NOT EXISTS (
    SELECT 1 FROM exhibits mine JOIN exhibits alike ON alike.tenant = mine.tenant AND alike.sha256 = mine.sha256
    WHERE mine.tenant = c.tenant AND mine.case_id = c.id
    AND alike.id IN (SELECT subject FROM jobs WHERE kind = 'observe' AND state IN ('ready', 'running', 'dead'))
) ORDER BY c.id
"""
"""Jobs that are still to run are few: asked for all at once, because no index leads from a subject to its jobs."""


def check_verdicts(look: Look) -> Iterator[Fault]:
    """1. to 3."""
    for case, revision in look.rows.ask(_TWICE):
        yield fault("verdict_twice", f"case {case}, revision {revision}")
    judged = look.rows.ask(_JUDGED)
    entry = next(judged, None)
    for row in look.rows.ask(_VERDICTS):
        look.counted["verdicts"] += 1
        yield from _standing(row)
        while entry is not None and entry[0] < row[8]:
            yield fault("judge_without_verdict", f"entry {entry[0]}, case {entry[2]}")
            entry = next(judged, None)
        told: dict[str, Any] = {}
        if entry is not None and entry[0] == row[8]:
            told = (tree_of(entry[3]) or {}) | {"case": entry[2], "tenant": entry[1]}
            entry = next(judged, None)
        if not _is_of(told, row):
            yield fault("verdict_unentered", f"verdict {row[0]}, entry {row[8]}")
        if row[11] is None:
            yield from _results(look, row[7], told)
    while entry is not None:
        yield fault("judge_without_verdict", f"entry {entry[0]}, case {entry[2]}")
        entry = next(judged, None)


def check_cases(look: Look) -> Iterator[Fault]:
    """4. and 5."""
    for (count,) in look.rows.ask("SELECT count(*) FROM cases"):
        look.counted["cases"] += count
    for code, asked in (
        ("verified_without_verdict", _UNJUDGED),
        ("case_verdict_differs", _SHOWN),
        ("case_forgotten", _FORGOTTEN),
    ):
        yield from (fault(code, f"case {id}") for (id,) in look.rows.ask(asked))


def _standing(row: tuple[Any, ...]) -> Iterator[Fault]:
    """1."""
    if row[9] is not None and row[9] != row[1]:
        yield fault("tenant_crossed", f"verdict {row[0]}")
    if row[10] is not None and not 1 <= row[3] <= row[10]:
        yield fault("verdict_ahead", f"verdict {row[0]}, revision {row[3]} of {row[10]}")


def _is_of(told: dict[str, Any], row: tuple[Any, ...]) -> bool:
    """2."""
    names = ("tenant", "case", "revision", "code_version", "policy_digest", "verdict")
    return all(told.get(name) == value for name, value in zip(names, row[1:7], strict=True))


def _results(look: Look, place: str, told: dict[str, Any]) -> Iterator[Fault]:
    """3. Pictures that were kept when an exhibit was measured lie elsewhere, and are held against its record."""
    keys = _named(look.store.read(f"{place}/pictures.json"))
    if keys is None:
        yield fault("results_missing", f"{place}/pictures.json")
        return
    digests, report = {}, told.get("report_sha256")
    if (whole := told.get("results_sha256")) is not None:
        data = look.store.read(f"{place}/digests.json")
        digests = _named(data) or {}
        if data is None or hashlib.sha256(data).hexdigest() != whole:
            yield fault("results_changed", f"{place}/digests.json")
            digests = {}
    for name in sorted({"report.json", *keys, *digests}):
        key = keys.get(name, f"{place}/{name}")
        if look.store.size(key) is None:
            yield fault("results_missing", key)
        elif name == "report.json" and report is not None:
            if hashlib.sha256(look.store.read(key) or b"").hexdigest() != report:
                yield fault("report_changed", key)
        elif _is_own(look, key, place) and digests and look.store.digest(key) != digests.get(name):
            yield fault("results_changed", key)


def _is_own(look: Look, key: str, place: str) -> bool:
    """Whether a file is read here: pictures of records are held against theirs elsewhere."""
    return not look.is_quick and key.startswith(f"{place}/")


def _named(data: bytes | None) -> dict[str, str] | None:
    """What names of results stand for; None for anything else than texts by names."""
    try:
        tree = None if data is None else json.loads(data)
    except ValueError:
        return None
    is_map = isinstance(tree, dict) and all(isinstance(value, str) for value in tree.values())
    return tree if is_map else None
