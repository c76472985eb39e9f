"""Checkpoints as signed notes: that fields say what the note says, and that a known key signed it while in use."""

import base64
import binascii
import hashlib
import re
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from sixfaces.adapters.fsck.fault import Fault, fault
from sixfaces.adapters.fsck.look import Look
from sixfaces.adapters.fsck.rows import instant

_CHECKPOINTS = 'SELECT size, origin, root, "at", note FROM checkpoints ORDER BY size'
_TEXT = re.compile(r"(\S+)\n(\d+)\n(\S{44})\ntime (\S+)\n")
_SIGNATURE = re.compile(r"— (\S+) (\S+)")


class _Note(NamedTuple):
    text: str
    origin: str
    size: int
    root: str
    at: datetime
    signatures: tuple[tuple[bytes, bytes], ...]
    """(key id, 64 bytes)."""


class _Key(NamedTuple):
    name: str
    public: Ed25519PublicKey
    until: datetime | None


def check_signatures(look: Look) -> Iterator[Fault]:
    """All checkpoints, each by itself."""
    keys: dict[bytes, _Key] | None = None
    for size, origin, root, at, note in look.rows.ask(_CHECKPOINTS):
        look.counted["checkpoints"] += 1
        if keys is None:
            keys = _keys_in(look.custody_keys)
            if not keys:
                yield fault("keys_unreadable", look.custody_keys)
        read = _read(note)
        if read is None:
            yield fault("checkpoint_form", f"checkpoint {size}")
            continue
        if (read.origin, read.size, read.root, read.at) != (origin, size, root, instant(at)):
            yield fault("checkpoint_differs", f"checkpoint {size}")
        if keys:
            yield from _signed(read, keys)


def _signed(note: _Note, keys: dict[bytes, _Key]) -> Iterator[Fault]:
    known = [(keys[id], signature) for id, signature in note.signatures if id in keys]
    in_use = [key for key, _ in known if key.name == note.origin and (key.until is None or note.at <= key.until)]
    if not in_use:
        yield fault("checkpoint_key", f"checkpoint {note.size}")
    for key, signature in known:
        try:
            key.public.verify(signature, note.text.encode())
        except InvalidSignature:
            yield fault("checkpoint_signature", f"checkpoint {note.size}")


def _read(note: str) -> _Note | None:
    text, gap, below = note.rpartition("\n\n")
    form = _TEXT.fullmatch(f"{text}\n")
    lines = [_SIGNATURE.fullmatch(line) for line in below.splitlines()]
    try:
        raw = [base64.b64decode(line[2], validate=True) for line in lines if line]
        if not (gap and form and raw and len(raw) == len(lines)):
            return None
        root = base64.b64decode(form[3], validate=True).hex()
        signatures = tuple((one[:4], one[4:]) for one in raw)
        return _Note(f"{text}\n", form[1], int(form[2]), root, instant(form[4]), signatures)
    except (binascii.Error, ValueError):
        return None


def _keys_in(path: Path) -> dict[bytes, _Key]:
    """Public keys by their ids, from lines of `<name>+<id>+<base64 of 0x01 and 32 bytes> <since> <until>`; none where
    the file or any line of it cannot be read."""
    try:
        lines = [line.split() for line in path.read_text("utf-8").splitlines() if line.strip() and line[0] != "#"]
        return dict(_key(line) for line in lines)
    except (OSError, ValueError):
        return {}


def _key(words: list[str]) -> tuple[bytes, _Key]:
    name, _, told = words[0].split("+", 2)
    typed = base64.b64decode(told, validate=True)
    until = words[2] if len(words) > 2 else "-"
    key = _Key(name, Ed25519PublicKey.from_public_bytes(typed[1:]), None if until == "-" else instant(until))
    return hashlib.sha256(name.encode() + b"\n" + typed).digest()[:4], key
