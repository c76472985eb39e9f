"""The scrub: one flipped byte is found and its exhibits and cases are told, in every kind of store."""

import hashlib
import sqlite3
import threading
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import pytest
import structlog
from structlog.testing import capture_logs

from sixfaces.adapters.blobs_folder import FolderBlobs
from sixfaces.adapters.bytes import Bytes
from sixfaces.adapters.s3_client import S3Access
from sixfaces.adapters.store_errors import unavailable
from sixfaces.domain.blobs import original_key
from sixfaces.domain.custody import Act
from sixfaces.domain.erasing import EraseReason, Tombstone
from sixfaces.domain.errors import StoreError
from sixfaces.domain.filing import FiledExhibit
from sixfaces.domain.originals import Damage, StoredOriginal
from sixfaces.domain.records import Transaction
from sixfaces.pipeline.ids import new_id
from sixfaces.pipeline.service import Service
from sixfaces.pipeline.work.scrubbing import AGAIN, Pace, Scrub
from tests.contract.bytes.conftest import client_of, over
from tests.rig.workshop import Sent, file_exhibit, new_case, open_workshop

MONTH = timedelta(days=30)
FILM = b"\x00\x00\x00\x18ftypisom" + b"a film of two mebibytes " * 90_000
FAST = 1 << 40


@dataclass(frozen=True)
class Kept:
    """A store, and how somebody changes and removes what lies in it behind its back."""

    store: Bytes
    overwrite: Callable[[str, bytes], object]
    remove: Callable[[str], object]


@pytest.fixture(params=["folder", "ceph", "rclone"])
def kept(request: pytest.FixtureRequest) -> Kept:
    if request.param != "folder":
        access: S3Access = request.getfixturevalue(f"{request.param}_access")
        client = client_of(replace(access, prefix="", keep=None))
        return Kept(
            over(access),
            lambda key, data: client.put_object(Bucket=access.bucket, Key=access.prefix + key, Body=data),
            lambda key: client.delete_object(Bucket=access.bucket, Key=access.prefix + key),
        )
    folder: Bytes = request.getfixturevalue("folder")
    assert isinstance(folder.blobs, FolderBlobs)
    root = folder.blobs.root

    def overwrite(key: str, data: bytes) -> None:
        (root / key).unlink(missing_ok=True)
        (root / key).write_bytes(data)

    return Kept(folder, overwrite, lambda key: (root / key).unlink())


@pytest.fixture
def service(kept: Kept, tmp_path: Path) -> Service:
    return replace(open_workshop(tmp_path / "installation"), blobs=kept.store.blobs)


def scrub(pace: Pace = Pace(MONTH, FAST), **more: object) -> Scrub:  # noqa: B008 immutable
    return Scrub(pace, **more)  # type: ignore[arg-type]  # `more` is what Scrub takes


def older(service: Service, age: timedelta, *only: str) -> None:
    """As if all originals, or these, had been read so long ago."""
    with service.records.begin(None) as tx:
        for one in originals(tx):
            if not only or one.sha256 in only:
                tx.originals.checked(one.model_copy(update={"checked_at": one.checked_at - age}))


def originals(tx: Transaction) -> list[StoredOriginal]:
    """All of them that any exhibit has."""
    found = {(e.tenant, e.subject): tx.exhibits.get(e.subject) for e in tx.custody.entries(first=0, limit=1000)}
    keys = {(one.tenant, one.exhibit.sha256) for one in found.values() if one is not None}
    return [held for key in sorted(keys) if (held := tx.originals.get(*key)) is not None]


def key_of(one: FiledExhibit) -> str:
    return original_key(one.tenant, one.exhibit.sha256)


def flipped(data: bytes, at: int) -> bytes:
    return data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :]


def test_one_flipped_byte_is_found_and_both_of_its_cases_are_told(kept: Kept, service: Service) -> None:
    cases = [new_case(service) for _ in range(2)]
    hurt = [file_exhibit(service, case, Sent(FILM))[0] for case in cases]
    fine, _ = file_exhibit(service, cases[0], Sent(b"another film"))
    kept.overwrite(key_of(hurt[0]), flipped(FILM, 1_500_000))
    older(service, MONTH)
    structlog.reset_defaults()  # lines of all levels, whatever another test has set
    with capture_logs() as logs:
        assert scrub().turn(service) == 2
    told = {(line["exhibit"], line["case"], line["code"]) for line in logs if line["event"] == "original_damaged"}
    assert told == {(one.id, one.case_id, "changed") for one in hurt}
    with service.records.begin("main", reading=True) as tx:
        (found,) = tx.originals.damaged(before=None, limit=10)
        assert (found.sha256, found.damage) == (hurt[0].exhibit.sha256, Damage.CHANGED)
        assert found.found_at == found.checked_at
        for one in hurt:
            entry = tx.custody.about(one.id)[-1]
            body = {"sha256": one.exhibit.sha256, "case": one.case_id, "found": "changed"}
            assert (entry.act, entry.body) == (Act.DAMAGE, body)
            (event,) = [each for each in tx.events.since(0, case_id=one.case_id) if each.kind == "exhibit.damaged"]
            assert event.body == {"exhibit": one.id, "sha256": one.exhibit.sha256, "found": "changed"}
        assert [entry.act for entry in tx.custody.about(fine.id)] == [Act.SEAL]


def test_a_lost_original_is_found_told_once_and_told_whole_when_it_is_restored(kept: Kept, service: Service) -> None:
    one, _ = file_exhibit(service, new_case(service), Sent(FILM))
    kept.remove(key_of(one))
    for _ in range(3):
        older(service, MONTH)
        scrub().turn(service)
    kept.overwrite(key_of(one), FILM)
    assert scrub().turn(service) == 0, "it was looked at just now"
    older(service, AGAIN)
    assert scrub().turn(service) == 1
    with service.records.begin("main", reading=True) as tx:
        found = [entry.body["found"] for entry in tx.custody.about(one.id) if entry.act is Act.DAMAGE]
        assert found == ["missing", "whole"]
        kinds = [event.kind for event in tx.events.since(0, case_id=one.case_id)]
        assert kinds[-2:] == ["exhibit.damaged", "exhibit.restored"]
        assert tx.originals.damaged(before=None, limit=10) == []


@pytest.mark.parametrize("kept", ["folder"], indirect=True)
class TestOrderAndPace:
    def test_what_was_read_longest_ago_comes_first_and_a_new_process_goes_on(self, service: Service) -> None:
        ages = {}
        for days in (28, 30, 26, 29):
            one, _ = file_exhibit(service, new_case(service), Sent(b"film %d" % days))
            ages[one.exhibit.sha256] = days
            older(service, timedelta(days=days), one.exhibit.sha256)
        read: list[int] = []
        opened = service.blobs.open

        def noted(key: str, **more: int) -> object:
            read.append(ages[key.rpartition("/")[2]])
            return opened(key, **more)

        service.blobs.open = noted  # type: ignore[method-assign, assignment]  # watched, not replaced
        for _ in range(2):  # a turn that ends at once, as when the process ends
            assert scrub(turn_s=0.0).turn(service) == 1
        assert scrub().turn(service) == 2
        assert read == [30, 29, 28, 26]

    def test_originals_of_one_age_are_spread_and_late_ones_are_not(self, service: Service) -> None:
        for number in range(20):
            file_exhibit(service, new_case(service), Sent(b"film %3d" % number))
        process = scrub()
        older(service, MONTH * 0.4)
        assert process.turn(service) == 0
        older(service, MONTH * 0.2)
        assert process.turn(service) == 5, "a quarter of all bytes in a tenth of the period"
        assert process.turn(service) == 0
        older(service, MONTH * 0.3)
        assert process.turn(service) == 15, "the others are late by now"

    def test_reading_keeps_to_its_rate(self, service: Service) -> None:
        file_exhibit(service, new_case(service), Sent(FILM))
        older(service, MONTH)
        waits: list[float] = []
        assert scrub(Pace(MONTH, 1000), pause=waits.append).turn(service) == 1
        assert max(waits) == pytest.approx(len(FILM) / 1000, rel=0.01)

    def test_one_process_at_a_time_reads(self, service: Service) -> None:
        for number in range(2):
            file_exhibit(service, new_case(service), Sent(b"film %d" % number))
        older(service, MONTH)
        reading, go_on = threading.Event(), threading.Event()

        def wait(_: float) -> None:
            reading.set()
            go_on.wait(30)

        first = threading.Thread(target=scrub(Pace(MONTH, 1), pause=wait).turn, args=(service,))
        first.start()
        assert reading.wait(30)
        second = scrub()
        assert second.turn(service) == 0
        go_on.set()
        first.join(30)

    def test_a_store_that_is_away_is_no_damage(self, service: Service) -> None:
        one, _ = file_exhibit(service, new_case(service), Sent(FILM))
        older(service, MONTH)

        def away(key: str, **_: int) -> object:
            raise unavailable("here", "away")

        service.blobs.open = away  # type: ignore[method-assign, assignment]  # what no folder can be made to do
        with pytest.raises(StoreError, match="unavailable"):
            scrub().turn(service)
        with service.records.begin("main", reading=True) as tx:
            assert tx.originals.damaged(before=None, limit=10) == []
            assert [entry.act for entry in tx.custody.about(one.id)] == [Act.SEAL]

    def test_an_erased_exhibit_is_not_told_of_bytes_that_another_still_needs(
        self, kept: Kept, service: Service
    ) -> None:
        stays, gone = (file_exhibit(service, new_case(service), Sent(FILM))[0] for _ in range(2))
        with service.records.begin("main") as tx:
            stone = Tombstone(erasure=new_id(), reason=EraseReason.MISTAKE, by="test", at=tx.now)
            tx.erasures.entomb(gone.id, stone, forget_waybill=False)
        older(service, MONTH)
        kept.remove(key_of(stays))
        assert scrub().turn(service) == 1
        with service.records.begin("main", reading=True) as tx:
            acts = [[entry.act for entry in tx.custody.about(one.id)] for one in (stays, gone)]
        assert acts == [[Act.SEAL, Act.DAMAGE], [Act.SEAL]]

    def test_bytes_of_no_exhibit_are_forgotten(self, service: Service, tmp_path: Path) -> None:
        file_exhibit(service, new_case(service), Sent(FILM))
        gone = hashlib.sha256(b"gone").hexdigest()
        with closing(sqlite3.connect(tmp_path / "installation" / "records.sqlite")) as connection, connection:
            long_ago = "2001-01-01 00:00:00.000000"
            connection.execute("INSERT INTO originals VALUES ('main', ?, 4, ?, NULL, NULL)", (gone, long_ago))
        assert scrub().turn(service) == 1
        with service.records.begin("main", reading=True) as tx:
            assert tx.originals.get("main", gone) is None
            assert tx.custody.size() == 1, "nothing was entered of what is nobody's"
