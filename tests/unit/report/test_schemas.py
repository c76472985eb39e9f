"""The schemas in the docs are those of the models."""

from pathlib import Path

import pytest

from sixfaces.report.schemas import SCHEMAS, schema_text, write_schemas

DOCS = Path(__file__).parents[3] / "docs" / "schemas"


@pytest.mark.parametrize("name", SCHEMAS)
def test_the_schema_in_the_docs_is_that_of_the_model(name: str) -> None:
    assert (DOCS / name).read_text(encoding="utf-8") == schema_text(name), "run `make schemas`"


def test_no_schema_in_the_docs_is_left_over() -> None:
    assert {path.name for path in DOCS.iterdir()} == set(SCHEMAS)


def test_the_command_writes_all_of_them(tmp_path: Path) -> None:
    write_schemas(tmp_path / "new" / "schemas")
    assert {path.name for path in (tmp_path / "new" / "schemas").iterdir()} == set(SCHEMAS)
