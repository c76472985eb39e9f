"""The recipe of docs/challenge-codes.md works as it stands."""

import subprocess
import sys
from pathlib import Path

import zxingcpp
from PIL import Image

from sixfaces.domain.reading_facts import Signature
from sixfaces.vault.challenge import verify
from sixfaces.vault.challenge_keys import load_keys

PAGE = (Path(__file__).resolve().parents[3] / "docs" / "challenge-codes.md").read_text("utf-8")
SCRIPT = next(part.partition("```")[0] for part in PAGE.split("```python\n")[1:] if '"""python station.py' in part)


def _run(folder: Path, picture: str) -> str:
    (folder / "station.py").write_text(SCRIPT, "utf-8")
    command = [sys.executable, "station.py", "ST-01", picture]
    return subprocess.run(command, cwd=folder, check=True, capture_output=True, encoding="utf-8").stdout


def test_the_station_of_the_recipe_shows_a_code_that_its_public_file_proves(tmp_path: Path) -> None:
    text = _run(tmp_path, "code.png").splitlines()[-1]
    with Image.open(tmp_path / "code.png") as picture:
        assert [code.text for code in zxingcpp.read_barcodes(picture)] == [text]
    proved = verify(text, load_keys(tmp_path / "ST-01.public.json"))
    assert (proved.station, proved.signature) == ("ST-01", Signature.VALID)
    assert (tmp_path / "ST-01.pem").stat().st_mode & 0o077 == 0


def test_the_station_keeps_its_key_and_writes_svg_as_well(tmp_path: Path) -> None:
    _run(tmp_path, "code.png")
    key = (tmp_path / "ST-01.pem").read_bytes()
    _run(tmp_path, "code.svg")
    assert (tmp_path / "ST-01.pem").read_bytes() == key
    assert b"<svg" in (tmp_path / "code.svg").read_bytes()
