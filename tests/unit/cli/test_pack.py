"""`sixfaces pack`: a pack whole or none at all, and an answer that says what is in it."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from sixfaces.cli.main import app
from tests.rig.pack_folders import FILM, results_folder

pytest.importorskip("typst")

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return results_folder(tmp_path_factory.mktemp("results"))


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SIXFACES_DATA", str(tmp_path / "no-installation"))


def pack(*arguments: object) -> Result:
    return CliRunner().invoke(app, ["pack", *map(str, arguments)])


def test_a_pack_is_written_and_what_is_in_it_told(folder: Path) -> None:
    ran = pack(folder, "--channel", "amex", "--personal", "--lang", "en")
    assert ran.exit_code == 0, ran.output
    assert "C-1001-amex-en-personal.zip" in ran.output
    assert "not signed" in ran.output
    assert "a clip of the footage: the channel takes no video" in ran.output
    assert [one.name for one in Path().iterdir()] == ["C-1001-amex-en-personal.zip"]


def test_the_shipped_verifier_takes_the_signed_pack_with_its_original(folder: Path, tmp_path: Path) -> None:
    film = tmp_path / "film.mp4"
    film.write_bytes(FILM)
    named = ("--original", film, "--enclose", "--sign", tmp_path / "keys", "--out", tmp_path / "c.zip")
    ran = pack(folder, "--channel", "court", "--personal", "--json", *named)
    assert ran.exit_code == 0, ran.output
    assert json.loads(ran.stdout)["originals"][0]["enclosed"] is True
    keys = tmp_path / "keys" / "custody-keys.txt"
    check = [sys.executable, "-I", str(ROOT / "docs" / "verify_bundle.py"), str(tmp_path / "c.zip"), "--key", str(keys)]
    told = subprocess.run(check, capture_output=True, text=True, check=False)
    assert (told.returncode, told.stdout.splitlines()[0]) == (0, "holds")


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["--channel", "nobody"], "rulebook.unknown"),
        (["--channel", "paypal@1999.1"], "rulebook.unknown"),
        (["--channel", "amex", "--original", __file__], "pack.not_original"),
    ],
)
def test_what_cannot_be_made_leaves_no_file(folder: Path, arguments: list[str], code: str) -> None:
    ran = pack(folder, *arguments, "--lang", "en")
    assert ran.exit_code == 2
    assert code in ran.output
    assert list(Path().iterdir()) == []


def test_packs_of_one_case_take_no_others_place(folder: Path) -> None:
    for more in ([], ["--personal"], ["--language", "zh"], ["--language", "zh", "--personal"]):
        assert pack(folder, "--channel", "amex", "--lang", "en", *more).exit_code == 0
    names = {f"C-1001-amex-{name}.zip" for name in ("en", "en-personal", "zh", "zh-personal")}
    assert {one.name for one in Path().iterdir()} == names


@pytest.mark.parametrize("option", ["--original", "--case", "--sign"])
def test_what_is_for_folders_is_refused_for_a_case_and_not_dropped(option: str, tmp_path: Path) -> None:
    ran = pack("C-1", "--channel", "court", "--personal", option, tmp_path / "x", "--lang", "en")
    assert (ran.exit_code, f"{option} has no meaning" in ran.output, "pack.option" in ran.output) == (2, True, True)
    assert list(Path().iterdir()) == []


def test_a_folder_is_never_signed_with_the_custody_key_nor_enclosed_without_files(
    folder: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    keys = tmp_path / "custody"
    monkeypatch.setenv("SIXFACES_CUSTODY_KEYS", str(keys))
    for more in (["--sign", keys], ["--enclose"]):
        ran = pack(folder, "--channel", "court", "--personal", "--lang", "en", *more)
        assert (ran.exit_code, "pack.option" in ran.output) == (2, True), ran.output
    assert list(Path().iterdir()) == []


def test_a_masked_pack_takes_in_no_original_which_hides_nothing(folder: Path, tmp_path: Path) -> None:
    film = tmp_path / "results" / "film.mp4"
    film.parent.mkdir()
    film.write_bytes(FILM)
    ran = pack(folder, "--channel", "court", "--original", film, "--enclose", "--lang", "en")
    assert (ran.exit_code, "pack.masked_original" in ran.output) == (2, True)
    assert not list(Path().glob("*.zip"))


@pytest.mark.parametrize(("personal", "mode"), [(["--personal"], 0o600), ([], 0o644)])
def test_a_pack_that_shows_personal_data_is_its_owners_alone(folder: Path, personal: list[str], mode: int) -> None:
    before = os.umask(0o022)
    try:
        ran = pack(folder, "--channel", "amex", *personal, "--out", "a.zip")
    finally:
        os.umask(before)
    assert ran.exit_code == 0, ran.output
    assert Path("a.zip").stat().st_mode & 0o777 == mode


def test_neither_a_folder_nor_a_case_is_told_so() -> None:
    ran = pack("C-none", "--channel", "paypal", "--lang", "zh")
    assert ran.exit_code == 2
    assert "pack.no_case" in ran.output
    assert list(Path().iterdir()) == []


def test_a_place_that_takes_no_file_is_told_and_the_pack_there_stays(folder: Path, tmp_path: Path) -> None:
    ran = pack(folder, "--channel", "amex", "--personal", "--out", tmp_path / "missing" / "pack.zip", "--lang", "en")
    assert ran.exit_code == 1
    assert "output.unwritable" in ran.output


def test_without_arguments_the_channels_are_listed() -> None:
    ran = pack("--lang", "en")
    assert ran.exit_code == 0
    assert len(ran.output.splitlines()) == 9
    assert pack("C-1").exit_code == 2
