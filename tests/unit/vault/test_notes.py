"""Signed notes and the keys that sign them, after C2SP signed-note."""

import base64
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from sixfaces.domain.errors import CustodyError
from sixfaces.vault.checkpoint import read_checkpoint, signed_checkpoint, verified_checkpoint
from sixfaces.vault.custody_keys import CustodyKey
from sixfaces.vault.notes import VerifierKey, opened, signed, verified

KEY = CustodyKey("example.com/log", Ed25519PrivateKey.from_private_bytes(bytes(range(32))))
OTHER = CustodyKey("example.com/log", Ed25519PrivateKey.from_private_bytes(bytes(32)))
AT = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
NOTE = KEY.signed("one\ntwo\n")


def code_of(note: str, *keys: VerifierKey) -> str:
    with pytest.raises(CustodyError) as caught:
        verified(note, keys)
    return caught.value.code


def test_the_example_of_the_specification_is_read_and_holds() -> None:
    key = VerifierKey.parse("PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW")
    note = (
        "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n\n"
        "— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
    )
    text, signer = verified(note, [key])
    assert text.startswith("If you think")
    assert signer == key


def test_a_note_has_its_text_and_one_line_for_each_signature() -> None:
    assert opened(NOTE).text == "one\ntwo\n"
    assert verified(NOTE, [KEY.verifier]) == ("one\ntwo\n", KEY.verifier)


def test_signatures_of_others_are_passed_over_but_none_of_ours_may_be_wrong() -> None:
    witness = CustodyKey("witness", OTHER.private)
    line = witness.signed("one\ntwo\n").split("\n")[-2]
    both = f"{NOTE}{line}\n"
    assert verified(both, [KEY.verifier])[1] == KEY.verifier
    assert verified(both, [witness.verifier])[1] == witness.verifier
    wrong = witness.signed("another\n").split("\n")[-2]
    assert code_of(f"{NOTE}{wrong}\n", KEY.verifier, witness.verifier) == "custody.signature"


def test_a_key_of_the_same_name_is_another_key() -> None:
    assert code_of(NOTE, OTHER.verifier) == "custody.unknown_key"
    assert code_of(NOTE) == "custody.unknown_key"


@given(st.integers(0, len(NOTE) - 1), st.characters(codec="utf-8"))
def test_no_character_of_a_note_can_change(at: int, char: str) -> None:
    changed = NOTE[:at] + char + NOTE[at + 1 :]
    if changed != NOTE:
        assert code_of(changed, KEY.verifier) in {
            "custody.checkpoint_form", "custody.signature", "custody.unknown_key",
        }  # fmt: skip


@pytest.mark.parametrize(
    "note",
    ["", "\n", "text\n", "text\n\n", "text\n\n\n", NOTE[:-1], NOTE + "\n", NOTE.replace("— ", "- "), "a\tb" + NOTE,
     NOTE.replace("\n", "\r\n"), "t\n\n" + NOTE.split("\n")[-2] * 40 + "\n", NOTE.replace("=\n", "\n")],
)  # fmt: skip
def test_what_is_no_note_is_refused_as_such(note: str) -> None:
    assert code_of(note, KEY.verifier) == "custody.checkpoint_form"


@pytest.mark.parametrize("text", ["", "no line feed", "tab\t\n", "nul\x00\n"])
def test_a_text_that_cannot_be_a_note_is_not_signed(text: str) -> None:
    with pytest.raises(ValueError, match="control"):
        signed(text, name="k", private=KEY.private)


@pytest.mark.parametrize("text", ["", "name", "name+00000000+AQ==", KEY.verifier.text[:-4], KEY.verifier.text + "A"])
def test_a_key_has_one_spelling(text: str) -> None:
    assert VerifierKey.parse(KEY.verifier.text) == KEY.verifier
    with pytest.raises(CustodyError) as caught:
        VerifierKey.parse(text)
    assert caught.value.code == "custody.keys"


def test_a_checkpoint_says_size_root_and_time_under_its_signature() -> None:
    checkpoint = signed_checkpoint(7, bytes(32), at=AT, key=KEY)
    root = base64.b64encode(bytes(32)).decode()
    assert checkpoint.note.startswith(f"example.com/log\n7\n{root}\ntime 2026-01-02T03:04:05.000000Z\n\n— ")
    assert read_checkpoint(checkpoint.note, [KEY.verifier]) == checkpoint


@pytest.mark.parametrize(
    "text",
    ["example.com/log\n07\n{}\ntime 2026-01-02T03:04:05.000000Z\n", "example.com/log\n7\n{}\n",
     "example.com/log\n7\n{}\ntime 2026-13-02T03:04:05.000000Z\n", "example.com/log\n-7\n{}\ntime x\n"],
)  # fmt: skip
def test_a_signed_text_of_another_form_is_no_checkpoint(text: str) -> None:
    note = KEY.signed(text.format(base64.b64encode(bytes(32)).decode()))
    with pytest.raises(CustodyError) as caught:
        read_checkpoint(note, [KEY.verifier])
    assert caught.value.code == "custody.checkpoint_form"


def test_a_kept_checkpoint_is_what_its_note_says() -> None:
    checkpoint = signed_checkpoint(7, bytes(32), at=AT, key=KEY)
    assert verified_checkpoint(checkpoint, [KEY.verifier]) == checkpoint
    for change in ({"size": 8}, {"root": "1" * 64}, {"at": AT + timedelta(seconds=1)}, {"origin": "x"}):
        with pytest.raises(CustodyError) as caught:
            verified_checkpoint(checkpoint.model_copy(update=change), [KEY.verifier])
        assert caught.value.code == "custody.checkpoint_changed"


def test_a_retired_key_holds_for_what_it_signed_before() -> None:
    checkpoint = signed_checkpoint(7, bytes(32), at=AT, key=KEY)
    read_checkpoint(checkpoint.note, [replace(KEY.verifier, until=AT)])
    with pytest.raises(CustodyError) as caught:
        read_checkpoint(checkpoint.note, [replace(KEY.verifier, until=AT - timedelta(seconds=1))])
    assert caught.value.code == "custody.key_retired"
