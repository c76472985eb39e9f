"""Received bytes become evidence once, whoever seals them and however often, or not at all."""

import hashlib
import os
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import cast

import pytest

from sixfaces.domain.blobs import Blobs, FileMark
from sixfaces.domain.custody import Act
from sixfaces.domain.errors import RequestError, StoreError, UploadError
from sixfaces.domain.exhibit import Role
from sixfaces.domain.filing import CaseState
from sixfaces.domain.job import JobKind, JobState
from sixfaces.domain.model import Say
from sixfaces.domain.people import ApiRole, Id
from sixfaces.domain.records import Page
from sixfaces.domain.upload import Upload, UploadState
from sixfaces.intake.running_digests import RunningDigests
from sixfaces.intake.upload_rules import COMMIT_BYTES
from sixfaces.pipeline.receiving import Going, Reception, take_over
from sixfaces.pipeline.sealing import receipt_of, seal_received, seal_upload
from sixfaces.pipeline.service import Service
from sixfaces.pipeline.uploading import Wanted, create_upload, look_up, look_up_open, sweep_uploads
from tests.rig.installation import Person, new_case, new_person

DATA = os.urandom(100_000)


def created(service: Service, sender: Person, *, length: int | None = len(DATA), sha256: str | None = None) -> Upload:
    case = new_case(service, sender)
    wanted = Wanted(case.id, Role.UNBOXING_VIDEO, "take.mp4", length, sha256=sha256)
    return create_upload(service, sender.principal, wanted)


def received(service: Service, sender: Person, *, data: bytes = DATA, sha256: str | None = None) -> Reception:
    """All bytes are here and committed; nothing is sealed."""
    upload = created(service, sender, length=len(data), sha256=sha256)
    reception = take_over(service, sender.principal, upload.id, going=Going(0))
    reception.take(data)
    assert reception.finish().state is UploadState.RECEIVED
    reception.close()
    return reception


def spool_files(service: Service, upload: Id) -> list[Path]:
    return [path for path in (service.spool.root / upload).iterdir() if path.is_file()]  # type: ignore[attr-defined]  # a folder, in these tests


def acts(service: Service, subject: str) -> list[Act]:
    with service.records.begin(None, reading=True) as tx:
        return [entry.act for entry in tx.custody.about(subject)]


def test_what_is_sealed_has_an_exhibit_a_next_job_an_event_and_two_entries(service: Service, sender: Person) -> None:
    reception = received(service, sender)
    upload = seal_received(service, reception)
    assert upload.state is UploadState.SEALED
    assert upload.exhibit_id is not None
    with service.records.begin("main") as tx:
        filed = tx.exhibits.get(upload.exhibit_id)
        case = tx.cases.get(upload.case_id)
        jobs = tx.jobs.find(kind=None, state=None, page=Page())
        events = tx.events.since(0, case_id=upload.case_id)
    assert filed is not None
    assert case is not None
    assert filed.exhibit.sha256 == hashlib.sha256(DATA).hexdigest()
    assert case.state is CaseState.VERIFYING
    assert {(job.kind, job.state, job.subject) for job in jobs} == {
        (JobKind.SEAL, JobState.DONE, upload.id),
        (JobKind.OBSERVE, JobState.READY, filed.id),
    }
    assert "exhibit.sealed" in [event.kind for event in events]
    assert acts(service, filed.id) == [Act.ACCEPT, Act.SEAL]
    assert not (service.spool.root / upload.id).exists()  # type: ignore[attr-defined]  # a folder, in these tests
    receipt = receipt_of(service, sender.principal, upload.id)
    assert receipt is not None
    assert (receipt.entry, receipt.sealed_at) == (filed.entry, filed.sealed_at)


def test_many_who_seal_at_once_make_one_exhibit(service: Service, sender: Person) -> None:
    for _ in range(3):
        upload = received(service, sender).upload
        barrier = threading.Barrier(4)

        def seal(_: int, upload: Upload = upload, barrier: threading.Barrier = barrier) -> Upload:
            barrier.wait()
            return seal_upload(service, upload.id)

        with ThreadPoolExecutor(4) as pool:
            ended = list(pool.map(seal, range(4)))
        assert {one.state for one in ended} == {UploadState.SEALED}
        assert len({one.exhibit_id for one in ended}) == 1
        with service.records.begin("main") as tx:
            case = tx.cases.get(upload.case_id)
            assert len(tx.exhibits.of_case(upload.case_id)) == 1
            assert case is not None
            assert case.revision == 2


def test_many_files_of_one_case_are_sealed_at_once_and_each_raises_the_revision(
    service: Service, sender: Person
) -> None:
    case = new_case(service, sender)

    def hand_in(number: int) -> Upload:
        wanted = Wanted(case.id, Role.UNBOXING_VIDEO, f"{number}.mp4", 5)
        upload = create_upload(service, sender.principal, wanted)
        reception = take_over(service, sender.principal, upload.id, going=Going(0))
        reception.take(f"take{number}".encode())
        reception.finish()
        reception.close()
        return seal_received(service, reception)

    with ThreadPoolExecutor(8) as pool:
        ended = list(pool.map(hand_in, range(8)))
    assert {upload.state for upload in ended} == {UploadState.SEALED}
    with service.records.begin("main") as tx:
        now = tx.cases.get(case.id)
        assert now is not None
        assert now.revision == case.revision + 8
        filed = tx.exhibits.of_case(case.id)
    assert len({one.entry for one in filed}) == 8


def test_of_writers_that_race_one_is_whole_and_the_others_are_told(service: Service, sender: Person) -> None:
    for _ in range(5):
        upload = created(service, sender, length=1000)
        barrier = threading.Barrier(4)

        def write(mine: int, upload: Upload = upload, barrier: threading.Barrier = barrier) -> str:
            barrier.wait()
            try:
                reception = take_over(service, sender.principal, upload.id, going=Going(0))
                try:
                    reception.take(bytes([mine]) * 1000)
                    reception.finish()
                finally:
                    reception.close()
            except UploadError as exc:
                return exc.code
            return seal_received(service, reception).state

        with ThreadPoolExecutor(4) as pool:
            said = sorted(pool.map(write, range(1, 5)))
        assert set(said) <= {"sealed", "upload.taken_over", "upload.offset_differs"}
        assert said.count("sealed") == 1
        receipt = receipt_of(service, sender.principal, upload.id)
        assert receipt is not None
        assert receipt.sha256 in {hashlib.sha256(bytes([n]) * 1000).hexdigest() for n in range(1, 5)}


def test_the_job_of_the_last_byte_seals_what_a_dead_process_left(service: Service, sender: Person) -> None:
    upload = received(service, sender).upload
    with service.records.begin(None) as tx:
        (job,) = tx.jobs.find(kind=JobKind.SEAL, state=None, page=Page())
    assert (job.subject, job.state) == (upload.id, JobState.RUNNING)
    assert job.lease_until is not None
    after_the_crash = replace(service, digests=RunningDigests())
    assert seal_upload(after_the_crash, job.subject).state is UploadState.SEALED
    assert seal_upload(after_the_crash, job.subject).state is UploadState.SEALED
    with service.records.begin("main") as tx:
        assert len(tx.exhibits.of_case(upload.case_id)) == 1


def test_after_a_restart_the_digest_is_taken_from_disk(service: Service, sender: Person) -> None:
    upload = created(service, sender, sha256=hashlib.sha256(DATA).hexdigest())
    first = take_over(service, sender.principal, upload.id, going=Going(0))
    first.take(DATA[:60_000])
    first.settle()
    first.close()
    restarted = replace(service, digests=RunningDigests())
    second = take_over(restarted, sender.principal, upload.id, going=Going(60_000))
    second.take(DATA[60_000:])
    second.finish()
    second.close()
    assert second.upload.received_sha256 is None
    assert seal_received(restarted, second).state is UploadState.SEALED


def test_another_digest_than_the_declared_one_is_refused_and_its_bytes_wait_for_the_expiry(
    service: Service, sender: Person
) -> None:
    for digests in (service.digests, RunningDigests()):
        mine = replace(service, digests=digests)
        upload = seal_received(mine, received(mine, sender, sha256="0" * 64))
        assert upload.state is UploadState.REFUSED
        assert upload.refusal is not None
        assert upload.refusal.code == "upload.digest_differs"
        assert acts(service, upload.id) == [Act.REFUSE]
        assert list(service.blobs.list("originals/")) == []
        sweep_uploads(service)
        assert len(spool_files(service, upload.id)) == 1
        with service.records.begin("main") as tx:
            tx.uploads.change(upload.model_copy(update={"expires_at": upload.created_at}))
        assert sweep_uploads(service) == 1
        assert not (service.spool.root / upload.id).exists()  # type: ignore[attr-defined]  # a folder, in these tests
        assert sweep_uploads(service) == 0


@pytest.mark.parametrize("at", [0, 50_000, len(DATA) - 1])
def test_a_bit_that_turned_on_disk_before_sealing_is_found(service: Service, sender: Person, at: int) -> None:
    upload = received(service, sender).upload
    (file,) = spool_files(service, upload.id)
    data = bytearray(file.read_bytes())
    data[at] ^= 1
    file.write_bytes(data)
    ended = seal_upload(service, upload.id)
    assert ended.refusal is not None
    assert ended.refusal.code == "upload.spoiled"
    with service.records.begin("main") as tx:
        assert tx.exhibits.of_case(upload.case_id) == []


class _Broken:
    """A store that is away."""

    def __init__(self, blobs: Blobs) -> None:
        self.traits = blobs.traits

    def seal(self, key: str, path: Path, *, sha256: str, mark: FileMark | None = None) -> None:
        raise StoreError("store.unavailable", Say(zh="无", en="gone"), Say(zh="等", en="wait"))


def test_a_store_that_is_away_costs_nothing_but_time(service: Service, sender: Person) -> None:
    reception = received(service, sender)
    broken = replace(service, blobs=cast(Blobs, _Broken(service.blobs)))
    assert seal_received(broken, reception).state is UploadState.RECEIVED
    with service.records.begin("main") as tx:
        (job,) = tx.jobs.find(kind=JobKind.SEAL, state=None, page=Page())
    assert job.state is JobState.READY, "a worker seals at once"
    assert seal_upload(service, reception.upload.id).state is UploadState.SEALED


def test_a_closed_case_takes_no_evidence(service: Service, sender: Person) -> None:
    upload = received(service, sender).upload
    with service.records.begin("main") as tx:
        tx.cases.change(upload.case_id, state=CaseState.CLOSED)
    ended = seal_upload(service, upload.id)
    assert ended.refusal is not None
    assert ended.refusal.code == "upload.case_closed"
    with pytest.raises(UploadError, match=r"upload\.case_closed"):
        create_upload(service, sender.principal, Wanted(upload.case_id, Role.DOCUMENT, "a", 5))


def test_progress_is_committed_piece_by_piece_and_nothing_after_a_newer_writer(
    service: Service, sender: Person
) -> None:
    upload = created(service, sender, length=3 * COMMIT_BYTES)
    old = take_over(service, sender.principal, upload.id, going=Going(0))
    block = bytes(1 << 20)
    for _ in range(9):
        old.take(block)
    assert look_up(service, sender.principal, upload.id).offset == COMMIT_BYTES
    new = take_over(service, sender.principal, upload.id, going=Going(COMMIT_BYTES))
    with pytest.raises(UploadError, match=r"upload\.taken_over"):
        old.settle()
    with pytest.raises(UploadError, match=r"upload\.taken_over"):
        old.check()
    old.close()
    new.take(b"x")
    new.settle()
    new.close()
    assert look_up(service, sender.principal, upload.id).offset == COMMIT_BYTES + 1


def test_after_a_piece_that_was_not_taken_none_may_follow(service: Service, sender: Person) -> None:
    upload = created(service, sender, length=10)
    reception = take_over(service, sender.principal, upload.id, going=Going(0))
    reception.take(b"12345")
    with pytest.raises(UploadError, match=r"upload\.beyond_length"):
        reception.take(b"678901")
    with pytest.raises(ValueError, match="in its place"):
        reception.take(b"67890")
    reception.settle()
    reception.close()
    assert look_up(service, sender.principal, upload.id).offset == 5


def test_what_the_spool_has_no_room_for_is_not_begun(service: Service, sender: Person) -> None:
    big = replace(
        service,
        uploads=service.uploads._replace(files=service.uploads.files._replace(video_bytes=2**60), open_bytes=2**61),
    )
    with pytest.raises(UploadError, match=r"upload\.no_room"):
        created(big, sender, length=(service.spool.room() or 0) + (1 << 40))
    few = replace(service, uploads=service.uploads._replace(open_bytes=10))
    with pytest.raises(UploadError, match=r"upload\.tenant_full"):
        created(few, sender, length=11)


def test_a_station_sees_its_own_uploads_only(service: Service, sender: Person) -> None:
    upload = created(service, sender)
    other = new_person(service, role=ApiRole.REVIEWER)
    assert look_up_open(service, other.principal, upload.id) == upload
    station = other.principal.model_copy(update={"role": ApiRole.STATION, "station": "S-9"})
    with pytest.raises(RequestError, match=r"request\.missing"):
        look_up(service, station, upload.id)
    own = sender.principal.model_copy(update={"role": ApiRole.STATION, "station": "S-9"})
    assert look_up(service, own, upload.id) == upload
