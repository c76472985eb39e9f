"""P22 to P25: everybody sees only what is theirs, for as long as they may, and all comes back after a loss."""

import io
import os
import re
import shutil
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import httpx
import pytest
from PIL import Image
from sqlalchemy import create_engine, select, true

from fixtures.build import built
from sixfaces.adapters.fsck.examine import examine
from sixfaces.adapters.records.migrating import migrate
from sixfaces.adapters.records.scope import Scope
from sixfaces.adapters.records.walls import metadata
from sixfaces.config import Settings
from sixfaces.pipeline.ids import new_id
from tests.contract.api.matrix import ROWS
from tests.contract.api.running import running
from tests.contract.api.test_access import COMPARED, ask
from tests.promises.forms import Broken, chance_of, scaled
from tests.rig.installation import prepared
from tests.rig.product import OCTETS, Asker, Parts, Product, Server, until_true
from tests.servers.postgres import Postgres

GPS = 0x8825
MIB = 1 << 20


def test_p22_with_our_own_check_removed_the_database_still_shows_nobody_what_is_anothers(
    database_server: Postgres, data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The matrix itself, with every operation, role and object: tests/contract/api/test_access.py."""
    url = database_server.database()
    migrate(url)
    settings = Settings(data=prepared(data), database_url=url, port=0, rate="1000000/minute")
    asked = 0
    with running(settings) as api:
        own, foreign = api.own, api.foreign
        monkeypatch.setattr(Scope, "sees", lambda self, table: true())
        for row in (row for row in ROWS if row.addresses):
            for role in row.roles:
                theirs, missing = (ask(api, row, things, api.held(role)) for things in (foreign, None))
                assert theirs.status_code == missing.status_code, (row, role)
                assert theirs.status_code in {404, 501}, (row, role)
                assert theirs.content == missing.content
                assert {n: theirs.headers.get(n) for n in COMPARED} == {n: missing.headers.get(n) for n in COMPARED}
                asked += 2
        for path in ("/v1/cases", "/v1/stations", "/v1/keys", "/v1/jobs"):
            items = api.ask("GET", path, key=api.admin, params={"limit": 200}).json()["items"]
            assert {item["tenant"] for item in items} == {"main"}
        assert own
    api.service.records.close()  # type: ignore[attr-defined]  # connections go before their server
    assert asked > 200


def test_p23_a_revoked_key_is_worth_nothing_within_five_seconds_at_every_server(product: Product) -> None:
    first, second = product.serve(), product.serve()
    admin = product.asker(first)
    for _ in range(scaled(50)):
        made = admin.post("/v1/keys", json={"role": "batch", "name": "short"}).json()
        holder, case = product.asker(second, made["secret"]), admin.case()["id"]
        assert holder.get(f"/v1/cases/{case}").status_code == 200
        upload = holder.upload(60 * MIB, case)
        told: list[int] = []
        sending = threading.Thread(target=_sends_for_ever, args=(second, made["secret"], upload, told))
        stream = threading.Thread(target=_listens_for_ever, args=(second, made["secret"], case))
        sending.start()
        stream.start()
        until_true(lambda: told or admin.offset(upload) > 0)  # noqa: B023 awaited at once
        assert told == []
        assert admin.delete(f"/v1/keys/{made['id']}").status_code == 200
        revoked = time.monotonic()
        until_true(lambda: holder.get(f"/v1/cases/{case}").status_code == 401)  # noqa: B023 awaited at once
        stream.join(5)
        assert not stream.is_alive()
        time.sleep(max(0.0, revoked + 5 - time.monotonic()))
        kept = admin.offset(upload)
        time.sleep(1)
        assert admin.offset(upload) == kept, "it sends on, and nothing more of it is taken"
        sending.join(30)
        assert told in ([401], []), "refused, or cut off"
        assert admin.get(upload).json()["state"] == "receiving"
    product.sound()


def _sends_for_ever(server: Server, key: str, upload: str, told: list[int]) -> None:
    def pieces() -> Iterator[bytes]:
        for _ in range(80):
            yield bytes(300_000)
            time.sleep(0.1)

    headers = {**OCTETS, "Authorization": f"Bearer {key}", "Upload-Offset": "0"}
    try:
        told.append(httpx.patch(server.url + upload, content=pieces(), headers=headers, timeout=20).status_code)
    except httpx.TransportError:
        return


def _listens_for_ever(server: Server, key: str, case: str) -> None:
    headers = {"Authorization": f"Bearer {key}"}
    try:
        with httpx.stream("GET", f"{server.url}/v1/cases/{case}/events", headers=headers, timeout=20) as answer:
            for _ in answer.iter_lines():
                pass
    except httpx.TransportError:
        return


def test_p23_an_address_of_the_store_is_good_for_five_minutes_where_that_is_asked_for(
    distributed: Callable[[], Parts], data: Path
) -> None:
    with Product(data, distributed(), SIXFACES_LINK_S="300") as product:
        asker = product.asker(product.serve())
        wanted = {"case": asker.case()["id"], "role": "document", "name": "a", "length": 4, "sha256": "0" * 64}
        upload = asker.post("/v1/uploads/direct", json=wanted)
        assert upload.status_code == 201, upload.text
        parts = {"parts": [{"number": 1, "sha256": "0" * 64}]}
        told = asker.post(f"/v1/uploads/{upload.json()['upload']['id']}/parts", json=parts)
        assert told.status_code == 200, told.text
        (lasting,) = re.findall(r"X-Amz-Expires=(\d+)", told.text)
    assert int(lasting) <= 300


def _reviewer(product: Product, admin: Asker) -> Asker:
    made = admin.post("/v1/keys", json={"role": "reviewer", "name": "r"}).json()
    return product.asker(product.first, made["secret"])


def test_p24_a_reviewer_is_served_no_place_where_a_photo_was_taken_but_for_a_reason(
    busy: Product, busy_at: Asker
) -> None:
    name, reviewer = "photo_with_place.jpg", _reviewer(busy, busy_at)
    case = busy_at.case()["id"]
    path = f"/v1/exhibits/{busy_at.sealed(case, built(name).read_bytes(), name=name)['exhibit_id']}/original"
    assert reviewer.get(path).status_code == 403
    served = reviewer.get(path, headers={"Unmask": "footage"})
    assert Image.open(io.BytesIO(served.content)).getexif().get_ifd(GPS), "it is what was sealed"
    assert _reasons(busy_at, case) == ["footage"]


def test_p24_a_reviewer_reads_no_phone_number_of_a_buyer_but_for_a_reason(busy: Product, busy_at: Asker) -> None:
    case, reviewer = busy_at.case(claim={"statement": "请联系 13800138000"})["id"], _reviewer(busy, busy_at)
    path = f"/v1/cases/{case}"
    assert "13800138000" not in reviewer.get(path).text
    assert _reasons(busy_at, case) == []
    assert "13800138000" in reviewer.get(path, headers={"Unmask": "contact"}).text
    assert "13800138000" not in reviewer.get(path).text, "nothing stays open"
    assert _reasons(busy_at, case) == ["contact"]


def _reasons(admin: Asker, case: str) -> list[str]:
    """For which it was unmasked, by the log."""
    entries = admin.get(f"/v1/cases/{case}/custody").json()["entries"]
    return [one["body"]["reason"] for one in entries if one["body"].get("what") == "unmasked"]


def test_p24_whoever_may_not_see_personal_data_is_shown_it_masked(busy: Product, busy_at: Asker) -> None:
    """A reviewer whose key says so, and no original with the place where it was taken."""
    made = busy_at.post("/v1/keys", json={"role": "reviewer", "name": "trainee", "sees_personal": False}).json()
    trainee, name = busy.asker(busy.first, made["secret"]), "photo_with_place.jpg"
    case = busy_at.case(claim={"statement": "请联系 13800138000"})
    receipt = busy_at.sealed(case["id"], built(name).read_bytes(), name=name)
    assert "13800138000" not in trainee.get(f"/v1/cases/{case['id']}").text
    assert trainee.get(f"/v1/exhibits/{receipt['exhibit_id']}/original").status_code == 403


def test_p24_what_was_erased_is_unreadable_and_its_proofs_hold(busy: Product, busy_at: Asker) -> None:
    """Also by whoever holds the machine; and what people wrote in the course of the claim is gone with it."""
    secret, words = b"a document to be erased " + os.urandom(16).hex().encode(), f"words {os.urandom(16).hex()}"
    case = busy_at.case(claim={"statement": words})["id"]
    exhibit = busy_at.sealed(case, secret)["exhibit_id"]
    told = {"what": {"kind": "excused", "why": "illness", "text": words}, "source": "seller"}
    kept_answer = {"Idempotency-Key": new_id()}
    assert busy_at.post(f"/v1/cases/{case}/chronicle", json=told, headers=kept_answer).status_code == 201
    assert _tables_with(busy, words) >= {"answers", "cases", "chronicle"}, "found while it is there"
    assert busy_at.post(f"/v1/cases/{case}/close").status_code == 200
    asked = busy_at.post(f"/v1/cases/{case}/erase", json={"reason": "data_subject_request"})
    assert asked.status_code == 202, asked.text
    until_true(lambda: busy_at.get(f"/v1/erasures/{asked.json()['id']}").json()["state"] == "done")
    assert busy_at.get(f"/v1/exhibits/{exhibit}/original").status_code == 410
    assert words not in busy_at.get(f"/v1/cases/{case}/chronicle").text
    kept = [path for path in busy.data.rglob("*") if path.is_file() and "sqlite" not in path.name]
    assert [path for path in kept if secret in path.read_bytes()] == []
    assert _tables_with(busy, words) == set()
    told_of = busy_at.get(f"/v1/exhibits/{exhibit}/custody").json()["entries"]
    assert [one["act"] for one in told_of if one["act"] in {"seal", "erase"}] == ["seal", "erase", "erase"]
    assert busy.sound().faults == ()


def _tables_with(product: Product, words: str) -> set[str]:
    """Tables with a row, kept answers too, in which these words stand."""
    engine = create_engine(product.place.database)
    with closing(engine.connect()) as connection:
        found = {
            table.name
            for table in metadata.tables.values()
            if any(words in repr(tuple(row)) for row in connection.execute(select(table)))
        }
    engine.dispose()
    return found


def test_p25_from_a_lost_machine_we_come_back_to_every_fact_of_the_backup(product: Product, broken: Broken) -> None:
    """As docs/runbooks/restore.md says. What was acknowledged after the backup is lost, and told to be."""
    draw, server = chance_of("P25"), product.serve(workers=0, SIXFACES_CHECKPOINT_S="1")
    asker = product.asker(server)
    worker = product.worker()
    receipts = []
    for number in range(scaled(300)):
        receipts.append(asker.sealed(asker.case()["id"], b"slow 0 %d" % number + draw.randbytes(1000)))
    case = receipts[-1]["case_id"]
    until_true(lambda: asker.get(f"/v1/cases/{case}").json()["state"] == "verified")
    bundle = asker.get(f"/v1/cases/{case}/custody.zip").content
    backup = product.data.with_name(f"{product.data.name}-backup")
    backup.mkdir()
    database = broken.database
    restore = _distributed_drill(product, database, backup) if database else _embedded_drill(product, backup)
    asker.sealed(case, b"what was handed in after the backup")
    server.kill()
    worker.kill()
    began = time.monotonic()
    restore()
    found = examine(product.place)
    assert found.faults == ()
    assert "fsck.original_orphaned" in {one.code for one in found.notes}, "what is lost is told"
    witness = backup / "witness.zip"
    witness.write_bytes(bundle)
    assert product.command("audit", "verify", str(witness), "--key", str(product.place.custody_keys)).returncode == 0
    assert product.command("audit", "verify").returncode == 0
    server.start()
    assert time.monotonic() - began <= 300
    for receipt in receipts:
        told = asker.get(f"/v1/exhibits/{receipt['exhibit_id']}")
        assert told.status_code == 200
        assert told.json()["entry"] == receipt["entry"]
    asker.sealed(case, b"what was handed in after the restore")


def _embedded_drill(product: Product, backup: Path) -> Callable[[], None]:
    """A backup of the running installation, the database first and the bytes after it; what restores it."""
    with (
        closing(sqlite3.connect(product.data / "records.sqlite")) as live,
        closing(sqlite3.connect(backup / "r")) as copy,
    ):
        live.backup(copy)
    shutil.copytree(product.data / "keys", backup / "keys")
    blobs = product.data / "blobs"

    def restore() -> None:
        shutil.copytree(blobs, backup / "blobs")  # a copy that is always up to date, as of a replicated store
        shutil.rmtree(product.data)
        product.data.mkdir()
        shutil.copy(backup / "r", product.data / "records.sqlite")
        shutil.copytree(backup / "keys", product.data / "keys")
        shutil.copytree(backup / "blobs", blobs)

    return restore


def _distributed_drill(product: Product, database: Postgres, backup: Path) -> Callable[[], None]:
    """The same with pg_dump; the bucket is elsewhere and stays."""
    url = database.superuser(product.place.database)
    server, _, name = url.rpartition("/")
    database.client("pg_dump", "--format=custom", f"--file={backup / 'dump'}", url)
    shutil.copytree(product.data / "keys", backup / "keys")

    def restore() -> None:
        shutil.rmtree(product.data)
        product.data.mkdir()
        shutil.copytree(backup / "keys", product.data / "keys")
        for command in (f"DROP DATABASE {name} WITH (FORCE)", f"CREATE DATABASE {name} OWNER sixfaces"):
            database.client("psql", f"{server}/postgres", "-c", command)
        database.client("pg_restore", "--exit-on-error", f"--dbname={url}", str(backup / "dump"))

    return restore
