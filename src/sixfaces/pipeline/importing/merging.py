"""What a case file is once a statement has been taken in: what is stated fills and replaces, all else stays.

1. the lines of an order are the same in all of its cases, each in its place: what is paid for is kept by line and
   piece (D21), so that a case to which a line is new takes over those that other cases of the order have
2. what a statement names of a line replaces that; a line that nobody knows comes last
3. a claim that states its goods claims just these
"""

from collections.abc import Sequence

from sixfaces.domain.case import CaseFile
from sixfaces.domain.importing import StatedItem, Statement, Tree

_NAMES = ("sku", "title")
"""What a line is known by, the first that both have."""


def merged(known: CaseFile | None, statement: Statement, *, platform: str, lines: Sequence[Tree]) -> CaseFile:
    """The case file. `lines`: those of the order, as other cases have them. Raises ValidationError."""
    tree: Tree = known.model_dump(mode="json") if known is not None else {"case_id": statement.number}
    own: list[Tree] = tree.get("order", {}).get("items", [])
    grows = known is None or any(_place(own, one, statement.items) == len(own) for one in statement.items)
    items = [dict(one) for one in (lines if grows and extends(own, lines) else own)]
    claimed = _claimed(tree, own, items)
    for stated in statement.items:
        place = _place(items, stated, statement.items)
        if place == len(items):
            items.append({})
        items[place] |= stated.fields
        if stated.claimed is not None:
            claimed[place] = stated.claimed
    tree = over(tree, statement.fields)
    tree["platform"] = platform
    if items:
        tree.setdefault("order", {})["items"] = items
    if claimed:
        tree.setdefault("claim", {})["lines"] = [{"line": n, "quantity": many} for n, many in sorted(claimed.items())]
    return CaseFile.model_validate(tree)


def extends(own: Sequence[Tree], lines: Sequence[Tree]) -> bool:
    """Whether `lines` begin with one's own."""
    return len(lines) >= len(own) and all(_is_same(one, other) for one, other in zip(own, lines, strict=False))


def over(below: Tree, above: Tree) -> Tree:
    """All of both; where both say something, `above` does."""
    tree = dict(below)
    for name, value in above.items():
        known = tree.get(name)
        tree[name] = over(known, value) if isinstance(known, dict) and isinstance(value, dict) else value
    return tree


def _claimed(tree: Tree, own: Sequence[Tree], items: Sequence[Tree]) -> dict[int, int]:
    """3. What is claimed by line; a claim on all lines that are known stays on these when others become known."""
    stated = {one["line"]: one["quantity"] for one in tree.get("claim", {}).get("lines", [])}
    if stated or not own or len(items) == len(own):
        return stated
    return {line: item.get("quantity") or 1 for line, item in enumerate(own)}


def _place(items: Sequence[Tree], stated: StatedItem, every: Sequence[StatedItem]) -> int:
    """2. The line that is meant. Of goods that stand on several lines of the order the n-th that a statement names is
    the n-th line; one more than there are is a new line."""
    alike = [n for n, item in enumerate(items) if _is_same(item, stated.fields)]
    before = 0
    for one in every:
        if one is stated:
            break
        before += _is_same(one.fields, stated.fields)
    return alike[before] if before < len(alike) else len(items)


def _is_same(one: Tree, other: Tree) -> bool:
    """By the article's number; where either has none, by its title."""
    name = next((name for name in _NAMES if one.get(name) and other.get(name)), None)
    return name is not None and bool(one[name] == other[name])
