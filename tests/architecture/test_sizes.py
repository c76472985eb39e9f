"""Sizes of files and functions: a ratchet that only turns down (limits in sizes.json, ceilings here)."""

import ast
import json
import statistics
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LIMITS = Path(__file__).with_name("sizes.json")
CEILINGS = {"file_median": 120, "file_p95": 350, "file_max": 500, "function_median": 10, "function_p95": 40}
FUNCTION_MAX = 70
BANNED = {"utils", "util", "common", "helpers", "helper", "misc"}


def _sources() -> list[Path]:
    return sorted((ROOT / "src").rglob("*.py"))


def _functions(path: Path) -> Iterator[tuple[str, int]]:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            end = node.end_lineno or node.lineno
            doc = ast.get_docstring(node, clean=False)
            yield f"{path.relative_to(ROOT)}:{node.name}", end - node.lineno + 1 - (doc.count("\n") + 1 if doc else 0)


def _percentile(numbers: list[int], share: float) -> float:
    return statistics.quantiles(numbers, n=100, method="inclusive")[round(share * 100) - 1]


def measured() -> dict[str, float]:
    """The five figures over all source files (lines of files; lines of functions without their docstring)."""
    files = [len(p.read_text("utf-8").splitlines()) for p in _sources() if p.name != "__init__.py"]
    functions = [length for p in _sources() for _, length in _functions(p)]
    return {
        "file_median": statistics.median(files),
        "file_p95": _percentile(files, 0.95),
        "file_max": max(files),
        "function_median": statistics.median(functions),
        "function_p95": _percentile(functions, 0.95),
    }


@pytest.mark.parametrize("figure", sorted(CEILINGS))
def test_sizes_stay_under_what_was_reached_before(figure: str) -> None:
    limit = json.loads(LIMITS.read_text("utf-8"))[figure]
    assert limit <= CEILINGS[figure], "the ratchet turns down only"
    assert measured()[figure] <= limit


def test_no_function_is_longer_than_a_page() -> None:
    long = [f"{name} ({length})" for p in _sources() for name, length in _functions(p) if length > FUNCTION_MAX]
    assert long == []


def test_no_file_is_a_junk_drawer() -> None:
    assert [str(p) for p in _sources() if p.stem in BANNED] == []
