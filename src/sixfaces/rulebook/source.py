"""Reads one rulebook file: bytes to a checked table. What a file refers to (`extends`) is the loader's business.

A file that is not fit to judge by is refused with its name, the path of the field, what stands there, what may stand
there and why: the machine must not start with a rule that nobody wrote.
"""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic.fields import FieldInfo

from sixfaces.domain.errors import RulebookError
from sixfaces.domain.model import Model, Say
from sixfaces.domain.policy import RuleUse, Thresholds

MOST_BYTES = 1_000_000
"""A rulebook is a few thousand words; more is a mistake or an attack on the parser."""

MOST_SHOWN = 80
"""Characters of a refused value that are repeated in the message."""

_KEYS = frozenset(
    {
        "name", "version", "extends", "title", "effective_from", "effective_until", "template", "unconfirmed",
        "rules", "thresholds",
    }
)  # fmt: skip
_ENTRY = ("value", "unit", "reason")


def _groups() -> dict[str, dict[str, FieldInfo]]:
    groups = {}
    for name, field in Thresholds.model_fields.items():
        if not (isinstance(field.annotation, type) and issubclass(field.annotation, Model)):
            raise TypeError(f"thresholds.{name} is not a group of fields")
        groups[name] = field.annotation.model_fields
    return groups


FIELDS = _groups()
"""Every threshold there is: group, name, and its field in `domain.policy` with unit, bounds and words."""

FIX = Say(
    zh="请按提示修改规则文件，再用 python -m sixfaces.rulebook 检查；各字段的单位与范围见 docs/rulebook.md。",
    en="Correct the file and check it with python -m sixfaces.rulebook; docs/rulebook.md lists every unit and bound.",
)


@dataclass(frozen=True, slots=True)
class Source:
    """One file's table, its shape checked: rules and thresholds are tables, thresholds have value, unit and reason."""

    path: Path
    table: Mapping[str, Any]

    @property
    def extends(self) -> str | None:
        """The policy this one is built on, as `name@version`."""
        return self.table.get("extends")

    @property
    def rules(self) -> dict[str, Any]:
        """The uses of rules that this file states, by code."""
        return dict(self.table.get("rules", {}))

    @property
    def thresholds(self) -> dict[str, dict[str, dict[str, Any]]]:
        """The thresholds that this file states: group, name, then value, unit and reason."""
        return {group: dict(entries) for group, entries in self.table.get("thresholds", {}).items()}


def refusal(code: str, path: Path, *, zh: str, en: str) -> RulebookError:
    """The error for a file that is not fit to judge by; names the file in both languages."""
    return RulebookError(
        f"rulebook.{code}", Say(zh=f"规则文件 {path.name}：{zh}", en=f"Rulebook {path.name}: {en}"), FIX
    )


def wrong(path: Path, field: str, *, given: object, zh: str, en: str) -> RulebookError:
    """The error for one field: its path, what stands there, what should."""
    shown = shown_as(given)
    return refusal("field", path, zh=f"字段 {field} = {shown}：{zh}", en=f"field {field} = {shown}: {en}")


def shown_as(given: object) -> str:
    """A refused value on one bounded line."""
    if isinstance(given, int) and given.bit_length() > 256:
        return "(…)"  # Python refuses to print numbers of more than 4,300 digits
    text = repr(given)
    return text if len(text) <= MOST_SHOWN else f"{text[: MOST_SHOWN - 1]}…"


def read_source(path: Path) -> Source:
    """Read and check the shape of one file. Errors: RulebookError, always naming the file."""
    table = parsed(path)
    unknown = sorted(set(table) - _KEYS)
    if unknown:
        allowed = ", ".join(sorted(_KEYS))
        raise wrong(
            path, unknown[0], given=table[unknown[0]],
            zh=f"不认识的字段（可用字段：{allowed}）", en=f"unknown key (known are {allowed})",
        )  # fmt: skip
    if not isinstance(table.get("extends", ""), str):
        raise wrong(
            path, "extends", given=table["extends"], zh="须写成 名称@版本", en="must be written as name@version"
        )
    _check_tables(path, table)
    return Source(path, table)


def parsed(path: Path) -> dict[str, Any]:
    """The table in one file. Errors: RulebookError."""
    try:
        with path.open("rb") as file:
            data = file.read(MOST_BYTES + 1)
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise refusal("unreadable", path, zh=f"无法读取（{reason}）", en=f"cannot be read ({reason}).") from error
    if len(data) > MOST_BYTES:
        raise refusal("too_large", path, zh=f"超过 {MOST_BYTES} 字节", en=f"is larger than {MOST_BYTES} bytes.")
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        at = error.start
        raise refusal(
            "not_utf8", path, zh=f"第 {at} 字节处不是 UTF-8 编码", en=f"is not UTF-8 at byte {at}."
        ) from error
    try:
        return tomllib.loads(text)
    except (ValueError, RecursionError) as error:  # TOMLDecodeError, and numbers or nesting beyond the parser's limits
        reason = shown_as(str(error))[1:-1]
        raise refusal(
            "not_toml", path, zh=f"不是有效的 TOML（{reason}）", en=f"is not valid TOML ({reason})."
        ) from error


def _check_tables(path: Path, table: Mapping[str, Any]) -> None:
    for field, value in _tables(table):
        if not isinstance(value, dict):
            raise wrong(path, field, given=value, zh="须为表（table）", en="must be a table")
    for code, use in table.get("rules", {}).items():
        _check_rule(path, f"rules.{code}", use)
    for group, entries in table.get("thresholds", {}).items():
        if group not in FIELDS:
            known = ", ".join(FIELDS)
            raise wrong(
                path, f"thresholds.{group}", given=entries, zh=f"没有这一组阈值（有：{known}）", en=f"no such group "
                f"(there are {known})"
            )  # fmt: skip
        for name, entry in entries.items():
            _check_entry(path, (group, name), entry)


def _tables(table: Mapping[str, Any]) -> Iterator[tuple[str, object]]:
    """Everything in the file that must be a table, with its path; outer ones first."""
    for section in ("rules", "thresholds"):
        content = table.get(section, {})
        yield section, content
        for key, value in content.items():
            yield f"{section}.{key}", value
            if section == "thresholds":
                yield from ((f"{section}.{key}.{name}", entry) for name, entry in value.items())


def _check_rule(path: Path, field: str, use: Mapping[str, Any]) -> None:
    unknown = sorted(set(use) - set(RuleUse.model_fields))
    if unknown:
        raise wrong(
            path, f"{field}.{unknown[0]}", given=use[unknown[0]],
            zh="不认识的字段（可用字段：use、cites、reason）", en="unknown key (known are use, cites, reason)",
        )  # fmt: skip
    _check_reason(path, field, use.get("reason"))


def _check_entry(path: Path, at: tuple[str, str], entry: Mapping[str, Any]) -> None:
    """A threshold states its value, in the unit that the field is in, and its reason."""
    field = f"thresholds.{at[0]}.{at[1]}"
    info = threshold_field(*at)
    if info is None:
        raise wrong(path, field, given=entry, zh="没有这个阈值", en="there is no such threshold")
    if set(entry) != set(_ENTRY):
        absent, unknown = [k for k in _ENTRY if k not in entry], sorted(set(entry) - set(_ENTRY))
        raise wrong(
            path, field, given=entry, zh=f"须恰有 value、unit、reason（缺：{absent}，多：{unknown}）",
            en=f"must have value, unit and reason, no more (missing: {absent}, unknown: {unknown})",
        )  # fmt: skip
    unit = unit_of(info)
    if entry["unit"] != unit:
        raise wrong(path, f"{field}.unit", given=entry["unit"], zh=f"单位须为 {unit}", en=f"the unit must be {unit}")
    value = entry["value"]
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise wrong(path, f"{field}.value", given=value, zh="须为数字", en="must be a number")
    _check_reason(path, field, entry["reason"])


def _check_reason(path: Path, field: str, reason: object) -> None:
    if not isinstance(reason, str) or not reason.strip():
        raise wrong(path, f"{field}.reason", given=reason, zh="须说明理由", en="a reason must be given")


def threshold_field(group: str, name: str) -> FieldInfo | None:
    """The field of the policy's model that a threshold fills, with its bounds, title and description."""
    return FIELDS[group].get(name)


def unit_of(info: FieldInfo) -> str:
    """The unit of a threshold; shares have the unit 1."""
    extra = info.json_schema_extra
    return str(extra["unit"]) if isinstance(extra, dict) and "unit" in extra else "1"
