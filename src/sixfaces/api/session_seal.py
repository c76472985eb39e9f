"""A bearer sealed into what a browser keeps: who holds the cookie can ask with it here, and read nothing from it."""

import base64
import binascii
import secrets
import struct
from typing import NamedTuple

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

_MARK = b"sixfaces.session/1\n"
_NONCE = 12
_WHEN = struct.Struct(">Q")


class Kept(NamedTuple):
    """A bearer, and the second of the epoch at which it is worth nothing in this form."""

    bearer: str
    expires: int


class SessionSeal:
    """All servers of an installation have the same: it is derived from a key that they share."""

    def __init__(self, key: Ed25519PrivateKey) -> None:
        self._cipher = AESGCM(HKDF(SHA256(), 32, salt=None, info=_MARK).derive(key.private_bytes_raw()))

    def sealed(self, kept: Kept) -> str:
        """As a cookie may hold it. The bearer is ASCII, as headers are."""
        nonce = secrets.token_bytes(_NONCE)
        inner = _WHEN.pack(kept.expires) + kept.bearer.encode("ascii")
        return base64.urlsafe_b64encode(nonce + self._cipher.encrypt(nonce, inner, _MARK)).decode("ascii").rstrip("=")

    def opened(self, text: str, *, now: float) -> Kept | None:
        """What was sealed; None for what was not sealed here, and for what is over."""
        try:
            data = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
            inner = self._cipher.decrypt(data[:_NONCE], data[_NONCE:], _MARK)
        except (binascii.Error, ValueError, InvalidTag):
            return None
        kept = Kept(inner[_WHEN.size :].decode("ascii"), _WHEN.unpack(inner[: _WHEN.size])[0])
        return kept if now < kept.expires else None
