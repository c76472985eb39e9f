"""The command line of a child, before any wall is put around it."""

import subprocess
from pathlib import Path

import pytest

import sixfaces
from sixfaces.media.bubblewrap import child_command


def test_a_child_runs_the_package_of_its_parent_and_not_another_that_is_installed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ours = tmp_path / "sixfaces" / "__init__.py"
    ours.parent.mkdir()
    ours.touch()
    (tmp_path / "json.py").write_text("raise ImportError('Python has one of its own')", encoding="utf-8")
    monkeypatch.setattr(sixfaces, "__file__", str(ours))
    command = child_command("import json, pydantic, sixfaces; print(sixfaces.__file__)", "{}")
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    assert (done.stdout, done.stderr) == (f"{ours.resolve()}\n", "")
