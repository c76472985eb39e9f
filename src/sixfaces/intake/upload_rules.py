"""What an upload may be, and how its headers are read: pure, strict, without a database or a socket.

1. limits     how large a file of a role may be, how much of a tenant's may be on its way at once
2. metadata   tus pairs `key base64,key base64`; what is malformed is an error, what is unknown is kept and ignored
3. checksums  of one request (tus Upload-Checksum) and of the whole file (Content-Digest, Repr-Digest, Digest)
4. names      made safe to show and to store: one line, no path
"""

import base64
import binascii
import hashlib
import re
from collections.abc import Callable, Mapping
from datetime import timedelta
from types import MappingProxyType
from typing import Any, NamedTuple

from sixfaces.domain.errors import UploadError
from sixfaces.domain.exhibit import Role
from sixfaces.domain.model import Say
from sixfaces.intake.accept import IntakeLimits

CHECKSUMS: Mapping[str, Callable[[], Any]] = MappingProxyType({"sha256": hashlib.sha256, "sha1": hashlib.sha1})
"""Checksums of one request that are understood, the better first. tus demands sha1; it finds accidents, not malice."""

COMMIT_BYTES = 8 << 20
"""After so many bytes progress is brought to disk and committed: what a cut connection can cost at most."""

_LONGEST_METADATA = 4000
_LONGEST_NAME = 255
_KEY = re.compile(r"[!-+\--~]{1,100}")
_HEX = re.compile(r"[0-9a-f]{64}")


class UploadLimits(NamedTuple):
    """What an installation takes. `of_tenants` holds what differs for a tenant; `open_bytes` is how much of one
    tenant may be on its way at once, `spool_bytes` how much of all tenants may lie in the spool (None: as much as
    there is room for); `keep` is how long an upload may rest between two requests, `links` how long an address of the
    store is good. A request must bring `least_rate` bytes a second, on average over each `grace_s` seconds."""

    files: IntakeLimits = IntakeLimits()
    of_tenants: Mapping[str, IntakeLimits] = MappingProxyType({})
    open_bytes: int = 256 << 30
    keep: timedelta = timedelta(days=7)
    links: timedelta = timedelta(minutes=15)
    spool_bytes: int | None = None
    least_rate: int = 1024
    grace_s: float = 30.0

    def most_bytes(self, tenant: str, role: Role) -> int:
        """The most bytes a file of this role may have."""
        return self.of_tenants.get(tenant, self.files).for_role(role)

    def largest(self) -> int:
        """The most bytes any upload may have, as announced to clients before they say who they are."""
        every = (self.files, *self.of_tenants.values())
        return max(max(limits.video_bytes, limits.other_bytes) for limits in every)


class Checksum(NamedTuple):
    """What the bytes of one request must hash to. `algorithm` is a key of CHECKSUMS."""

    algorithm: str
    digest: bytes


def read_metadata(header: str | None) -> dict[str, str]:
    """The pairs of a tus Upload-Metadata header; none for no header. A value may be absent, then it is "".

    Raises UploadError `upload.metadata`.
    """
    if header is None or not header.strip():
        return {}
    if len(header) > _LONGEST_METADATA:
        raise _metadata(f"{len(header)} > {_LONGEST_METADATA}")
    found: dict[str, str] = {}
    for pair in header.split(","):
        key, _, value = pair.strip().partition(" ")
        if not _KEY.fullmatch(key) or key in found:
            raise _metadata(key)
        found[key] = _text(key, value)
    return found


def read_checksum(header: str | None) -> Checksum | None:
    """A tus Upload-Checksum header. Raises UploadError `upload.checksum_header`, `upload.checksum_unknown`."""
    if header is None:
        return None
    algorithm, _, value = header.strip().partition(" ")
    if algorithm not in CHECKSUMS:
        raise UploadError(
            "upload.checksum_unknown",
            Say(zh="不支持这种 Upload-Checksum 算法。", en="Upload-Checksum names an algorithm that is not supported."),
            Say(zh=f"请使用 {'、'.join(CHECKSUMS)}。", en=f"Use one of {', '.join(CHECKSUMS)}."),
        )
    digest = _decoded(value)
    if digest is None or len(digest) != CHECKSUMS[algorithm]().digest_size:
        raise _digest_unreadable("Upload-Checksum")
    return Checksum(algorithm, digest)


def read_sha256(text: str) -> str:
    """A whole file's digest as clients write it, 64 hexadecimal digits. Raises UploadError `upload.digest_header`."""
    digest = text.strip().lower()
    if not _HEX.fullmatch(digest):
        raise _digest_unreadable("sha256")
    return digest


def read_digest(headers: Mapping[str, str]) -> str | None:
    """The whole file's SHA-256 by Content-Digest or Repr-Digest (RFC 9530) or Digest (RFC 3230), in hexadecimal;
    None where none of them names one. Two that differ cannot both be right.

    `headers` has lower-case names. Raises UploadError `upload.digest_header`.
    """
    found = set()
    for name in ("content-digest", "repr-digest", "digest"):
        for item in headers.get(name, "").split(","):
            algorithm, _, value = item.strip().partition("=")
            if algorithm.lower() != "sha-256":
                continue
            digest = _decoded(value.removeprefix(":").removesuffix(":"))
            if digest is None or len(digest) != hashlib.sha256().digest_size:
                raise _digest_unreadable(name)
            found.add(digest.hex())
    if len(found) > 1:
        raise _digest_unreadable("Content-Digest")
    return next(iter(found), None)


def read_role(text: str | None) -> Role:
    """What the file is handed in as: an unboxing video unless said otherwise. Raises UploadError `upload.role`."""
    try:
        return Role(text) if text else Role.UNBOXING_VIDEO
    except ValueError as exc:
        names = ", ".join(Role)
        raise UploadError(
            "upload.role",
            Say(zh="没有这种证据角色。", en="There is no such role of an exhibit."),
            Say(zh=f"可用的角色：{names}。", en=f"The roles are {names}."),
        ) from exc


def safe_name(name: str | None) -> str:
    """A file's name as it may stand in a report and in a listing: its last part, one line, bounded, never empty."""
    last = re.split(r"[/\\]", name or "")[-1]
    whole = last.encode("utf-8", "replace").decode("utf-8")
    shown = "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in whole).strip()[:_LONGEST_NAME]
    return shown if shown.strip(".") else "unnamed"


def _text(key: str, value: str) -> str:
    decoded = _decoded(value)
    try:
        text = decoded.decode("utf-8") if decoded is not None else None
    except UnicodeDecodeError:
        text = None
    if text is None or "\x00" in text:
        raise _metadata(key)
    return text


def _decoded(value: str) -> bytes | None:
    try:
        return base64.b64decode(value.strip(), validate=True)
    except (binascii.Error, ValueError):
        return None


def _metadata(where: str) -> UploadError:
    shown = safe_name(where)[:60]
    return UploadError(
        "upload.metadata",
        Say(zh=f"Upload-Metadata 无法读取：{shown}。", en=f"Upload-Metadata cannot be read at {shown}."),
        Say(
            zh="格式为“键 Base64值”，以逗号分隔；键不重复，值为 UTF-8 文本，总长不超过 4000 个字符。",
            en="Write `key base64value` pairs with commas between them: each key once, UTF-8 text, 4000 characters.",
        ),
    )


def _digest_unreadable(header: str) -> UploadError:
    return UploadError(
        "upload.checksum_header" if header == "Upload-Checksum" else "upload.digest_header",
        Say(zh=f"{header} 中的摘要无法读取。", en=f"The digest in {header} cannot be read."),
        Say(
            zh="Upload-Checksum 与 Content-Digest 用 Base64，参数 sha256 用 64 位十六进制；多处声明必须一致。",
            en="Upload-Checksum and Content-Digest are base64, `sha256` is 64 hexadecimal digits; all must agree.",
        ),
    )
