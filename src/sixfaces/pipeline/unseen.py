"""Texts of a case file that somebody states without being shown what is kept in their place.

Whether they state just what is kept must not be told to them: few enough are the digits behind a mask to try them all.
So what they state in the place of a masked text is an edit whether they are right or wrong, but for what they have
stated there themselves while nobody else has edited the case since: that they know, and the same again changes nothing.
"""

from collections.abc import Iterable, Iterator
from typing import Any

from sixfaces.domain.case import CaseFile
from sixfaces.domain.filing import FiledCase, KnownTexts
from sixfaces.domain.masked import masked_tree
from sixfaces.domain.people import Principal
from sixfaces.domain.records import Transaction


def is_unknown(transaction: Transaction, who: Principal, case: FiledCase, *, stated: Iterable[str]) -> bool:
    """Whether in one of these places (`order.items.0.title`) stands a text that they may not know."""
    if who.sees_personal:
        return False
    covered = _covered(case.file).keys() & set(stated)
    return bool(covered and covered - _known(transaction, who, case))


def known_after(
    transaction: Transaction, who: Principal, before: FiledCase | None, *, after: CaseFile, stated: Iterable[str]
) -> KnownTexts | None:
    """What is to be kept of who knows what, once they have edited the case, or opened it."""
    now = {} if who.sees_personal else _covered(after)
    if not now:
        return None
    then = _covered(before.file) if before is not None else {}
    old = _known(transaction, who, before) if before is not None else frozenset[str]()
    kept = {path for path in old if now.get(path) == then.get(path)}
    known = now.keys() & (kept | set(stated))
    return KnownTexts(actor=who.actor, places=tuple(sorted(known))) if known else None


def _known(transaction: Transaction, who: Principal, case: FiledCase) -> frozenset[str]:
    known = transaction.cases.known_texts(case.id)
    return frozenset(known.places) if known is not None and known.actor == who.actor else frozenset()


def _covered(file: CaseFile) -> dict[str, str]:
    """Texts of which only a mask is shown, by their places."""
    tree = file.model_dump(mode="json")
    return dict(_differing(tree, masked_tree(tree), ""))


def _differing(kept: Any, shown: Any, path: str) -> Iterator[tuple[str, str]]:  # noqa: ANN401 JSON may be anything
    if isinstance(kept, dict):
        for (name, one), other in zip(kept.items(), shown.values(), strict=True):  # keys may be masked as well
            yield from _differing(one, other, f"{path}.{name}" if path else name)
    elif isinstance(kept, list):
        for place, (one, other) in enumerate(zip(kept, shown, strict=True)):
            yield from _differing(one, other, f"{path}.{place}")
    elif kept != shown:
        yield path, kept
