"""Checkpoints are signed once for each size, never for another history, and stamped by a real authority."""

import hashlib
import io
import itertools
import shutil
import sqlite3
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from typer.testing import CliRunner

from sixfaces.adapters import timestamping
from sixfaces.adapters.blobs_folder import FolderBlobs
from sixfaces.adapters.timestamping import TimestampAuthority
from sixfaces.cli.main import app
from sixfaces.domain.errors import CustodyError, RequestError, StoreError
from sixfaces.pipeline.custody import Stretch, Subject, checkpoint_now, custody_of, stamp_now
from sixfaces.pipeline.reading import results_file
from sixfaces.pipeline.work.results import CaseResults
from sixfaces.vault.bundle import Checked, Trust, check_bundle
from sixfaces.vault.checkpoint import read_checkpoint, verified_checkpoint
from sixfaces.vault.merkle import proves_inclusion
from sixfaces.vault.stamps import judges_of, stamped_at
from tests.contract.custody.conftest import Stranger
from tests.rig.chronicle import Chronicle, chronicle
from tests.servers import tsa


@pytest.fixture
def own(tmp_path: Path) -> Iterator[Chronicle]:
    """An installation of the test's own."""
    made = chronicle(tmp_path / "own", [[b"a take"]], checkpoint_each=False)
    yield made
    made.close()


@pytest.fixture(scope="session")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tsa.Tsa]:
    with tsa.running(tmp_path_factory.mktemp("tsa")) as running:
        yield running


def test_one_size_is_signed_once(own: Chronicle) -> None:
    first = checkpoint_now(own.service, own.notary)
    assert first is not None
    assert first.size == 3
    assert verified_checkpoint(first, own.notary.keys) == first
    assert checkpoint_now(own.service, own.notary) == first


def test_an_empty_log_is_not_signed(tmp_path: Path) -> None:
    with closing(chronicle(tmp_path / "empty", [])) as made:
        assert checkpoint_now(made.service, made.notary) is None
        assert stamp_now(made.service, made.notary) is None


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ("UPDATE log_nodes SET hash = zeroblob(32)", "custody.forked"),
        ("UPDATE log_head SET size = 2", "custody.rolled_back"),
        ("UPDATE checkpoints SET origin = 'other.example/log'", "custody.origin"),
    ],
)
def test_a_log_that_is_no_extension_of_what_was_signed_is_not_signed(own: Chronicle, change: str, code: str) -> None:
    checkpoint_now(own.service, own.notary)
    custody_of(own.service, own.notary, own.subject())
    own.bundle()
    checkpoint_now(own.service, own.notary)
    own.bundle()
    with closing(sqlite3.connect(own.folder / "records.sqlite")) as database, database:
        database.executescript("DROP TRIGGER log_nodes_update")
        database.execute(change)
    with pytest.raises(CustodyError) as caught:
        checkpoint_now(own.service, own.notary)
    assert caught.value.code == code


def test_the_proof_of_a_case_leads_each_entry_to_a_signed_root(own: Chronicle) -> None:
    proof = custody_of(own.service, own.notary, own.subject())
    checkpoint = read_checkpoint(proof.checkpoint.note, own.notary.keys)
    assert [entry.act.value for entry in proof.entries] == ["accept", "seal", "judge"]
    for entry, path in zip(proof.entries, proof.proofs, strict=True):
        assert proves_inclusion(path, leaf=entry.leaf, root=checkpoint.root)
    exhibit = custody_of(own.service, own.notary, Subject("main", "exhibit", own.exhibits()[0].id))
    assert [entry.act.value for entry in exhibit.entries] == ["accept", "seal"]


def test_another_tenants_case_is_missing(own: Chronicle) -> None:
    case = own.subject()
    for kind, id in (("case", case.id), ("exhibit", own.exhibits()[0].id)):
        with pytest.raises(RequestError) as caught:
            custody_of(own.service, own.notary, Subject("other", kind, id))  # type: ignore[arg-type]  # both are kinds
        assert caught.value.code == "request.missing"


def test_an_authority_that_is_away_leaves_a_gap_that_the_next_time_fills(own: Chronicle, authority: tsa.Tsa) -> None:
    notary = replace(own.notary, stamper=TimestampAuthority(authority.url, authority.chain))
    signed = checkpoint_now(own.service, notary)
    assert signed is not None
    authority.broken.set()
    gap = stamp_now(own.service, notary)
    assert gap is not None
    assert gap.stamp is None
    authority.broken.clear()
    stamped = stamp_now(own.service, notary)
    assert stamped is not None
    assert stamped.stamp is not None
    at = stamped_at(stamped.stamp, stamped.note, chain=authority.chain)
    assert abs((at - stamped.at).total_seconds()) < 60
    assert stamp_now(own.service, notary) == stamped
    assert checkpoint_now(own.service, notary) == stamped
    assert "CN=Test TSA" in judges_of(authority.chain)[0]


def audited(path: Path, *more: str) -> str:
    """What the command tells of a bundle that holds."""
    told = CliRunner().invoke(app, ["audit", "verify", str(path), *more], env={"LC_ALL": "C", "LANG": "C"})
    assert told.exit_code == 0, told.output
    return told.output


def test_a_stamp_travels_in_the_bundle_and_is_judged_offline(
    own: Chronicle, authority: tsa.Tsa, stranger: Stranger, tmp_path: Path
) -> None:
    notary = replace(own.notary, stamper=TimestampAuthority(authority.url, authority.chain))
    checkpoint_now(own.service, notary)
    stamp_now(own.service, notary)
    bundle = replace(own, notary=notary).bundle()
    path = tmp_path / "bundle.zip"
    path.write_bytes(bundle)
    with path.open("rb") as file:
        checked = check_bundle(file, Trust(own.notary.keys, chain=authority.chain))
        assert checked.faults == ()
        assert checked.stamped is not None
        assert checked.own_authority == ()
        alone = check_bundle(file, Trust(own.notary.keys))
        assert alone.faults == ()
        assert (alone.stamped, alone.own_authority) == (None, judges_of(authority.chain))
        other = tmp_path / "other"
        other.mkdir()
        strange = check_bundle(file, Trust(own.notary.keys, chain=tsa.made(other, "Other TSA")))
    assert [fault.code for fault in strange.faults] == ["custody.stamp"]
    assert stranger(bundle, own.keys_file.read_bytes(), None) == set()
    told = audited(path, "--key", str(own.keys_file))
    assert "CN=Test TSA" in told
    assert "stamped:" not in told
    (tmp_path / "tsa.pem").write_bytes(authority.chain)
    assert "stamped:" in audited(path, "--key", str(own.keys_file), "--tsa", str(tmp_path / "tsa.pem"))


def test_a_stamp_over_something_else_does_not_hold(authority: tsa.Tsa) -> None:
    stamp = TimestampAuthority(authority.url, authority.chain).stamp("one note\n")
    for wrong, note in ((stamp, "another note\n"), (stamp + b"x", "one note\n"), (stamp[:-1], "one note\n")):
        with pytest.raises(CustodyError) as caught:
            stamped_at(wrong, note, chain=authority.chain)
        assert caught.value.code == "custody.stamp"


@pytest.mark.parametrize("head", [b"HTTP/1.1 200 OK\r\n\r\n", b"HTTP/1.1 200 OK\r\nX-Long: "], ids=["body", "head"])
def test_an_authority_that_answers_a_byte_at_a_time_is_left_after_its_time(
    monkeypatch: pytest.MonkeyPatch, head: bytes
) -> None:
    class Dripping(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            with suppress(OSError):
                self.wfile.write(head)
                while True:
                    self.wfile.write(b"x")
                    time.sleep(0.02)

        def log_message(self, format: str, *args: object) -> None:
            """Tests print nothing."""

    monkeypatch.setattr(timestamping, "WHOLE_S", 0.2)
    server = ThreadingHTTPServer(("127.0.0.1", 0), Dripping)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    began = time.monotonic()
    try:
        with pytest.raises(CustodyError) as caught:
            TimestampAuthority(f"http://127.0.0.1:{server.server_address[1]}/", b"").stamp("note\n")
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
    assert caught.value.code == "custody.stamp_away"
    assert time.monotonic() - began < timestamping.TIMEOUT_S, "it was left long before any step on the line timed out"


@pytest.mark.parametrize("url", ["http://127.0.0.1:9/", "http://[", "nowhere"])
def test_an_address_where_nobody_answers_is_told_as_such(url: str) -> None:
    with pytest.raises(CustodyError) as caught:
        TimestampAuthority(url, b"", timeout_s=1).stamp("note\n")
    assert caught.value.code == "custody.stamp_away"


def test_an_original_that_has_changed_ends_the_export(own: Chronicle) -> None:
    digest = hashlib.sha256(b"a take").hexdigest()
    path = own.folder / "blobs" / "originals" / "main" / digest[:2] / digest
    path.chmod(0o600)
    path.write_bytes(b"b take")
    with pytest.raises(CustodyError) as caught:
        own.bundle()
    assert caught.value.code == "custody.original_changed"


def test_a_page_of_the_report_that_has_changed_is_neither_exported_nor_shown(own: Chronicle) -> None:
    with own.service.records.begin("main", reading=True) as tx:
        verdict = tx.verdicts.current(own.cases[0].id)
    assert verdict is not None
    assert results_file(own.service, verdict, "report.html").startswith(b"<html>")
    own.service.blobs.put(f"{verdict.results}/report.html", b"<html>forged")
    with pytest.raises(StoreError, match=r"store\.corrupt"):
        results_file(own.service, verdict, "report.html")
    with pytest.raises(CustodyError, match=r"custody\.report"):
        own.bundle()
    own.service.blobs.remove(f"{verdict.results}/report.html")
    with pytest.raises(CustodyError, match=r"custody\.file_missing"):
        own.bundle()


def test_a_page_with_digests_of_its_own_is_not_shown(own: Chronicle) -> None:
    with own.service.records.begin("main", reading=True) as tx:
        verdict = tx.verdicts.current(own.cases[0].id)
    assert verdict is not None
    forged = CaseResults(own.service.blobs, verdict.results, {})
    forged.put("report.json", b"{}")
    forged.finish()
    with pytest.raises(StoreError, match=r"store\.corrupt"):
        results_file(own.service, verdict, "report.json")


def test_what_is_sealed_while_a_bundle_is_gathered_is_in_it_whole_or_not_at_all(own: Chronicle) -> None:
    enough = threading.Event()

    def seal() -> None:
        for number in itertools.count():
            own.seal_more(f"take {number}".encode())
            if enough.is_set():
                return

    sealing = threading.Thread(target=seal)
    sealing.start()
    found: list[Checked] = []
    try:
        while len(found) < 10 or len({len(one.originals) for one in found}) < 3:
            found.append(check_bundle(io.BytesIO(own.bundle()), Trust(own.notary.keys)))
    finally:
        enough.set()
        sealing.join()
    assert [one.faults for one in found if one.faults] == []


class SealsMeanwhile(FolderBlobs):
    """Bytes of which a reader gives somebody else the time to seal something more in the case."""

    def __init__(self, root: Path, seal: Callable[[bytes], None]) -> None:
        super().__init__(root)
        self._seal, self.count = seal, 0

    def get(self, key: str) -> bytes | None:
        self.count += 1
        self._seal(f"meanwhile {self.count}".encode())
        return super().get(key)


def test_an_export_holds_up_nobody_who_seals(own: Chronicle) -> None:
    blobs = SealsMeanwhile(own.folder / "blobs", own.seal_more)
    before = len(own.exhibits())
    slow = replace(own, service=replace(own.service, blobs=blobs))
    found = check_bundle(io.BytesIO(slow.bundle()), Trust(own.notary.keys))
    assert found.faults == ()
    assert len(found.originals) == before
    assert len(own.exhibits()) == before + blobs.count > before


def test_the_log_is_told_in_parts_that_are_proven_each(own: Chronicle) -> None:
    whole = custody_of(own.service, own.notary, own.subject())
    found, after = list[int](), -1
    while True:
        part = custody_of(own.service, own.notary, own.subject(), part=Stretch(after, 2))
        for entry, proof in zip(part.entries, part.proofs, strict=True):
            assert proves_inclusion(proof, leaf=entry.leaf, root=part.checkpoint.root)
        found += [entry.seq for entry in part.entries]
        if not part.more:
            break
        assert len(part.entries) == 2
        after = found[-1]
    assert found == [entry.seq for entry in whole.entries]
    assert not whole.more


def test_what_was_exported_stands_in_the_log(own: Chronicle) -> None:
    own.bundle()
    proof = custody_of(own.service, own.notary, own.subject())
    assert [entry.actor for entry in proof.entries if entry.act.value == "read"] == ["key:test"] * 2


def test_unzip_finds_nothing_wrong_with_a_bundle(log: Chronicle, tmp_path: Path) -> None:
    if shutil.which("unzip") is None:
        pytest.skip("unzip is missing")
    path = tmp_path / "bundle.zip"
    path.write_bytes(log.bundle(0))
    assert subprocess.run(["unzip", "-tqq", path], check=False, capture_output=True).returncode == 0
