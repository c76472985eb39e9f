"""Private keys of an installation as files: made once, readable by their owner only."""

import os
import secrets
from pathlib import Path

from sixfaces.domain.errors import ChallengeError, SettingsError
from sixfaces.domain.model import Say
from sixfaces.vault.challenge_keys import SigningKey
from sixfaces.vault.secret_box import keys_of, new_key_line, unusable

_LARGEST = 10_000


def key_at(path: Path, *, make: bool) -> SigningKey:
    """The Ed25519 key in the file; with `make`, a new one where there is no file yet.

    Raises SettingsError `settings.key_missing`, or `settings.key` where the file holds anything else.
    """
    try:
        if make and not path.exists():
            _write_new(path, SigningKey.generate().to_pem())
        with path.open("rb") as file:
            return SigningKey.from_pem(file.read(_LARGEST))
    except FileNotFoundError as exc:
        raise SettingsError(
            "settings.key_missing",
            Say(zh=f"找不到密钥文件 {path}。", en=f"There is no key file {path}."),
            Say(zh="请先运行一次 sixfaces serve，或更正路径。", en="Run sixfaces serve once, or correct the path."),
        ) from exc
    except (ChallengeError, OSError) as exc:
        why = exc.text if isinstance(exc, ChallengeError) else _cause(exc)
        raise SettingsError(
            "settings.key",
            Say(zh=f"密钥文件 {path} 无法使用：{why.zh}", en=f"The key file {path} cannot be used: {why.en}"),
            Say(zh="请提供未加密的 Ed25519 PKCS#8 PEM 文件。", en="Give an unencrypted Ed25519 key in PKCS 8 PEM."),
        ) from exc


def box_keys_at(path: Path, *, make: bool) -> tuple[bytes, ...]:
    """Keys of a secret box; with `make`, a new one where there is no file yet. Raises WebhookError `webhook.key`."""
    try:
        return _key_lines(path, make=make)
    except OSError as exc:
        raise unusable(f"{path.name}: {exc.strerror}") from exc
    except ValueError as exc:
        raise unusable(path.name) from exc


def link_keys_at(path: Path) -> tuple[bytes, ...]:
    """Keys that sign links, one made where there is no file yet. Raises SettingsError `settings.link_key`."""
    try:
        return _key_lines(path, make=True)
    except (OSError, ValueError) as exc:
        why = f"{path.name}: {exc.strerror}" if isinstance(exc, OSError) else path.name
        raise SettingsError(
            "settings.link_key",
            Say(zh=f"无法使用进度链接的密钥文件：{why}。", en=f"The key of links cannot be used: {why}."),
            Say(
                zh="请确认各服务器与 worker 使用同一份 links.key；若已丢失，删除后会重新生成，旧链接随之失效。",
                en="See that servers and workers share one links.key; if it is lost a new one is made, and links that"
                " were given out lead nowhere.",
            ),
        ) from exc


def _key_lines(path: Path, *, make: bool) -> tuple[bytes, ...]:
    """Raises OSError and ValueError."""
    if make and not path.exists():
        _write_new(path, f"{new_key_line()}\n".encode())
    with path.open("rb") as file:
        return keys_of(file.read(_LARGEST).decode("ascii"))


def _write_new(path: Path, data: bytes) -> None:
    """Two servers that start at once must end with one key: whoever links its file first has made it."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(draft, path)
        except FileExistsError:
            return
    finally:
        draft.unlink()
    folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _cause(error: OSError) -> Say:
    cause = error.strerror or type(error).__name__
    return Say(zh=f"{cause}。", en=f"{cause}.")
