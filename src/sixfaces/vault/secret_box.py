"""Small secrets that a server must read again, such as those that sign webhooks: kept encrypted (AES-256-GCM).

A sealed text is `v1.<key>.<nonce and ciphertext>`: the key by 8 digits of its digest, the rest in URL-safe base64. It
is bound to its place, so that one row's secret is of no use in another.
"""

import base64
import binascii
import hashlib
import secrets
from collections.abc import Callable, Sequence
from functools import cached_property

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from sixfaces.domain.errors import WebhookError
from sixfaces.domain.model import Say

KEY_BYTES = 32
_FORM = "v1"
_NONCE = 12
_MARK = b"sixfaces.secret-box/1\n"


class SecretBox:
    """Seals with the first of its keys and opens with any. `keys` is asked when the first secret comes along;
    `new_keys` makes some where there are none yet."""

    def __init__(
        self, keys: Callable[[], Sequence[bytes]], new_keys: Callable[[], Sequence[bytes]] | None = None
    ) -> None:
        self._load, self._new = keys, new_keys or keys

    def make(self) -> None:
        """Let there be keys, for who knows that nothing has been sealed yet. Raises WebhookError `webhook.key`."""
        self._new()

    def seal(self, text: str, *, place: str) -> str:
        """The secret as it may be kept at this place. Raises WebhookError `webhook.key`."""
        name, cipher = next(iter(self._ciphers.items()))
        nonce = secrets.token_bytes(_NONCE)
        sealed = nonce + cipher.encrypt(nonce, text.encode(), _bound(place))
        return f"{_FORM}.{name}.{base64.urlsafe_b64encode(sealed).decode()}"

    def open(self, sealed: str, *, place: str) -> str:
        """The secret. Raises WebhookError `webhook.key` where no key of ours has sealed it for this place."""
        form, _, rest = sealed.partition(".")
        name, _, text = rest.partition(".")
        cipher = self._ciphers.get(name)
        if form != _FORM or cipher is None:
            raise unusable(f"no key {name[:8]}")
        try:
            data = base64.urlsafe_b64decode(text)
            return cipher.decrypt(data[:_NONCE], data[_NONCE:], _bound(place)).decode()
        except (InvalidTag, binascii.Error, ValueError):
            raise unusable(f"key {name}: another's secret") from None

    @cached_property
    def _ciphers(self) -> dict[str, AESGCM]:
        return {hashlib.sha256(key).hexdigest()[:8]: AESGCM(key) for key in self._load()}


def new_key_line() -> str:
    """A new key as a line of its file."""
    return base64.b64encode(secrets.token_bytes(KEY_BYTES)).decode()


def keys_of(text: str) -> tuple[bytes, ...]:
    """Keys of a file, one a line, the one in use first. Raises ValueError."""
    keys = tuple(base64.b64decode(line, validate=True) for line in text.split())
    if not keys or any(len(key) != KEY_BYTES for key in keys):
        raise ValueError("lines of 32 bytes in base64")
    return keys


def unusable(why: str) -> WebhookError:
    """Secrets can be neither kept nor read."""
    return WebhookError(
        "webhook.key",
        Say(zh=f"无法使用 Webhook 密钥文件：{why}。", en=f"The key of webhooks' secrets cannot be used: {why}."),
        Say(
            zh="请确认各服务器与 worker 使用同一份 webhooks.key；"
            "若已丢失，请用 deploy/make_keys.py 重新生成，并为每个端点轮换签名密钥。",
            en="See that servers and workers share one webhooks.key; if it is lost, make one by deploy/make_keys.py and"
            " rotate each endpoint's secret.",
        ),
    )


def _bound(place: str) -> bytes:
    return _MARK + place.encode()
