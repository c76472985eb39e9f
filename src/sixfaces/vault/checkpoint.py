"""Checkpoints: how large the log is and what its root is, signed (C2SP tlog-checkpoint; format: docs/custody.md).

origin, size in decimal, root in base64, and one line more: `time` and the instant at which it was signed.
"""

import base64
import binascii
import re
from collections.abc import Iterable
from datetime import datetime

from sixfaces.domain.custody import Checkpoint
from sixfaces.vault.canonical import instant_text
from sixfaces.vault.custody_keys import CustodyKey
from sixfaces.vault.faults import custody_error
from sixfaces.vault.notes import VerifierKey, verified

LONGEST_NOTE = 8192

_FORM = re.compile(
    r"(?P<origin>[!-*,-~]{1,100})\n(?P<size>0|[1-9][0-9]{0,17})\n(?P<root>[A-Za-z0-9+/]{43}=)\n"
    r"time (?P<at>[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{6}Z)\n"
)


def signed_checkpoint(size: int, root: bytes, *, at: datetime, key: CustodyKey) -> Checkpoint:
    """The log's state, signed now."""
    text = f"{key.name}\n{size}\n{base64.b64encode(root).decode('ascii')}\ntime {instant_text(at)}\n"
    return Checkpoint(origin=key.name, size=size, root=root.hex(), at=at, note=key.signed(text))


def read_checkpoint(note: str, keys: Iterable[VerifierKey]) -> Checkpoint:
    """What a note says, if a trusted key signed it while it was in use.

    Raises CustodyError `custody.checkpoint_form`, `custody.unknown_key`, `custody.signature`, `custody.origin` where
    the key is another log's, `custody.key_retired`.
    """
    if len(note) > LONGEST_NOTE:
        raise custody_error("checkpoint_form", "checkpoint")
    text, key = verified(note, keys)
    checkpoint = _parsed(text, note)
    if checkpoint.origin != key.name:
        raise custody_error("origin", checkpoint.origin)
    if key.until is not None and checkpoint.at > key.until:
        raise custody_error("key_retired", key.text)
    return checkpoint


def verified_checkpoint(kept: Checkpoint, keys: Iterable[VerifierKey]) -> Checkpoint:
    """A kept checkpoint whose fields are what its note says. Raises as `read_checkpoint`, and CustodyError
    `custody.checkpoint_changed`."""
    told = read_checkpoint(kept.note, keys)
    if (told.origin, told.size, told.root, told.at) != (kept.origin, kept.size, kept.root, kept.at):
        raise custody_error("checkpoint_changed", f"checkpoint {kept.size}")
    return kept


def _parsed(text: str, note: str) -> Checkpoint:
    match = _FORM.fullmatch(text)
    try:
        if match is None:
            raise ValueError
        root = base64.b64decode(match["root"], validate=True)
        at = datetime.fromisoformat(match["at"])
        if base64.b64encode(root).decode("ascii") != match["root"]:
            raise ValueError
    except (binascii.Error, ValueError):
        raise custody_error("checkpoint_form", "checkpoint") from None
    return Checkpoint(origin=match["origin"], size=int(match["size"]), root=root.hex(), at=at, note=note)
