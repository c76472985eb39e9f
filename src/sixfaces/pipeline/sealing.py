"""Received bytes become an exhibit, or are refused. May run any number of times, anywhere, two at once.

1. digest     what the bytes are: as they came in, or else as they lie on disk
2. check      against what was declared: other bytes never become evidence
3. store      for good, once for each digest of a tenant
4. file       one transaction: exhibit, case, the next job, event, custody
5. let go     of the spool's copy
"""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any, NamedTuple

import structlog

from sixfaces.domain.blobs import FileMark, original_key
from sixfaces.domain.custody import Act, Deed
from sixfaces.domain.errors import IntakeError, RecordsError, StoreError
from sixfaces.domain.exhibit import Exhibit
from sixfaces.domain.filing import CaseState, FiledCase, FiledExhibit, Quarantine
from sixfaces.domain.job import Job, JobKind, JobState
from sixfaces.domain.people import ApiRole, Principal, actor_of, is_persons
from sixfaces.domain.records import Transaction
from sixfaces.domain.upload import Receipt, Segment, Upload, UploadState
from sixfaces.intake.accept import IntakeLimits, accept
from sixfaces.intake.sniff import HEAD_BYTES, sniff
from sixfaces.pipeline import upload_errors as errors
from sixfaces.pipeline.filing import URGENCY
from sixfaces.pipeline.ids import new_id
from sixfaces.pipeline.receiving import Reception
from sixfaces.pipeline.refusals import missing
from sixfaces.pipeline.service import Service
from sixfaces.pipeline.uploading import let_go, look_up
from sixfaces.pipeline.webhooks.announcing import announce_sealed

log = structlog.get_logger()


def seal_received(service: Service, reception: Reception) -> Upload:
    """Seal what a writer has just completed, if it has; returns the upload as it then stands.

    A store or database that is away leaves it RECEIVED: its job seals it later, and nothing is lost.
    """
    upload = reception.upload
    if upload.state is not UploadState.RECEIVED:
        return upload
    try:
        upload = seal_upload(service, upload.id, mark=reception.mark())
        if reception.job is not None:
            with service.records.begin(upload.tenant) as tx:
                tx.jobs.end(reception.job, JobState.DONE)
    except (StoreError, RecordsError) as exc:
        log.warning("sealing is left to a worker", upload=upload.id, code=exc.code)
        _hand_back(service, reception.job)
    return upload


def _hand_back(service: Service, job: Job | None) -> None:
    """Let a worker have the sealing job now and not when our lease runs out."""
    try:
        if job is not None:
            with service.records.begin(job.tenant) as tx:
                tx.jobs.again(job, after=timedelta())
            service.hints.hint(job.id, priority=job.priority)
    except RecordsError as exc:
        log.warning("sealing waits for its lease", job=job.id if job else None, code=exc.code)


def seal_upload(service: Service, upload_id: str, *, mark: FileMark | None = None) -> Upload:
    """Seal one upload whose bytes have all been received; one in any other state is returned as it is. `mark`: of the
    file with all of its bytes, from who has received them.

    Raises StoreError and RecordsError where it is to be tried again, RequestError `request.missing`.
    """
    with service.records.begin(None, reading=True) as tx:
        upload, segments = tx.uploads.get(upload_id), tx.uploads.segments(upload_id)
    if upload is None:
        raise missing()
    if upload.state is not UploadState.RECEIVED:
        return upload
    with service.tracer.span("seal", upload=upload.id, case=upload.case_id, bytes=upload.length):
        return _sealed(service, upload, segments, mark=mark)


def _sealed(service: Service, upload: Upload, segments: Sequence[Segment], *, mark: FileMark | None) -> Upload:
    try:
        with service.spool.assembled(upload.id, segments) as path:
            exhibit = _exhibit(service, upload, path)  # 1. and 2.
            removals = _removals(service, upload, exhibit.sha256)
            _store(service, upload, exhibit, file=_File(path, mark))  # 3.
    except _RefusedError as refusal:
        return _refuse(service, upload, refusal.why)
    except (StoreError, OSError):  # another has sealed it meanwhile and let go of the bytes, or it is to be tried again
        ended_by_another = _ended(service, upload)
        if ended_by_another is None:
            raise
        return ended_by_another
    ended, job = _file(service, upload, exhibit, removals=removals)  # 4.
    if job is not None:
        service.hints.hint(job.id, priority=job.priority)
    if ended.state is UploadState.SEALED:
        let_go(service, ended)  # 5.
    return ended


def receipt_of(service: Service, who: Principal, upload_id: str) -> Receipt | None:
    """What the sender of an upload is told about the evidence it became; None while it is none. Raises RequestError
    `request.missing`."""
    upload = look_up(service, who, upload_id)
    with service.records.begin(who.tenant, reading=True) as tx:
        filed = tx.exhibits.get(upload.exhibit_id) if upload.exhibit_id else None
        entries = tx.custody.entries(first=filed.entry, limit=1) if filed else ()
    return _receipt(service, filed, entries[0].body if entries else {}) if filed else None


class _RefusedError(Exception):
    """The bytes may not become evidence."""

    def __init__(self, why: Quarantine) -> None:
        super().__init__(why.code)
        self.why = why


def _exhibit(service: Service, upload: Upload, path: Path) -> Exhibit:
    """What the bytes are. Hashed from disk only where no process saw them all come in: the store's own reading back
    finds what changed on disk since."""
    size = path.stat().st_size
    if size != upload.length:
        raise _RefusedError(errors.spoiled())
    digest = upload.received_sha256 or _accepted(path, upload, size).sha256
    if upload.declared_sha256 not in (None, digest):
        raise _RefusedError(errors.digest_differs(upload.declared_sha256 or "", digest))
    with path.open("rb") as file:
        form = sniff(file.read(HEAD_BYTES))
    return Exhibit(
        sha256=digest,
        name=upload.name,
        role=upload.role,
        bytes=size,
        medium=form.medium,
        format=form.name,
        declared_sha256=upload.declared_sha256,
    )


def _accepted(path: Path, upload: Upload, size: int) -> Exhibit:
    """The file as intake sees it: its size was checked when it was announced."""
    try:
        return accept(path, role=upload.role, limits=IntakeLimits(size, size))
    except IntakeError as exc:
        raise _RefusedError(Quarantine(code=exc.code, text=exc.text, fix=exc.fix)) from exc


class _File(NamedTuple):
    path: Path
    mark: FileMark | None


def _store(service: Service, upload: Upload, exhibit: Exhibit, *, file: _File) -> None:
    key, mark = original_key(upload.tenant, exhibit.sha256), file.mark if upload.received_sha256 else None
    try:
        with service.tracer.span("store", bytes=exhibit.bytes, store=service.blobs.traits.name):
            service.blobs.seal(key, file.path, sha256=exhibit.sha256, mark=mark)
    except StoreError as exc:
        if exc.code == "store.corrupt" and _accepted(file.path, upload, exhibit.bytes).sha256 != exhibit.sha256:
            raise _RefusedError(errors.spoiled()) from exc
        raise


def _ended(service: Service, upload: Upload) -> Upload | None:
    """The upload if it waits no longer."""
    with service.records.begin(upload.tenant, reading=True) as tx:
        held = tx.uploads.get(upload.id)
    return held if held and held.state is not UploadState.RECEIVED else None


def _removals(service: Service, upload: Upload, sha256: str) -> int:
    """How often these bytes were erased until now: once more before they are filed, and they have to be stored again.
    Raises StoreError `store.erasing` while they are on their way out."""
    with service.records.begin(upload.tenant, reading=True) as tx:
        count, is_going = tx.erasures.removals_of(sha256)
    if is_going:
        raise errors.erasing()
    return count


def _file(service: Service, upload: Upload, exhibit: Exhibit, *, removals: int) -> tuple[Upload, Job | None]:
    """The exhibit's one transaction; the upload as it stands after it, and the job that follows."""
    with service.records.begin(upload.tenant) as tx:
        held = tx.uploads.get(upload.id, lock=True)
        case = tx.cases.get(upload.case_id, lock=True)
        if held is None or case is None:
            raise missing()
        tx.erasures.lock_bytes(exhibit.sha256)
        if held.state is not UploadState.RECEIVED:
            if held.state is not UploadState.SEALED:
                tx.strays.found(exhibit.sha256)  # ended while its bytes were being stored
            return held, None
        if tx.erasures.removals_of(exhibit.sha256) != (removals, False):
            raise errors.erasing()
        there = (one for one in tx.exhibits.of_case(case.id) if one.erased is None)
        same = next((one for one in there if one.exhibit.sha256 == exhibit.sha256), None)
        if same is not None and same.exhibit.role is exhibit.role:
            return _link(tx, held, same), None
        if same is None and case.state is not CaseState.CLOSED:
            return _add(service, tx, held, case=case, exhibit=exhibit)
        tx.strays.found(exhibit.sha256)
    why = errors.case_closed() if same is None else errors.other_role(same.exhibit.role)
    return _refuse(service, upload, Quarantine(code=why.code, text=why.text, fix=why.fix)), None


def _link(tx: Transaction, upload: Upload, same: FiledExhibit) -> Upload:
    """A case holds the same bytes once: a second upload of them leads to the exhibit that is there."""
    sealed = upload.model_copy(update={"state": UploadState.SEALED, "exhibit_id": same.id})
    tx.uploads.change(sealed)
    tx.custody.append(_deed(upload, Act.ACCEPT, same.id, sha256=same.exhibit.sha256, held_since_entry=same.entry))
    return sealed


def _add(service: Service, tx: Transaction, upload: Upload, *, case: FiledCase, exhibit: Exhibit) -> tuple[Upload, Job]:
    exhibit_id = new_id()
    case = tx.cases.change(case.id, revised=True, state=CaseState.VERIFYING)
    job = Job(
        id=new_id(),
        tenant=case.tenant,
        kind=JobKind.OBSERVE,  # also of bytes that were measured: who runs it may be of a younger version than we are
        subject=exhibit_id,
        priority=URGENCY[_sender_role(tx, upload)],
        not_before=tx.now,
        created_at=tx.now,
    )
    job = tx.jobs.add(job)
    tx.events.tell(case.id, "exhibit.sealed", {"exhibit": exhibit_id, "sha256": exhibit.sha256, "bytes": exhibit.bytes})
    announce_sealed(tx, case, exhibit_id, exhibit=exhibit)
    about = {"sha256": exhibit.sha256, "bytes": exhibit.bytes, "case": case.id, "role": exhibit.role.value}
    gaps = list(service.blobs.traits.gaps)
    entries = tx.custody.append(
        _deed(upload, Act.ACCEPT, exhibit_id, **about, declared=exhibit.declared_sha256 or ""),
        _deed(upload, Act.SEAL, exhibit_id, **about, store=service.blobs.traits.name, gaps=gaps),
    )
    filed = FiledExhibit(
        id=exhibit_id,
        tenant=case.tenant,
        case_id=case.id,
        exhibit=exhibit.model_copy(update={"received_at": tx.now}),
        sealed_at=tx.now,
        entry=entries[-1].seq,
        station=upload.station,
        upload_id=upload.id,
    )
    tx.exhibits.add(filed)
    sealed = upload.model_copy(update={"state": UploadState.SEALED, "exhibit_id": exhibit_id})
    tx.uploads.change(sealed)
    log.info("sealed", exhibit=exhibit_id, case=case.id, sha256=exhibit.sha256, bytes=exhibit.bytes)
    return sealed, job


def _refuse(service: Service, upload: Upload, why: Quarantine) -> Upload:
    """Nothing becomes evidence; the bytes stay until the upload expires, for whoever must find out what happened."""
    with service.records.begin(upload.tenant) as tx:
        held = tx.uploads.get(upload.id, lock=True)
        if held is None or held.state is not UploadState.RECEIVED:
            return held or upload
        refused = held.model_copy(update={"state": UploadState.REFUSED, "refusal": why})
        tx.uploads.change(refused)
        told = {"code": why.code, "case": upload.case_id, "declared": upload.declared_sha256 or ""}
        tx.custody.append(_deed(upload, Act.REFUSE, upload.id, **told))
    log.warning("upload refused", upload=upload.id, code=why.code)
    return refused


def _deed(upload: Upload, act: Act, subject: str, **body: object) -> Deed:
    body = {"upload": upload.id, "key": upload.key_id, **body}
    actor = actor_of(upload.key_id, upload.station)
    return Deed(tenant=upload.tenant, act=act, subject=subject, actor=actor, body=body)


def _sender_role(tx: Transaction, upload: Upload) -> ApiRole:
    """Of a person whom we do not remember the humblest."""
    if is_persons(upload.key_id):
        person = tx.people.person(upload.key_id)
        return person.role if person else ApiRole.STATION
    key = tx.people.key(upload.key_id)
    return key.role if key else ApiRole.STATION


def _receipt(service: Service, filed: FiledExhibit, told: Mapping[str, Any]) -> Receipt:
    """`told`: the body of the exhibit's `seal` entry: a receipt says what was so then, whatever the store is now."""
    traits = service.blobs.traits
    return Receipt(
        exhibit_id=filed.id,
        case_id=filed.case_id,
        upload_id=filed.upload_id,
        name=filed.exhibit.name,
        role=filed.exhibit.role,
        medium=filed.exhibit.medium,
        format=filed.exhibit.format,
        sha256=filed.exhibit.sha256,
        bytes=filed.exhibit.bytes,
        sealed_at=filed.sealed_at,
        entry=filed.entry,
        store=told.get("store", traits.name),
        unprotected=tuple(told.get("gaps", traits.gaps)),
    )
