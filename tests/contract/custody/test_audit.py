"""The audit of an installation finds every change that somebody with all rights makes, and names the event.

The changer writes to database and store directly and knows the log's form; what is left to the verifier are the public
keys and the checkpoint that a witness saw last.
"""

import hashlib
import json
import os
import random
import re
import shutil
import sqlite3
import sys
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

import pytest

from sixfaces.adapters.blobs_folder import FolderBlobs
from sixfaces.domain.custody import Checkpoint, Deed
from sixfaces.pipeline.auditing import Audit, Known, verify_installation
from sixfaces.vault.canonical import entered
from sixfaces.vault.checkpoint import signed_checkpoint
from sixfaces.vault.custody_keys import CustodyKey, open_key
from sixfaces.vault.faults import Fault
from sixfaces.vault.merkle import Growing, root_of
from tests.rig.chronicle import LONG_AGO, Chronicle, chronicle, reopened

COUNT = int(os.environ.get("SIXFACES_CUSTODY_MUTATIONS", "200"))
SEED = int(os.environ.get("SIXFACES_SEED", random.SystemRandom().randrange(2**32)))
CASES = 8
COLUMNS = ("tenant", "act", "subject", "actor", "leaf", "body", "at")
TAMPERED = ("DROP TRIGGER log_entries_update", "DROP TRIGGER log_entries_delete", "DROP TRIGGER log_nodes_update",
            "DROP TRIGGER log_nodes_delete")  # fmt: skip


class Done(NamedTuple):
    """What was changed: the first and last entry that it touched, or a text that must be named."""

    what: str
    first: int = -1
    last: int = -1
    name: str = ""


class Backups(NamedTuple):
    """The installation, and a backup of it from before its last cases."""

    now: Chronicle
    before: Path
    newest: Checkpoint


@pytest.fixture(scope="module")
def backups(tmp_path_factory: pytest.TempPathFactory) -> Backups:
    folder, before = tmp_path_factory.mktemp("now"), tmp_path_factory.mktemp("old") / "copy"
    films = [[f"film {index} {part}".encode() for part in range(1 + index % 2)] for index in range(CASES)]
    old = chronicle(folder, films[:-2])
    old.close()
    shutil.copytree(folder, before)
    made = chronicle(folder, films[-2:])
    with made.service.records.begin(None, reading=True) as tx:
        newest = tx.custody.checkpoint()
    assert newest is not None
    made.close()
    return Backups(made, before, newest)


def audited(folder: Path, keys: Chronicle, witness: Checkpoint | None, *, skip_bytes: bool = False) -> Audit:
    with reopened(folder) as records:
        known = Known(keys.notary.keys, witness, skip_bytes=skip_bytes)
        return verify_installation(records, FolderBlobs(folder / "blobs"), known)


def copied(folder: Path, to: Path, *, with_bytes: bool = False) -> None:
    """A copy of the records; the bytes are only led to, unless they are to be changed."""
    to.mkdir()
    shutil.copy(folder / "records.sqlite", to)
    if with_bytes:
        shutil.copytree(folder / "blobs" / "originals", to / "blobs" / "originals")
    else:
        (to / "blobs").symlink_to(folder / "blobs")


def names(faults: tuple[Fault, ...], done: Done) -> bool:
    """Whether any fault's place is an entry that was touched, a span of entries that holds one, or the name."""
    for fault in faults:
        if done.name and done.name in fault.place:
            return True
        for first, last in re.findall(r"entr(?:y|ies) (\d+)(?:–(\d+))?", fault.place):
            if done.first >= 0 and int(first) <= done.last and done.first <= int(last or first):
                return True
    return False


class Changer:
    """Changes one copy of an installation."""

    def __init__(self, folder: Path, backups: Backups, rng: random.Random) -> None:
        self.folder, self.backups, self.rng = folder, backups, rng
        self.db = sqlite3.connect(folder / "records.sqlite", isolation_level=None)
        self.db.executescript("PRAGMA synchronous = OFF; PRAGMA foreign_keys = OFF; BEGIN")
        for statement in TAMPERED:
            self.db.execute(statement)
        (self.size,) = self.db.execute("SELECT size FROM log_head").fetchone()

    def close(self) -> None:
        self.db.commit()
        self.db.close()

    def flip(self) -> Done:
        """One character of one field of one entry."""
        seq, column = self.rng.randrange(self.size), self.rng.choice(COLUMNS)
        (value,) = self.db.execute(f"SELECT {column} FROM log_entries WHERE seq = ?", (seq,)).fetchone()
        self._set(seq, column, self._changed(value))
        return Done(f"flip {column}", seq, seq)

    def delete(self) -> Done:
        seq = self.rng.randrange(self.size)
        self.db.execute("DELETE FROM log_entries WHERE seq = ?", (seq,))
        return Done("delete", seq, seq)

    def swap(self) -> Done:
        a, b = sorted(self.rng.sample(range(self.size), 2))
        self.db.execute("UPDATE log_entries SET seq = -1 WHERE seq = ?", (a,))
        self.db.execute("UPDATE log_entries SET seq = ? WHERE seq = ?", (a, b))
        self.db.execute("UPDATE log_entries SET seq = ? WHERE seq = -1", (b,))
        return Done("swap", a, b)

    def insert(self) -> Done:
        """One entry more in the midst of the log; with new leaves for all that move, or without."""
        at = self.rng.randrange(self.size)
        deeds = self._deeds()
        deeds.insert(at, deeds[self.rng.randrange(self.size)])
        self._write(deeds, first=at, nodes=self.rng.random() < 0.5)
        return Done("insert", at, self.size)

    def forge_leaf(self) -> Done:
        """One entry with a leaf that fits it; the tree is left as it was."""
        seq = self.rng.randrange(self.size)
        (deed, at), column = self._deeds()[seq], self.rng.choice(["actor", "subject"])
        entry = entered(deed.model_copy(update={column: "forged"}), seq=seq, at=at)
        self._set(seq, column, "forged")
        self._set(seq, "leaf", entry.leaf)
        return Done("forge leaf", seq, seq)

    def truncate(self) -> Done:
        """The end is cut off wherever it is told of."""
        size = self.rng.randrange(1, self.size)
        self.db.execute("DELETE FROM log_entries WHERE seq >= ?", (size,))
        self.db.execute("DELETE FROM log_nodes WHERE (position + 1) << level > ?", (size,))
        self.db.execute("UPDATE log_head SET size = ?", (size,))
        if self.rng.random() < 0.7:
            self.db.execute("DELETE FROM checkpoints WHERE size > ?", (size,))
        return Done("truncate", size, self.size - 1)

    def rebuild(self) -> Done:
        """One entry is changed and everything behind it made to fit, the checkpoints removed, kept or signed anew."""
        seq = self.rng.randrange(self.size)
        deeds = self._deeds()
        deeds[seq] = (deeds[seq][0].model_copy(update={"actor": "forged"}), deeds[seq][1])
        self._write(deeds, first=seq, nodes=True)
        how = self.rng.choice(["kept", "removed", "signed"])
        if how != "kept":
            self.db.execute("DELETE FROM checkpoints WHERE size > ?", (seq,))
        if how == "signed":
            self._sign(deeds)
        return Done(f"rebuild, checkpoints {how}", seq, seq)

    def restore(self) -> Done:
        """An old backup of everything."""
        self.close()
        for name in ("records.sqlite", "blobs"):
            (self.folder / name).unlink()
        self.folder.rmdir()
        copied(self.backups.before, self.folder)
        self.db = sqlite3.connect(self.folder / "records.sqlite")
        (size,) = self.db.execute("SELECT size FROM log_head").fetchone()
        return Done("restore", size, self.size - 1)

    def original(self) -> Done:
        """The bytes of an original: changed, cut, swapped or gone."""
        (self.folder / "blobs").unlink()
        shutil.copytree(self.backups.now.folder / "blobs" / "originals", self.folder / "blobs" / "originals")
        originals = sorted(path for path in (self.folder / "blobs" / "originals").rglob("*") if path.is_file())
        one, other = self.rng.sample(originals, 2)
        data = one.read_bytes()
        bit = self.rng.randrange(8 * len(data))
        changed = bytearray(data)
        changed[bit // 8] ^= 1 << bit % 8
        with_other = [bytes(changed), data[:-1], data + b"x", other.read_bytes(), None]
        new = self.rng.choice(with_other)
        one.unlink()
        if new is not None:
            one.write_bytes(new)
        return Done("original", name=one.name)

    def exhibit(self) -> Done:
        """An exhibit's row points at other bytes, belongs to another case, or is gone."""
        rows = self.db.execute("SELECT id, entry, exhibit FROM exhibits").fetchall()
        id, entry, told = self.rng.choice(rows)
        if self.rng.random() < 0.3:
            self.db.execute("DELETE FROM exhibits WHERE id = ?", (id,))
        else:
            changed = {**json.loads(told), "sha256": hashlib.sha256(b"another").hexdigest()}
            self.db.execute("UPDATE exhibits SET exhibit = ? WHERE id = ?", (json.dumps(changed), id))
        return Done("exhibit", entry, entry, name=id)

    def checkpoint(self) -> Done:
        """One field of one checkpoint."""
        (size,) = self.rng.choice(self.db.execute("SELECT size FROM checkpoints").fetchall())
        column = self.rng.choice(["origin", "root", "note", "at", "size"])
        (value,) = self.db.execute(f"SELECT {column} FROM checkpoints WHERE size = ?", (size,)).fetchone()
        new = size + self.rng.choice([-1, 1]) if column == "size" else self._changed(value)
        self.db.execute(f"UPDATE checkpoints SET {column} = ? WHERE size = ?", (new, size))
        return Done(f"checkpoint {column}", name=f"checkpoint {new if column == 'size' else size}")

    def _set(self, seq: int, column: str, value: str) -> None:
        self.db.execute(f"UPDATE log_entries SET {column} = ? WHERE seq = ?", (value, seq))

    def _changed(self, value: str) -> str:
        """The text with one letter or digit replaced by another."""
        at = self.rng.choice([index for index, char in enumerate(value) if char.isalnum()])
        return (
            value[:at] + self.rng.choice([char for char in "0123456789abcdef" if char != value[at]]) + value[at + 1 :]
        )

    def _deeds(self) -> list[tuple[Deed, datetime]]:
        rows = self.db.execute("SELECT tenant, act, subject, actor, body, at FROM log_entries ORDER BY seq").fetchall()
        return [
            (
                Deed(tenant=tenant, act=act, subject=subject, actor=actor, body=json.loads(body)),
                datetime.fromisoformat(at).replace(tzinfo=UTC),
            )
            for tenant, act, subject, actor, body, at in rows
        ]

    def _write(self, deeds: list[tuple[Deed, datetime]], *, first: int, nodes: bool) -> None:
        log = Growing()
        self.db.execute("DELETE FROM log_entries WHERE seq >= ?", (first,))
        for seq, (deed, at) in enumerate(deeds):
            entry = entered(deed, seq=seq, at=at)
            for node in log.append(bytes.fromhex(entry.leaf)):
                if nodes:
                    self.db.execute("INSERT OR REPLACE INTO log_nodes VALUES (?, ?, ?)", node)
            if seq >= first:
                told = (seq, entry.tenant, entry.act.value, entry.subject, entry.actor, entry.leaf,
                        json.dumps(entry.body), at.replace(tzinfo=None).isoformat(" "))  # fmt: skip
                self.db.execute("INSERT INTO log_entries VALUES (?, ?, ?, ?, ?, ?, ?, ?)", told)
        self.db.execute("UPDATE log_head SET size = ?", (len(deeds),))

    def _sign(self, deeds: list[tuple[Deed, datetime]]) -> None:
        """A checkpoint of the new history, by the true key: the changer has that too."""
        leaves = (bytes.fromhex(entered(deed, seq=seq, at=at).leaf) for seq, (deed, at) in enumerate(deeds))
        key: CustodyKey = open_key(self.backups.now.folder / "keys", now=LONG_AGO)
        new = signed_checkpoint(len(deeds), root_of(leaves), at=datetime.now(UTC), key=key)
        values = (new.size, new.origin, new.root, new.note, new.at.replace(tzinfo=None).isoformat(" "))
        self.db.execute("INSERT INTO checkpoints (size, origin, root, note, at) VALUES (?, ?, ?, ?, ?)", values)


KINDS: tuple[Callable[[Changer], Done], ...] = (
    Changer.flip, Changer.delete, Changer.swap, Changer.insert, Changer.forge_leaf, Changer.truncate, Changer.rebuild,
    Changer.restore, Changer.original, Changer.exhibit, Changer.checkpoint, Changer.flip,
)  # fmt: skip


def test_every_change_is_found_and_its_event_named(backups: Backups, tmp_path: Path) -> None:
    sys.stdout.write(f"seed {SEED}\n")
    rng = random.Random(SEED)
    for index in range(COUNT):
        folder = tmp_path / str(index)
        copied(backups.now.folder, folder)
        changer = Changer(folder, backups, rng)
        done = KINDS[index % len(KINDS)](changer)
        changer.close()
        found = audited(folder, backups.now, backups.newest)
        assert found.faults, f"{index}: {done} was not seen"
        assert names(found.faults, done), f"{index}: {done} was not named in {found.faults}"


def test_an_installation_that_nobody_touched_has_no_faults(backups: Backups) -> None:
    found = audited(backups.now.folder, backups.now, backups.newest)
    assert found.faults == ()
    assert found.unsigned == 0
    assert found.checkpoints == CASES
    assert found.originals == 12
    assert found.newest == backups.newest


def test_bytes_may_be_left_unread(backups: Backups, tmp_path: Path) -> None:
    folder = tmp_path / "changed"
    copied(backups.now.folder, folder, with_bytes=True)
    one = next(path for path in sorted((folder / "blobs" / "originals").rglob("*")) if path.is_file())
    data = one.read_bytes()
    one.unlink()
    one.write_bytes(bytes(len(data)))
    assert audited(folder, backups.now, None, skip_bytes=True).faults == ()
    assert [fault.code for fault in audited(folder, backups.now, None).faults] == ["custody.original_changed"]


def test_a_log_that_is_wrong_everywhere_is_told_in_bounded_words(backups: Backups, tmp_path: Path) -> None:
    folder = tmp_path / "changed"
    copied(backups.now.folder, folder)
    with closing(sqlite3.connect(folder / "records.sqlite")) as db, db:
        db.execute(TAMPERED[0])
        db.execute("UPDATE log_entries SET actor = 'x'")
    found = audited(folder, backups.now, backups.newest)
    assert len(found.faults) == found.entries
