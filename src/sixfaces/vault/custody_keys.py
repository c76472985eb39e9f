"""Keys that sign the custody log: one private key in use, and every public key that ever was, with its times.

In a folder of the installation: `custody.pem` (PKCS 8, readable by its owner only) and `custody-keys.txt`, one line for
each public key: `<key> <since> <until>`, `-` while it is in use. Whoever verifies needs the second file, and must have
it from elsewhere than from the log that it is to judge.
"""

import hashlib
import os
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from sixfaces.vault.canonical import instant_text
from sixfaces.vault.faults import custody_error
from sixfaces.vault.notes import NAME, VerifierKey, signed

PRIVATE, PUBLIC = "custody.pem", "custody-keys.txt"
_LARGEST_FILE = 1_000_000
_OPEN = "-"


@dataclass(frozen=True, slots=True)
class CustodyKey:
    """The private key in use. `name` is the log's origin, the same for all its keys."""

    name: str
    private: Ed25519PrivateKey

    @property
    def verifier(self) -> VerifierKey:
        """What others need to verify."""
        return VerifierKey(self.name, self.private.public_key())

    def signed(self, text: str) -> str:
        """A note of the text; the same for the same text."""
        return signed(text, name=self.name, private=self.private)


def open_key(folder: Path, *, now: datetime, origin: str | None = None) -> CustodyKey:
    """The key of the installation, made at the first start. Many processes may start at once.

    `origin` names a new log, by default after its first key. Raises CustodyError `custody.keys`, and `custody.origin`
    where the folder holds another log's keys.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        if not (folder / PRIVATE).exists():
            _made(folder / PRIVATE, Ed25519PrivateKey.generate(), replacing=False)
        private = _private(folder / PRIVATE)
        known = load_keys(folder / PUBLIC) if (folder / PUBLIC).exists() else ()
        name = known[0].name if known else origin or _name_of(private)
        if origin not in {None, name} or not NAME.fullmatch(name):
            raise custody_error("origin", name)
        key = CustodyKey(name, private)
        _know(folder / PUBLIC, key, known, now=now)
    except OSError as exc:
        raise custody_error("keys", f"{folder}: {exc.strerror}") from exc
    return key


def rotate_key(folder: Path, *, now: datetime) -> CustodyKey:
    """A new key in place of the one in use, whose public half stays known with the instant of its end.

    A crash in between leaves the old key in use; the next `open_key` closes what was not begun.
    """
    old = open_key(folder, now=now)
    new = CustodyKey(old.name, Ed25519PrivateKey.generate())
    try:
        _know(folder / PUBLIC, new, load_keys(folder / PUBLIC), now=now)
        _made(folder / PRIVATE, new.private, replacing=True)
    except OSError as exc:
        raise custody_error("keys", f"{folder}: {exc.strerror}") from exc
    return new


def load_keys(path: Path) -> tuple[VerifierKey, ...]:
    """Read a file of public keys. Raises CustodyError `custody.keys`."""
    try:
        with path.open("rb") as file:
            data = file.read(_LARGEST_FILE + 1)
    except OSError as exc:
        raise custody_error("keys", f"{path}: {exc.strerror}") from exc
    if len(data) > _LARGEST_FILE:
        raise custody_error("keys", str(path))
    return keys_from_text(data)


def keys_from_text(data: bytes) -> tuple[VerifierKey, ...]:
    """Public keys, one a line, at least one; a line may lack both instants, and `#` begins a remark."""
    try:
        lines = data.decode("utf-8").splitlines()
    except UnicodeDecodeError:
        raise custody_error("keys", "UTF-8") from None
    keys = tuple(_key(line) for line in lines if line.strip() and not line.startswith("#"))
    if not keys:
        raise custody_error("keys", "0")
    return keys


def keys_text(keys: Iterable[VerifierKey]) -> str:
    """The file of these keys."""
    return "".join(f"{key.text} {_told(key.since)} {_told(key.until)}\n" for key in keys)


def _key(line: str) -> VerifierKey:
    text, *times = line.split()
    if len(times) > 2:
        raise custody_error("keys", line[:80])
    try:
        since, until = (None if told == _OPEN else datetime.fromisoformat(told) for told in (*times, _OPEN, _OPEN)[:2])
    except ValueError:
        raise custody_error("keys", line[:80]) from None
    if any(at is not None and at.tzinfo is None for at in (since, until)):
        raise custody_error("keys", line[:80])
    return VerifierKey.parse(text, since=since, until=until)


def _know(path: Path, key: CustodyKey, known: Sequence[VerifierKey], *, now: datetime) -> None:
    """Enter the key in the file as the one in use; all others have ended."""
    instant = now.astimezone(UTC)
    ours = key.verifier.text
    kept = [replace(one, until=None if one.text == ours else one.until or instant) for one in known]
    if not any(one.text == ours for one in kept):
        kept.append(replace(key.verifier, since=instant))
    if tuple(kept) != tuple(known):
        written_whole(path, keys_text(kept).encode(), mode=0o644, replacing=True)


def _private(path: Path) -> Ed25519PrivateKey:
    try:
        private = serialization.load_pem_private_key(path.read_bytes(), password=None)
    except (ValueError, TypeError):
        raise custody_error("keys", str(path)) from None
    if not isinstance(private, Ed25519PrivateKey):
        raise custody_error("keys", str(path))
    return private


def _made(path: Path, private: Ed25519PrivateKey, *, replacing: bool) -> None:
    pem = private.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    written_whole(path, pem, mode=0o600, replacing=replacing)


def written_whole(path: Path, data: bytes, *, mode: int, replacing: bool) -> None:
    """Write a file whole and on disk, or not at all; unless `replacing`, whoever was first wins."""
    descriptor, aside = tempfile.mkstemp(dir=path.parent, prefix=".key-")
    try:
        with os.fdopen(descriptor, "wb") as file:
            os.fchmod(descriptor, mode)
            file.write(data)
            file.flush()
            os.fsync(descriptor)
        if replacing:
            Path(aside).replace(path)
        elif not path.exists():
            _linked(Path(aside), path)
    finally:
        Path(aside).unlink(missing_ok=True)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _linked(aside: Path, path: Path) -> None:
    try:
        path.hardlink_to(aside)
    except FileExistsError:
        return  # another process was first: its key is the key


def _name_of(private: Ed25519PrivateKey) -> str:
    return f"sixfaces.custody/{hashlib.sha256(private.public_key().public_bytes_raw()).hexdigest()[:16]}"


def _told(at: datetime | None) -> str:
    return _OPEN if at is None else instant_text(at)
