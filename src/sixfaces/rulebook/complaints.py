"""Turns a validator's errors into a refusal that people can act on: field, given value, bound and why."""

from pathlib import Path
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from sixfaces.domain.errors import RulebookError
from sixfaces.domain.model import Say
from sixfaces.rulebook.source import FIELDS, refusal, shown_as, threshold_field, unit_of

MOST_TOLD = 5
"""So many wrong fields are told at once; the rest are counted."""

_BOUNDS = {
    "greater_than_equal": ("ge", "须不小于 {}", "must be at least {}"),
    "less_than_equal": ("le", "须不大于 {}", "must be at most {}"),
    "enum": ("expected", "须为 {} 之一", "must be one of {}"),
    "string_pattern_mismatch": ("pattern", "须符合格式 {}", "must match {}"),
}
_PLAIN = {
    "missing": Say(zh="缺少该字段", en="is missing"),
    "extra_forbidden": Say(zh="不认识的字段", en="is unknown"),
    "finite_number": Say(zh="须为有限的数字", en="must be a finite number"),
    "int_from_float": Say(zh="须为整数", en="must be a whole number"),
}


def complaint(error: ValidationError, path: Path) -> RulebookError:
    """The refusal of a policy that does not validate."""
    details = error.errors(include_url=False)
    told = [_told(detail) for detail in details[:MOST_TOLD]]
    more = len(details) - len(told)
    rest = Say(zh=f"；另有 {more} 处", en=f"; and {more} more") if more else Say(zh="", en="")
    zh, en = "；".join(say.zh for say in told), "; ".join(say.en for say in told)
    return refusal("field", path, zh=f"{zh}{rest.zh}", en=f"{en}{rest.en}.")


def _told(detail: ErrorDetails) -> Say:
    """One wrong field."""
    place = [str(part) for part in detail["loc"] if part != "[key]"]
    field = ".".join(place) or "(policy)"
    kind, context = detail["type"], detail.get("ctx", {})
    given = "" if kind == "missing" else f" = {shown_as(detail['input'])}"
    if not place:
        given = ""
    unit, about = _about(place)
    why = _why(kind, context, unit) or Say(zh=f"取值不合法（{detail['msg']}）", en=detail["msg"])
    return Say(zh=f"字段 {field}{given}：{why.zh}{about}", en=f"field {field}{given}: {why.en}{about}")


def _why(kind: str, context: dict[str, Any], unit: str) -> Say | None:
    if kind in _BOUNDS:
        key, zh, en = _BOUNDS[kind]
        bound = context.get(key)
        text = f"{bound:g}{unit}" if isinstance(bound, int | float) else str(bound)
        return Say(zh=zh.format(text), en=en.format(text))
    return _PLAIN.get(kind)


def _about(place: list[str]) -> tuple[str, str]:
    """The unit and the meaning of the threshold that a path leads to, if it leads to one."""
    if len(place) != 3 or place[0] != "thresholds" or place[1] not in FIELDS:
        return "", ""
    info = threshold_field(place[1], place[2])
    if info is None:
        return "", ""
    unit = unit_of(info)
    return ("" if unit == "1" else f" {unit}"), f" ({info.title}: {info.description})"
