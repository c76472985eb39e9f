"""Content credentials (C2PA) of pictures and clips that were made from evidence: what was done, to which original.

1. The manifest says what was done, in C2PA's words, and names the sealed original by its SHA-256, as the ingredient
   that this comes from and in an assertion of ours. No name, number, place or text of the case is in it.
2. It is signed with ES256 by the key that is handed in. Nothing is fetched and nothing is asked: no network at all.
3. What was signed is read back. Unless its hashes and signature hold, there is no result.
A reader elsewhere finds the bytes intact and the signer unknown (`signingCredential.untrusted`), unless the chain leads
to an authority that it knows. Only bytes that we made ourselves come here, never anybody's original.
"""

import io
import json
from collections.abc import Callable, Mapping
from enum import StrEnum
from importlib import metadata
from importlib.util import find_spec
from typing import Any, NamedTuple

from sixfaces.domain.errors import CredentialsError
from sixfaces.domain.model import Say

FORMATS = ("image/jpeg", "image/png", "video/mp4")
"""What we make and C2PA can be put into. PDF, text and ZIP stay without."""

LARGEST_BYTES = 24_576
"""By how much a file grows at most; measured 13 to 14 kB with a chain of two certificates."""

SOURCE = "org.sixfaces.source"
OFFLINE: Mapping[str, Any] = {
    "verify": {"remote_manifest_fetch": False, "ocsp_fetch": False, "verify_after_sign": False},
    "builder": {"thumbnail": {"enabled": False}},
}
UNKNOWN_SIGNER = "signingCredential.untrusted"


class Action(StrEnum):
    """What was done to an original (C2PA 2.1, section 18.14)."""

    CROPPED = "c2pa.cropped"
    RESIZED = "c2pa.resized"
    TRANSCODED = "c2pa.transcoded"
    TRIMMED = "c2pa.trimmed"
    REDACTED = "c2pa.redacted"
    CONVERTED = "c2pa.converted"
    DRAWN = "c2pa.drawing"


class Made(NamedTuple):
    """From which original something was made, and how. `proof` names where more of it is, such as a clip's root."""

    original_sha256: str
    original_mime: str
    actions: tuple[Action, ...]
    proof: str | None = None


class Signing(NamedTuple):
    """Who signs: a certificate chain in PEM, the signer's own first, and its ES256 signature as COSE has it."""

    chain: bytes
    sign: Callable[[bytes], bytes]


class ReadBack(NamedTuple):
    """What a manifest says when read offline. `holds`: hashes and signature do; `is_known`: the signer is as well."""

    holds: bool
    is_known: bool
    actions: tuple[str, ...]
    original_sha256: str | None
    problems: tuple[str, ...]


def can_sign() -> bool:
    """Whether c2pa-python is installed."""
    return find_spec("c2pa") is not None


def signed(data: bytes, mime: str, *, made: Made, signing: Signing) -> bytes:
    """The same picture or clip with its manifest, at most LARGEST_BYTES larger.

    Raises CredentialsError `credentials.not_installed`, `credentials.format`, `credentials.failed`.
    """
    if mime not in FORMATS:
        raise _unfit(mime)
    if not can_sign():
        raise _not_installed()
    import c2pa  # optional, and 23 MB of library

    out = io.BytesIO()
    chain, algorithm = signing.chain.decode("ascii"), c2pa.C2paSigningAlg.ES256
    try:
        with c2pa.Context(c2pa.Settings.from_dict(dict(OFFLINE))) as context:
            builder = c2pa.Builder(json.dumps(_manifest(made, mime)), context=context)
            with c2pa.Signer.from_callback(signing.sign, algorithm, chain) as signer, builder:
                builder.sign(signer, mime, io.BytesIO(data), out)
    except c2pa.C2paError as exc:
        raise _failed(str(exc)) from exc
    found = read_back(out.getvalue(), mime)
    is_ours = found.holds and found.original_sha256 == made.original_sha256
    if not is_ours or len(out.getvalue()) > len(data) + LARGEST_BYTES:
        raise _failed(", ".join(found.problems) or "read back")
    return out.getvalue()


def read_back(data: bytes, mime: str, *, anchors: str | None = None) -> ReadBack:
    """What the manifest in our own file says, read offline. `anchors`: certificates in PEM that are trusted.

    Raises CredentialsError `credentials.not_installed`, `credentials.failed` where there is no manifest.
    """
    if not can_sign():
        raise _not_installed()
    import c2pa

    settings = {**OFFLINE, **({"trust": {"trust_anchors": anchors}} if anchors else {})}
    try:
        with (
            c2pa.Context(c2pa.Settings.from_dict(settings)) as context,
            c2pa.Reader(mime, io.BytesIO(data), context=context) as reader,
        ):
            return _told(json.loads(reader.json()))
    except c2pa.C2paError as exc:
        raise _failed(str(exc)) from exc


def _manifest(made: Made, mime: str) -> dict[str, Any]:
    version = metadata.version("sixfaces")
    opened = {"action": "c2pa.opened", "parameters": {"ingredientIds": ["original"]}}
    done = [{"action": action.value} for action in made.actions]
    source = {"sha256": made.original_sha256, **({"proof": made.proof} if made.proof else {})}
    return {
        "claim_generator_info": [{"name": "sixfaces", "version": version}],
        "format": mime,
        "assertions": [
            {"label": "c2pa.actions.v2", "data": {"actions": [opened, *done]}},
            {"label": SOURCE, "data": source},
        ],
        "ingredients": [
            {
                "label": "original",
                "title": "sealed original",
                "format": made.original_mime,
                "relationship": "parentOf",
                "instance_id": f"urn:sha256:{made.original_sha256}",
            }
        ],
    }


def _told(store: dict[str, Any]) -> ReadBack:
    manifest = (store.get("manifests") or {}).get(store.get("active_manifest"))
    if manifest is None:
        raise _failed("no active manifest")
    data = {one["label"]: one.get("data") or {} for one in manifest.get("assertions", ())}
    actions = data.get("c2pa.actions.v2", {}).get("actions", ())
    problems = tuple(str(one.get("code")) for one in store.get("validation_status") or ())
    state = store.get("validation_state")
    return ReadBack(
        holds=state in {"Valid", "Trusted"} and set(problems) <= {UNKNOWN_SIGNER},
        is_known=state == "Trusted",
        actions=tuple(str(one.get("action")) for one in actions),
        original_sha256=data.get(SOURCE, {}).get("sha256"),
        problems=problems,
    )


def _not_installed() -> CredentialsError:
    return CredentialsError(
        "credentials.not_installed",
        Say(zh="未安装内容凭证所需的组件。", en="What content credentials need is not installed."),
        Say(
            zh="请安装 sixfaces[c2pa]，或关闭内容凭证。",
            en="Install sixfaces[c2pa], or switch content credentials off.",
        ),
    )


def _unfit(mime: str) -> CredentialsError:
    return CredentialsError(
        "credentials.format",
        Say(zh=f"这种文件不能附带内容凭证：{mime}。", en=f"Such a file cannot carry content credentials: {mime}."),
        Say(zh="只支持 JPEG、PNG 与 MP4。", en="JPEG, PNG and MP4 can."),
    )


def _failed(detail: str) -> CredentialsError:
    return CredentialsError(
        "credentials.failed",
        Say(zh=f"内容凭证未能写入或读回核对不成立：{detail}。", en=f"Content credentials could not be made: {detail}."),
        Say(
            zh="请检查签名证书及其有效期，或关闭内容凭证。",
            en="Check the signing certificate and how long it is valid, or switch content credentials off.",
        ),
    )
