"""What we make from evidence says so in its own bytes: what was done, to which original, signed and read back."""

import io
import json
import shutil
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from PIL import Image

from fixtures.build import built
from sixfaces.domain.clip import ClipBudget
from sixfaces.domain.errors import CredentialsError, CustodyError
from sixfaces.domain.time import MediaSpan, MediaTime
from sixfaces.media.clips import Source, cut
from sixfaces.media.content_credentials import LARGEST_BYTES, Action, Made, Signing, read_back, signed
from sixfaces.observe.provenance import Provenance
from sixfaces.vault.clip_claims import claim_of
from sixfaces.vault.credential_keys import FILE, ContentSigner, given_certificate, open_certificate
from tests.unit.media.test_clips import faults

NOW = datetime.now(UTC)
ORIGINAL = "ab" * 32
MADE = Made(ORIGINAL, "video/mp4", (Action.CROPPED, Action.RESIZED), proof="cd" * 32)
TOLD = ("c2pa.opened", "c2pa.cropped", "c2pa.resized")


@pytest.fixture
def signer(tmp_path: Path) -> ContentSigner:
    pytest.importorskip("c2pa", reason="the c2pa extra is not installed")
    return open_certificate(tmp_path / "keys", name="sixfaces.custody/0123456789abcdef", now=NOW)


def by(signer: ContentSigner) -> Signing:
    return Signing(signer.chain, signer.sign)


def picture(form: str) -> bytes:
    out = io.BytesIO()
    Image.linear_gradient("L").resize((320, 240)).save(out, form)
    return out.getvalue()


@pytest.mark.parametrize(("form", "mime"), [("JPEG", "image/jpeg"), ("PNG", "image/png")])
def test_a_picture_says_what_was_done_to_which_original(form: str, mime: str, signer: ContentSigner) -> None:
    data = signed(picture(form), mime, made=MADE, signing=by(signer))
    found = read_back(data, mime)
    assert found.holds
    assert (found.actions, found.original_sha256) == (TOLD, ORIGINAL)
    assert len(data) - len(picture(form)) <= LARGEST_BYTES
    with Image.open(io.BytesIO(data)) as shown, Image.open(io.BytesIO(picture(form))) as before:
        assert shown.tobytes() == before.tobytes()


def test_to_strangers_the_signer_is_unknown_and_to_who_trusts_its_authority_known(signer: ContentSigner) -> None:
    data = signed(picture("JPEG"), "image/jpeg", made=MADE, signing=by(signer))
    assert read_back(data, "image/jpeg").problems == ("signingCredential.untrusted",)
    assert not read_back(data, "image/jpeg").is_known
    authority = signer.chain[signer.chain.index(b"-----BEGIN", 20) :].decode()
    assert read_back(data, "image/jpeg", anchors=authority).is_known


@pytest.mark.parametrize("form", ["JPEG", "PNG"])
def test_one_changed_bit_of_the_picture_no_longer_holds(form: str, signer: ContentSigner) -> None:
    mime = f"image/{form.lower()}"
    data = bytearray(signed(picture(form), mime, made=MADE, signing=by(signer)))
    data[-100] ^= 1
    assert not read_back(bytes(data), mime).holds


def test_a_copied_clip_with_credentials_is_still_proven_packet_by_packet(tmp_path: Path, signer: ContentSigner) -> None:
    span = MediaSpan(start=MediaTime(ticks=2, den=1), end=MediaTime(ticks=3, den=1))
    source, budget = Source(built("groups_h264.mp4"), "mp4"), ClipBudget(bytes=10**7, seconds=60)
    clip = cut(source, [span], budget=budget, to=tmp_path / "clip.mp4")
    made = Made(ORIGINAL, "video/mp4", (Action.TRIMMED,), proof=claim_of(clip)["take"]["root"])
    data = signed(clip.path.read_bytes(), "video/mp4", made=made, signing=by(signer))
    assert read_back(data, "video/mp4").holds
    assert faults(data, claim_of(clip)) == []
    at = data.index(b"mdat") + 500
    assert not read_back(data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :], "video/mp4").holds


def test_our_own_observer_reads_what_we_sign(tmp_path: Path, signer: ContentSigner) -> None:
    path = tmp_path / "moment.jpg"
    path.write_bytes(signed(picture("JPEG"), "image/jpeg", made=MADE, signing=by(signer)))
    observer = Provenance(lambda _name, _data: None)
    observer.file(path, "image/jpeg")
    fact: Any = next(iter(observer.finish())).fact
    assert (fact.state, fact.issuer, fact.actions) == ("valid", "sixfaces installation", TOLD)


def test_what_cannot_carry_credentials_is_refused(signer: ContentSigner) -> None:
    with pytest.raises(CredentialsError) as refused:
        signed(b"%PDF-1.7", "application/pdf", made=MADE, signing=by(signer))
    assert refused.value.code == "credentials.format"


def test_what_is_no_picture_fails_by_name(signer: ContentSigner) -> None:
    with pytest.raises(CredentialsError) as refused:
        signed(b"not a picture", "image/jpeg", made=MADE, signing=by(signer))
    assert refused.value.code == "credentials.failed"


def test_a_store_of_manifests_without_the_one_that_counts_fails_by_name(
    signer: ContentSigner, monkeypatch: pytest.MonkeyPatch
) -> None:
    import c2pa

    data = signed(picture("PNG"), "image/png", made=MADE, signing=by(signer))
    monkeypatch.setattr(c2pa.Reader, "json", lambda _self: json.dumps({"manifests": {}, "validation_state": "Valid"}))
    with pytest.raises(CredentialsError) as refused:
        read_back(data, "image/png")
    assert refused.value.code == "credentials.failed"


def test_a_signature_by_another_key_than_the_certificates_is_never_handed_on(signer: ContentSigner) -> None:
    other = ContentSigner(ec.generate_private_key(ec.SECP256R1()), signer.chain)
    with pytest.raises(CredentialsError) as refused:
        signed(picture("JPEG"), "image/jpeg", made=MADE, signing=Signing(signer.chain, other.sign))
    assert refused.value.code == "credentials.failed"


def test_the_certificate_is_made_once_and_only_its_owner_may_read_it(tmp_path: Path) -> None:
    first, second = (open_certificate(tmp_path, name="a log", now=NOW) for _ in range(2))
    assert first.chain == second.chain
    assert (tmp_path / FILE).stat().st_mode & 0o777 == 0o600
    leaf, authority = x509.load_pem_x509_certificates(first.chain)
    leaf.verify_directly_issued_by(authority)
    assert leaf.not_valid_after_utc - NOW > timedelta(days=3000)
    r_and_s = first.sign(b"told")
    signature = encode_dss_signature(int.from_bytes(r_and_s[:32]), int.from_bytes(r_and_s[32:]))
    first.private.public_key().verify(signature, b"told", ec.ECDSA(hashes.SHA256()))


def test_many_processes_that_start_at_once_share_one_certificate(tmp_path: Path) -> None:
    run = (
        "import sys; from datetime import UTC, datetime; from pathlib import Path;"
        "from sixfaces.vault.credential_keys import open_certificate;"
        "print(hash(open_certificate(Path(sys.argv[1]), name='a log', now=datetime.now(UTC)).chain.decode()) and"
        " __import__('hashlib').sha256((Path(sys.argv[1]) / 'content-credentials.pem').read_bytes()).hexdigest())"
    )
    command = [sys.executable, "-c", run, str(tmp_path)]
    started = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(3)]
    assert len({one.communicate()[0] for one in started}) == 1
    assert [path.name for path in tmp_path.iterdir()] == [FILE]


def test_a_key_and_a_chain_that_do_not_belong_together_are_refused(tmp_path: Path) -> None:
    for name in ("one", "other"):
        open_certificate(tmp_path / name, name="a log", now=NOW)
    with pytest.raises(CustodyError) as refused:
        given_certificate(tmp_path / "one" / FILE, tmp_path / "other" / FILE)
    assert refused.value.code == "custody.keys"
    shutil.copy(tmp_path / "one" / FILE, tmp_path / "torn.pem")
    (tmp_path / "torn.pem").write_bytes((tmp_path / "torn.pem").read_bytes()[:300])
    with pytest.raises(CustodyError):
        given_certificate(tmp_path / "torn.pem", tmp_path / "torn.pem")


def test_nothing_but_digests_and_actions_is_in_a_manifest(signer: ContentSigner) -> None:
    import c2pa

    data = signed(picture("JPEG"), "image/jpeg", made=MADE, signing=by(signer))
    with c2pa.Reader("image/jpeg", io.BytesIO(data)) as reader:
        store = json.loads(reader.json())
    manifest = store["manifests"][store["active_manifest"]]
    assert set(manifest) <= {
        "claim_generator_info", "instance_id", "ingredients", "assertions", "signature_info", "label", "claim_version",
        "format",
    }  # fmt: skip
    assertions = {
        one["label"]: one["data"] for one in manifest["assertions"] if not one["label"].startswith("c2pa.hash")
    }
    assert set(assertions) == {"c2pa.actions.v2", "org.sixfaces.source"}
    assert assertions["org.sixfaces.source"] == {"sha256": ORIGINAL, "proof": "cd" * 32}
    (ingredient,) = manifest["ingredients"]
    assert ingredient["title"] == "sealed original"
    assert ingredient["instance_id"] == f"urn:sha256:{ORIGINAL}"
