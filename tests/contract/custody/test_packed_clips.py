"""Clips in packs before a stranger: their packets are those of the sealed take, by a root that the log has."""

import hashlib
import io
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

import pytest

from sixfaces.domain.pack import Pack, PackKind
from sixfaces.domain.people import ApiRole, Principal
from sixfaces.media.content_credentials import Signing
from sixfaces.pipeline.ids import new_id
from sixfaces.pipeline.packing.from_service import For, pack_for
from sixfaces.pipeline.packing.material import Asked
from sixfaces.rulebook.channels import CHANNELS
from sixfaces.vault.bundle import Trust, check_bundle
from sixfaces.vault.canonical import canonical_json
from sixfaces.vault.credential_keys import open_certificate
from tests.contract.custody.conftest import Stranger
from tests.rig.chronicle import Chronicle
from tests.rig.forging import Files, files_of, flipped, lines, signed, with_lines
from tests.rig.packed_cases import genuine_case

pytest.importorskip("typst")

NOW = datetime(2026, 6, 1, tzinfo=UTC)
ASKED = Asked(CHANNELS.load("shopee"), "en", NOW, masked=False)
CLIP, CLAIM = "files/03-clip.mp4", "proofs/03-clip.claim.json"


class Made(NamedTuple):
    """The installation, a pack with a clip, and what pack.json says."""

    log: Chronicle
    pack: bytes
    told: Pack
    keys: bytes


def asked_by_an_admin(log: Chronicle, asked: Asked) -> tuple[Pack, bytes]:
    who = Principal.model_validate({"tenant": "main", "key_id": new_id(), "role": ApiRole.ADMIN, "sees_personal": True})
    made, pieces = pack_for(log.service, log.notary, For(who, log.cases[0].id), asked=asked)
    return made.pack, b"".join(pieces)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Made]:
    log = genuine_case(tmp_path_factory.mktemp("filmed"))
    told, pack = asked_by_an_admin(log, ASKED)
    yield Made(log, pack, told, log.keys_file.read_bytes())
    log.close()


def resigned(made: Made, files: Files) -> bytes:
    """As an insider would who changes files: pack.json, the claim and the manifest say what there is."""
    told, claim = json.loads(files["pack.json"]), json.loads(files[CLAIM])
    for one in told["files"]:
        data = files[f"files/{one['name']}"]
        one["sha256"], one["bytes"] = hashlib.sha256(data).hexdigest(), len(data)
        if one["kind"] == "clip":
            claim["sha256"], claim["bytes"] = one["sha256"], one["bytes"]
            one["shows"] = [{**shown, "file": one["sha256"]} for shown in one["shows"]]
    blocks = b"".join(line + b"\n" for line in lines(files, "blocks.txt") if not line.endswith(CLIP.encode()))
    other = {"pack.json": canonical_json(told), CLAIM: canonical_json(claim), "blocks.txt": blocks}
    return signed({**files, **other}, made.log.notary.key)


def test_the_whole_take_is_copied_where_it_has_room_and_the_stranger_checks_its_packets(
    made: Made, stranger: Stranger
) -> None:
    assert stranger(made.pack, made.keys, None) == set()
    (clip,) = (one for one in made.told.files if one.kind == "clip")
    assert clip.shows[0].did == ("packets copied", "sound left out")
    entries = [json.loads(line) for line in lines(files_of(made.pack), "entries.jsonl")]
    (root,) = [one["body"]["take"]["root"] for one in entries if one["act"] == "observe"]
    assert json.loads(files_of(made.pack)[CLAIM])["take"]["root"] == root


def test_no_byte_of_a_picture_in_the_clip_can_be_another_even_if_an_insider_signs_anew(
    made: Made, stranger: Stranger
) -> None:
    files = files_of(made.pack)
    clip = files[CLIP]
    for part in (0.3, 0.6, 0.95):
        forged = resigned(made, {**files, CLIP: flipped(clip, 8 * int(len(clip) * part))})
        assert stranger(forged, made.keys, None) == {"custody.clip_group"}


def test_a_claim_of_another_take_does_not_hold(made: Made, stranger: Stranger) -> None:
    files = files_of(made.pack)
    claim = json.loads(files[CLAIM])
    other = {**claim, "take": {**claim["take"], "root": "f" * 64}}
    assert stranger(resigned(made, {**files, CLAIM: canonical_json(other)}), made.keys, None) == {"custody.clip_root"}
    gone = {name: data for name, data in files.items() if name != CLAIM}
    assert stranger(signed(gone, made.log.notary.key), made.keys, None) == {"custody.file_missing"}


def test_a_clip_is_what_its_claim_and_the_pack_say_of_it(made: Made, stranger: Stranger) -> None:
    files = files_of(made.pack)
    claim, told = json.loads(files[CLAIM]), json.loads(files["pack.json"])
    anew = canonical_json({**claim, "kind": "encoded"})
    assert stranger(resigned(made, {**files, CLAIM: anew, CLIP: b"anything"}), made.keys, None) == {
        "custody.pack_source"
    }
    for took in ({"groups": claim["take"]["groups"] + 1}, {"codec": "hevc"}):
        other = canonical_json({**claim, "take": {**claim["take"], **took}})
        assert stranger(resigned(made, {**files, CLAIM: other}), made.keys, None) == {"custody.clip_root"}
    later = json.loads(json.dumps(told))
    later["files"][-1]["shows"][0]["at_ms"] += 5000
    assert stranger(resigned(made, {**files, "pack.json": canonical_json(later)}), made.keys, None) == {
        "custody.pack_source"
    }
    document = json.loads(json.dumps(told))
    document["files"][-1]["kind"] = "page"
    assert "custody.pack_file" in stranger(
        resigned(made, {**files, "pack.json": canonical_json(document)}), made.keys, None
    )


def test_a_claim_that_no_clip_has_is_no_file_of_a_pack(made: Made, stranger: Stranger) -> None:
    files = {**files_of(made.pack), "proofs/04-clip.claim.json": b"garbage"}
    assert stranger(signed(files, made.log.notary.key), made.keys, None) == {"custody.file_unknown"}


def test_without_the_root_in_the_log_the_clip_does_not_hold(made: Made, stranger: Stranger) -> None:
    files = files_of(made.pack)
    entries, proofs = lines(files, "entries.jsonl"), lines(files, "proofs.jsonl")
    kept = [n for n, line in enumerate(entries) if json.loads(line)["act"] != "observe"]
    cut = with_lines(files, [entries[n] for n in kept], [proofs[n] for n in kept])
    assert stranger(signed(cut, made.log.notary.key), made.keys, None) == {"custody.clip_root"}


def test_pages_and_clips_say_in_their_own_bytes_from_what_they_were_made(
    made: Made, stranger: Stranger, tmp_path: Path
) -> None:
    pytest.importorskip("c2pa")
    from sixfaces.media.content_credentials import read_back  # an extra

    certificate = open_certificate(tmp_path, name="test.example/custody", now=NOW)
    signing = Signing(certificate.chain, certificate.sign)
    told, pack = asked_by_an_admin(made.log, ASKED._replace(signing=signing))
    assert stranger(pack, made.keys, None) == set()
    files = files_of(pack)
    sealed = told.originals[0].sha256
    credited = [one for one in told.files if one.credentials]
    assert {one.kind for one in credited} == {PackKind.PAGE, PackKind.CLIP}
    for one in credited:
        mime = "video/mp4" if one.kind is PackKind.CLIP else "image/jpeg"
        found = read_back(files[f"files/{one.name}"], mime)
        assert (found.holds, found.original_sha256) == (True, sealed)


def test_the_command_for_bundles_says_what_a_pack_is(made: Made) -> None:
    (fault,) = check_bundle(io.BytesIO(made.pack), Trust()).faults
    assert fault.code == "custody.pack"


def test_a_masked_pack_has_no_clip_and_says_why(made: Made) -> None:
    told, _ = asked_by_an_admin(made.log, ASKED._replace(masked=True))
    assert not [one for one in told.files if one.kind == "clip"]
    assert "masks" in next(one.why.en for one in told.left_out if one.what.en == "a clip of the footage")
