"""Key files of challenge codes."""

import json
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

from sixfaces.domain.errors import ChallengeError
from sixfaces.vault.challenge_keys import SigningKey, key_id_of, keys_from_json, keys_to_json, load_keys


def test_a_private_key_survives_its_file() -> None:
    key = SigningKey.generate()
    again = SigningKey.from_pem(key.to_pem())
    assert again.key_id == key.key_id
    assert again.sign(b"x") == key.sign(b"x")


def test_public_keys_survive_their_file(tmp_path: Path) -> None:
    keys = [SigningKey.generate().public for _ in range(3)]
    path = tmp_path / "keys.json"
    path.write_text(keys_to_json(keys))
    assert load_keys(path).keys() == {key_id_of(key) for key in keys}


def test_a_key_under_a_wrong_id_is_refused() -> None:
    one, other = SigningKey.generate(), SigningKey.generate()
    table = json.loads(keys_to_json([one.public]))
    with pytest.raises(ChallengeError, match="not the id of its key"):
        keys_from_json(json.dumps({other.key_id: table[one.key_id]}))


@pytest.mark.parametrize("text", ["", "[]", "1", '{"A": 1}', '{"A": "AAAA"}', '{"A": "*"}', "[" * 100_000, b"\xff\xfe"])
def test_a_broken_key_file_is_told_as_one(text: str | bytes) -> None:
    with pytest.raises(ChallengeError) as raised:
        keys_from_json(text)
    assert raised.value.code == "challenge.keys"


def test_a_missing_or_huge_key_file_is_told_as_broken(tmp_path: Path) -> None:
    huge = tmp_path / "huge.json"
    huge.write_bytes(b" " * 1_000_001)
    for path in (tmp_path / "absent.json", huge):
        with pytest.raises(ChallengeError, match=r"challenge\.keys"):
            load_keys(path)


def test_a_private_key_of_another_kind_is_refused() -> None:
    pem = ec.generate_private_key(ec.SECP256R1()).private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    for bad in (pem, b"", b"-----BEGIN PRIVATE KEY-----\n"):
        with pytest.raises(ChallengeError, match=r"challenge\.key:"):
            SigningKey.from_pem(bad)
