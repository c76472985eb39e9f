"""P15 to P18: what happened cannot be rewritten, can be checked by strangers, and originals stay what they were."""

import hashlib
import io
import random
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from pathlib import Path

import httpx
import psycopg
import pytest

from fixtures.build import built, ffmpeg
from sixfaces.adapters.blobs_folder import FolderBlobs
from sixfaces.adapters.records.store import SqlRecords
from sixfaces.domain.custody import Checkpoint
from sixfaces.domain.people import ApiRole
from sixfaces.media import bubblewrap
from sixfaces.pipeline.auditing import Audit, Known, verify_installation
from sixfaces.vault.bundle import Trust, check_bundle
from sixfaces.vault.custody_keys import load_keys
from tests.promises.clock_of_another import wrong_by
from tests.promises.forms import chance_of, scaled
from tests.rig.forging import flipped
from tests.rig.product import ROOT, Asker, Parts, Product, until_true
from tests.servers.postgres import Postgres

TEN_YEARS_S = 10 * 365 * 24 * 3600
LOG = ("log_entries", "log_nodes", "log_head", "checkpoints")
Change = Callable[[psycopg.Connection, random.Random, int], int]
"""What a superuser does to a log of so many entries; the number of the entry that must be named, or -1."""


def _edited(db: psycopg.Connection, draw: random.Random, size: int) -> int:
    seq, column = draw.randrange(size), draw.choice(["tenant", "subject", "actor"])
    db.execute(f"UPDATE log_entries SET {column} = {column} || 'x' WHERE seq = %s", (seq,))
    return seq


def _back_dated(db: psycopg.Connection, draw: random.Random, size: int) -> int:
    seq = draw.randrange(size)
    db.execute("UPDATE log_entries SET at = at - interval '1 second' WHERE seq = %s", (seq,))
    return seq


def _dropped(db: psycopg.Connection, draw: random.Random, size: int) -> int:
    seq = draw.randrange(size)
    db.execute("DELETE FROM log_entries WHERE seq = %s", (seq,))
    return seq


def _swapped(db: psycopg.Connection, draw: random.Random, size: int) -> int:
    a, b = draw.sample(range(size), 2)
    for old, new in ((a, -1), (b, a), (-1, b)):
        db.execute("UPDATE log_entries SET seq = %s WHERE seq = %s", (new, old))
    return a


def _cut(db: psycopg.Connection, draw: random.Random, size: int) -> int:
    left = draw.randrange(1, size)
    db.execute("DELETE FROM log_entries WHERE seq >= %s", (left,))
    db.execute("DELETE FROM log_nodes WHERE (position + 1) << level > %s", (left,))
    db.execute("UPDATE log_head SET size = %s", (left,))
    db.execute("DELETE FROM checkpoints WHERE size > %s", (left,))
    return -1


CHANGES: tuple[Change, ...] = (_edited, _back_dated, _dropped, _swapped, _cut)


def test_p15_not_even_a_superuser_changes_what_was_logged_unseen(database_server: Postgres, data: Path) -> None:
    """In PostgreSQL. In SQLite, with whole logs rebuilt and signed again: tests/contract/custody/test_audit.py."""
    draw, url = chance_of("P15"), database_server.database()
    with Product(data, Parts({"SIXFACES_DATABASE_URL": url}, url)) as product:
        asker = product.asker(product.serve())
        for number in range(10):
            case = asker.sealed(asker.case()["id"], b"document %d" % number)["case_id"]
        assert asker.get(f"/v1/cases/{case}/custody").status_code == 200  # which has the log signed
    witness = _audited(url, data, None).newest
    assert witness is not None
    with psycopg.connect(database_server.superuser(url), autocommit=True) as db:
        db.execute("SET session_replication_role = replica")  # no trigger refuses
        for table in LOG:
            db.execute(f"CREATE TABLE kept_{table} AS SELECT * FROM {table}")
        for number in range(scaled(1000)):
            named = CHANGES[number % len(CHANGES)](db, draw, witness.size)
            faults = _audited(url, data, witness).faults
            assert faults, (number, named)
            assert named < 0 or any(str(named) in fault.place for fault in faults), (number, named, faults)
            for table in LOG:
                db.execute(f"DELETE FROM {table}")
                db.execute(f"INSERT INTO {table} SELECT * FROM kept_{table}")
    assert _audited(url, data, witness).faults == ()


def _audited(url: str, data: Path, witness: Checkpoint | None) -> Audit:
    keys = load_keys(data / "keys" / "custody-keys.txt")
    with closing(SqlRecords(url)) as records:
        return verify_installation(records, FolderBlobs(data / "blobs"), Known(keys, witness))


def test_p16_a_strangers_verifier_agrees_in_an_empty_network_even_in_ten_years(
    product: Product, tmp_path: Path
) -> None:
    """More forgeries, by those who hold the key: tests/contract/custody/test_two_verifiers.py."""
    if not bubblewrap.works():
        pytest.skip("bubblewrap does not work here")
    draw, asker = chance_of("P16"), product.asker(product.serve())
    case = asker.case()["id"]
    asker.sealed(case, draw.randbytes(100_000))
    bundle, keys = tmp_path / "case.zip", tmp_path / "keys.txt"
    good = asker.get(f"/v1/cases/{case}/custody.zip").content
    keys.write_bytes(asker.get("/v1/checkpoints/keys").content)
    bundle.write_bytes(good)
    later = wrong_by(TEN_YEARS_S, tmp_path)
    assert _stranger(bundle, keys, {}) == _stranger(bundle, keys, later) == 0
    for _ in range(scaled(500)):
        bad = flipped(good, draw.randrange(8 * len(good)))
        bundle.write_bytes(bad)
        assert _stranger(bundle, keys, {}) == 4
        assert check_bundle(io.BytesIO(bad), Trust(load_keys(keys))).faults
    product.sound()


def _stranger(bundle: Path, keys: Path, clock: dict[str, str]) -> int:
    """The exit code of the verifier that shares nothing with the product, in namespaces of its own."""
    jail = ["bwrap", "--unshare-all", "--die-with-parent", "--clearenv", "--ro-bind", "/", "/", "--proc", "/proc"]
    told = [part for name, value in clock.items() for part in ("--setenv", name, value)]
    check = [sys.executable, "-I", str(ROOT / "docs" / "verify_bundle.py"), str(bundle), "--key", str(keys)]
    done = subprocess.run([*jail, *told, *check], capture_output=True, check=False, timeout=60)
    return done.returncode


def test_p17_instants_come_from_the_databases_clock_alone(
    database_server: Postgres, data: Path, tmp_path: Path
) -> None:
    """A server an hour ahead, a worker an hour behind. SQLite has no clock but the machine's."""
    url = database_server.database()
    with Product(data, Parts({"SIXFACES_DATABASE_URL": url}, url)) as product:
        began = datetime.now(UTC)
        server = product.serve(workers=0, **wrong_by(3600, tmp_path))
        product.worker(lease_s=6.0, **wrong_by(-3600, tmp_path))
        asker = product.asker(server)
        told = parsedate_to_datetime(httpx.get(f"{server.url}/healthz").headers["date"])
        assert told > began + timedelta(minutes=50), "its clock is not wrong: the test is void"
        case = asker.case()["id"]
        receipt = asker.sealed(case, b"slow 0")
        until_true(lambda: asker.get(f"/v1/cases/{case}").json()["state"] == "verified", within_s=30)
        now = asker.get(f"/v1/cases/{case}").json()
        instants = [receipt["sealed_at"], now["created_at"], now["updated_at"], now["verdict"]["judged_at"]]
        with closing(SqlRecords(url)) as records, records.begin(None, reading=True) as tx:
            instants += [entry.at.isoformat() for entry in tx.custody.entries(first=0, limit=99)]
        ended = datetime.now(UTC)
        assert len(instants) > 6
        assert all(began <= datetime.fromisoformat(one) <= ended for one in instants), instants
        product.sound()


def test_p17_a_forged_device_clock_answers_no_question_of_timeliness(busy: Product, busy_at: Asker) -> None:
    """The same take, handed in now, that says of itself nothing, a year too late and a year too early."""
    now = datetime.now(UTC)
    forged = [{}, *({"creation_time": (now + timedelta(days=days)).isoformat()} for days in (365, -365))]
    answers = [_recorded_after_signing(busy_at, busy.data, tags, signed=now - timedelta(hours=1)) for tags in forged]
    assert answers == ["cannot_tell"] * 3, answers
    busy.sound()


def _recorded_after_signing(asker: Asker, folder: Path, tags: dict[str, str], *, signed: datetime) -> str:
    film = folder / "forged.mp4"
    told = [part for name, value in tags.items() for part in ("-metadata", f"{name}={value}")]
    ffmpeg("-i", built("one_frame.mp4"), "-map_metadata", "-1", *told, "-c", "copy", film)
    case = asker.case(return_parcel={"signed_at": signed.isoformat()})["id"]
    asker.sealed(case, film.read_bytes())
    until_true(lambda: asker.get(f"/v1/cases/{case}").json()["state"] == "verified")
    report = asker.get(f"/v1/cases/{case}/report").json()
    findings = report["criteria"]["timeliness"]["findings"]
    (found,) = [one["answer"] for one in findings if one["code"] == "timeliness.recorded_after_signing"]
    return str(found)


def _files(folder: Path) -> Iterator[tuple[str, str, int, int]]:
    for path in sorted((folder / "blobs" / "originals").rglob("*")):
        if path.is_file():
            told = path.stat()
            yield str(path), hashlib.sha256(path.read_bytes()).hexdigest(), told.st_mtime_ns, told.st_mode


def test_p18_an_original_is_never_altered_whoever_asks_and_whatever_is_done_with_it(
    busy: Product, busy_at: Asker
) -> None:
    """On a folder. That a bucket with object lock refuses even our own key: tests/contract/bytes/test_probe.py."""
    case = busy_at.case()
    name = "photo_with_place.jpg"
    receipt = busy_at.sealed(case["id"], built(name).read_bytes(), name=name)
    before = list(_files(busy.data))
    until_true(lambda: busy_at.get(f"/v1/cases/{case['id']}").json()["state"] == "verified")
    _edited_and_judged_again(busy_at, case["file"]["case_id"])
    path = f"/v1/exhibits/{receipt['exhibit_id']}/original"
    for role in ApiRole:
        body = {"role": role.value, "name": "x"}
        if role is ApiRole.STATION:
            busy_at.post("/v1/stations", json={"id": "S-18", "name": "bay"})
            body["station"] = "S-18"
        secret = busy_at.post("/v1/keys", json=body).json()["secret"]
        for method in ("PUT", "PATCH", "POST", "DELETE"):
            headers = {"Authorization": f"Bearer {secret}"}
            answer = busy_at.request(method, path, headers=headers, content=b"other")
            assert answer.status_code in {404, 405}, (role, method)
    assert list(_files(busy.data)) == before
    busy.sound()


def _edited_and_judged_again(asker: Asker, number: str) -> None:
    address = f"/v1/cases/by-number/{number}"
    there = asker.get(address)
    body = {"case_id": number, "platform": "tmall"}
    answer = asker.put(address, json=body, headers={"If-Match": there.headers["etag"]})
    assert answer.status_code == 200, answer.text
    started = time.monotonic()
    while asker.get(address).json()["verdict"] is None or asker.get(address).json()["state"] != "verified":
        assert time.monotonic() - started < 60
        time.sleep(0.1)
