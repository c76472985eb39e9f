"""Content credentials: four states, told apart offline, within a jail's memory."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from fixtures.build import MEDIA, built
from fixtures.makers.credentials import authority
from sixfaces.domain.facts import ProvenanceFact, ProvenanceState, ToolKind, ToolTagFact, UnmeasuredFact
from sixfaces.domain.observation import Measured
from sixfaces.observe.manifest_scan import has_manifest
from sixfaces.observe.provenance import Provenance, judged

MIME = {".jpg": "image/jpeg", ".mp4": "video/mp4"}


def found(path: Path, anchors: str | None = None) -> list[Measured]:
    pytest.importorskip("c2pa", reason="the c2pa extra is not installed")
    observer = Provenance(lambda _name, _data: None, anchors)
    observer.file(path, MIME[path.suffix])
    return list(observer.finish())


def read(path: Path, anchors: str | None = None) -> ProvenanceFact:
    fact = found(path, anchors)[0].fact
    assert isinstance(fact, ProvenanceFact)
    return fact


@pytest.mark.parametrize("name", ["signed.jpg", "signed.mp4"])
def test_signed_bytes_are_valid_and_with_the_anchor_trusted(name: str) -> None:
    pytest.importorskip("c2pa", reason="the c2pa extra is not installed")
    assert read(built(name)).state is ProvenanceState.VALID
    fact = read(built(name), authority())
    assert fact.state is ProvenanceState.TRUSTED
    assert fact.generator == "Fixture station 1"
    assert fact.issuer == "Fixture"
    assert fact.actions == ("c2pa.created digitalCapture",)


@pytest.mark.parametrize("name", ["signed_then_altered.jpg", "signed_then_altered.mp4"])
def test_one_bit_after_signing_breaks_them(name: str) -> None:
    pytest.importorskip("c2pa", reason="the c2pa extra is not installed")
    fact = read(built(name), authority())
    assert fact.state is ProvenanceState.BROKEN
    assert any("Hash.mismatch" in problem for problem in fact.problems)


def test_credentials_lost_by_saving_again_are_absent_and_not_broken() -> None:
    pytest.importorskip("c2pa", reason="the c2pa extra is not installed")
    assert read(built("signed_then_resaved.jpg")).state is ProvenanceState.ABSENT


@pytest.mark.parametrize(
    ("name", "state"),
    [
        ("adobe-20220124-A.jpg", ProvenanceState.ABSENT),
        ("adobe-20220124-C.jpg", ProvenanceState.VALID),
        ("adobe-20220124-CA.jpg", ProvenanceState.VALID),
        ("adobe-20220124-E-sig-CA.jpg", ProvenanceState.BROKEN),
    ],
)
def test_the_public_test_pictures_are_judged_as_their_makers_meant(name: str, state: ProvenanceState) -> None:
    assert read(MEDIA / name).state is state


def test_a_synthetic_picture_names_its_generator() -> None:
    pytest.importorskip("c2pa", reason="the c2pa extra is not installed")
    tags = [m.fact for m in found(built("signed_as_synthetic.jpg")) if isinstance(m.fact, ToolTagFact)]
    assert [tag.tool for tag in tags] == [ToolKind.GENERATOR]
    assert not [m for m in found(built("signed.jpg")) if isinstance(m.fact, ToolTagFact)]


def test_without_a_manifest_the_library_is_not_even_loaded() -> None:
    program = (
        "import sys; from pathlib import Path; from sixfaces.observe.provenance import Provenance\n"
        "o = Provenance(lambda n, d: None); o.file(Path(sys.argv[1]), 'video/mp4')\n"
        "print(next(iter(o.finish())).fact.state, 'c2pa' in sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, MEDIA / "genuine.mp4"], capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == ["absent", "False"]


@pytest.mark.skipif(shutil.which("prlimit") is None, reason="needs prlimit")
def test_it_reads_within_the_memory_of_a_jail() -> None:
    pytest.importorskip("c2pa", reason="the c2pa extra is not installed")
    program = (
        "import sys; from pathlib import Path; from sixfaces.observe.provenance import Provenance\n"
        "o = Provenance(lambda n, d: None); o.file(Path(sys.argv[1]), 'video/mp4')\n"
        "print(next(iter(o.finish())).fact.state)"
    )
    command = ["prlimit", f"--as={1 << 30}", sys.executable, "-c", program, str(built("signed.mp4"))]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "valid"


def test_a_missing_library_is_an_honest_hole(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "c2pa", None)
    observer = Provenance(lambda _name, _data: None)
    observer.file(MEDIA / "adobe-20220124-C.jpg", "image/jpeg")
    [measured] = observer.finish()
    assert isinstance(measured.fact, UnmeasuredFact)
    assert (measured.fact.code, measured.fact.of) == ("c2pa_missing", ("provenance",))


def test_a_manifest_that_cannot_be_parsed_is_broken(tmp_path: Path) -> None:
    pytest.importorskip("c2pa", reason="the c2pa extra is not installed")
    data = bytearray((MEDIA / "adobe-20220124-C.jpg").read_bytes())
    at = data.index(b"cbor", data.index(b"c2cl")) + 4
    data[at : at + 20] = b"\xff" * 20
    torn = tmp_path / "torn.jpg"
    torn.write_bytes(data)
    assert read(torn).state is ProvenanceState.BROKEN


def test_an_expired_certificate_says_nothing_about_the_bytes() -> None:
    store = {"validation_state": "Invalid", "validation_status": [{"code": "signingCredential.expired"}]}
    assert judged(store).state is ProvenanceState.VALID
    store["validation_status"] = [{"code": "signingCredential.expired"}, {"code": "assertion.dataHash.mismatch"}]
    assert judged(store).state is ProvenanceState.BROKEN
    assert judged({"validation_state": "Invalid"}).state is ProvenanceState.BROKEN


def test_a_store_of_another_form_is_no_crash() -> None:
    odd = {
        "active_manifest": "a",
        "manifests": {"a": {"assertions": [{"label": "c2pa.actions", "data": [1]}, 7], "claim_generator_info": "x"}},
        "validation_state": "Valid",
        "validation_status": [3],
    }
    assert judged(odd).actions == ()


def test_the_scan_skips_payloads_and_survives_torn_files(tmp_path: Path) -> None:
    whole = (MEDIA / "adobe-20220124-C.jpg").read_bytes()
    torn = tmp_path / "torn"
    for length in (0, 1, 2, 3, 5, 20, 21, 100):
        torn.write_bytes(whole[:length])
        assert has_manifest(torn) in (True, False)
    torn.write_bytes(b"\x00\x00\x00\x10ftypisom\x00\x00\x00\x00" + b"\x00\x00\x00\x00free")
    assert not has_manifest(torn)
    torn.write_bytes(b"\x00\x00\x00\x08ftyp" + b"\x00\x00\x00\x08free" * 50_000)
    assert not has_manifest(torn)
