"""Kept answers that hold a secret: encrypted under what only the sender of the same request knows, its own key and its
Idempotency-Key. Who reads the database reads nothing."""

import secrets

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from starlette.requests import Request

from sixfaces.domain.errors import RequestError
from sixfaces.domain.model import Say
from sixfaces.domain.records import KeptAnswer

_MARK = b"sixfaces.sealed-answer/1\n"
_NONCE = 12


def sealed(answer: KeptAnswer, request: Request) -> KeptAnswer:
    """The answer as it may be kept."""
    nonce = secrets.token_bytes(_NONCE)
    return answer.model_copy(update={"body": _MARK + nonce + _cipher(request).encrypt(nonce, answer.body, _MARK)})


def opened(kept: KeptAnswer, request: Request) -> KeptAnswer:
    """The answer as it was given. Raises RequestError `request.key_reused` for another sender."""
    if not kept.body.startswith(_MARK):
        return kept
    nonce, body = kept.body[len(_MARK) :][:_NONCE], kept.body[len(_MARK) + _NONCE :]
    try:
        return kept.model_copy(update={"body": _cipher(request).decrypt(nonce, body, _MARK)})
    except InvalidTag:
        raise RequestError(
            "request.key_reused",
            Say(
                zh="该 Idempotency-Key 已被另一个调用方使用，无法再次显示密钥内容。",
                en="Another key has made a key with this Idempotency-Key.",
            ),
            Say(zh="请换用新的 Idempotency-Key。", en="Use a new Idempotency-Key."),
        ) from None


def _cipher(request: Request) -> AESGCM:
    known = "\n".join(request.headers.get(name, "") for name in ("authorization", "idempotency-key"))
    return AESGCM(HKDF(SHA256(), 32, salt=None, info=_MARK).derive(known.encode()))
