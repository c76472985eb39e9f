"""What is shown to who may not see personal data: JSON with its texts masked."""

import re
from collections.abc import Collection
from typing import Any

from sixfaces.domain.model import Model
from sixfaces.domain.personal import masked_text

EVIDENCE = frozenset({"waybill", "order_id", "claim_id", "case_id", "serials", "barcodes", "sku"})
"""Fields whose values are numbers of things and of nobody: they are what evidence is found by."""

_LINEAR = frozenset({"Code128", "EAN13", "EAN8", "UPCA", "UPCE", "ITF", "Code39", "Code39Std", "Code39Ext"})
_TOKEN = re.compile(r"[A-Za-z0-9]+(?:-[A-Za-z0-9]+)*")


def masked_tree(tree: Any, known: Collection[str] = ()) -> Any:  # noqa: ANN401 JSON may be anything
    """JSON with every text masked but those that are evidence: numbers of things, and what a linear code says."""
    if isinstance(tree, str):
        return masked_text(tree, known)
    if isinstance(tree, list):
        return [masked_tree(one, known) for one in tree]
    if not isinstance(tree, dict):
        return tree
    is_linear = tree.get("format") in _LINEAR
    return {
        masked_text(key, known): value
        if key in EVIDENCE or (is_linear and key in {"text", "rivals"} and _all_tokens(value))
        else masked_tree(value, known)
        for key, value in tree.items()
    }


def numbers_of(file: Model) -> frozenset[str]:
    """The numbers that a case states of itself and its goods."""
    return frozenset(_numbers(file.model_dump(mode="json"), inside=False))


def restored(sent: Any, *, shown: Any, known: Any) -> Any:  # noqa: ANN401 JSON may be anything
    """What was sent by somebody who was `shown` the masked form of what is `known`: what they left as it was shown
    is as it was."""
    if sent == shown:
        return known
    if isinstance(sent, dict) and isinstance(shown, dict) and isinstance(known, dict):
        before = dict(zip(shown, known, strict=False))  # masking changes keys, never their order
        return {
            before.get(key, key): restored(value, shown=shown.get(key), known=known.get(before.get(key, key)))
            for key, value in sent.items()
        }
    if isinstance(sent, list) and isinstance(shown, list) and isinstance(known, list) and len(sent) == len(shown):
        return [restored(s, shown=m, known=k) for s, m, k in zip(sent, shown, known, strict=True)]
    return sent


def _all_tokens(value: object) -> bool:
    values = value if isinstance(value, list) else [value]
    return all(isinstance(one, str) and _TOKEN.fullmatch(one) for one in values)


def _numbers(tree: Any, *, inside: bool) -> list[str]:  # noqa: ANN401 JSON may be anything
    if isinstance(tree, str):
        return [tree] if inside else []
    if isinstance(tree, list):
        return [found for one in tree for found in _numbers(one, inside=inside)]
    if isinstance(tree, dict):
        return [found for key, one in tree.items() for found in _numbers(one, inside=inside or key in EVIDENCE)]
    return []
