"""Lots and samples: what was drawn is what was entered, and what came of it is what was answered.

1. each lot has its `sample` entry, which says what the lot says, and each such entry its lot
2. a lot has as many items as its plan asks for, each in the place that the seed gives it
3. a lot has ended when all of its items are answered, with as many wrong ones as differ from what was said, unless
   somebody ended it as void
"""

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterator
from typing import Any

from sixfaces.adapters.fsck.fault import Fault, fault
from sixfaces.adapters.fsck.look import Look, tree_of

_LOTS = "SELECT id, tenant, outcome, CAST(lot AS TEXT) FROM lots ORDER BY id"
_ITEMS = 'SELECT lot, subject, "order", said, answer, answered_at FROM sample_items WHERE lot IS NOT NULL ORDER BY id'
_ENTERED = "SELECT tenant, subject, CAST(body AS TEXT) FROM log_entries WHERE act = 'sample' ORDER BY seq"
_SAME = ("of", "policy", "size", "seed", "log_size", "population_sha256", "aql")
_OF_PLAN = {"letter": "letter", "sample": "size", "accept": "accept", "strictness": "strictness"}


def check_watching(look: Look) -> Iterator[Fault]:
    """All of the above."""
    drawn: dict[str, dict[str, Any]] = {}
    for tenant, subject, body in look.rows.ask(_ENTERED):
        told = tree_of(body) or {}
        if told.get("what") == "drawn":
            drawn[subject] = {**told, "tenant": tenant}
    items: dict[str, list[tuple[Any, ...]]] = defaultdict(list)
    for lot, *item in look.rows.ask(_ITEMS):
        items[lot].append(tuple(item))
    for id, tenant, outcome, text in look.rows.ask(_LOTS):
        look.counted["lots"] += 1
        lot = tree_of(text)
        if lot is None:
            yield fault("row_unreadable", f"lot {id}")
        elif not _is_entered(lot, drawn.pop(id, {}), tenant):
            yield fault("lot_differs", f"lot {id}")
        elif not _is_drawn(lot, items[id]) or not _is_counted(lot, outcome, items[id]):
            yield fault("sample_differs", f"lot {id}")
        drawn.pop(id, None)
    yield from (fault("lot_differs", f"lot {id}") for id in sorted(drawn))


def _is_entered(lot: dict[str, Any], entry: dict[str, Any], tenant: str) -> bool:
    """1."""
    plan = lot.get("plan") or {}
    same = all(lot.get(name) == entry.get(name) for name in _SAME)
    return same and entry.get("tenant") == tenant and all(entry.get(a) == plan.get(b) for a, b in _OF_PLAN.items())


def _is_drawn(lot: dict[str, Any], items: list[tuple[Any, ...]]) -> bool:
    """2."""
    seed = lot.get("seed")
    places = (hashlib.sha256(f"{seed} order\n{subject}".encode()).hexdigest() for subject, *_ in items)
    return len(items) == lot["plan"]["size"] and all(
        place == order for place, (_, order, *_) in zip(places, items, strict=True)
    )


def _is_counted(lot: dict[str, Any], outcome: str | None, items: list[tuple[Any, ...]]) -> bool:
    """3."""
    if outcome == "void":
        return bool(lot.get("outcome") == outcome)
    answers = Counter(answer == said for _, _, said, answer, at in items if at is not None)
    has_ended = answers.total() == len(items)
    if not has_ended or outcome is None:
        return has_ended is (outcome is not None) and outcome == lot.get("outcome")
    is_good = answers[False] <= lot["plan"]["accept"]
    return answers[False] == lot.get("wrong") and outcome == lot.get("outcome") == (
        "accepted" if is_good else "rejected"
    )
