"""What was erased: it is gone, it is entered, and nothing is gone that was not erased.

1. each tombstone, each case that is erased and each verdict without its report has its `erase` entry, and each entry on
   an exhibit its tombstone
2. bytes that only tombstones name are gone, all versions of them, with what was measured of them and their pictures
3. reports of erased verdicts are gone, and what was claimed in an erased case, with the words of its course
4. an erasure that has begun ends, one that was asked for has a job; one that waits for the store's lock is told
"""

from collections.abc import Iterator
from datetime import timedelta

from sixfaces.adapters.fsck.erased_course import check_erased_course
from sixfaces.adapters.fsck.fault import Fault, fault
from sixfaces.adapters.fsck.look import Look, tree_of
from sixfaces.adapters.fsck.rows import instant

OVERDUE = timedelta(hours=1)
_ENTERED = "SELECT seq, tenant, subject, CAST(body AS TEXT) FROM log_entries WHERE act = 'erase' ORDER BY seq"
_STONES = "SELECT id, tenant, case_id, sha256 FROM exhibits WHERE erased IS NOT NULL ORDER BY id"
_CASES = "SELECT id, CAST(file AS TEXT) FROM cases WHERE erased_at IS NOT NULL ORDER BY id"
_VERDICTS = "SELECT id, case_id, results FROM verdicts WHERE erased_at IS NOT NULL ORDER BY id"
_NEEDED = "SELECT DISTINCT tenant, sha256 FROM exhibits WHERE erased IS NULL"
_GOING = "SELECT tenant, sha256 FROM removals WHERE ended_at IS NULL"
_MEASURED = "SELECT DISTINCT tenant, sha256 FROM observations"
_STATES = (
    "SELECT id, case_id, state, began_at, waits_until FROM erasures WHERE state IN ('waiting', 'begun') ORDER BY id"
)

_FORGOTTEN = """
    SELECT id, asked_at FROM erasures x WHERE state = 'asked' AND NOT EXISTS (
        SELECT 1 FROM jobs j WHERE j.kind = 'erase' AND j.subject = x.id AND j.state IN ('ready', 'running')
    ) ORDER BY id
"""


def check_erased(look: Look) -> Iterator[Fault]:
    """All of the above."""
    under_way = {row[1] for row in look.rows.ask(_STATES) if row[2] == "begun"}
    entered, of_cases = _entered(look)
    stones = list(look.rows.ask(_STONES))
    for id, _, _, sha256 in stones:
        look.counted["tombstones"] += 1
        if (id, sha256) not in entered:
            yield fault("tombstone_unentered", f"exhibit {id}")
    there = {id for id, *_ in stones}
    yield from (fault("erase_without_tombstone", f"exhibit {id}") for id, _ in sorted(entered) if id not in there)
    yield from _bytes(look, {(tenant, sha256) for _, tenant, _, sha256 in stones})
    yield from _texts(look, of_cases, under_way)
    yield from check_erased_course(look, of_cases)
    yield from _states(look)


def _entered(look: Look) -> tuple[set[tuple[str, str]], set[str]]:
    """1. Exhibits with their digests, and cases of which something was erased."""
    entered, of_cases = set(), set()
    for _, _, subject, body in look.rows.ask(_ENTERED):
        told = tree_of(body) or {}
        of_cases.add(str(told.get("case")))
        if "sha256" in told:
            entered.add((subject, str(told["sha256"])))
    return entered, of_cases


def _bytes(look: Look, erased: set[tuple[str, str]]) -> Iterator[Fault]:
    """2. What is on its way out may still be there."""
    kept = {row[:2] for asked in (_NEEDED, _GOING) for row in look.rows.ask(asked) if row[:2] in erased}
    measured = {row[:2] for row in look.rows.ask(_MEASURED) if row[:2] in erased}
    for tenant, sha256 in sorted(erased - kept):
        key = f"originals/{tenant}/{sha256[:2]}/{sha256}"
        if look.store.versions(key):
            yield fault("original_survived", key)
        if (tenant, sha256) in measured:
            yield fault("record_survived", f"record of {sha256} ({tenant})")
        yield from (fault("derived_survived", key) for key, _ in look.store.listed(f"derived/{tenant}/{sha256}/"))


def _texts(look: Look, entered: set[str], under_way: set[str]) -> Iterator[Fault]:
    """1. and 3."""
    for id, text in look.rows.ask(_CASES):
        if id not in entered:
            yield fault("tombstone_unentered", f"case {id}")
        file = tree_of(text) or {}
        claim, order = file.get("claim") or {}, file.get("order") or {}
        if claim.get("statement") or order.get("order_id") or order.get("items"):
            yield fault("claim_survived", f"case {id}")
    for id, case_id, place in look.rows.ask(_VERDICTS):
        if case_id not in entered:
            yield fault("tombstone_unentered", f"verdict {id}")
        elif case_id not in under_way:
            yield from (fault("derived_survived", key) for key, _ in look.store.listed(f"{place}/"))


def _states(look: Look) -> Iterator[Fault]:
    """4."""
    for id, _, state, began_at, waits_until in look.rows.ask(_STATES):
        if waits_until is not None and instant(waits_until) + OVERDUE > look.rows.now:
            yield fault("erasure_waits", f"erasure {id}, until {instant(waits_until).isoformat()}")
        elif state == "begun" and instant(began_at) + OVERDUE < look.rows.now:
            yield fault("erasure_overdue", f"erasure {id}")
    for id, asked_at in look.rows.ask(_FORGOTTEN):
        if instant(asked_at) + OVERDUE < look.rows.now:
            yield fault("erasure_overdue", f"erasure {id}")
