"""Keys of challenge codes: Ed25519. A station signs with its own; whoever judges needs only the public ones.

A key's id is derived from the key, so that a key file cannot pass one key off under another's name.
"""

import base64
import binascii
import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from sixfaces.domain.errors import ChallengeError
from sixfaces.domain.model import Say

_LARGEST_FILE = 1_000_000


@dataclass(frozen=True, slots=True)
class SigningKey:
    """A station's private key and its id."""

    private: Ed25519PrivateKey
    key_id: str

    @classmethod
    def of(cls, private: Ed25519PrivateKey) -> "SigningKey":
        """The key with the id derived from it."""
        return cls(private, key_id_of(private.public_key()))

    @classmethod
    def generate(cls) -> "SigningKey":
        """A new key from the system's randomness."""
        return cls.of(Ed25519PrivateKey.generate())

    @classmethod
    def from_pem(cls, pem: bytes) -> "SigningKey":
        """An unencrypted PKCS 8 key. Raises ChallengeError `challenge.key` if it is anything else."""
        try:
            private = serialization.load_pem_private_key(pem, password=None)
        except (ValueError, TypeError) as error:
            raise _bad_key() from error
        if not isinstance(private, Ed25519PrivateKey):
            raise _bad_key()
        return cls.of(private)

    def to_pem(self) -> bytes:
        """Unencrypted PKCS 8: store it where only the station can read it."""
        return self.private.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )

    @property
    def public(self) -> Ed25519PublicKey:
        """What others need to verify."""
        return self.private.public_key()

    def sign(self, message: bytes) -> bytes:
        """64 bytes; the same for the same message."""
        return self.private.sign(message)


def key_id_of(key: Ed25519PublicKey) -> str:
    """Eight base32 characters: the first 40 bits of the SHA-256 of the raw public key."""
    return base64.b32encode(hashlib.sha256(key.public_bytes_raw()).digest()[:5]).decode("ascii")


def keys_to_json(keys: Iterable[Ed25519PublicKey]) -> str:
    """The public key file: `{key id: base64 of the 32 raw bytes}`, sorted."""
    table = {key_id_of(key): base64.b64encode(key.public_bytes_raw()).decode("ascii") for key in keys}
    return json.dumps(table, indent=2, sort_keys=True) + "\n"


def keys_from_json(text: str | bytes) -> dict[str, Ed25519PublicKey]:
    """Read a public key file. Raises ChallengeError `challenge.keys` if any entry is not what its id says."""
    try:
        table = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise _bad_keys("not JSON") from error
    if not isinstance(table, dict):
        raise _bad_keys("not an object")
    return {str(key_id): _public(str(key_id), value) for key_id, value in table.items()}


def load_keys(path: Path) -> dict[str, Ed25519PublicKey]:
    """Read a public key file from disk. Raises ChallengeError `challenge.keys`, also if it cannot be read."""
    try:
        with path.open("rb") as file:
            data = file.read(_LARGEST_FILE + 1)
    except OSError as error:
        raise _bad_keys(error.strerror or "unreadable") from error
    if len(data) > _LARGEST_FILE:
        raise _bad_keys("too large")
    return keys_from_json(data)


def _public(key_id: str, value: object) -> Ed25519PublicKey:
    try:
        key = Ed25519PublicKey.from_public_bytes(base64.b64decode(str(value), validate=True))
    except (binascii.Error, ValueError) as error:
        raise _bad_keys(f"entry {key_id[:16]!a}") from error
    if key_id_of(key) != key_id:
        raise _bad_keys(f"entry {key_id[:16]!a} is not the id of its key")
    return key


def _bad_key() -> ChallengeError:
    return ChallengeError(
        "challenge.key",
        Say(
            zh="私钥不是未加密的 Ed25519 PKCS#8 PEM。",
            en="The private key is not an unencrypted Ed25519 key in PKCS 8 PEM.",
        ),
        Say(zh="请重新生成工位密钥。", en="Generate the station's key anew."),
    )


def _bad_keys(why: str) -> ChallengeError:
    return ChallengeError(
        "challenge.keys",
        Say(zh=f"公钥文件无法使用（{why}）。", en=f"The file of public keys cannot be used ({why})."),
        Say(zh="文件应为 {密钥编号: base64 公钥} 的 JSON。", en="It is JSON of the form {key id: base64 public key}."),
    )
