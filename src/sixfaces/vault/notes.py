"""Signed notes after C2SP signed-note: a text, an empty line, and lines of Ed25519 signatures.

A key is told as `<name>+<8 hex>+<base64 of 0x01 and the 32 raw bytes>`; the eight digits are the first 32 bits of the
SHA-256 of the name, a line feed, 0x01 and the raw bytes.
"""

import base64
import binascii
import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from sixfaces.vault.faults import custody_error

NAME = re.compile(r"[!-*,-~]{1,100}")
"""Names of keys: printable ASCII without space and plus."""
MOST_SIGNATURES = 16

_ED25519 = b"\x01"
_LINE = re.compile(r"— (?P<name>[!-*,-~]{1,100}) (?P<signature>[A-Za-z0-9+/]{91}=)")
_FORBIDDEN = re.compile(r"[\x00-\x09\x0b-\x1f\x7f]")


@dataclass(frozen=True, slots=True)
class VerifierKey:
    """A public key that may have signed notes under `name`, from `since` until `until` (None: still)."""

    name: str
    public: Ed25519PublicKey
    since: datetime | None = None
    until: datetime | None = None

    @property
    def id(self) -> bytes:
        """Four bytes that say which key a signature line is of."""
        raw = self.public.public_bytes_raw()
        return hashlib.sha256(self.name.encode() + b"\n" + _ED25519 + raw).digest()[:4]

    @property
    def text(self) -> str:
        """The key in its one spelling."""
        told = base64.b64encode(_ED25519 + self.public.public_bytes_raw()).decode("ascii")
        return f"{self.name}+{self.id.hex()}+{told}"

    @classmethod
    def parse(cls, text: str, *, since: datetime | None = None, until: datetime | None = None) -> "VerifierKey":
        """The key that a text tells. Raises CustodyError `custody.keys`."""
        name, _, rest = text.partition("+")
        told = rest.partition("+")[2]
        try:
            raw = base64.b64decode(told, validate=True)
            key = cls(name, Ed25519PublicKey.from_public_bytes(raw[1:]), since, until)
        except (binascii.Error, ValueError):
            raise custody_error("keys", text[:80]) from None
        if not NAME.fullmatch(name) or key.text != text:
            raise custody_error("keys", text[:80])
        return key


class Opened(NamedTuple):
    """A note taken apart: its text with the last line feed, and signatures as (name, key id, 64 bytes)."""

    text: str
    signatures: tuple[tuple[str, bytes, bytes], ...]


def signed(text: str, *, name: str, private: Ed25519PrivateKey) -> str:
    """The note of a text, which ends with a line feed and has no other control characters."""
    if not text.endswith("\n") or _FORBIDDEN.search(text):
        raise ValueError("a note's text is lines without control characters")
    key = VerifierKey(name, private.public_key())
    signature = base64.b64encode(key.id + private.sign(text.encode())).decode("ascii")
    return f"{text}\n— {name} {signature}\n"


def opened(note: str) -> Opened:
    """Take a note apart without judging it. Raises CustodyError `custody.checkpoint_form`."""
    text, gap, below = note.rpartition("\n\n")
    lines = below.split("\n")
    if not gap or _FORBIDDEN.search(note) or lines[-1] or not 1 <= len(lines) - 1 <= MOST_SIGNATURES:
        raise custody_error("checkpoint_form", "note")
    return Opened(f"{text}\n", tuple(_signature(line) for line in lines[:-1]))


def verified(note: str, keys: Iterable[VerifierKey]) -> tuple[str, VerifierKey]:
    """The note's text and the trusted key that signed it; signatures of other keys are passed over.

    Raises CustodyError `custody.checkpoint_form`, `custody.unknown_key`, or `custody.signature` where any line that is
    said to be a trusted key's is not.
    """
    text, signatures = opened(note)
    known = {(key.name, key.id): key for key in keys}
    found = [(known[name, id], signature) for name, id, signature in signatures if (name, id) in known]
    if not found:
        raise custody_error("unknown_key", signatures[0][0])
    for key, signature in found:
        try:
            key.public.verify(signature, text.encode())
        except InvalidSignature:
            raise custody_error("signature", key.name) from None
    return text, found[0][0]


def _signature(line: str) -> tuple[str, bytes, bytes]:
    match = _LINE.fullmatch(line)
    if match is None:
        raise custody_error("checkpoint_form", "note")
    try:
        raw = base64.b64decode(match["signature"], validate=True)
    except binascii.Error:
        raise custody_error("checkpoint_form", "note") from None
    if len(raw) != 68 or base64.b64encode(raw).decode("ascii") != match["signature"]:
        raise custody_error("checkpoint_form", "note")
    return match["name"], raw[:4], raw[4:]
