"""Challenge codes: what is signed is what is shown, and nothing else passes."""

import base64
import string
from datetime import UTC, datetime, timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given, settings
from hypothesis import strategies as st

from sixfaces.domain.errors import ChallengeError
from sixfaces.domain.reading_facts import Signature
from sixfaces.vault.challenge import issue, looks_like_challenge, parse, verify
from sixfaces.vault.challenge_keys import SigningKey

KEY = SigningKey.of(Ed25519PrivateKey.from_private_bytes(bytes(range(32))))
OTHER = SigningKey.of(Ed25519PrivateKey.from_private_bytes(bytes(range(1, 33))))
KEYS = {KEY.key_id: KEY.public}
AT = datetime(2026, 6, 20, 13, 57, 8, 400_000, tzinfo=UTC)
CODE = issue("ST-01", AT, key=KEY, slot_s=10)
QR_ALPHANUMERIC = set(string.digits + string.ascii_uppercase + " $%*+-./:")


def _judged(text: str) -> Signature | str:
    try:
        return verify(text, KEYS).signature
    except ChallengeError as error:
        return error.code


stations = st.text(string.ascii_uppercase + string.digits + "-", min_size=1, max_size=16)
instants = st.integers(1_577_900_000, 4_102_000_000).map(lambda seconds: datetime.fromtimestamp(seconds, UTC))


@given(stations, instants, st.integers(10, 30))
def test_an_issued_code_verifies_and_its_slot_holds_the_instant(station: str, at: datetime, slot_s: int) -> None:
    code = issue(station, at, key=KEY, slot_s=slot_s)
    fact = verify(code.text, KEYS)
    assert fact.signature is Signature.VALID
    assert fact.station == station
    assert fact.slot_from <= at < fact.slot_to
    assert fact.slot_to - fact.slot_from == timedelta(seconds=slot_s)
    assert parse(code.text) == code
    assert set(code.text) <= QR_ALPHANUMERIC
    assert len(code.text) <= 4 + 17 + 11 + 3 + 9 + 103


@settings(max_examples=400)
@given(st.integers(0, len(CODE.text) - 1), st.characters(max_codepoint=0x2FFF))
def test_no_single_changed_character_leaves_a_code_valid(place: int, character: str) -> None:
    changed = CODE.text[:place] + character + CODE.text[place + 1 :]
    if changed == CODE.text:
        return
    assert _judged(changed) in (Signature.INVALID, Signature.UNKNOWN_KEY, "challenge.malformed")


def test_every_change_within_the_alphabet_at_every_place_is_refused() -> None:
    for place in range(len(CODE.text)):
        for character in "A2Z7.-9":
            changed = CODE.text[:place] + character + CODE.text[place + 1 :]
            if changed == CODE.text:
                continue
            assert _judged(changed) in (Signature.INVALID, Signature.UNKNOWN_KEY, "challenge.malformed")


def test_a_signature_has_one_spelling_only() -> None:
    last = CODE.text[-1]
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
    spellings = [CODE.text[:-1] + character for character in alphabet if character != last]
    same_bytes = [s for s in spellings if base64.b32decode(s[-103:] + "=") == CODE.signature]
    assert same_bytes
    for spelling in same_bytes:
        with pytest.raises(ChallengeError, match="malformed"):
            verify(spelling, KEYS)


def test_a_key_nobody_registered_is_unknown_not_invalid() -> None:
    assert verify(issue("A", AT, key=OTHER).text, KEYS).signature is Signature.UNKNOWN_KEY
    assert verify(CODE.text, {}).signature is Signature.UNKNOWN_KEY


def test_a_key_filed_under_another_id_is_not_used() -> None:
    assert verify(CODE.text, {KEY.key_id: OTHER.public}).signature is Signature.UNKNOWN_KEY


def test_a_code_signed_by_another_key_under_our_id_is_invalid() -> None:
    forged = SigningKey(OTHER.private, KEY.key_id)
    assert verify(issue("ST-01", AT, key=forged).text, KEYS).signature is Signature.INVALID


@pytest.mark.parametrize(
    ("second", "slot_from"), [(0, 0), (9, 0), (10, 10), (19, 10), (59, 50)], ids=lambda value: str(value)
)
def test_slots_begin_on_the_tick_and_end_before_the_next(second: int, slot_from: int) -> None:
    code = issue("A", AT.replace(second=second, microsecond=999_999), key=KEY, slot_s=10)
    assert code.slot_from == AT.replace(second=slot_from, microsecond=0)


def test_the_same_slot_gives_the_same_code() -> None:
    assert issue("A", AT, key=KEY).text == issue("A", AT + timedelta(seconds=1), key=KEY).text


@pytest.mark.parametrize(
    ("station", "at", "slot_s", "leaf"),
    [
        ("", AT, 10, "station"),
        ("st", AT, 10, "station"),
        ("A.B", AT, 10, "station"),
        ("A" * 17, AT, 10, "station"),
        ("Ａ", AT, 10, "station"),
        ("A\n", AT, 10, "station"),
        ("A", AT, 9, "slot"),
        ("A", AT, 31, "slot"),
        ("A", AT.replace(tzinfo=None), 10, "clock"),
        ("A", AT.replace(year=2019), 10, "clock"),
        ("A", AT.replace(year=2101), 10, "clock"),
    ],
)
def test_what_cannot_be_a_code_is_refused_when_issuing(station: str, at: datetime, slot_s: int, leaf: str) -> None:
    with pytest.raises(ChallengeError) as raised:
        issue(station, at, key=KEY, slot_s=slot_s)
    assert raised.value.code == f"challenge.{leaf}"
    assert raised.value.text.zh
    assert raised.value.fix.en


@pytest.mark.parametrize(
    "text",
    [
        "",
        "6F1.",
        "6F1" * 100_000,
        "6F1." + "A" * 1_000_000,
        CODE.text + "\x00",
        CODE.text + "\n",
        " " + CODE.text,
        CODE.text.lower(),
        CODE.text.replace("6F1", "6F2"),
        CODE.text.replace(".10.", ".11."),
        CODE.text.replace(".10.", ".99."),
        CODE.text.translate({ord(str(d)): ord("٠") + d for d in range(10)}),
        CODE.text[:-1],
        CODE.text + "A",
        CODE.text + CODE.text,
        "6F1.A.9999999999.10.AAAAAAAA." + "A" * 103,
        "\ud800",
    ],
    ids=lambda text: repr(text[:12]),
)
def test_hostile_text_is_malformed_and_nothing_worse(text: str) -> None:
    with pytest.raises(ChallengeError) as raised:
        verify(text, KEYS)
    assert raised.value.code == "challenge.malformed"


@given(st.text(max_size=200))
def test_arbitrary_text_never_verifies(text: str) -> None:
    with pytest.raises(ChallengeError):
        verify("6F1." + text, KEYS)


def test_only_our_prefix_looks_like_a_challenge() -> None:
    assert looks_like_challenge(CODE.text)
    assert not looks_like_challenge("SF1234567890123")
    assert not looks_like_challenge("6F2.A")


def test_the_short_form_follows_the_code() -> None:
    later = issue("ST-01", AT + timedelta(seconds=10), key=KEY)
    assert CODE.short != later.short
    assert len(CODE.short) == 9
    assert CODE.short == parse(CODE.text).short


def test_the_text_is_as_the_format_page_says() -> None:
    """The worked example of docs/challenge-codes.md; other implementations check themselves against it."""
    assert CODE.text.rpartition(".")[0] == f"6F1.ST-01.1781963820.10.{KEY.key_id}"
    assert KEY.key_id == "KZDVVJ2U"
