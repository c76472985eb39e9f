"""The one table: every code that the service can tell has a row, and no row is of a code that nobody tells."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from sixfaces.api.statuses import FAMILY, STATUS
from sixfaces.domain import errors

SOURCE = Path(__file__).parents[3] / "src" / "sixfaces"
FAMILIES = {
    one.family for one in vars(errors).values() if isinstance(one, type) and issubclass(one, errors.SixfacesError)
}
BEHIND_THE_API = ("api", "pipeline", "adapters", "intake", "vault", "rulebook")
NEVER_TOLD = {"settings", "case_file", "media", "intake", "error"}
"""Families that end a command at its start, or become findings and refusals within an answer."""
FILES = {"pack.json"}
"""Names of files that look like codes."""


def constants(folder: str) -> Iterator[str]:
    for path in sorted((SOURCE / folder).rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                yield node.value


def told() -> set[str]:
    """Codes in the sources behind the API."""
    form = re.compile(rf"({'|'.join(sorted(FAMILIES - NEVER_TOLD))})\.[a-z][a-z0-9_]*")
    return {text for folder in BEHIND_THE_API for text in constants(folder) if form.fullmatch(text)} - FILES


def test_every_code_has_a_row() -> None:
    codes = told()
    assert {"request.missing", "upload.gone", "records.conflict", "store.corrupt"} <= codes
    assert sorted(code for code in codes if code not in STATUS and code.partition(".")[0] not in FAMILY) == []
    assert sorted(code for code in codes if code.startswith(("request.", "upload.")) and code not in STATUS) == []


def test_every_row_is_of_a_code_that_somebody_tells() -> None:
    assert sorted(set(STATUS) - told()) == []


def test_statuses_tell_whose_fault_it_is() -> None:
    assert all(400 <= status < 600 for status in (*STATUS.values(), *FAMILY.values()))
    assert {code for code, status in STATUS.items() if code.startswith("request.") and status >= 500} == {
        "request.internal"
    }
