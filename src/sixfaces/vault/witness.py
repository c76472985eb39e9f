"""A witness remembers the last checkpoint that it saw, and refuses a log that is not an extension of it.

Its state is a file of one signed note. It is worth what its distance from the log is worth: keep it with another party.
"""

import os
from collections.abc import Iterable
from pathlib import Path

from sixfaces.domain.custody import Checkpoint, ConsistencyProof
from sixfaces.vault.checkpoint import LONGEST_NOTE, read_checkpoint
from sixfaces.vault.faults import custody_error
from sixfaces.vault.merkle import proves_consistency
from sixfaces.vault.notes import VerifierKey


def remembered(path: Path, keys: Iterable[VerifierKey]) -> Checkpoint | None:
    """What the witness saw last, None if it never saw anything. Raises CustodyError `custody.witness`, or what is
    wrong with the note."""
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as exc:
        raise custody_error("witness", f"{path}: {exc.strerror}") from exc
    try:
        return read_checkpoint(data[: LONGEST_NOTE + 1].decode("utf-8"), keys)
    except UnicodeDecodeError:
        raise custody_error("witness", str(path)) from None


def remember(path: Path, checkpoint: Checkpoint) -> None:
    """Replace what the witness remembers; whoever calls has had it compared. Raises CustodyError `custody.witness`,
    and `custody.rolled_back` for a log that is shorter than what is remembered."""
    before = _size_in(path)
    if checkpoint.size < before:
        raise custody_error("rolled_back", f"{checkpoint.size} < {before}")
    aside = path.with_name(f".{path.name}.new")
    try:
        with aside.open("wb") as file:
            file.write(checkpoint.note.encode())
            file.flush()
            os.fsync(file.fileno())
        aside.replace(path)
    except OSError as exc:
        raise custody_error("witness", f"{path}: {exc.strerror}") from exc


def _size_in(path: Path) -> int:
    """The size in a witness file; 0 where none can be told."""
    try:
        return int(path.read_bytes()[: LONGEST_NOTE + 1].split(b"\n")[1])
    except (OSError, ValueError, IndexError):
        return 0


def compared(seen: Checkpoint, now: Checkpoint, proof: ConsistencyProof | None) -> None:
    """That the log of `now` begins with the log that was seen; both checkpoints' signatures have been verified.

    Raises CustodyError `custody.origin` (another log), `custody.rolled_back` (shorter than it was), `custody.forked`
    (another history), `custody.unwitnessed` (nothing to compare by).
    """
    if seen.origin != now.origin:
        raise custody_error("origin", now.origin)
    if now.size < seen.size:
        raise custody_error("rolled_back", f"{now.size} < {seen.size}")
    if now.size == seen.size:
        proof = ConsistencyProof(old=seen.size, new=now.size, path=())
    if proof is None:
        raise custody_error("unwitnessed", f"{seen.size} → {now.size}")
    ends = (proof.old, proof.new) == (seen.size, now.size)
    if not ends or not proves_consistency(proof, old_root=seen.root, new_root=now.root):
        raise custody_error("forked", f"{seen.size} → {now.size}")
