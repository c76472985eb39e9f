"""The course of claims: what was found, decided and told is what was entered in the log.

1. each QC verdict is the one of its `grade` entry, each decision that of its `decide` entry, each entry of the
   chronicle that of its `record` entry: by its digest, computed anew from the row and the salt of its case
2. each of these entries has its row
3. a verdict is of an inspection that has been concluded, and each of these has its verdict

What an erasure took the words of keeps its entry, and its digest can be held against nothing any more, nor can what is
left in an erased case, whose salt went with it: `erased_course` holds both against the erasure.
"""

import hashlib
import json
from collections.abc import Collection, Iterator
from typing import Any, NamedTuple

from sixfaces.adapters.fsck.aside import Aside
from sixfaces.adapters.fsck.fault import Fault, fault
from sixfaces.adapters.fsck.look import Look, tree_of
from sixfaces.adapters.fsck.rows import instant


class _Kind(NamedTuple):
    """One kind of row that is entered by its digest: the act, the name of its id in the entry, how rows are asked for
    (id, tenant, case, since when its words are gone, the row), and whether it tells its number in the log."""

    act: str
    name: str
    asked: str
    numbered: bool


_SALTED = " LEFT JOIN cases c ON c.tenant = r.tenant AND c.id = r.case_id ORDER BY r.id"
_VERDICTS = _Kind(
    "grade", "verdict",
    "SELECT r.id, r.tenant, r.case_id, r.erased_at, CAST(r.verdict AS TEXT), c.erased_at, c.salt FROM qc_verdicts r"
    + _SALTED,
    numbered=True,
)  # fmt: skip
_DECISIONS = _Kind(
    "decide", "decision",
    "SELECT r.id, r.tenant, r.case_id, r.erased_at, CAST(r.decision AS TEXT), c.erased_at, c.salt FROM decisions r"
    + _SALTED,
    numbered=True,
)  # fmt: skip
_CHRONICLE = _Kind(
    "record", "entry",
    "SELECT r.id, r.tenant, r.case_id, r.erased_at, r.what, r.at, r.recorded_at, r.source, r.actor, r.reference,"
    " c.erased_at, c.salt FROM chronicle r" + _SALTED,
    numbered=False,
)  # fmt: skip
_ENTERED = "SELECT seq, tenant, subject, CAST(body AS TEXT) FROM log_entries WHERE act = '{act}' ORDER BY seq"
_UNCONCLUDED = """
SELECT r.id FROM qc_verdicts r JOIN inspections i ON i.tenant = r.tenant AND i.id = r.inspection
WHERE i.state <> 'concluded' ORDER BY r.id
"""
_WITHOUT = """
SELECT i.id FROM inspections i WHERE i.state = 'concluded' AND NOT EXISTS (
    SELECT 1 FROM qc_verdicts r WHERE r.tenant = i.tenant AND r.inspection = i.id
) ORDER BY i.id
"""


def check_claims(look: Look) -> Iterator[Fault]:
    """All of the above."""
    for kind in (_VERDICTS, _DECISIONS, _CHRONICLE):
        yield from _held(look, kind)
    yield from (fault("inspection_open", f"verdict {id}") for (id,) in look.rows.ask(_UNCONCLUDED))  # 3.
    yield from (fault("inspection_unfounded", f"inspection {id}") for (id,) in look.rows.ask(_WITHOUT))


def _held(look: Look, kind: _Kind) -> Iterator[Fault]:
    entered = Aside()
    for seq, tenant, subject, body in look.rows.ask(_ENTERED.format(act=kind.act)):
        told = tree_of(body) or {}
        entered.put(f"{tenant} {subject} {told.get(kind.name)}", f"{seq} {told.get('sha256')}")
    there = Aside()
    for row in look.rows.ask(kind.asked):
        look.counted["course"] += 1
        place = f"{row[1]} {row[2]} {row[0]}"
        there.add(place)
        yield from _row(row, kind, entered.get(place))
    for seq, tenant, subject, body in look.rows.ask(_ENTERED.format(act=kind.act)):  # 2.
        told = tree_of(body) or {}
        if f"{tenant} {subject} {told.get(kind.name)}" not in there:
            yield fault(f"{kind.act}_without_row", f"entry {seq}, {kind.name} {told.get(kind.name)}")


def _row(row: tuple[Any, ...], kind: _Kind, entered: str | None) -> Iterator[Fault]:
    """1."""
    place = f"{kind.name} {row[0]}"
    if entered is None:
        yield fault("record_not_entered" if kind is _CHRONICLE else f"{kind.act}_unentered", place)
        return
    if row[3] is not None:
        return
    seq, _, digest = entered.partition(" ")
    tree = _chronicled(row) if kind is _CHRONICLE else tree_of(row[4])
    if tree is None:
        yield fault("row_unreadable", place)
        return
    number = tree.pop("entry", None) if kind.numbered else None
    is_placed = not kind.numbered or (str(number) == seq and _is_of(tree, row))
    *_, is_erased, salt = row
    if not is_placed or (not is_erased and digest not in _digests(tree, salt)):
        yield fault(f"{kind.act}_differs", f"{place}, entry {seq}")


def _is_of(tree: dict[str, Any], row: tuple[Any, ...]) -> bool:
    """The columns by which it is found say what it says itself."""
    return [tree.get(name) for name in ("id", "tenant", "case_id")] == list(row[:3])


def _chronicled(row: tuple[Any, ...]) -> dict[str, Any] | None:
    """An entry of the chronicle as its digest was made of it."""
    what = tree_of(row[4])
    if what is None:
        return None
    id, tenant, case_id = row[:3]
    told = {"id": id, "tenant": tenant, "case_id": case_id, "what": what, "at": _instant(row[5])}
    return told | {"recorded_at": _instant(row[6]), "source": row[7], "actor": row[8], "reference": row[9]}


def _instant(value: Any) -> str:  # noqa: ANN401 as either database tells it
    """RFC 3339 in UTC, with a fraction only where there is one."""
    at = instant(value)
    fraction = f".{at.microsecond:06d}" if at.microsecond else ""
    return f"{at:%Y-%m-%dT%H:%M:%S}{fraction}Z"


def _digests(tree: dict[str, Any], salt: bytes | None) -> Collection[str]:
    """What the row's digest may be: with the case's salt, or without, as it was entered before there were salts."""
    text = json.dumps(tree, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    plain = text.encode("utf-8", "surrogatepass")
    return [hashlib.sha256(before + plain).hexdigest() for before in (bytes(salt or b""), b"")]
