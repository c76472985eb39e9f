"""Uploads from their creation to their end, but for the bytes (`receiving`) and what becomes of them (`sealing`)."""

import re
from dataclasses import dataclass
from datetime import datetime

import structlog

from sixfaces.domain.errors import RecordsError, StoreError, UploadError
from sixfaces.domain.exhibit import Role
from sixfaces.domain.filing import CaseState, FiledCase
from sixfaces.domain.people import ApiRole, Principal
from sixfaces.domain.records import Transaction
from sixfaces.domain.upload import Upload, UploadState
from sixfaces.intake.upload_rules import safe_name
from sixfaces.pipeline import upload_errors as errors
from sixfaces.pipeline.ids import new_id
from sixfaces.pipeline.refusals import missing
from sixfaces.pipeline.service import Service
from sixfaces.pipeline.spool_room import claim_room, spool_left

log = structlog.get_logger()

ENDED = frozenset({UploadState.REFUSED, UploadState.TERMINATED, UploadState.EXPIRED})
"""States of uploads that take no more bytes and became nothing."""

_LONGEST_CASE = 200
_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a client wants to hand in. `case`: our id of the case or the tenant's number of it. `length` None: told
    later. `metadata`: the header as it came."""

    case: str
    role: Role
    name: str
    length: int | None
    sha256: str | None = None
    metadata: str | None = None


def create_upload(service: Service, who: Principal, wanted: Wanted) -> Upload:
    """A new upload to an open case of the tenant. No bytes of it are here yet.

    Raises RequestError `request.missing` for the case, UploadError `upload.case_closed`, `upload.too_large`,
    `upload.tenant_full`, `upload.no_room`.
    """
    obstacle = obstacle_to(service, who, wanted)
    with service.records.begin(who.tenant) as tx:
        upload = add_upload(tx, service, who, wanted=wanted, obstacle=obstacle)
    claim_room(service, upload)
    return upload


def add_upload(
    tx: Transaction, service: Service, who: Principal, *, wanted: Wanted, obstacle: UploadError | None
) -> Upload:
    """As `create_upload`, in a transaction of a caller who has looked for an obstacle before, and who claims the room
    afterwards."""
    if obstacle is not None:
        raise obstacle
    case = find_case(tx, wanted.case)
    if case.state is CaseState.CLOSED:
        raise errors.case_closed()
    if tx.uploads.open_bytes() + (wanted.length or 0) > service.uploads.open_bytes:
        raise errors.tenant_full()
    upload = Upload(
        id=new_id(),
        tenant=who.tenant,
        key_id=who.key_id,
        station=who.station,
        case_id=case.id,
        role=wanted.role,
        name=safe_name(wanted.name),
        length=wanted.length,
        declared_sha256=wanted.sha256,
        metadata=wanted.metadata,
        created_at=tx.now,
        expires_at=tx.now + service.uploads.keep,
    )
    tx.uploads.add(upload)
    log.info("upload created", upload=upload.id, case=case.id, length=wanted.length)
    return upload


def look_up(service: Service, who: Principal, upload_id: str) -> Upload:
    """The upload as it stands. Raises RequestError `request.missing`, also for what another tenant or, for a
    station, another station sent."""
    with service.records.begin(who.tenant, reading=True) as tx:
        return _visible(tx.uploads.get(upload_id) if _ID.fullmatch(upload_id) else None, who)


def look_up_open(service: Service, who: Principal, upload_id: str) -> Upload:
    """As `look_up`, for those who would go on: raises UploadError `upload.gone` where nobody can."""
    with service.records.begin(who.tenant, reading=True) as tx:
        upload = _visible(tx.uploads.get(upload_id) if _ID.fullmatch(upload_id) else None, who)
        if is_over(upload, tx.now):
            raise errors.gone()
    return upload


def terminate_upload(service: Service, who: Principal, upload_id: str) -> None:
    """End an upload and let its bytes go. Terminating twice is no error; raises UploadError `upload.is_evidence` for
    one that is complete, `upload.gone` for one that expired or was refused."""
    with service.records.begin(who.tenant) as tx:
        upload = locked(tx, who, upload_id)
        if upload.state in (UploadState.RECEIVED, UploadState.SEALED):
            raise errors.is_evidence()
        if is_over(upload, tx.now):
            raise errors.gone()
        tx.uploads.change(upload.model_copy(update={"state": UploadState.TERMINATED}))
    let_go(service, upload)


def sweep_uploads(service: Service, *, limit: int = 100) -> int:
    """End uploads that have expired and let go of bytes that nobody needs; returns how many there were. Safe to run
    anywhere, at any time, twice at once."""
    with service.records.begin(None, reading=True) as tx:
        found = tx.uploads.to_sweep(tx.now, limit=limit)
    for upload in found:
        try:
            if upload.state is not UploadState.RECEIVING or _expire(service, upload):
                let_go(service, upload)
        except (StoreError, RecordsError) as exc:  # of this one: the next sweep tries it again, the others go on
            log.warning("upload not let go", upload=upload.id, code=exc.code)
    return len(found)


def let_go(service: Service, upload: Upload) -> None:
    """Remove the bytes of an upload that has ended from the spool, and what the store holds of it from the client."""
    service.digests.forget(upload.id)
    service.spool.forget(upload.id)
    if upload.direct is not None and service.direct is not None:
        service.direct.abort(incoming_key(upload), upload.direct)
        service.blobs.remove(incoming_key(upload))
    with service.records.begin(upload.tenant) as tx:
        tx.uploads.forget_segments(upload.id)
        held = tx.uploads.get(upload.id, lock=True) if upload.direct is not None else None
        if held is not None and service.direct is not None:
            tx.uploads.change(held.model_copy(update={"direct": None}))


def incoming_key(upload: Upload) -> str:
    """Where the store collects what a client sends it directly."""
    return f"incoming/{upload.tenant}/{upload.id}"


def locked(tx: Transaction, who: Principal, upload_id: str) -> Upload:
    """The upload, its row held until the transaction ends. Raises as `look_up`."""
    return _visible(tx.uploads.get(upload_id, lock=True) if _ID.fullmatch(upload_id) else None, who)


def _visible(upload: Upload | None, who: Principal) -> Upload:
    if upload is None:
        raise missing()
    if who.role is ApiRole.STATION and not is_sender(upload, who):
        raise missing()
    return upload


def is_sender(upload: Upload, who: Principal) -> bool:
    """Whether they have begun it: with this key, or as this station with any."""
    return upload.key_id == who.key_id or (who.station is not None and upload.station == who.station)


def is_over(upload: Upload, now: datetime) -> bool:
    """Whether it takes no more bytes and did not become an exhibit; also before the sweep has said so."""
    return upload.state in ENDED or (upload.state is UploadState.RECEIVING and upload.expires_at <= now)


def find_case(tx: Transaction, case: str) -> FiledCase:
    """The tenant's case by our id or its own number. Raises RequestError `request.missing`."""
    is_name = len(case) <= _LONGEST_CASE and case.isprintable()
    found = (tx.cases.get(case) if _ID.fullmatch(case) else None) or (tx.cases.by_case_id(case) if is_name else None)
    if found is None:
        raise missing()
    return found


def obstacle_to(service: Service, who: Principal, wanted: Wanted, *, is_spooled: bool = True) -> UploadError | None:
    """Why the file cannot be taken: `upload.too_large`, `upload.no_room`; None where it can. `is_spooled`: not where
    its bytes go straight to the store. Not for use within a transaction."""
    if wanted.length is None:
        return None
    most = service.uploads.most_bytes(who.tenant, wanted.role)
    if wanted.length > most:
        return errors.too_large(most)
    rooms = (service.spool.room(), spool_left(service)) if is_spooled else ()
    return errors.no_room() if any(room is not None and wanted.length > room for room in rooms) else None


def _expire(service: Service, upload: Upload) -> bool:
    """False where it was not to be expired after all, because a client came back just now."""
    with service.records.begin(upload.tenant) as tx:
        held = tx.uploads.get(upload.id, lock=True)
        if held is None or held.state is not UploadState.RECEIVING or held.expires_at > tx.now:
            return False
        tx.uploads.change(held.model_copy(update={"state": UploadState.EXPIRED}))
    log.info("upload expired", upload=upload.id, offset=held.offset)
    return True
