"""Exhibit packs before a stranger who has nothing but the shipped verifier: sound ones hold, and no byte of one can be
another without being found."""

import hashlib
import json
import os
import random
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sixfaces.domain.errors import PackError
from sixfaces.pipeline.packing.from_folder import Beside, material_in, pack_of_folder
from sixfaces.pipeline.packing.material import Asked
from sixfaces.rulebook.channels import CHANNELS
from sixfaces.vault.custody_keys import CustodyKey, keys_text, open_key
from tests.contract.custody.conftest import Stranger
from tests.rig.chronicle import LONG_AGO
from tests.rig.forging import Files, files_of, flipped, joined, signed, spans
from tests.rig.pack_folders import FILM, results_folder

pytest.importorskip("typst")

COUNT = int(os.environ.get("SIXFACES_MUTATIONS", "500"))
"""Every one costs a signature in plain Python; 3,000 were tried when this was written."""
SEED = int(os.environ.get("SIXFACES_SEED", random.SystemRandom().randrange(2**32)))


class Packed(NamedTuple):
    """A pack with its original, signed; the same unsigned; and the key."""

    signed: bytes
    unsigned: bytes
    key: CustodyKey
    keys: bytes


@pytest.fixture(scope="module")
def packed(tmp_path_factory: pytest.TempPathFactory) -> Packed:
    folder = tmp_path_factory.mktemp("packs")
    key = open_key(folder / "keys", now=LONG_AGO, origin="test.example/packs")
    film = folder / "film.mp4"
    film.write_bytes(FILM)
    (folder / "results").mkdir()
    material = material_in(results_folder(folder / "results"), None, masked=False)
    asked = Asked(CHANNELS.load("court"), "en", datetime(2026, 6, 1, tzinfo=UTC), masked=False)
    with_key, without = (
        b"".join(pack_of_folder(material, asked, beside=Beside([film], enclose=True), key=one)[1])
        for one in (key, None)
    )
    return Packed(with_key, without, key, keys_text([key.verifier]).encode())


def test_a_sound_pack_holds_signed_or_not(packed: Packed, stranger: Stranger) -> None:
    assert stranger(packed.signed, packed.keys, None) == set()
    assert stranger(packed.signed, None, None) == set()
    assert stranger(packed.unsigned, None, None) == set()


def test_an_original_that_goes_away_while_the_pack_is_written_is_named(tmp_path: Path) -> None:
    film = tmp_path / "film.mp4"
    film.write_bytes(FILM)
    (tmp_path / "results").mkdir()
    material = material_in(results_folder(tmp_path / "results"), None, masked=False)
    asked = Asked(CHANNELS.load("amex"), "en", datetime(2026, 6, 1, tzinfo=UTC), masked=False)
    _, pieces = pack_of_folder(material, asked, beside=Beside([film], enclose=True), key=None)
    film.unlink()
    with pytest.raises(PackError, match=r"pack\.not_original"):
        b"".join(pieces)


def test_whoever_names_keys_takes_no_unsigned_pack(packed: Packed, stranger: Stranger) -> None:
    assert stranger(packed.unsigned, packed.keys, None) == {"custody.unsigned"}


def test_a_pack_signed_by_another_key_does_not_hold(packed: Packed, stranger: Stranger, tmp_path: Path) -> None:
    other = open_key(tmp_path, now=LONG_AGO, origin=packed.key.name)
    forged = signed(files_of(packed.signed), other)
    assert stranger(forged, packed.keys, None) == {"custody.unknown_key"}


def test_no_bit_of_a_pack_can_be_another(packed: Packed, stranger: Stranger) -> None:
    rng = random.Random(SEED)
    places = [span for span in spans(packed.signed).values() if span[1] > span[0]]
    for number in range(COUNT):
        pack = packed.unsigned if number % 5 == 0 else packed.signed
        start, end = places[number % len(places)] if number % 2 and pack is packed.signed else (0, len(pack))
        bit = rng.randrange(8 * start, 8 * end)
        assert stranger(flipped(pack, bit), packed.keys if pack is packed.signed else None, None), (SEED, bit)


def test_no_pack_can_be_cut_short(packed: Packed, stranger: Stranger) -> None:
    rng = random.Random(SEED)
    for end in (0, 1, 21, 22, len(packed.signed) - 1, *(rng.randrange(len(packed.signed)) for _ in range(200))):
        assert stranger(packed.signed[:end], None, None), (SEED, end)


def _with_pack(packed: Files, **changes: object) -> Files:
    told = {**json.loads(packed["pack.json"]), **changes}
    return {**packed, "pack.json": json.dumps(told, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()}


@pytest.mark.parametrize("name", ["files/02-exhibits.pdf", "pack.json", "results.json", "readme.txt"])
def test_an_insider_who_signs_anew_leaves_out_no_file(packed: Packed, stranger: Stranger, name: str) -> None:
    files = {one: data for one, data in files_of(packed.signed).items() if one != name}
    assert stranger(signed(files, packed.key), packed.keys, None)


def test_an_insider_who_signs_anew_cannot_say_other_things_of_the_files(packed: Packed, stranger: Stranger) -> None:
    files = files_of(packed.signed)
    told = json.loads(files["pack.json"])
    document = told["files"][0]

    def found(**changes: object) -> set[str]:
        return stranger(signed(_with_pack(files, **changes), packed.key), packed.keys, None)

    assert found() == set()
    assert found(files=[{**document, "bytes": 1}]) == {"custody.pack_file"}
    assert found(files=[{**document, "name": "03-other.pdf"}]) == {"custody.pack_file"}
    strange = [{**document["shows"][0], "picture": "f" * 64}]
    assert found(files=[{**document, "shows": strange}]) == {"custody.pack_source"}
    elsewhere = [{**document["shows"][0], "original": "f" * 64}]
    assert found(files=[{**document, "shows": elsewhere}]) == {"custody.pack_source"}
    assert found(report_sha256="f" * 64) == {"custody.report"}
    assert found(originals=[{**told["originals"][0], "bytes": 5}]) == {"custody.original_changed"}
    assert found(originals=[{**told["originals"][0], "enclosed": 0}]) == {"custody.original_missing"}
    assert found(files=5) == {"custody.pack_form"}
    assert found(format="sixfaces.pack/2") == {"custody.bundle_version"}


VALUES = st.none() | st.booleans() | st.integers(-5, 5) | st.text(max_size=4) | st.lists(st.integers(), max_size=2)
PLACES = st.sampled_from(
    [
        ("files", 0, "shows", 0, "picture"),
        ("files", 0, "shows", 0, "original"),
        ("files", 0, "shows", 0),
        ("files", 0, "shows"),
        ("files", 0, "kind"),
        ("files", 0, "name"),
        ("files", 0),
        ("files",),
        ("originals", 0, "sha256"),
        ("originals", 0, "enclosed"),
        ("originals", 0),
        ("originals",),
        ("report_sha256",),
        ("format",),
    ]
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(PLACES, VALUES)
def test_whatever_an_insider_writes_the_verifier_never_fails_itself(
    packed: Packed, stranger: Stranger, place: tuple[str | int, ...], value: object
) -> None:
    files = files_of(packed.signed)
    told = json.loads(files["pack.json"])
    inner = told
    for step in place[:-1]:
        inner = inner[step]
    inner[place[-1]] = value
    found = stranger(signed(_with_pack(files, **told), packed.key), packed.keys, None)
    is_harmless = place[-1] == "kind" or (place[-1] == "enclosed" and bool(value))
    assert found or is_harmless


def test_results_of_another_kind_are_a_fault_of_the_pack(packed: Packed, stranger: Stranger) -> None:
    files = {**files_of(packed.signed), "results.json": b'{"report.json":["a"]}'}
    assert stranger(signed(files, packed.key), packed.keys, None) == {"custody.pack_form"}


def test_other_files_beside_are_found(packed: Packed, stranger: Stranger) -> None:
    files = {**files_of(packed.signed), "files/03-more.pdf": b"more"}
    assert stranger(signed(files, packed.key), packed.keys, None) == {"custody.pack_file"}
    assert "custody.file_unknown" in stranger(joined(files), packed.keys, None)
    assert "custody.file_unknown" in stranger(
        signed({**files_of(packed.signed), "setup.exe": b"x"}, packed.key), packed.keys, None
    )


def test_the_enclosed_original_is_the_sealed_one(packed: Packed) -> None:
    files = files_of(packed.signed)
    (name,) = (one for one in files if one.startswith("originals/"))
    assert hashlib.sha256(files[name]).hexdigest() == name.removeprefix("originals/")
