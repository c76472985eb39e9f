"""The one spelling of a custody entry as bytes, over which its leaf hash is taken (format: docs/custody.md).

RFC 8785 (JSON Canonicalization Scheme) over strings, whole numbers, lists and maps only: no fractions, truth values or
nulls, so that no two languages can disagree about the bytes.
"""

from datetime import UTC, datetime
from json.encoder import encode_basestring as _quoted
from typing import Any

from sixfaces.domain.custody import Deed, Entry
from sixfaces.domain.errors import CustodyError
from sixfaces.domain.model import Say
from sixfaces.vault.merkle import leaf_hash

PREFIX = b"sixfaces.entry/1\n"
LARGEST_NUMBER = 2**53 - 1
"""RFC 8785 writes numbers as IEEE doubles would: beyond this, two numbers share one spelling."""
DEEPEST = 16
_ANY = datetime(1970, 1, 1, tzinfo=UTC)


def entry_bytes(entry: Entry) -> bytes:
    """The bytes whose leaf hash the entry carries. Raises CustodyError `custody.body` for a body that has no canonical
    form."""
    return _bytes(entry, seq=entry.seq, at=entry.at)


def entered(deed: Deed, *, seq: int, at: datetime) -> Entry:
    """The deed in its place, with its leaf. Raises CustodyError `custody.body`."""
    leaf = leaf_hash(_bytes(deed, seq=seq, at=at)).hex()
    fields = {name: getattr(deed, name) for name in Deed.model_fields}
    return Entry(**fields, seq=seq, at=at, leaf=leaf)


def check_form(deed: Deed) -> None:
    """Raises CustodyError `custody.body` for a deed that `entered` would refuse, wherever its place."""
    _bytes(deed, seq=0, at=_ANY)


def canonical_json(value: Any) -> bytes:  # noqa: ANN401 any JSON value
    """RFC 8785 bytes of a value of strings, whole numbers, lists and maps. Raises CustodyError `custody.body`."""
    return _encoded(_text(value, DEEPEST))


def instant_text(at: datetime) -> str:
    """An aware instant as entries spell it: UTC with six decimals, such as `2026-01-02T03:04:05.000006Z`."""
    utc = at if at.tzinfo is UTC else at.astimezone(UTC)
    return utc.isoformat(timespec="microseconds").removesuffix("+00:00") + "Z"


def _bytes(deed: Deed, *, seq: int, at: datetime) -> bytes:
    # Keys stand in their sorted order here, so that only the body needs sorting. Every entry of an audit passes here.
    return PREFIX + _encoded(
        f'{{"act":"{deed.act.value}","actor":{_quoted(deed.actor)},"at":"{instant_text(at)}",'
        f'"body":{_text(deed.body, DEEPEST)},"seq":{seq},'
        f'"subject":{_quoted(deed.subject)},"tenant":{_quoted(deed.tenant)}}}'
    )


def _encoded(text: str) -> bytes:
    try:
        return text.encode("utf-8")
    except UnicodeEncodeError:
        raise _no_form("a lone surrogate") from None


def _text(value: Any, depth: int) -> str:  # noqa: ANN401 any JSON value
    """The value's one spelling, or CustodyError."""
    kind = type(value)
    if kind is str:
        if "\x00" in value:
            raise _no_form("a NUL")
        return _quoted(value)
    if kind is int:
        if abs(value) > LARGEST_NUMBER:
            raise _no_form("a whole number beyond 2^53 - 1")
        return str(value)
    if depth == 0:
        raise _no_form(f"more than {DEEPEST} levels")
    if kind is list or kind is tuple:
        return f"[{','.join([_text(one, depth - 1) for one in value])}]"
    if kind is dict:
        return f"{{{','.join([f'{_quoted(key)}:{_text(value[key], depth - 1)}' for key in _in_order(value)])}}}"
    raise _no_form(f"a value of type {kind.__name__}")


def _in_order(keys: dict[Any, Any]) -> list[str]:
    """Keys in order of their UTF-16 code units."""
    for key in keys:
        if type(key) is not str or "\x00" in key:
            raise _no_form("a key that is no text")
    if all(map(str.isascii, keys)):
        return sorted(keys)
    return sorted(keys, key=lambda key: key.encode("utf-16-be", "surrogatepass"))


def _no_form(what: str) -> CustodyError:
    return CustodyError(
        "custody.body",
        Say(zh=f"存证条目的内容没有唯一的字节形式（{what}）。", en=f"The entry's body has no canonical form ({what})."),
        Say(
            zh="内容只能由字符串、整数、列表和映射组成。",
            en="A body is of strings, whole numbers, lists and maps only.",
        ),
    )
