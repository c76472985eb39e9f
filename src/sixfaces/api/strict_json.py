"""JSON as it is read here: UTF-8, one value for each key, finite numbers of 64 bits, bounded depth, no NUL, no lone
surrogates. What other readers of the same bytes might see otherwise is refused."""

import json
import math
import re
from typing import Any

from sixfaces.api.refusals import not_json
from sixfaces.domain.errors import RequestError
from sixfaces.domain.model import Say

DEEPEST = 64
LARGEST_INT = 2**63 - 1

_BROKEN_TEXT = re.compile("[\x00\ud800-\udfff]")


def strict_json(data: bytes) -> Any:  # noqa: ANN401 JSON may be anything
    """The value that the bytes state. Raises RequestError `request.json`."""
    try:
        text = data.decode("utf-8")
        if _depth(text) > DEEPEST:
            raise not_json(Say(zh=f"嵌套超过 {DEEPEST} 层", en=f"nested deeper than {DEEPEST}"))
        return json.loads(
            text, object_pairs_hook=_object, parse_int=_integer, parse_float=_number, parse_constant=_constant
        )
    except UnicodeDecodeError:
        raise not_json(Say(zh="不是 UTF-8 编码", en="it is not UTF-8")) from None
    except json.JSONDecodeError as exc:
        where = Say(zh=f"第 {exc.lineno} 行第 {exc.colno} 列", en=f"line {exc.lineno}, column {exc.colno}")
        raise not_json(where) from None
    except RecursionError:
        raise not_json(Say(zh="嵌套过深", en="nested too deeply")) from None


def check_text(tree: Any) -> None:  # noqa: ANN401 JSON may be anything
    """Refuse NUL and lone surrogates anywhere, which databases and files cannot hold."""
    if isinstance(tree, str):
        if _BROKEN_TEXT.search(tree):
            raise not_json(Say(zh="文字含有 NUL 或不成对的代理码", en="text holds NUL or a lone surrogate"))
    elif isinstance(tree, dict):
        for key, value in tree.items():
            check_text(key)
            check_text(value)
    elif isinstance(tree, list):
        for value in tree:
            check_text(value)


def _depth(text: str) -> int:
    """Depth of brackets outside strings, without recursion."""
    bare = re.sub(r'"(?:[^"\\]|\\.)*"?', "", text)
    deepest = depth = 0
    for bracket in re.findall(r"[\[\]{}]", bare):
        depth += 1 if bracket in "[{" else -1
        deepest = max(deepest, depth)
    return deepest


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    tree = dict(pairs)
    if len(tree) != len(pairs):
        raise not_json(Say(zh="同一字段出现两次", en="a field is stated twice"))
    return tree


def _integer(digits: str) -> int:
    if len(digits) > 20 or abs(int(digits)) > LARGEST_INT:
        raise _impossible()
    return int(digits)


def _number(digits: str) -> float:
    number = float(digits)
    if not math.isfinite(number):
        raise _impossible()
    return number


def _constant(name: str) -> None:
    raise _impossible()


def _impossible() -> RequestError:
    return not_json(Say(zh="数字超出可表示的范围", en="a number is not finite or too large"))
