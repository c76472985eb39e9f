"""P1 to P7: what is handed in arrives whole, or is refused; what was acknowledged stays."""

import hashlib
import os
import signal
import socket
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta
from functools import partial
from itertools import count
from pathlib import Path
from typing import cast

import boto3
import httpx
import pytest

from sixfaces.adapters.records.store import SqlRecords
from sixfaces.adapters.spool_folder import FolderSpool
from sixfaces.adapters.store_probe import CHECKS
from sixfaces.adapters.tus_client import Later, TusClient
from sixfaces.domain.custody import Act
from sixfaces.domain.upload import Segment
from sixfaces.pipeline.ids import new_id
from tests.contract.bytes import test_folder_faults as system_calls
from tests.contract.bytes import test_probe as probing
from tests.contract.uploads.test_cut_lines import a_fault
from tests.promises.forms import SCALE, Broken, chance_of, scaled
from tests.rig.fault_proxy import End, Fault, FaultProxy, fault_proxy
from tests.rig.product import OCTETS, Asker, Parts, Product, Server, until_true
from tests.rig.steady_sender import SteadySender
from tests.servers import rclone

MIB = 1 << 20


@contextmanager
def bad_line(server: Server) -> Iterator[tuple[FaultProxy, str]]:
    """A proxy before the server, and its URL."""
    with fault_proxy("127.0.0.1", server.port) as (proxy, own):
        yield proxy, f"http://127.0.0.1:{own[1]}"


def test_p01_an_acknowledged_chunk_survives_any_crash(product: Product, broken: Broken) -> None:
    draw, enough = chance_of("P1"), threading.Event()
    kills, chunks = scaled(100, least=4), scaled(5000)  # and as many again on the other form
    server = product.serve()
    senders = [SteadySender(product.asker(server), n, piece=40_000, enough=enough) for n in range(4)]
    for one in senders:
        one.start()
    for number in range(kills):
        time.sleep(draw.uniform(0.3, 1.5))
        if broken.database is not None and number % 2:
            broken.database.crash()
            broken.database.start()
        else:
            server.kill()
            server.start()
    until_true(lambda: sum(one.acks for one in senders) >= chunks, within_s=900)
    enough.set()
    for one in senders:
        one.join(240)
    assert [fault for one in senders for fault in one.broken] == []
    assert sum(one.asked_again for one in senders) > 0, "not one of them noticed a crash: the test is void"
    assert product.sound().counted["exhibits"] == len(senders)


@pytest.mark.parametrize("fault", ["error", "kill"])
def test_p01_whatever_call_of_the_system_fails_no_chunk_is_acknowledged_that_is_not_there(
    tmp_path: Path, fault: str
) -> None:
    """The spool, call by call; sealing is swept in the same way by tests/contract/bytes."""

    def append(root: Path, told: Path) -> None:
        writer = FolderSpool(root).writer(upload, token=1, start=0)
        writer.write(system_calls.DATA)
        segment = writer.flush()
        assert segment is not None
        os.write(descriptors[told], segment.model_dump_json().encode())

    upload, descriptors = new_id(), {}
    for calls in ("openat", "write", "fsync", "mkdir"):
        for when in count(1):
            root, told, log = tmp_path / f"{calls}-{when}", tmp_path / "told", tmp_path / "log"
            descriptors[told] = os.open(told, os.O_CREAT | os.O_TRUNC | os.O_RDWR)
            how = system_calls.FAULTS[calls] if fault == "error" else "signal=KILL"
            options = ("-e", f"inject={calls}:{how}:when={when}")
            ended = system_calls.under_strace(partial(append, root, told), *options, log=log)
            os.close(descriptors[told])
            if acknowledged := told.read_bytes():
                segment = Segment.model_validate_json(acknowledged)
                with FolderSpool(root).assembled(upload, [segment]) as whole:
                    assert whole.read_bytes() == system_calls.DATA, (calls, when)
            if "INJECTED" not in log.read_text() and ended != -signal.SIGKILL:
                assert when > 1, f"no {calls} was ever made: nothing was swept"
                break


def test_p02_an_upload_cut_anywhere_ends_byte_identical(product: Product, tmp_path: Path) -> None:
    draw, server = chance_of("P2"), product.serve()
    asker, digests = product.asker(server), []
    largest = 512 * MIB if SCALE >= 1 else 10 * MIB
    with bad_line(server) as (proxy, url):
        for number in range(scaled(500)):
            data = draw.randbytes(draw.choice([1, 1000, 70_000, MIB, draw.randint(1, largest)]))
            path, digest = tmp_path / f"{number}.bin", hashlib.sha256(data).hexdigest()
            path.write_bytes(data)
            upload = asker.upload(len(data), asker.case()["id"], **{"Sixfaces-Sha256": digest})
            cuts = draw.randint(1, 20 if SCALE >= 1 else 5)
            proxy.faults.extend(a_fault(draw, len(data)) for _ in range(cuts))
            before, tries = proxy.sent, _sent(url, product.admin_key, upload, path=path)
            proxy.faults.clear()
            assert tries <= 3 * cuts + 3
            assert proxy.sent - before - len(data) <= (8 * MIB + 8192) * tries + 4096 * (len(data) // (8 * MIB) + 3)
            assert asker.get(upload).json()["receipt"]["sha256"] == digest
            digests.append(digest)
            path.unlink()
    assert product.sound().counted["exhibits"] == len(digests)


def _sent(url: str, key: str, upload: str, *, path: Path) -> int:
    """Send over a bad line; how many tries it took."""
    for tries in count(1):
        client = TusClient(url, key, patience_s=1)
        try:
            assert client.send(upload, path)
            return tries
        except Later:
            continue
        finally:
            client.close()
    raise AssertionError


def test_p03_a_new_head_or_patch_takes_over_a_dead_connection_at_once(product: Product) -> None:
    """On two servers: the silent line leads to one of them, the client comes back at the other."""
    draw, first, second = chance_of("P3"), product.serve(), product.serve()
    asker, took = product.asker(second), []
    with bad_line(first) as (proxy, url):
        for _ in range(scaled(250)):
            data = draw.randbytes(MIB)
            upload, cut = asker.upload(len(data), asker.case()["id"]), draw.randint(100_000, MIB - 1)
            proxy.faults.append(Fault(after=cut, end=End.STALL))
            with _patching(url, upload, product.admin_key, data=data):
                until_true(lambda: asker.offset(upload) > 0, every_s=0.1)  # noqa: B023 done before the next
                started = time.monotonic()
                at = asker.offset(upload)
                took.append(time.monotonic() - started)
                assert asker.append(upload, data[at:], at=at).status_code == 204
            assert asker.get(upload).json()["receipt"]["sha256"] == hashlib.sha256(data).hexdigest()
    assert sorted(took)[round(0.99 * len(took)) - 1] <= 1.0
    product.sound()


@contextmanager
def _patching(url: str, upload: str, key: str, *, data: bytes) -> Iterator[None]:
    """A PATCH of all the data on a connection of its own, of which nobody reads the answer."""
    host, _, port = url.removeprefix("http://").partition(":")
    head = {**OCTETS, "Authorization": f"Bearer {key}", "Upload-Offset": "0", "Content-Length": str(len(data))}
    lines = "".join(f"{name}: {value}\r\n" for name, value in {"Host": host, **head}.items())
    with socket.create_connection((host, int(port)), timeout=5) as sock:
        sock.sendall(f"PATCH {upload} HTTP/1.1\r\n{lines}\r\n".encode() + data)
        yield


def test_p04_two_writers_on_one_upload_never_mix_bytes(product: Product) -> None:
    draw, first, second = chance_of("P4"), product.serve(), product.serve()
    askers = [product.asker(first), product.asker(second)]
    with ThreadPoolExecutor(2) as pool:
        for race in range(scaled(200, least=6)):
            data = [draw.randbytes(200_000), draw.randbytes(200_000)]
            upload = askers[0].upload(200_000, askers[0].case()["id"])
            timers: list[threading.Timer] = []
            if race % 3 == 2:
                timers = [
                    threading.Timer(draw.uniform(0, 0.03), first.signal, (signal.SIGSTOP,)),
                    threading.Timer(0.7, first.signal, (signal.SIGCONT,)),
                ]
                for timer in timers:
                    timer.start()
            answers = list(pool.map(lambda n: askers[n].append(upload, data[n], at=0), (0, 1)))  # noqa: B023 awaited at once
            for timer in timers:
                timer.join()
            codes = [answer.status_code for answer in answers]
            assert sorted(codes) == [204, 409], (race, codes)
            loser = answers[codes.index(409)]
            assert int(loser.headers["upload-offset"]) in {0, 200_000}
            receipt = askers[1].get(upload).json()["receipt"]
            assert receipt["sha256"] == hashlib.sha256(data[codes.index(204)]).hexdigest()
    product.sound()


def test_p05_no_flipped_bit_becomes_or_stays_evidence_unseen(product: Product, form: Parts) -> None:
    draw, server = chance_of("P5"), product.serve()
    asker = product.asker(server)
    case = asker.case()["id"]
    with bad_line(server) as (proxy, url):
        line = Asker(url, product.admin_key)
        line.headers["Connection"] = "close"
        for _ in range(scaled(2500)):
            data = draw.randbytes(20_000)
            declared = {"Sixfaces-Sha256": hashlib.sha256(data).hexdigest()}
            upload = asker.upload(len(data), case, **declared)
            proxy.faults.append(Fault(flip=draw.randint(2000, len(data))))
            answer = line.append(upload, data, at=0)
            assert (answer.status_code, answer.json()["code"]) == (422, "upload.digest_differs")
        line.close()
    assert product.sound().counted.get("exhibits", 0) == 0
    receipt = asker.sealed(case, data)
    assert receipt["sha256"] == hashlib.sha256(data).hexdigest(), "the receipt holds our own digest"
    _flip_at_rest(form, product, receipt["sha256"])
    answer = asker.get(f"/v1/exhibits/{receipt['exhibit_id']}/original")
    assert answer.status_code >= 400
    assert answer.json()["code"] == "store.corrupt"
    told = product.command("fsck")
    assert told.returncode == 4
    assert "[fsck.original_changed]" in told.stdout


def _flip_at_rest(form: Parts, product: Product, digest: str) -> None:
    """One bit of a sealed original, as an ageing disk turns it over."""
    key = f"originals/main/{digest[:2]}/{digest}"
    if form.blobs is None:
        path = product.data / "blobs" / key
        path.chmod(0o644)
        path.write_bytes(flipped(path.read_bytes()))
        return
    name, prefix = form.blobs.removeprefix("s3://").split("/")
    bucket = boto3.resource("s3", endpoint_url=form.s3_endpoint).Bucket(name)
    found = bucket.Object(f"{prefix}/{key}")
    found.put(Body=flipped(found.get()["Body"].read()))


def flipped(data: bytes) -> bytes:
    """The data with one bit turned over."""
    return bytes([data[0] ^ 1]) + data[1:]


def test_p05_a_running_installation_finds_an_aged_original_by_itself(product: Product, form: Parts) -> None:
    """A month passes while it is switched off; the disk turns one bit over in that time."""
    server = product.serve(workers=1)
    asker = product.asker(server)
    receipt, sound = (
        asker.sealed(asker.case()["id"], data) for data in (b"a document that ages", b"one that does not")
    )
    server.ended()
    _flip_at_rest(form, product, receipt["sha256"])
    _sealed_a_month_ago(product)
    server.start()
    hurt = {"exhibit_id": receipt["exhibit_id"], "case_id": receipt["case_id"]}
    until_true(lambda: asker.get("/v1/originals/damaged").json()["items"] != [])
    (found,) = asker.get("/v1/originals/damaged").json()["items"]
    assert (found["damage"], found["exhibits"]) == ("changed", [hurt])
    events = f"/v1/cases/{receipt['case_id']}/events"
    with asker.stream("GET", events, timeout=3) as answer:
        told = "".join(_until_silence(answer))
    assert "exhibit.damaged" in told
    assert ["damage" in _acts(asker, one["exhibit_id"]) for one in (receipt, sound)] == [True, False]


def _acts(asker: Asker, exhibit: str) -> set[str]:
    return {entry["act"] for entry in asker.get(f"/v1/exhibits/{exhibit}/custody").json()["entries"]}


def _sealed_a_month_ago(product: Product) -> None:
    """As far as the duty knows that reads originals again."""
    records = SqlRecords(product.place.database)
    with records.begin(None) as tx:
        long_ago = tx.now - timedelta(days=31)
        sealed = {(e.tenant, e.body["sha256"]) for e in tx.custody.entries(first=0, limit=100) if e.act is Act.SEAL}
        for tenant, sha256 in sealed:
            held = tx.originals.get(tenant, sha256)
            assert held is not None
            tx.originals.checked(held.model_copy(update={"checked_at": long_ago}))
    records.close()


def _until_silence(answer: httpx.Response) -> Iterator[str]:
    try:
        yield from answer.iter_text()
    except httpx.TimeoutException:
        return


def test_p06_a_store_that_cannot_keep_promises_is_named_in_every_receipt_or_refused(
    data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each lie by itself: tests/contract/bytes/test_probe.py, against Ceph, rclone and a server that says yes."""
    assert len(CHECKS) >= 14
    with rclone.rclone(tmp_path / "buckets") as address:
        monkeypatch.setenv("AWS_ACCESS_KEY_ID", rclone.KEY_ID)
        monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", rclone.SECRET)
        lying = {"SIXFACES_BLOBS": f"s3://{rclone.BUCKET}/here", "SIXFACES_S3_ENDPOINT": address}
        with Product(data, Parts(lying)) as product:
            asker = product.asker(product.serve())
            receipt = asker.sealed(asker.case()["id"], b"a document")
            assert set(receipt["unprotected"]) == probing.RCLONES_GAPS
            refused = product.command("serve", "--port", "0", SIXFACES_BLOBS_REQUIRE_PROTECTED="true")
    assert refused.returncode == 2
    assert "[store.unprotected]" in refused.stderr


@pytest.fixture
def small(tmp_path: Path) -> Iterator[Callable[[int], None]]:
    """A small disk under `tmp_path/disk`; the function gives it another size."""
    place = tmp_path / "disk"
    place.mkdir()
    options = ["mount", "-t", "tmpfs", "-o", "size=12m", "tmpfs", str(place)]
    if subprocess.run(options, capture_output=True, check=False).returncode:
        if os.environ.get("CI") == "true" and os.geteuid() == 0:
            pytest.fail("CI fills a small disk")
        pytest.skip("a small file system can be mounted by root only")
    yield lambda mib: cast(
        None, subprocess.run(["mount", "-o", f"remount,size={mib}m", str(place)], check=True).returncode
    )
    subprocess.run(["umount", "--lazy", str(place)], check=True)


def test_p07_a_full_disk_refuses_new_work_cleanly_and_loses_nothing(
    small: Callable[[int], None], tmp_path: Path
) -> None:
    """Database, spool and store together; PostgreSQL's disk: tests/contract/records/test_full_disks.py."""
    draw = chance_of("P7")
    with Product(tmp_path / "disk" / "data") as product:
        server = product.serve()
        asker, acknowledged = product.asker(server), []
        refusals: list[httpx.Response] = []
        case = asker.case()["id"]
        ballast = tmp_path / "disk" / "ballast"
        while len(refusals) < scaled(250, least=5):
            answer = asker.hand_in(case, draw.randbytes(300_000))
            if answer.status_code in {201, 202}:
                acknowledged.append(answer.json())
            else:
                refusals.append(answer)
                with ballast.open("ab") as file:  # what somebody else leaves on the disk
                    _fill(file.fileno())
        assert acknowledged
        assert {answer.status_code for answer in refusals} <= {503, 507}
        assert all(int(answer.headers["retry-after"]) > 0 for answer in refusals)
        small(60)
        took = until_true(lambda: asker.hand_in(case, b"after").status_code == 201, within_s=30)
        assert took <= 10
        for receipt in acknowledged:
            told = asker.get(f"/v1/exhibits/{receipt['exhibit_id']}/original").content
            assert hashlib.sha256(told).hexdigest() == receipt["sha256"]
        product.sound()


def _fill(descriptor: int) -> None:
    try:
        while os.write(descriptor, bytes(4096)):
            pass
    except OSError:
        return
