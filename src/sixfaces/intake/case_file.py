"""Reads case.json (DESIGN §4.2): strict, bounded, and with errors that name the field."""

import json
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from sixfaces.domain.case import CaseFile
from sixfaces.domain.errors import CaseFileError
from sixfaces.domain.model import Say
from sixfaces.intake.near_names import near_names

LARGEST = 1 << 20
"""Bytes. A case with two hundred items has a tenth of this."""

MOST_TOLD = 5
_LONGEST_SHOWN = 60

FIX = Say(
    zh="请对照 docs/schemas/case.json 修改售后单文件后重试。",
    en="Correct the case file by docs/schemas/case.json and run again.",
)


def read_case(path: Path) -> CaseFile:
    """The case that the file states.

    Raises CaseFileError: `case_file.unreadable`, `case_file.too_large`, `case_file.not_json`, `case_file.duplicate`
    (one key twice), `case_file.field` (an unknown, missing or impossible field, by name).
    """
    shown = _safe(path.name or str(path))
    try:
        with path.open("rb") as file:
            data = file.read(LARGEST + 1)
    except (OSError, ValueError) as exc:
        reason = getattr(exc, "strerror", None) or str(exc)
        raise CaseFileError(
            "case_file.unreadable",
            Say(zh=f"无法读取售后单文件 {shown}：{reason}。", en=f"The case file {shown} cannot be read: {reason}."),
            Say(zh="请检查 --case 给出的路径。", en="Check the path given with --case."),
        ) from exc
    return parse_case(data)


def parse_case(data: bytes) -> CaseFile:
    """The case that the bytes state: UTF-8 JSON, with or without a byte order mark."""
    if len(data) > LARGEST:
        raise CaseFileError(
            "case_file.too_large",
            Say(zh="售后单文件超过 1 MiB。", en="The case file is larger than 1 MiB."),
            Say(
                zh="售后单文件只写文字信息；图片和视频请作为 MEDIA 参数给出。",
                en="Keep media out of it: name them as MEDIA.",
            ),
        )
    tree = _tree(data)
    if not isinstance(tree, dict):
        raise _not_json(Say(zh="最外层应为对象 {…}", en="the outermost value must be an object {…}"))
    try:
        return CaseFile.model_validate_json(json.dumps(tree))
    except ValidationError as exc:
        raise _field_error(exc.errors(include_url=False, include_input=False)) from exc


def _tree(data: bytes) -> Any:  # noqa: ANN401 JSON may be anything
    try:
        return json.loads(data.decode("utf-8-sig"), object_pairs_hook=_once, parse_constant=_no_constant)
    except json.JSONDecodeError as exc:
        where = Say(
            zh=f"第 {exc.lineno} 行第 {exc.colno} 列有语法错误", en=f"line {exc.lineno}, column {exc.colno}: {exc.msg}"
        )
        raise _not_json(where) from exc
    except UnicodeDecodeError as exc:
        raise _not_json(Say(zh="不是 UTF-8 编码", en="it is not UTF-8")) from exc
    except RecursionError as exc:
        raise _not_json(Say(zh="嵌套过深", en="it is nested too deeply")) from exc
    except ValueError as exc:
        raise _not_json(Say(zh="含有无效数字", en=f"it holds an impossible number ({exc})"[:200])) from exc


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Two values under one key let two readers see two cases: refused."""
    tree = dict(pairs)
    if len(tree) != len(pairs):
        keys = [key for key, _ in pairs]
        twice = next(key for key in keys if keys.count(key) > 1)
        shown = _safe(twice)
        raise CaseFileError(
            "case_file.duplicate",
            Say(zh=f"售后单文件中字段 {shown} 出现了两次。", en=f"The case file states the field {shown} twice."),
            Say(zh="请只保留一个。", en="Keep one of them."),
        )
    return tree


def _no_constant(name: str) -> None:
    raise ValueError(name)


def _not_json(where: Say) -> CaseFileError:
    return CaseFileError(
        "case_file.not_json",
        Say(zh=f"售后单文件不是有效的 JSON：{where.zh}。", en=f"The case file is not valid JSON: {where.en}."),
        FIX,
    )


def _field_error(errors: list[ErrorDetails]) -> CaseFileError:
    zh = [f"{_place(error)}：{_zh(error)}" for error in errors[:MOST_TOLD]]
    en = [f"{_place(error)}: {_en(error)}" for error in errors[:MOST_TOLD]]
    if len(errors) > MOST_TOLD:
        zh.append(f"另有 {len(errors) - MOST_TOLD} 处")
        en.append(f"{len(errors) - MOST_TOLD} more")
    return CaseFileError(
        "case_file.field",
        Say(zh=f"售后单文件有误：{'；'.join(zh)}。", en=f"The case file is wrong: {'; '.join(en)}."),
        FIX,
    )


def _place(error: ErrorDetails) -> str:
    """Where in the file, such as `order.items[0].price`."""
    place = ""
    for part in error["loc"]:
        if part != "[key]":
            place += f"[{part}]" if isinstance(part, int) else f".{_safe(part)}"
    return place.removeprefix(".") or "case"


def _safe(key: str) -> str:
    """A key as it may be printed: it is foreign text."""
    shown = "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in key[:_LONGEST_SHOWN])
    return shown.encode("utf-8", "replace").decode()


def _en(error: ErrorDetails) -> str:
    told = _told(error, EN, EN_FAMILIES) or error["msg"].removeprefix("Value error, ")
    near = " or ".join(_near(error))
    return f"{told} (did you mean {near}?)" if near else told


def _zh(error: ErrorDetails) -> str:
    told = _told(error, ZH, ZH_FAMILIES) or error["msg"]
    near = " 或 ".join(_near(error))
    return f"{told}（是否应为 {near}？）" if near else told


def _near(error: ErrorDetails) -> list[str]:
    return near_names(error["loc"]) if error["type"] == "extra_forbidden" else []


def _told(error: ErrorDetails, words: dict[str, str], families: dict[str, str]) -> str | None:
    kind = error["type"]
    return words.get(kind) or next((text for prefix, text in families.items() if kind.startswith(prefix)), None)


EXAMPLE = "2026-06-20T18:05:00+08:00"

EN = {
    "extra_forbidden": "unknown field",
    "missing": "is needed",
    "timezone_aware": f"a time needs its time zone, for example {EXAMPLE}",
}

EN_FAMILIES = {
    "datetime": f"must be an ISO 8601 time, for example {EXAMPLE}",
    "too_long": "has too many entries",
    "too_short": "has too few entries",
}
"""By the first letters of pydantic's error types; what stands in neither is told in pydantic's words."""

ZH = {
    "extra_forbidden": "未知字段",
    "missing": "缺少必填字段",
    "enum": "不是允许的取值",
    "timezone_aware": f"时间须带时区，例如 {EXAMPLE}",
    "string_too_short": "不能为空",
    "string_too_long": "太长",
    "string_pattern_mismatch": "格式不正确",
    "string_type": "应为文字",
    "finite_number": "应为有限的数字",
    "value_error": "取值互相矛盾",
}

ZH_FAMILIES = {
    "datetime": f"应为 ISO 8601 时间，例如 {EXAMPLE}",
    "int": "应为整数",
    "float": "应为数字",
    "decimal": "应为十进制数字",
    "greater": "数值太小",
    "less": "数值太大",
    "too_long": "条目太多",
    "too_short": "条目太少",
    "tuple": "应为列表",
    "dict": "应为对象",
    "model": "应为对象",
}
"""By the first letters of pydantic's error types."""
