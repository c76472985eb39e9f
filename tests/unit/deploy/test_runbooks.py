"""Runbooks speak of commands, routes, settings, codes and scripts that there are."""

import re
from pathlib import Path

import pytest
from typer.main import get_command

from sixfaces.adapters.fsck.fault import CODES
from sixfaces.cli.main import app
from sixfaces.config import Settings
from tests.unit.deploy.yaml_files import DEPLOY

ROOT = DEPLOY.parent
PAGES = sorted((ROOT / "docs" / "runbooks").glob("*.md"))
SETTINGS = {f"SIXFACES_{name.upper()}" for name in Settings.model_fields}
COMMANDS = set(getattr(get_command(app), "commands", {}))
ROUTES = "\n".join(path.read_text("utf-8") for path in (ROOT / "src" / "sixfaces" / "api").rglob("*.py"))


def test_there_is_a_page_for_each_thing_that_happens_to_an_installation() -> None:
    wanted = {"restore", "rotate-keys", "dead-letters", "to-distributed", "store-full", "broker-lost", "README"}
    assert {page.stem for page in PAGES} == wanted


@pytest.mark.parametrize("page", PAGES, ids=lambda p: p.stem)
def test_what_a_page_names_is_there(page: Path) -> None:
    text = page.read_text("utf-8")
    assert set(re.findall(r"SIXFACES_[A-Z0-9_]+", text)) <= SETTINGS
    assert set(re.findall(r"`?sixfaces ([a-z]+)\b", text)) & {"fsck", "audit", "serve", "worker", "key"} <= COMMANDS
    assert set(re.findall(r"`(fsck\.[a-z_]+)`", text)) <= set(CODES)
    assert [name for name in re.findall(r"deploy/(\w+\.py)", text) if not (DEPLOY / name).is_file()] == []
    resources = re.findall(r"`(?:GET|POST|DELETE) /v1/(\w+)", text)
    assert [name for name in resources if f'"/{name}' not in ROUTES and f"/v1/{name}" not in ROUTES] == []


@pytest.mark.parametrize("page", [p for p in PAGES if p.stem != "README"], ids=lambda p: p.stem)
def test_a_page_ends_by_showing_that_it_is_done(page: Path) -> None:
    end = page.read_text("utf-8")[-700:]
    assert "sixfaces fsck" in end
