"""Challenge codes: signed, rotating, shown as a QR code beside the parcel (format: docs/challenge-codes.md).

A picture that shows a valid code was not taken before the code's slot began. Later it may have been taken: the upper
bound comes from the receipt. The clock is passed in; nothing here reads the time.
"""

import base64
import binascii
import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from sixfaces.domain.errors import ChallengeError
from sixfaces.domain.model import Say
from sixfaces.domain.reading_facts import ChallengeFact, Signature
from sixfaces.vault.challenge_keys import SigningKey, key_id_of

PREFIX = "6F1."
SHORTEST_SLOT_S, LONGEST_SLOT_S = 10, 30
FIRST_INSTANT, LAST_INSTANT = 1_577_836_800, 4_102_444_800
"""2020 to 2100 as Unix seconds: everything else is a broken clock."""

_DOMAIN = b"sixfaces.challenge/1\n"
_FORM = re.compile(
    r"(?P<signed>6F1\.(?P<station>[A-Z0-9-]{1,16})\.(?P<start>[1-9][0-9]{9})\.(?P<length>[1-9][0-9])\.(?P<key>[A-Z2-7]{8}))"
    r"\.(?P<signature>[A-Z2-7]{103})",
    re.ASCII,
)


@dataclass(frozen=True, slots=True)
class ChallengeCode:
    """One slot's code. `text` is what the QR code carries: about 140 characters of its alphanumeric set."""

    text: str
    station: str
    slot_from: datetime
    slot_s: int
    key_id: str
    signature: bytes

    @property
    def slot_to(self) -> datetime:
        """The instant at which the next slot begins."""
        return self.slot_from + timedelta(seconds=self.slot_s)

    @property
    def signed(self) -> bytes:
        """The bytes under the signature."""
        return _DOMAIN + self.text.rpartition(".")[0].encode("ascii")

    @property
    def short(self) -> str:
        """Eight characters for people to compare by eye or say aloud, such as `K7QF-2MZD`; it proves nothing alone."""
        digest = base64.b32encode(hashlib.sha256(self.text.encode("ascii")).digest()).decode("ascii")
        return f"{digest[:4]}-{digest[4:8]}"


def looks_like_challenge(text: str) -> bool:
    """Whether a code's text claims to be a challenge code of this version."""
    return text.startswith(PREFIX)


def issue(station: str, at: datetime, *, key: SigningKey, slot_s: int = 10) -> ChallengeCode:
    """The code of the slot that holds `at` (aware). Slots begin at multiples of `slot_s` since the Unix epoch.

    Raises ChallengeError `challenge.station`, `challenge.slot` or `challenge.clock`.
    """
    if not re.fullmatch(r"[A-Z0-9-]{1,16}", station, re.ASCII):
        raise _error(
            "station", zh="工位编号须为 1–16 位大写字母、数字或连字符。", en="A station is 1 to 16 of A–Z 0–9 -."
        )
    if not SHORTEST_SLOT_S <= slot_s <= LONGEST_SLOT_S:
        raise _error("slot", zh="时段须为 10–30 秒。", en="A slot lasts 10 to 30 seconds.")
    if at.tzinfo is None or not FIRST_INSTANT <= int(at.timestamp()) <= LAST_INSTANT - LONGEST_SLOT_S:
        raise _error(
            "clock", zh="时钟无时区或不在 2020–2100 年。", en="The clock has no zone or is not within 2020–2100."
        )
    start = int(at.timestamp()) // slot_s * slot_s
    head = f"{PREFIX}{station}.{start}.{slot_s}.{key.key_id}"
    signature = key.sign(_DOMAIN + head.encode("ascii"))
    return parse(f"{head}.{base64.b32encode(signature).decode('ascii').rstrip('=')}")


def parse(text: str) -> ChallengeCode:
    """Take a code apart. Raises ChallengeError `challenge.malformed` for anything but the one canonical form."""
    match = _FORM.fullmatch(text)
    if match is None:
        raise _malformed()
    start, slot_s = int(match["start"]), int(match["length"])
    signature = _signature(match["signature"])
    within = SHORTEST_SLOT_S <= slot_s <= LONGEST_SLOT_S and FIRST_INSTANT - slot_s < start < LAST_INSTANT
    if not within or start % slot_s:
        raise _malformed()
    return ChallengeCode(
        text=text,
        station=match["station"],
        slot_from=datetime.fromtimestamp(start, UTC),
        slot_s=slot_s,
        key_id=match["key"],
        signature=signature,
    )


def verify(text: str, keys: Mapping[str, Ed25519PublicKey]) -> ChallengeFact:
    """What a code read from footage proves, by the keys we know. Raises ChallengeError `challenge.malformed`."""
    code = parse(text)
    return ChallengeFact(
        station=code.station, slot_from=code.slot_from, slot_to=code.slot_to, signature=_judged(code, keys)
    )


def _judged(code: ChallengeCode, keys: Mapping[str, Ed25519PublicKey]) -> Signature:
    key = keys.get(code.key_id)
    if key is None or key_id_of(key) != code.key_id:
        return Signature.UNKNOWN_KEY
    try:
        key.verify(code.signature, code.signed)
    except InvalidSignature:
        return Signature.INVALID
    return Signature.VALID


def _signature(text: str) -> bytes:
    try:
        signature = base64.b32decode(f"{text}=")
    except binascii.Error:
        raise _malformed() from None
    # 103 characters hold three bits more than 64 bytes: were they free, one signature would have eight spellings.
    if base64.b32encode(signature).decode("ascii").rstrip("=") != text:
        raise _malformed()
    return signature


def _malformed() -> ChallengeError:
    return _error(
        "malformed", zh="不是有效格式的动态验证码。", en="This is not a challenge code in its one valid form."
    )


def _error(leaf: str, *, zh: str, en: str) -> ChallengeError:
    fix = Say(
        zh="请按 docs/challenge-codes.md 生成并展示验证码。", en="Make and show codes as docs/challenge-codes.md says."
    )
    return ChallengeError(f"challenge.{leaf}", Say(zh=zh, en=en), fix)
