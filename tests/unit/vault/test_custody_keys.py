"""The keys of the custody log on disk, and what a witness remembers."""

import stat
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from sixfaces.domain.custody import Checkpoint
from sixfaces.domain.errors import CustodyError
from sixfaces.vault.checkpoint import read_checkpoint, signed_checkpoint
from sixfaces.vault.custody_keys import PRIVATE, PUBLIC, keys_from_text, load_keys, open_key, rotate_key
from sixfaces.vault.merkle import leaf_hash, nodes_over, prove_consistency, root_of
from sixfaces.vault.witness import compared, remember, remembered

NOW = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
LATER = NOW + timedelta(days=1)
LEAVES = [leaf_hash(bytes([i])) for i in range(9)]


def test_the_first_start_makes_a_key_that_only_its_owner_can_read(tmp_path: Path) -> None:
    key = open_key(tmp_path / "keys", now=NOW)
    assert stat.S_IMODE((tmp_path / "keys" / PRIVATE).stat().st_mode) == 0o600
    assert key.name.startswith("sixfaces.custody/")
    (known,) = load_keys(tmp_path / "keys" / PUBLIC)
    assert (known.text, known.since, known.until) == (key.verifier.text, NOW, None)
    assert open_key(tmp_path / "keys", now=LATER).verifier == key.verifier
    assert load_keys(tmp_path / "keys" / PUBLIC) == (known,)


def test_many_that_start_at_once_have_one_key(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        keys = list(pool.map(lambda _: open_key(tmp_path, now=NOW).verifier.text, range(16)))
    assert len(set(keys)) == 1
    assert [path.name for path in sorted(tmp_path.iterdir())] == [PUBLIC, PRIVATE]


def test_a_rotated_key_stays_known_with_its_end(tmp_path: Path) -> None:
    old = open_key(tmp_path, now=NOW, origin="example.com/log")
    before = signed_checkpoint(1, bytes(32), at=NOW, key=old)
    new = rotate_key(tmp_path, now=LATER)
    keys = load_keys(tmp_path / PUBLIC)
    assert [(key.since, key.until) for key in keys] == [(NOW, LATER), (LATER, None)]
    assert new.name == "example.com/log"
    assert open_key(tmp_path, now=LATER).verifier == new.verifier
    for checkpoint in (before, signed_checkpoint(2, bytes(32), at=LATER, key=new)):
        assert read_checkpoint(checkpoint.note, keys) == checkpoint


def test_a_rotation_that_was_cut_short_leaves_the_old_key_in_use(tmp_path: Path) -> None:
    old = open_key(tmp_path, now=NOW)
    private = (tmp_path / PRIVATE).read_bytes()
    rotate_key(tmp_path, now=LATER)
    (tmp_path / PRIVATE).write_bytes(private)
    assert open_key(tmp_path, now=LATER).verifier == old.verifier
    assert [key.until for key in load_keys(tmp_path / PUBLIC)] == [None, LATER]


def test_keys_of_another_log_are_refused(tmp_path: Path) -> None:
    open_key(tmp_path, now=NOW, origin="example.com/log")
    for origin in ("example.com/other", "no name"):
        with pytest.raises(CustodyError) as caught:
            open_key(tmp_path, now=NOW, origin=origin)
        assert caught.value.code == "custody.origin"


@pytest.mark.parametrize("data", [b"", b"# nothing\n", b"\xff", b"x y z w\n", b"name+00000000+AA==\n"])
def test_a_file_that_holds_no_keys_is_refused(data: bytes, tmp_path: Path) -> None:
    with pytest.raises(CustodyError) as caught:
        keys_from_text(data)
    assert caught.value.code == "custody.keys"
    (tmp_path / PRIVATE).write_bytes(data)
    with pytest.raises(CustodyError) as caught:
        open_key(tmp_path, now=NOW)
    assert caught.value.code == "custody.keys"


def test_times_of_keys_have_a_zone(tmp_path: Path) -> None:
    key = open_key(tmp_path, now=NOW)
    assert keys_from_text(f"# mine\n\n{key.verifier.text}\n".encode()) == (key.verifier,)
    with pytest.raises(CustodyError):
        keys_from_text(f"{key.verifier.text} 2026-01-01T00:00:00 -\n".encode())


def test_a_witness_takes_extensions_and_nothing_else(tmp_path: Path) -> None:
    key = open_key(tmp_path, now=NOW)
    nodes, state = nodes_over(LEAVES), tmp_path / "seen.txt"

    def at(size: int, leaves: list[bytes] = LEAVES) -> Checkpoint:
        return signed_checkpoint(size, root_of(leaves[:size]), at=NOW, key=key)

    assert remembered(state, [key.verifier]) is None
    remember(state, at(3))
    seen = remembered(state, [key.verifier])
    assert seen == at(3)
    assert seen is not None
    compared(seen, at(9), prove_consistency(3, 9, nodes))
    compared(seen, at(3), None)
    forked = at(9, [*LEAVES[:2], leaf_hash(b"forged"), *LEAVES[3:]])
    other = signed_checkpoint(9, bytes(32), at=NOW, key=open_key(tmp_path / "other", now=NOW))
    for now, proof, code in (
        (at(2), None, "custody.rolled_back"),
        (forked, prove_consistency(3, 9, nodes), "custody.forked"),
        (at(9), prove_consistency(4, 9, nodes), "custody.forked"),
        (signed_checkpoint(3, bytes(32), at=NOW, key=key), None, "custody.forked"),
        (at(9), None, "custody.unwitnessed"),
        (other, None, "custody.origin"),
    ):
        with pytest.raises(CustodyError) as caught:
            compared(seen, now, proof)
        assert caught.value.code == code


def test_a_witness_file_that_is_none_is_refused(tmp_path: Path) -> None:
    key = open_key(tmp_path, now=NOW)
    (tmp_path / "seen.txt").write_bytes(b"\xff")
    for path in (tmp_path / "seen.txt", tmp_path):
        with pytest.raises(CustodyError) as caught:
            remembered(path, [key.verifier])
        assert caught.value.code == "custody.witness"
    with pytest.raises(CustodyError) as caught:
        remember(tmp_path / "absent" / "seen.txt", signed_checkpoint(0, bytes(32), at=NOW, key=key))
    assert caught.value.code == "custody.witness"
