"""What a fresh machine installs is pinned by hash and names no registry."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LOCKED = sorted((ROOT / "requirements").glob("*.txt"))


@pytest.mark.parametrize("path", LOCKED, ids=lambda p: p.name)
def test_requirements_carry_hashes_and_no_addresses(path: Path) -> None:
    text = path.read_text("utf-8")
    pins = re.findall(r"^[\w.-]+==", text, re.MULTILINE)
    assert pins
    assert text.count("--hash=sha256:") >= len(pins)
    assert "://" not in text
    assert "--index" not in text


def test_the_locked_sets_cover_what_the_package_declares() -> None:
    declared = set(re.findall(r'^    "([\w-]+)[>=\[]', (ROOT / "pyproject.toml").read_text("utf-8"), re.MULTILINE))
    locked = set(re.findall(r"^([\w.-]+)==", (ROOT / "requirements" / "main.txt").read_text("utf-8"), re.MULTILINE))
    assert declared - {"sixfaces"} <= locked
