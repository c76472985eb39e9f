"""report.json as bytes: one canonical form, and a reader that lifts older schemas."""

import json
from collections.abc import Callable
from typing import Any

from pydantic import BaseModel, ValidationError

from sixfaces.domain.errors import ReportError
from sixfaces.domain.model import Say
from sixfaces.domain.report import Report

Tree = Any
"""What `json.loads` returns."""

DIGITS = 4
"""Decimals kept of any number: a tenth of a millisecond, a hundredth of a percent."""

Lift = Callable[[dict[str, Any]], dict[str, Any]]

LIFTS: dict[str, Lift] = {}
"""From an older schema's name to the function that makes it one version younger; schema 1 has no elders."""

CURRENT = str(Report.model_fields["schema_"].default)


def report_bytes(report: Report) -> bytes:
    """The report as UTF-8 JSON, keys in the model's order, one newline at the end."""
    return json_bytes(report, digits=DIGITS)


def json_bytes(model: BaseModel, *, digits: int | None = None) -> bytes:
    """Any model as UTF-8 JSON for people and diffs; with `digits`, numbers rounded to so many decimals."""
    tree = model.model_dump(mode="json", by_alias=True)
    if digits is not None:
        tree = _rounded(tree, digits)
    return (json.dumps(tree, ensure_ascii=False, indent=1, allow_nan=False) + "\n").encode()


def read_report(data: bytes) -> Report:
    """A report of any schema ever written, as today's model.

    Raises ReportError `report.unreadable` if it is no report, `report.unknown_schema` if it is younger than we.
    """
    try:
        tree = json.loads(data)
    except (ValueError, RecursionError) as exc:
        raise _unreadable(str(exc)) from exc
    if not isinstance(tree, dict):
        raise _unreadable("not an object")
    while (schema := tree.get("schema")) != CURRENT:
        if not isinstance(schema, str) or schema not in LIFTS:
            raise _unknown_schema(schema)
        tree = LIFTS[schema](tree)
    try:
        return Report.model_validate_json(json.dumps(tree))
    except ValidationError as exc:
        first = exc.errors(include_url=False, include_input=False)[0]
        raise _unreadable(f"{'.'.join(map(str, first['loc']))}: {first['msg']}") from exc


def _rounded(tree: Tree, digits: int) -> Tree:
    if isinstance(tree, float):
        return round(tree, digits) + 0.0  # + 0.0 turns -0.0, which would print as such, into 0.0
    if isinstance(tree, dict):
        return {key: _rounded(value, digits) for key, value in tree.items()}
    if isinstance(tree, list):
        return [_rounded(value, digits) for value in tree]
    return tree


def _unreadable(detail: str) -> ReportError:
    return ReportError(
        "report.unreadable",
        Say(zh=f"无法读取该报告：{detail[:300]}。", en=f"This report cannot be read: {detail[:300]}."),
        Say(zh="请提供 sixfaces 写出的 report.json。", en="Give a report.json that sixfaces wrote."),
    )


def _unknown_schema(schema: object) -> ReportError:
    shown = str(schema)[:100]
    return ReportError(
        "report.unknown_schema",
        Say(zh=f"不认识的报告格式：{shown}。", en=f"Unknown report schema: {shown}."),
        Say(zh="请升级 sixfaces 后再读取。", en="Upgrade sixfaces to read it."),
    )
