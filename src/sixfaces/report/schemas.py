"""Writes the JSON schemas of everything that leaves or enters as a file: `python -m sixfaces.report.schemas DIR`."""

import json
import sys
from pathlib import Path

from pydantic import BaseModel

from sixfaces.domain.case import CaseFile
from sixfaces.domain.comparison import Comparisons
from sixfaces.domain.observation import Record
from sixfaces.domain.policy import Policy
from sixfaces.domain.report import Report

SCHEMAS: dict[str, tuple[str, type[BaseModel]]] = {
    "case.json": ("sixfaces case file", CaseFile),
    "record.json": ("sixfaces.record/1", Record),
    "comparisons.json": ("sixfaces.comparisons/1", Comparisons),
    "report.json": ("sixfaces.report/1", Report),
    "policy.json": ("sixfaces policy", Policy),
}
"""File name to title and model."""


def schema_text(name: str) -> str:
    """The JSON schema (draft 2020-12) of one file, as it stands in the docs."""
    title, model = SCHEMAS[name]
    schema = model.model_json_schema(by_alias=True)
    schema = {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema, "title": title}
    return json.dumps(schema, ensure_ascii=False, indent=1) + "\n"


def write_schemas(folder: Path) -> None:
    """Write all schemas into `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in SCHEMAS:
        (folder / name).write_text(schema_text(name), encoding="utf-8")


if __name__ == "__main__":
    write_schemas(Path(sys.argv[1]))
