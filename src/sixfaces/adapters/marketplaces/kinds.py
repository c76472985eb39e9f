"""What kind of value a field of ours holds, told by its model: so a mapping need not say how a cell is read."""

import types
from datetime import datetime
from decimal import Decimal
from enum import Enum, StrEnum
from functools import cache
from typing import Any, Literal, NamedTuple, Union, get_args, get_origin

from pydantic import AwareDatetime
from pydantic.fields import FieldInfo

from sixfaces.domain.case import Claim, ClaimedLine, Contacts, Name, Order, OrderItem, OutboundParcel, ReturnParcel
from sixfaces.domain.case import EvidenceWindow as Window
from sixfaces.domain.chronicle import KINDS
from sixfaces.domain.model import Model

GROUPS: dict[str, type[Model]] = {
    "order.items": OrderItem, "claim.lines": ClaimedLine, "order": Order, "claim": Claim, "contacts": Contacts,
    "outbound_parcel": OutboundParcel, "return_parcel": ReturnParcel, "evidence_window": Window,
}  # fmt: skip
"""Parts of a case file that a mapping may fill."""
_NEVER = frozenset({"order.items", "claim.lines", "claim.lines.line", "order.items.reference_images"})


class ValueKind(StrEnum):
    """How a cell is read."""

    TEXT = "text"
    NUMBER_TEXT = "number_text"
    """An identifier: never a number that a program may round."""
    INSTANT = "instant"
    MONEY = "money"
    COUNT = "count"
    GRAMS = "grams"
    WORD = "word"
    FLAG = "flag"
    LIST = "list"


class FieldKind(NamedTuple):
    """Of one field; `words` are the values that it may have, if they are counted."""

    kind: ValueKind
    words: tuple[str, ...] = ()


@cache
def case_fields() -> dict[str, FieldKind]:
    """Every path of a case file that a mapping may fill."""
    found = {}
    for group, model in GROUPS.items():
        for name, field in model.model_fields.items():
            path = f"{group}.{name}"
            if path not in _NEVER:
                found[path] = _kind(field)
    return found


@cache
def happening_fields(kind: str) -> dict[str, FieldKind]:
    """Every path that an entry of this kind has; those of an inner model with a dot."""
    found: dict[str, FieldKind] = {}
    for name, field in KINDS[kind].model_fields.items():
        inner = _bare(field.annotation)
        if name == "kind":
            continue
        if isinstance(inner, type) and issubclass(inner, Model):
            found |= {f"{name}.{part}": _kind(one) for part, one in inner.model_fields.items()}
        else:
            found[name] = _kind(field)
    return found


def needed(kind: str) -> set[str]:
    """The fields without which there is no such entry, by their first part."""
    return {name for name, field in KINDS[kind].model_fields.items() if field.is_required()}


def _kind(field: FieldInfo) -> FieldKind:
    bare = _bare(field.annotation)
    if get_origin(bare) is Literal:
        return FieldKind(ValueKind.WORD, tuple(str(word) for word in get_args(bare)))
    if get_origin(bare) is tuple:
        return FieldKind(ValueKind.LIST)
    if isinstance(bare, type) and issubclass(bare, Enum):
        return FieldKind(ValueKind.WORD, tuple(str(word.value) for word in bare))
    plain: dict[Any, ValueKind] = {
        datetime: ValueKind.INSTANT,
        AwareDatetime: ValueKind.INSTANT,
        Decimal: ValueKind.MONEY,
    }
    plain |= {bool: ValueKind.FLAG, int: ValueKind.COUNT, float: ValueKind.GRAMS}
    if bare in plain:
        return FieldKind(plain[bare])
    return FieldKind(ValueKind.NUMBER_TEXT if _is_name(field) else ValueKind.TEXT)


def _bare(annotation: Any) -> Any:  # noqa: ANN401 whatever a field is annotated with
    """The type itself, without `None` and without what is annotated to it."""
    while True:
        origin = get_origin(annotation)
        if origin in (Union, types.UnionType):
            (annotation, *_) = [one for one in get_args(annotation) if one is not type(None)]
        elif hasattr(annotation, "__metadata__"):
            annotation = annotation.__origin__
        else:
            return annotation


def _is_name(field: FieldInfo) -> bool:
    """Whether it is one of the identifiers that people type (`domain.case.Name`)."""
    return field.annotation == Name or Name in get_args(field.annotation) or any(
        getattr(one, "pattern", None) == r"^[^\x00-\x1f\x7f]+$" for one in field.metadata
    )  # fmt: skip
