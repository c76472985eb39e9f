"""JSON, a record at a time: one object, a list of objects, or objects one after another (NDJSON). Numbers stay the
text that they are, so that no long identifier is rounded."""

import json
from collections.abc import Iterator
from typing import Any, TextIO

from sixfaces.adapters.marketplaces import refusing
from sixfaces.adapters.marketplaces.records import Record
from sixfaces.domain.importing import Refusal

LARGEST = 8 << 20
"""Characters of one record, or of the object that wraps them all."""
_CHUNK = 1 << 16
_BETWEEN = " \t\r\n,\ufeff"


class _TwiceError(Exception):
    pass


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    tree = dict(pairs)
    if len(tree) != len(pairs):
        raise _TwiceError
    return tree


def _no_number(name: str) -> str:
    return name


_DECODER = json.JSONDecoder(
    object_pairs_hook=_once, parse_float=str, parse_int=str, parse_constant=_no_number, strict=False
)


def records_of(text: TextIO, wrappers: tuple[str, ...]) -> Iterator[Record | Refusal]:
    """All records; `wrappers` are paths at which an object may have its list of them. What is no JSON ends it: where
    the next record would begin nobody can say."""
    buffer, number = "", 0
    while True:
        buffer = buffer.lstrip(_BETWEEN if number else _BETWEEN + "[")
        if buffer and buffer[0] in "]":
            buffer = buffer[1:]
            continue
        found = _next(buffer) if buffer else None
        if isinstance(found, Refusal):
            yield found.model_copy(update={"line": number + 1})
            return
        if found is None:
            more = text.read(_CHUNK if len(buffer) < _CHUNK else len(buffer))
            if not more or len(buffer) > LARGEST:
                if buffer:
                    yield refusing.cut_short().refusal(number + 1)
                return
            buffer += more
            continue
        value, end = found
        buffer = buffer[end:]
        for one in _unwrapped(value, wrappers):
            number += 1
            yield Record(number, one) if isinstance(one, dict) else _no_object(number)


def _next(buffer: str) -> tuple[Any, int] | Refusal | None:
    """The next value and where it ends; None where more is needed to tell."""
    try:
        return _DECODER.raw_decode(buffer)
    except _TwiceError:
        return refusing.unreadable("one key twice · 同一字段出现两次").refusal(0)
    except RecursionError:
        return refusing.unreadable("nested too deeply · 嵌套过深").refusal(0)
    except json.JSONDecodeError as exc:
        is_whole = exc.pos < len(buffer) - 20 and "Unterminated" not in exc.msg
        return refusing.unreadable(exc.msg).refusal(0) if is_whole else None


def _unwrapped(value: Any, wrappers: tuple[str, ...]) -> list[Any]:  # noqa: ANN401 any JSON
    for path in wrappers:
        inner = value
        for part in path.split("."):
            inner = inner.get(part) if isinstance(inner, dict) else None
        if isinstance(inner, list):
            return inner
    return [value]


def _no_object(number: int) -> Refusal:
    return refusing.unreadable("not an object · 不是对象").refusal(number)
