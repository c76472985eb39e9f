"""Tokens of links to how a claim stands: signed (HMAC-SHA256), bound to one link, case, side and expiry.

A token is URL-safe base64 of 38 bytes and their MAC: the link's and the case's id, the side, the expiry in seconds.
Whether the link was revoked is not in it: that stands in the records.
"""

import base64
import binascii
import hashlib
import hmac
import uuid
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from functools import cached_property
from typing import NamedTuple

from sixfaces.domain.notice import SIDES, Link, ToldParty

LENGTH = 94
"""Characters of a token; anything else is none."""
_MARK = b"sixfaces.link/1\n"
_MAC = 32
_BODY = 38


class LinkClaim(NamedTuple):
    """What a token says, once its signature holds."""

    link_id: str
    case_id: str
    party: ToldParty
    expires_at: datetime


class LinkSigner:
    """Signs with the first of its keys, checks with any. `keys` is asked when the first token comes along."""

    def __init__(self, keys: Callable[[], Sequence[bytes]]) -> None:
        self._load = keys

    def token(self, link: Link) -> str:
        """The token of a link, the same whenever it is asked for with the same key. Raises SettingsError
        `settings.link_key`."""
        seconds = int(link.expires_at.timestamp())
        party = SIDES.index(link.party).to_bytes(1, "big")
        body = uuid.UUID(link.id).bytes + uuid.UUID(link.case_id).bytes + party + seconds.to_bytes(5, "big")
        return base64.urlsafe_b64encode(body + _mac(self._keys[0], body)).decode().rstrip("=")

    def read(self, token: str) -> LinkClaim | None:
        """What the token says; None for whatever we have not signed, however it differs. Takes as long for a wrong
        signature as for a right one. Raises SettingsError `settings.link_key`."""
        if len(token) != LENGTH or not token.isascii():
            return None
        try:
            data = base64.b64decode(token + "==", altchars=b"-_", validate=True)
        except binascii.Error:
            return None
        body, mac = data[:_BODY], data[_BODY:]
        fits = [hmac.compare_digest(mac, _mac(key, body)) for key in self._keys]
        if not any(fits) or base64.urlsafe_b64encode(data).decode().rstrip("=") != token:
            return None
        return _claim(body)

    @cached_property
    def _keys(self) -> Sequence[bytes]:
        return self._load()


def _claim(body: bytes) -> LinkClaim:
    link_id, case_id = (str(uuid.UUID(bytes=body[at : at + 16])) for at in (0, 16))
    return LinkClaim(link_id, case_id, SIDES[body[32]], datetime.fromtimestamp(int.from_bytes(body[33:], "big"), UTC))


def _mac(key: bytes, body: bytes) -> bytes:
    return hmac.new(key, _MARK + body, hashlib.sha256).digest()
