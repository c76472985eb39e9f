"""The product as it is installed: its packs hold the verifiers that their readers are told to run."""

import subprocess
import sys
import zipfile
from importlib import resources
from pathlib import Path

import pytest

from sixfaces.domain.errors import PackError
from sixfaces.vault import pack_writing
from sixfaces.vault.pack_writing import PROGRAMS

ROOT = Path(__file__).resolve().parents[3]
BUILD = "import sys; from hatchling.builders.wheel import WheelBuilder as W; \
list(W(sys.argv[1]).build(directory=sys.argv[2], versions=['standard']))"
SHOW = """
import sys
sys.path.insert(0, sys.argv[1])
from pathlib import Path
from sixfaces.vault import pack_writing as made
assert Path(made.__file__).is_relative_to(sys.argv[1]), made.__file__
found = {name: made._program(name) for name in made.PROGRAMS}
print(*(f"{name} {len(data)}" for name, data in found.items()), sep="\\n")
"""


def test_a_built_wheel_puts_both_verifiers_into_packs(tmp_path: Path) -> None:
    pytest.importorskip("hatchling", reason="what builds the wheel is among the tools of development")
    subprocess.run([sys.executable, "-c", BUILD, str(ROOT), str(tmp_path)], check=True)
    (wheel,) = tmp_path.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(tmp_path / "installed")
    told = subprocess.run(
        [sys.executable, "-I", "-c", SHOW, str(tmp_path / "installed")], check=True, capture_output=True, text=True
    )
    assert told.stdout.splitlines() == [f"{name} {(ROOT / 'docs' / name).stat().st_size}" for name in PROGRAMS]


def test_an_installation_without_them_makes_no_pack(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(resources, "files", lambda package: tmp_path)
    monkeypatch.setattr(pack_writing, "__file__", str(tmp_path / "a" / "b" / "c" / "d.py"))
    with pytest.raises(PackError, match=r"pack\.no_verifier"):
        pack_writing._program(PROGRAMS[0])
