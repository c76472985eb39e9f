"""What the product leaves is sound."""

import json
import os
import re
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

from sixfaces.adapters import fsck as checks
from sixfaces.adapters.fsck.claims import _digests
from sixfaces.adapters.fsck.examine import Installation, examine, fsck
from sixfaces.cli.fsck import NAMES
from tests.contract.fsck.building import begun, scheduled


def test_an_installation_at_work_is_sound_and_all_of_it_is_looked_at(place: Installation) -> None:
    found = examine(place)
    assert found.faults == ()
    assert found.notes == ()
    assert found.counted["exhibits"] == 6
    assert found.counted["records"] == 4
    assert found.counted["verdicts"] == 5
    assert found.counted["checkpoints"] == 2
    assert found.counted["uploads"] == 7
    assert found.counted["cases"] == 7
    assert found.counted["course"] >= 8
    assert found.counted["entries"] > 20
    assert found.counted["deliveries"] >= 11
    assert found.counted["bytes"] > 0


def test_digests_of_before_there_were_salts_hold() -> None:
    """A case that had none when its entries were made, as an older version left it, and got one since."""
    assert all(digest in _digests({"what": "x"}, b"salt" * 8) for digest in _digests({"what": "x"}, None))
    assert not set(_digests({"what": "x"}, b"salt" * 8)) & set(_digests({"what": "y"}, b"salt" * 8))


def test_runs_over_the_archive_and_what_begins_them_are_sound(place: Installation) -> None:
    begun(place)
    scheduled(place)
    found = examine(place)
    assert (found.faults, found.notes, found.counted["schedules"]) == ((), (), 1)


def test_looking_changes_nothing(place: Installation) -> None:
    def state() -> dict[str, object]:
        files = {str(p): p.read_bytes() for p in Path(place.blobs).rglob("*") if p.is_file()}
        with closing(sqlite3.connect(place.database.removeprefix("sqlite:///"))) as connection:
            return files | {"rows": list(connection.iterdump())}

    before = state()
    fsck(place)
    assert state() == before


def command(place: Installation, *options: str) -> subprocess.CompletedProcess[str]:
    """`sixfaces fsck` over the installation."""
    folder = Path(place.blobs).parent
    environment = {**os.environ, "SIXFACES_DATA": str(folder)}
    run = [sys.executable, "-c", "from sixfaces.cli.main import run; run()", "fsck", *options]
    return subprocess.run(run, env=environment, capture_output=True, text=True, check=False, timeout=120)


def test_the_command_says_so_and_exits_0(place: Installation) -> None:
    done = command(place, "--json")
    told = json.loads(done.stdout)
    assert (done.returncode, told["clean"], told["faults"]) == (0, True, [])
    assert told["schema"] == "sixfaces.fsck/1"
    assert told["counted"]["exhibits"] == 6


def test_the_command_names_faults_in_both_languages_and_exits_4(place: Installation) -> None:
    for path in (Path(place.blobs) / "originals").rglob("*"):
        if path.is_file():
            path.unlink()
    english, chinese = command(place, "--lang", "en"), command(place, "--lang", "zh", "--quick")
    assert (english.returncode, chinese.returncode) == (4, 4)
    assert english.stdout.count("[fsck.original_missing]") == 5
    assert english.stdout.count("Overwrite nothing") == 1
    assert "Faults found: 5." in english.stdout
    assert "原件不在存储中" in chinese.stdout
    assert "发现 5 处问题。" in chinese.stdout


def test_everything_that_is_counted_has_its_name_in_chinese() -> None:
    folder = Path(str(checks.__file__)).parent
    counted = {
        name for path in folder.glob("*.py") for name in re.findall(r'counted\["(\w+)"\]', path.read_text("utf-8"))
    }
    assert counted == set(NAMES)
