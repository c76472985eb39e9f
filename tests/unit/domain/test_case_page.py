"""docs/case-file.md tells every field of the case file, and its example is one."""

import json
from collections.abc import Iterator
from pathlib import Path

from sixfaces.domain.case import CaseFile, ClaimKind, ClaimReason, OrderItem
from sixfaces.domain.model import Model

PAGE = (Path(__file__).resolve().parents[3] / "docs" / "case-file.md").read_text("utf-8")


def _fields(model: type[Model], prefix: str = "") -> Iterator[str]:
    for name, info in model.model_fields.items():
        inner = info.annotation
        if isinstance(inner, type) and issubclass(inner, Model):
            yield from _fields(inner, f"{prefix}{name}.")
        else:
            yield f"{prefix}{name}"


def test_the_page_tells_every_field_of_the_case_file() -> None:
    fields = [*_fields(CaseFile), *_fields(OrderItem, "order.items[].")]
    assert len(fields) > 25
    assert [f for f in fields if f"| `{f}` |" not in PAGE] == []


def test_the_page_tells_every_kind_and_reason_of_a_claim() -> None:
    assert [v for v in (*ClaimKind, *ClaimReason) if f"`{v}`" not in PAGE] == []


def test_the_example_of_the_page_is_a_case_file_with_every_field_filled_in() -> None:
    case = CaseFile.model_validate(json.loads(PAGE.partition("```json\n")[2].partition("```")[0]))
    for part in (
        case,
        case.order,
        case.claim,
        case.outbound_parcel,
        case.return_parcel,
        case.evidence_window,
        case.contacts,
        *case.order.items,
        *case.claim.lines,
    ):
        assert part.model_fields_set == set(type(part).model_fields)


def test_every_field_of_the_case_file_explains_itself_in_the_schema() -> None:
    schema = CaseFile.model_json_schema()
    ours = [schema, *(d for d in schema["$defs"].values() if "properties" in d)]
    assert [name for part in ours for name, told in part["properties"].items() if not told.get("description")] == []
