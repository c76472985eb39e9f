"""env.example is complete and true: every setting, with its default or an example that is one."""

import re
from pathlib import Path
from typing import Any

import pytest

from sixfaces.config import Settings, read_settings
from sixfaces.domain.errors import SettingsError
from tests.unit.deploy.yaml_files import DEPLOY

LINES = (DEPLOY / "env.example").read_text("utf-8").splitlines()
NAMED = {m[1]: m[2] for line in LINES if (m := re.fullmatch(r"# (SIXFACES_[A-Z0-9_]+)=(.*)", line))}
WANTED = {f"SIXFACES_{name.upper()}": (name, field) for name, field in Settings.model_fields.items()}


@pytest.fixture(autouse=True)
def nothing_set(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in WANTED:
        monkeypatch.delenv(name, raising=False)


def test_every_setting_stands_there_once_and_nothing_else() -> None:
    assert sorted(NAMED) == sorted(WANTED)
    assert len([line for line in LINES if "SIXFACES_" in line and "=" in line]) == len(NAMED)


def test_the_file_changes_nothing_as_it_is() -> None:
    assert [line for line in LINES if line and not line.startswith("#")] == []


@pytest.mark.parametrize("name", sorted(WANTED))
def test_a_value_is_the_default_or_else_a_possible_one(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    field_name, field = WANTED[name]
    if name != "SIXFACES_SECRETS":
        monkeypatch.setenv(name, NAMED[name])
    read, default = getattr(read_settings(), field_name), field.get_default(call_default_factory=True)
    if default is None and name != "SIXFACES_SECRETS":
        assert read is not None
    else:
        assert read == default


@pytest.mark.parametrize("name", sorted(WANTED))
def test_a_setting_is_described_above_its_line(name: str) -> None:
    at = LINES.index(f"# {name}={NAMED[name]}")
    field: Any = WANTED[name][1]
    told = " ".join(line.removeprefix("# ") for line in LINES[max(0, at - 4) : at])
    assert f"{field.title}: {field.description}" in told


def test_settings_are_read_from_files_of_a_secrets_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "sixfaces_database_url").write_text("postgresql://a:b@c/d\n")
    monkeypatch.setenv("SIXFACES_SECRETS", str(tmp_path))
    assert read_settings().database_url == "postgresql://a:b@c/d"


def test_a_secrets_folder_that_is_not_there_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SIXFACES_SECRETS", str(tmp_path / "gone"))
    with pytest.raises(SettingsError) as caught:
        read_settings()
    assert caught.value.code == "settings.secrets"
