"""How uploads end where something goes wrong: each by itself, all of it told, and nothing of them left behind."""

import hashlib
from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any, cast

import pytest

from sixfaces.adapters.store_errors import unavailable
from sixfaces.domain.blobs import Blobs, DirectUploads, FileMark, Spool, StoreTraits
from sixfaces.domain.custody import Act
from sixfaces.domain.errors import UploadError
from sixfaces.domain.exhibit import Role
from sixfaces.domain.filing import FiledCase
from sixfaces.domain.job import JobKind, JobState
from sixfaces.domain.records import Page
from sixfaces.domain.upload import Upload, UploadState
from sixfaces.pipeline.direct import start_direct
from sixfaces.pipeline.receiving import Going, Reception, take_over
from sixfaces.pipeline.sealing import receipt_of, seal_received
from sixfaces.pipeline.service import Service
from sixfaces.pipeline.uploading import Wanted, create_upload, look_up, sweep_uploads, terminate_upload
from tests.rig.installation import Person, new_case

DATA = b"a take" * 100


def of_case(service: Service, sender: Person, case: FiledCase, *, role: Role = Role.UNBOXING_VIDEO) -> Upload:
    wanted = Wanted(case.id, role, "take.mp4", len(DATA), sha256=hashlib.sha256(DATA).hexdigest())
    return create_upload(service, sender.principal, wanted)


def begun(service: Service, sender: Person, upload: Upload) -> Reception:
    return take_over(service, sender.principal, upload.id, going=Going(0))


def received(service: Service, sender: Person, upload: Upload) -> Reception:
    reception = begun(service, sender, upload)
    reception.take(DATA)
    reception.finish()
    reception.close()
    return reception


def spooled(service: Service) -> list[Path]:
    return [path for path in cast(Any, service.spool).root.rglob("*") if path.is_file()]


class Sticking:
    """A spool that cannot let go of one upload."""

    def __init__(self, real: Spool, stuck: str) -> None:
        self._real, self._stuck = real, stuck

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 whatever is asked for
        return getattr(self._real, name)

    def forget(self, upload_id: str) -> None:
        if upload_id == self._stuck:
            raise unavailable(upload_id, "Permission denied")
        self._real.forget(upload_id)


class Multiparts:
    """What a store holds of uploads that clients send it directly."""

    def __init__(self) -> None:
        self.open: set[str] = set()
        self.is_away = False

    def start(self, key: str) -> str:
        self.open.add(key)
        return f"multipart of {key}"

    def address(self, key: str, upload: str, *, part: int, sha256: str, lasting: timedelta) -> str:
        raise AssertionError("nobody sends anything")

    def complete(self, key: str, upload: str, parts: Iterable[tuple[int, str]]) -> int:
        raise AssertionError("nobody sends anything")

    def abort(self, key: str, upload: str) -> None:
        if self.is_away:
            raise unavailable("store", "timeout")
        self.open.discard(key)


def test_one_upload_that_cannot_be_let_go_holds_up_no_other(service: Service, sender: Person) -> None:
    case, uploads = new_case(service, sender), []
    for _ in range(3):
        uploads.append(of_case(service, sender, case))
        reception = begun(service, sender, uploads[-1])
        reception.take(DATA[:50])
        reception.settle()
        reception.close()
        with service.records.begin("main") as tx:
            tx.uploads.change(reception.upload.model_copy(update={"expires_at": tx.now - timedelta(seconds=1)}))
    sweep_uploads(replace(service, spool=cast(Spool, Sticking(service.spool, uploads[0].id))))
    with service.records.begin("main", reading=True) as tx:
        assert [len(tx.uploads.segments(one.id)) for one in uploads] == [1, 0, 0]
    assert sweep_uploads(service) == 1
    assert spooled(service) == []


def test_a_direct_upload_is_swept_until_the_store_holds_nothing_of_it(service: Service, sender: Person) -> None:
    parts = Multiparts()
    direct = replace(service, direct=cast(DirectUploads, parts))
    upload = of_case(service, sender, new_case(service, sender))
    start_direct(direct, sender.principal, upload.id)
    with service.records.begin("main") as tx:
        held = tx.uploads.get(upload.id)
        assert held is not None
        tx.uploads.change(held.model_copy(update={"expires_at": tx.now - timedelta(seconds=1)}))
    parts.is_away = True
    assert sweep_uploads(direct) == 1
    assert parts.open
    parts.is_away = False
    assert (sweep_uploads(direct), parts.open) == (1, set())
    assert sweep_uploads(direct) == 0


def test_a_seal_that_fails_gives_its_job_to_a_worker_at_once(service: Service, sender: Person) -> None:
    class Away:
        traits = service.blobs.traits

        def seal(self, key: str, path: Path, *, sha256: str, mark: FileMark | None = None) -> None:
            raise unavailable("store", "timeout")

    reception = received(service, sender, of_case(service, sender, new_case(service, sender)))
    away = replace(service, blobs=cast(Blobs, Away()))
    assert seal_received(away, reception).state is UploadState.RECEIVED
    with service.records.begin("main", reading=True) as tx:
        (job,) = tx.jobs.find(kind=JobKind.SEAL, state=JobState.READY, page=Page())
        assert [one.id for one in tx.jobs.due(limit=9)] == [job.id]


def test_bytes_that_come_after_the_end_of_an_upload_do_not_stay(service: Service, sender: Person) -> None:
    upload = of_case(service, sender, new_case(service, sender))
    reception = begun(service, sender, upload)
    terminate_upload(service, sender.principal, upload.id)
    reception.take(DATA[:50])
    with pytest.raises(UploadError):
        reception.settle()
    reception.close()
    assert spooled(service) == []


def test_announced_and_refused_uploads_count_against_what_a_tenant_may_have_open(
    service: Service, sender: Person
) -> None:
    few = replace(service, uploads=service.uploads._replace(open_bytes=2 * len(DATA)))
    case = new_case(service, sender)
    upload = of_case(few, sender, case)
    of_case(few, sender, case)
    with pytest.raises(UploadError, match=r"upload\.tenant_full"):
        of_case(few, sender, case)
    reception = received(few, sender, upload)
    with service.records.begin("main") as tx:
        tx.uploads.change(reception.upload.model_copy(update={"state": UploadState.REFUSED}))
    with pytest.raises(UploadError, match=r"upload\.tenant_full"):
        of_case(few, sender, case)


def test_a_receipt_tells_the_store_as_it_was_when_the_exhibit_was_sealed(service: Service, sender: Person) -> None:
    upload = of_case(service, sender, new_case(service, sender))
    seal_received(service, received(service, sender, upload))
    blobs = cast(Any, service.blobs)
    before, blobs.traits = blobs.traits, StoreTraits("another", ())
    receipt = receipt_of(service, sender.principal, upload.id)
    assert receipt is not None
    assert (receipt.store, receipt.unprotected) == (before.name, before.gaps)


def test_the_same_bytes_in_another_role_are_refused_with_the_role_that_is_held(
    service: Service, sender: Person
) -> None:
    case = new_case(service, sender)
    seal_received(service, received(service, sender, of_case(service, sender, case)))
    again = of_case(service, sender, case, role=Role.BUYER_PHOTO)
    assert seal_received(service, received(service, sender, again)).state is UploadState.REFUSED
    refused = look_up(service, sender.principal, again.id)
    assert refused.refusal is not None
    assert refused.refusal.code == "upload.other_role"
    assert "unboxing_video" in refused.refusal.text.en
    with service.records.begin("main", reading=True) as tx:
        (entry,) = tx.custody.about(again.id)
    assert (entry.act, entry.body["case"]) == (Act.REFUSE, case.id)
