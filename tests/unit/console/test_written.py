"""What the pages took from the product is what it says now."""

import importlib.util
from pathlib import Path
from types import ModuleType

ROOT = Path(__file__).resolve().parents[3]


def writer() -> ModuleType:
    spec = importlib.util.spec_from_file_location("api_types", ROOT / "src" / "console" / "api_types.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_types_of_the_api_and_words_of_the_report_are_up_to_date() -> None:
    for path, text in writer().written().items():
        assert path.read_text("utf-8") == text, f"{path.name}: run python src/console/api_types.py"


def test_the_lock_names_no_registry() -> None:
    lock = (ROOT / "src" / "console" / "package-lock.json").read_text("utf-8")
    assert '"integrity"' in lock
    assert '"resolved"' not in lock
