"""What is shown to who may not see personal data: values with their texts masked.

Masks are put into what has been checked already, and nothing is checked again: a masked text need not be what its field
is for, and showing it must not fail.
"""

import re
from collections.abc import Iterable, Mapping
from enum import Enum
from typing import Any, TypeVar

from sixfaces.domain.model import Model
from sixfaces.domain.personal import masked_text

EVIDENCE = frozenset({"waybill", "order_id", "claim_id", "case_id", "serials", "barcodes", "sku"})
"""Fields whose values are numbers of things and of nobody: they are what evidence is found by."""

OURS = frozenset({"secret", "next"})
"""Fields that the product made for who reads them: a mask would make them worthless."""

UNSEEN = frozenset({"salt"})
"""Fields of models that keep digests from being guessed: for who sees all that was digested, and nobody else."""

_LINEAR = frozenset({"Code128", "EAN13", "EAN8", "UPCA", "UPCE", "ITF", "Code39", "Code39Std", "Code39Ext"})
_TOKEN = re.compile(r"[A-Za-z0-9]+(?:-[A-Za-z0-9]+)*")

M = TypeVar("M", bound=Model)


class AmbiguousEditError(ValueError):
    """What was sent may mean several things to who was shown less than is kept."""


def masked_model(one: M) -> M:
    """The value with every text masked but those that are evidence. Of the same type, but not checked against it."""
    fields = {name: getattr(one, name) for name in type(one).model_fields}
    shown = dict(_members(fields))
    return one.model_copy(update=shown | dict.fromkeys(UNSEEN & shown.keys()))


def masked_tree(tree: Any) -> Any:  # noqa: ANN401 JSON, and models and tuples in it, may be anything
    """The same of JSON. Two keys that look the same when masked are told apart by a number: `张*`, `张*#2`."""
    if isinstance(tree, str):
        return tree if isinstance(tree, Enum) else masked_text(tree)
    if isinstance(tree, Model):
        return masked_model(tree)
    if isinstance(tree, list | tuple | set | frozenset):
        return type(tree)(masked_tree(one) for one in tree)
    if not isinstance(tree, dict):
        return tree
    names = _masked_keys(tree)
    return {names[key]: value for key, value in _members(tree)}


def restored(sent: Any, *, known: Any) -> Any:  # noqa: ANN401 JSON may be anything
    """What was sent by somebody who was shown `masked_tree(known)`: what they left as it was shown is as it was.

    Raises AmbiguousEditError where it cannot be told what is meant. Whether it is raised hangs on nothing of `known`
    that was not shown: else what is kept could be guessed.
    """
    return _restored(sent, masked_tree(known), known)


def _restored(sent: Any, shown: Any, known: Any) -> Any:  # noqa: ANN401 JSON may be anything
    if sent == shown:
        return known
    if isinstance(sent, dict) and isinstance(known, dict):
        keys = {masked: key for key, masked in _masked_keys(known).items()}
        _check_new({key for key in sent if key not in keys}, shown)
        return {
            keys.get(key, key): _restored(value, shown[key], known[keys[key]]) if key in keys else value
            for key, value in sent.items()
        }
    if isinstance(sent, list) and isinstance(known, list):
        if len(sent) >= len(known) and (len(sent) == len(known) or sent[: len(known)] == shown):
            of_known = [_restored(*one) for one in zip(sent, shown, known, strict=False)]
            return of_known + sent[len(known) :]
        _check_moved(sent, shown, known)
    return sent


def _check_new(keys: set[str], shown: Mapping[str, object]) -> None:
    """A new key that would be shown as another is shown may be meant for that one."""
    if any(masked_text(key) in shown or (key.rpartition("#")[0] in shown and key[-1].isdigit()) for key in keys):
        raise AmbiguousEditError


def _check_moved(sent: list[Any], shown: list[Any], known: list[Any]) -> None:
    """Lines that came in between or went: which is which cannot be told where something in them is covered."""
    if sent and shown != known:
        raise AmbiguousEditError


def _members(told: Mapping[str, Any]) -> Iterable[tuple[str, Any]]:
    is_linear = told.get("format") in _LINEAR
    if "issuer" in told and "subject" in told:  # what a provider calls somebody is often their name
        told = {**told, "subject": "***"}
    for key, value in told.items():
        plain = key in EVIDENCE | OURS or (is_linear and key in {"text", "rivals"} and _of_things(value))
        yield key, value if plain else masked_tree(value)


def _masked_keys(tree: Mapping[str, Any]) -> dict[str, str]:
    """Each key and what is shown in its place."""
    names: dict[str, str] = {}
    told = {key: key if isinstance(key, Enum) else masked_text(key) for key in tree}
    taken = {key for key, masked in told.items() if masked == key}
    for key, masked in told.items():
        name = masked
        count = 1
        while masked != key and name in taken:
            count += 1
            name = f"{masked}#{count}"
        taken.add(name)
        names[key] = name
    return names


def _of_things(value: object) -> bool:
    values = value if isinstance(value, list | tuple) else [value]
    return all(isinstance(one, str) and _TOKEN.fullmatch(one) for one in values)
