"""Writes what the pages take from the product: types of the API's answers, and the words of the report.

python src/console/api_types.py
"""

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from fastapi import FastAPI

from sixfaces.api.routes import ROUTERS
from sixfaces.api.schema import openapi_of
from sixfaces.domain.model import Say
from sixfaces.report import words

USED = (
    "CaseView",
    "ClaimView",
    "Decision",
    "Decisions",
    "ExhibitList",
    "Atlas",
    "PictureList",
    "Problem",
    "Queue",
    "Recommendation",
    "Report",
    "Ruling",
    "SessionView",
)
"""What the pages ask for; everything that these hold is written with them."""

Schema = dict[str, Any]
_PLAIN = {"string": "string", "integer": "number", "number": "number", "boolean": "boolean", "null": "null"}


TERMS: Mapping[str, Mapping[Any, Say]] = {
    "VERDICT": words.VERDICT,
    "VERDICT_WHY": words.VERDICT_WHY,
    "ANSWER": words.ANSWER,
    "CRITERION": words.CRITERION,
    "QUESTION": words.QUESTION,
    "RULE": words.RULE,
    "REQUIREMENT": words.REQUIREMENT,
    "FACE": words.FACE,
    "STAGE": words.STAGE,
    "ROLE": words.ROLE,
    "BREAK": words.BREAK,
    "ABSENCE": words.ABSENCE,
    "MOMENT": words.MOMENT,
}
"""What the report calls things, so that both say the same."""

_HEAD = "// Written by api_types.py; edit nothing here.\n\n"


def main() -> None:
    """Write both files into their places."""
    for path, text in written().items():
        path.write_text(text, "utf-8")


def written() -> dict[Path, str]:
    """Each file, and what it must hold."""
    source = Path(__file__).with_name("src")
    return {source / "api" / "types.ts": types(), source / "i18n" / "terms.ts": terms()}


def terms() -> str:
    """Tables of words in both languages."""
    tables = []
    for name, table in TERMS.items():
        rows = "".join(f"  {json.dumps(str(key))}: {_pair(say)},\n" for key, say in table.items())
        tables.append(f"export const {name} = {{\n{rows}}} as const;\n")
    return _HEAD + "\n".join(tables)


def _pair(say: Say) -> str:
    return json.dumps({"zh": say.zh, "en": say.en}, ensure_ascii=False)


def types() -> str:
    """Types of everything that the pages ask for."""
    app = FastAPI(title="sixfaces", version="0", openapi_url=None)
    for router in ROUTERS:
        app.include_router(router, prefix="/v1")
    schemas: dict[str, Schema] = openapi_of(app)["components"]["schemas"]
    named = sorted(_closure(schemas))
    drawn = [f"export type {_name(name)} = {_drawn(schemas[name])};\n" for name in named]
    return _HEAD + "\n".join(drawn)


def _closure(schemas: dict[str, Schema]) -> set[str]:
    known: set[str] = set()
    new = set(USED)
    while new:
        known |= new
        new = {name for one in new for name in _references(schemas[one])} - known
    return known


def _references(part: object) -> Iterator[str]:
    if isinstance(part, dict):
        if isinstance(part.get("$ref"), str):
            yield part["$ref"].rpartition("/")[2]
        for inner in part.values():
            yield from _references(inner)
    elif isinstance(part, list):
        for inner in part:
            yield from _references(inner)


def _drawn(schema: Schema) -> str:
    if "$ref" in schema:
        return _name(schema["$ref"].rpartition("/")[2])
    if "const" in schema:
        return _literal(schema["const"])
    if "enum" in schema:
        return " | ".join(_literal(value) for value in schema["enum"])
    for union in ("anyOf", "oneOf"):
        if union in schema:
            return " | ".join(dict.fromkeys(_drawn(one) for one in schema[union]))
    if "prefixItems" in schema:
        return f"readonly [{', '.join(_drawn(one) for one in schema['prefixItems'])}]"
    if schema.get("type") == "array":
        return f"readonly ({_drawn(schema.get('items', {}))})[]"
    if schema.get("type") == "object":
        return _object(schema)
    return _PLAIN.get(schema.get("type", ""), "unknown")


def _object(schema: Schema) -> str:
    """Answers state all their fields, also those that requests may leave out."""
    if "properties" not in schema:
        rest = schema.get("additionalProperties")
        named = _drawn(schema.get("propertyNames", {}))
        keys = named if named != "unknown" else "string"
        value = _drawn(rest) if isinstance(rest, dict) else "unknown"
        return f"Readonly<Partial<Record<{keys}, {value}>>>"
    fields = "".join(f"  readonly {name}: {_drawn(one)};\n" for name, one in schema["properties"].items())
    return f"{{\n{fields}}}"


def _literal(value: object) -> str:
    return f'"{value}"' if isinstance(value, str) else str(value).lower()


def _name(name: str) -> str:
    """Inputs and outputs of one model are told apart by its framework; words are joined."""
    return re.sub(r"[^A-Za-z0-9]", "", name.rpartition("__")[2].replace("-Output", "").replace("-Input", "Sent"))


if __name__ == "__main__":
    main()
