"""What a case file is once a statement has been taken in: what is stated fills and replaces, all else stays.

1. the lines of an order are the same in all of its cases, each in its place: what is paid for is kept by line and
   piece (D21), so that a case to which a line is new takes over those that other cases of the order have
2. what a statement names of a line replaces that; a line that nobody knows comes last
3. a claim that lists its goods claims just these; rows add to it, for nobody knows whether more of it come later
4. where nobody says how many pieces a line has, it has as many at least as are claimed
Who may not see personal data tells lines apart as they are shown to them: whether a title is right is not told.
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from sixfaces.domain.case import CaseFile
from sixfaces.domain.importing import StatedItem, Statement, Tree
from sixfaces.domain.masked import masked_tree

_NAMES = ("sku", "title")
"""What a line is known by, the first that both have."""


class Merged(NamedTuple):
    """The case file, and the places in it (`order.items.0.title`) that were stated."""

    file: CaseFile
    stated: frozenset[str]


class Around(NamedTuple):
    """What a statement is taken in with: its platform, the lines of its order as other cases have them, and whether
    titles are compared as they are shown to who may not see personal data."""

    platform: str
    lines: Sequence[Tree] = ()
    blindly: bool = False


def merged(known: CaseFile | None, statement: Statement, around: Around) -> Merged:
    """What the case is then. Raises ValidationError."""
    tree: Tree = known.model_dump(mode="json") if known is not None else {"case_id": statement.number}
    own: list[Tree] = tree.get("order", {}).get("items", [])
    blindly = around.blindly
    grows = known is None or any(_place(own, one, statement, blindly=blindly) == len(own) for one in statement.items)
    others = around.lines if grows and extends(own, around.lines, blindly=blindly) else own
    items = [dict(one) for one in others]
    before = _claimed(tree, own, items)
    claimed = {} if statement.is_whole and any(one.claimed for one in statement.items) else dict(before)
    places = {"platform", *_paths(statement.fields)}
    for stated in statement.items:
        place = _place(items, stated, statement, blindly=blindly)
        if place == len(items):
            items.append({})
        items[place] |= stated.fields
        places |= {f"order.items.{place}.{name}" for name in stated.fields}
        if stated.claimed is not None:
            claimed[place] = stated.claimed
            _fill(items[place], stated, before.get(place))
    tree = over(tree, statement.fields)
    tree["platform"] = around.platform
    if items:
        tree.setdefault("order", {})["items"] = items
    if claimed:
        tree.setdefault("claim", {})["lines"] = [{"line": n, "quantity": many} for n, many in sorted(claimed.items())]
    return Merged(CaseFile.model_validate(tree), frozenset(places))


def extends(own: Sequence[Tree], lines: Sequence[Tree], *, blindly: bool = False) -> bool:
    """Whether `lines` begin with one's own."""
    pairs = zip(own, lines, strict=False)
    return len(lines) >= len(own) and all(_is_same(one, other, blindly=blindly) for one, other in pairs)


def over(below: Tree, above: Tree) -> Tree:
    """All of both; where both say something, `above` does."""
    tree = dict(below)
    for name, value in above.items():
        known = tree.get(name)
        tree[name] = over(known, value) if isinstance(known, dict) and isinstance(value, dict) else value
    return tree


def _paths(tree: Tree, before: str = "") -> Iterator[str]:
    """Where each value stands."""
    for name, value in tree.items():
        if isinstance(value, dict):
            yield from _paths(value, f"{before}{name}.")
        else:
            yield f"{before}{name}"


def _claimed(tree: Tree, own: Sequence[Tree], items: Sequence[Tree]) -> dict[int, int]:
    """3. What is claimed by line; a claim on all lines that are known stays on these when others become known."""
    stated = {one["line"]: one["quantity"] for one in tree.get("claim", {}).get("lines", [])}
    if stated or not own or len(items) == len(own):
        return stated
    return {line: item.get("quantity") or 1 for line, item in enumerate(own)}


def _fill(item: Tree, stated: StatedItem, before: int | None) -> None:
    """4. What was filled in for the claim as it was `before` grows with it; what an order says stands."""
    known, claimed = item.get("quantity"), stated.claimed or 0
    if "quantity" not in stated.fields and known in (None, before) and claimed > (known or 1):
        item["quantity"] = claimed


def _place(items: Sequence[Tree], stated: StatedItem, statement: Statement, *, blindly: bool) -> int:
    """2. The line that is meant. Of goods that stand on several lines of the order the n-th that a statement names is
    the n-th line; one more than there are is a new line."""
    alike = [n for n, item in enumerate(items) if _is_same(item, stated.fields, blindly=blindly)]
    before = 0
    for one in statement.items:
        if one is stated:
            break
        before += _is_same(one.fields, stated.fields, blindly=blindly)
    return alike[before] if before < len(alike) else len(items)


def _is_same(one: Tree, other: Tree, *, blindly: bool) -> bool:
    """By the article's number; where either has none, by its title."""
    name = next((name for name in _NAMES if one.get(name) and other.get(name)), None)
    if name is None:
        return False
    return bool(_shown(one[name]) == _shown(other[name]) if blindly and name == "title" else one[name] == other[name])


def _shown(title: str) -> str:
    return str(masked_tree(title))
