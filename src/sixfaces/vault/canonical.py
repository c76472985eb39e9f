"""The one spelling of a custody entry as bytes, over which its leaf hash is taken (format: docs/custody.md).

RFC 8785 (JSON Canonicalization Scheme) over strings, whole numbers, lists and maps only: no fractions, truth values or
nulls, so that no two languages can disagree about the bytes.
"""

import json
from datetime import UTC, datetime
from typing import Any

from sixfaces.domain.custody import Deed, Entry
from sixfaces.domain.errors import CustodyError
from sixfaces.domain.model import Say
from sixfaces.vault.merkle import leaf_hash

PREFIX = b"sixfaces.entry/1\n"
LARGEST_NUMBER = 2**53 - 1
"""RFC 8785 writes numbers as IEEE doubles would: beyond this, two numbers share one spelling."""
DEEPEST = 16

_written = json.JSONEncoder(ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode


def entry_bytes(entry: Entry) -> bytes:
    """The bytes whose leaf hash the entry carries. Raises CustodyError `custody.body` for a body that has no canonical
    form."""
    return _bytes(entry, seq=entry.seq, at=entry.at)


def entered(deed: Deed, *, seq: int, at: datetime) -> Entry:
    """The deed in its place, with its leaf. Raises CustodyError `custody.body`."""
    leaf = leaf_hash(_bytes(deed, seq=seq, at=at)).hex()
    fields = {name: getattr(deed, name) for name in Deed.model_fields}
    return Entry(**fields, seq=seq, at=at, leaf=leaf)


def canonical_json(value: Any) -> bytes:  # noqa: ANN401 any JSON value
    """RFC 8785 bytes of a value of strings, whole numbers, lists and maps. Raises CustodyError `custody.body`."""
    try:
        return _written(_ordered(value, DEEPEST)).encode("utf-8")
    except UnicodeEncodeError:
        raise _no_form("a lone surrogate") from None


def instant_text(at: datetime) -> str:
    """An aware instant as entries spell it: UTC with six decimals, such as `2026-01-02T03:04:05.000006Z`."""
    return at.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"


def _bytes(deed: Deed, *, seq: int, at: datetime) -> bytes:
    # Keys stand in their sorted order here, so that only the body needs sorting.
    value = {
        "act": deed.act.value,
        "actor": deed.actor,
        "at": instant_text(at),
        "body": _ordered(deed.body, DEEPEST),
        "seq": seq,
        "subject": deed.subject,
        "tenant": deed.tenant,
    }
    try:
        return PREFIX + _written(value).encode("utf-8")
    except UnicodeEncodeError:
        raise _no_form("a lone surrogate") from None


def _ordered(value: Any, depth: int) -> Any:  # noqa: ANN401 any JSON value
    """The value with the keys of its maps in order of their UTF-16 code units, or CustodyError."""
    kind = type(value)
    if kind is str:
        if "\x00" in value:
            raise _no_form("a NUL")
        return value
    if kind is int:
        if abs(value) > LARGEST_NUMBER:
            raise _no_form("a whole number beyond 2^53 - 1")
        return value
    if depth == 0:
        raise _no_form(f"more than {DEEPEST} levels")
    if kind is list or kind is tuple:
        return [_ordered(one, depth - 1) for one in value]
    if kind is dict:
        return {key: _ordered(value[key], depth - 1) for key in sorted(value, key=_place)}
    raise _no_form(f"a value of type {kind.__name__}")


def _place(key: object) -> bytes:
    if type(key) is not str or "\x00" in key:
        raise _no_form("a key that is no text")
    return key.encode("utf-16-be", "surrogatepass")


def _no_form(what: str) -> CustodyError:
    return CustodyError(
        "custody.body",
        Say(zh=f"存证条目的内容没有唯一的字节形式（{what}）。", en=f"The entry's body has no canonical form ({what})."),
        Say(
            zh="内容只能由字符串、整数、列表和映射组成。",
            en="A body is of strings, whole numbers, lists and maps only.",
        ),
    )
