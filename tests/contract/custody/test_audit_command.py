"""`sixfaces audit verify` as people and programs use it."""

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from sixfaces.cli.main import app
from sixfaces.domain.errors import CustodyError
from sixfaces.vault.witness import remember
from tests.rig.chronicle import Chronicle, chronicle
from tests.rig.forging import flipped, spans


@pytest.fixture
def place(bundle: bytes, tmp_path: Path) -> Path:
    path = tmp_path / "case.zip"
    path.write_bytes(bundle)
    return path


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(app, ["audit", "verify", *map(str, arguments)], env={"LC_ALL": "C", "LANG": "C"})


def test_a_good_bundle_exits_zero_and_says_what_was_checked(place: Path, log: Chronicle) -> None:
    told = run(place, "--key", log.keys_file)
    assert told.exit_code == 0, told.output
    assert f"subject: case {log.cases[0].id}" in told.output
    assert "entries 5, originals 2" in told.output
    assert "Everything holds" in told.output
    assert "own keys only" not in told.output


def test_without_a_trusted_key_it_says_that_only_wholeness_was_checked(place: Path) -> None:
    told = run(place, "--lang", "zh")
    assert told.exit_code == 0
    assert "仅用其自带的公钥核验" in told.output


def test_one_changed_bit_exits_four_and_is_located_within_a_mebibyte(
    place: Path, bundle: bytes, log: Chronicle
) -> None:
    name, (start, _) = next((name, span) for name, span in spans(bundle).items() if name.startswith("originals/"))
    place.write_bytes(flipped(bundle, 8 * (start + 2**20 + 17)))
    told = run(place, "--key", log.keys_file, "--json")
    assert told.exit_code == 4
    outcome = json.loads(told.output)
    assert not outcome["holds"]
    assert [fault["place"] for fault in outcome["faults"]] == [f"{name} [1048576:2097152]"]


def test_the_witness_remembers_what_held_and_refuses_what_is_older(place: Path, log: Chronicle, tmp_path: Path) -> None:
    witness, key = tmp_path / "witness.txt", ("--key", log.keys_file)
    assert run(place, *key, "--witness", witness).exit_code == 0
    first = witness.read_text()
    size = int(first.split("\n")[1])
    newer = tmp_path / "newer.zip"
    newer.write_bytes(log.bundle(1, since=size))
    assert run(newer, *key, "--witness", witness).exit_code == 0
    assert witness.read_text() != first
    replayed = run(place, *key, "--witness", witness)
    assert replayed.exit_code == 4
    assert "[custody.rolled_back]" in replayed.output
    newer.write_bytes(log.bundle(1))
    witness.write_text(first)
    assert "[custody.unwitnessed]" in run(newer, *key, "--witness", witness).output


@pytest.mark.parametrize("content", [b"", b"PK", b"no archive at all" * 100])
def test_what_is_no_bundle_does_not_hold(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "x.zip").write_bytes(content)
    told = run(tmp_path / "x.zip")
    assert told.exit_code == 4
    assert "[custody.bundle_form]" in told.output


def test_a_file_that_cannot_be_read_is_wrong_usage(tmp_path: Path, place: Path, log: Chronicle) -> None:
    (tmp_path / "keys.txt").write_text("no key")
    for wrong in (
        (tmp_path / "absent.zip",),
        (place, "--key", tmp_path / "absent"),
        (place, "--key", tmp_path / "keys.txt"),
        (place, "--witness", tmp_path / "w"),
        (place, "--key", log.keys_file, "--witness", tmp_path),
    ):
        assert run(*wrong).exit_code == 2, wrong


def test_a_log_whose_newest_checkpoint_is_gone_is_older_than_its_witness(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with closing(chronicle(tmp_path / "own", [[b"one"], [b"two"]])) as own:
        monkeypatch.setenv("SIXFACES_DATA", str(own.folder))
        witness = tmp_path / "witness.txt"
        assert run("--witness", witness).exit_code == 0
        seen = witness.read_text()
        with closing(sqlite3.connect(own.folder / "records.sqlite")) as database:
            database.execute("DELETE FROM checkpoints WHERE size = (SELECT max(size) FROM checkpoints)")
            database.commit()
        told = run("--witness", witness)
        assert told.exit_code == 4
        assert "[custody.rolled_back]" in told.output
        assert witness.read_text() == seen


def test_a_witness_never_remembers_less_than_it_did(log: Chronicle, tmp_path: Path) -> None:
    with log.service.records.begin(None, reading=True) as tx:
        first, newest = tx.custody.checkpoint(1), tx.custody.checkpoint()
    assert first is not None
    assert newest is not None
    remember(tmp_path / "witness.txt", newest)
    with pytest.raises(CustodyError, match=r"custody\.rolled_back"):
        remember(tmp_path / "witness.txt", first)
    assert (tmp_path / "witness.txt").read_text() == newest.note


def test_an_installation_verifies_its_own_log(log: Chronicle, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("SIXFACES_DATA", str(log.folder))
    told = run("--json", "--witness", tmp_path / "witness.txt")
    assert told.exit_code == 0, told.output
    outcome = json.loads(told.output)
    assert outcome["holds"]
    assert outcome["originals"] == 4
    assert (tmp_path / "witness.txt").read_text().startswith("test.example/custody\n")
