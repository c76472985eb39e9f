"""One writer's bytes of an upload, from its request to the spool and the database.

1. take over   the offset is checked and the token raised in one transaction: an older writer can commit no more
2. take        pieces go to a place of this writer's own; every COMMIT_BYTES they are brought to disk and committed
3. settle      what arrived counts, whole or cut short; bytes under a checksum count all together or not at all
4. the last byte makes the upload RECEIVED and adds the job that seals it, in the transaction of that byte
"""

import hmac
from dataclasses import dataclass
from datetime import timedelta

from sixfaces.domain.blobs import FileMark, SpoolWriter
from sixfaces.domain.errors import StoreError
from sixfaces.domain.job import Job, JobKind
from sixfaces.domain.people import Principal
from sixfaces.domain.records import Transaction
from sixfaces.domain.upload import Segment, Upload, UploadState
from sixfaces.intake.hashing import Hashing
from sixfaces.intake.upload_rules import CHECKSUMS, COMMIT_BYTES, Checksum
from sixfaces.pipeline import upload_errors as errors
from sixfaces.pipeline.ids import new_id
from sixfaces.pipeline.refusals import forbidden
from sixfaces.pipeline.service import Service
from sixfaces.pipeline.spool_room import spool_left
from sixfaces.pipeline.uploading import is_over, is_sender, locked

_INLINE = "inline"
_SEALED_A_SECOND = 32 << 20
"""Bytes that are sealed in a second at least: how long whoever brought the last byte keeps the job to itself."""
_LET_GO = frozenset({UploadState.SEALED, UploadState.TERMINATED, UploadState.EXPIRED})
"""States of uploads whose bytes nobody needs in the spool."""
_SEAL_AT_LEAST = timedelta(seconds=10)


@dataclass(frozen=True, slots=True)
class Going:
    """Where a client goes on: `offset` as it believes, `coming` bytes announced (None: unknown), `length` of the whole
    where it was deferred, `checksum` of the bytes that come. `is_ours`: the bytes come from our own store, where the
    client has put them directly."""

    offset: int
    coming: int | None = None
    length: int | None = None
    checksum: Checksum | None = None
    is_ours: bool = False


def take_over(service: Service, who: Principal, upload_id: str, *, going: Going) -> "Reception":
    """Become the upload's one writer.

    Raises RequestError `request.missing`, `request.forbidden` for who has not begun it: the log names one sender.
    UploadError `upload.gone`, `upload.offset_differs`, `upload.length`,
    `upload.beyond_length`, `upload.too_large`, `upload.no_room`.
    """
    room = spool_left(service, but=upload_id)
    with service.records.begin(who.tenant) as tx:
        upload = locked(tx, who, upload_id)
        if not is_sender(upload, who):
            raise forbidden()
        if is_over(upload, tx.now):
            raise errors.gone()
        if upload.offset != going.offset or (upload.direct is not None) != going.is_ours:
            raise errors.offset_differs()
        if upload.state is not UploadState.RECEIVING:
            return Reception(service, upload, checksum=going.checksum)
        upload = _with_length(service, upload, going)
        if room is not None and room < _still_to_come(upload, going):
            raise errors.no_room()
        tx.uploads.change(upload.model_copy(update={"expires_at": tx.now + service.uploads.keep}))
        taken = tx.uploads.take_over(upload_id)
    if taken is None:
        raise errors.gone()
    return Reception(service, taken, checksum=going.checksum, room=room)


def _still_to_come(upload: Upload, going: Going) -> int:
    """Bytes that need room, at least."""
    if upload.length is not None:
        return upload.length - upload.offset
    return 1 if going.coming is None else going.coming


def _with_length(service: Service, upload: Upload, going: Going) -> Upload:
    """The upload with its length where it is told only now; what is announced must fit."""
    most = service.uploads.most_bytes(upload.tenant, upload.role)
    if going.length is not None and going.length != upload.length:
        if upload.length is not None or going.length < upload.offset:
            raise errors.length_differs()
        if going.length > most:
            raise errors.too_large(most)
        upload = upload.model_copy(update={"length": going.length})
    if going.coming is not None and upload.length is not None and going.offset + going.coming > upload.length:
        raise errors.beyond_length()
    if upload.length is None and going.offset + (going.coming or 0) > most:
        raise errors.too_large(most)
    return upload


class Reception:
    """The one writer of an upload. One thread at a time; `close` it in every case. Once a `take` has raised, what was
    taken before can still be settled, and nothing more be taken.

    room: how many bytes the spool had left; None: nobody set a limit. upload: as of the last commit.
    job: the sealing job, held, once the last byte was committed.
    """

    def __init__(
        self, service: Service, upload: Upload, *, checksum: Checksum | None = None, room: int | None = None
    ) -> None:
        self.upload = upload
        self.job: Job | None = None
        self.service = service
        self._checksum = checksum
        self._checked = CHECKSUMS[checksum.algorithm]() if checksum else None
        self._digest = service.digests.at(upload.id, upload.offset)
        self._hashing = Hashing([state for state in (self._digest, self._checked) if state is not None])
        self._at = self._start = upload.offset
        self._most = upload.length if upload.length is not None else self._allowed()
        self._end = None if room is None else upload.offset + room
        self._writer: SpoolWriter | None = None
        self._is_torn = False

    def take(self, piece: bytes) -> None:
        """Write the next bytes, and commit if enough of them have come.

        Raises UploadError `upload.beyond_length`, `upload.too_large` (nothing of the piece is kept),
        `upload.taken_over`, `upload.no_room`, StoreError `store.full`.
        """
        if self._is_torn:
            raise ValueError("a piece before this one was not taken: this one would stand in its place")
        self._is_torn = True
        if self._at + len(piece) > self._most:
            raise errors.beyond_length() if self.upload.length is not None else errors.too_large(self._most)
        if self._end is not None and self._at + len(piece) > self._end:
            raise errors.no_room()
        if self._writer is None:
            self._writer = self.service.spool.writer(self.upload.id, token=self.upload.token, start=self.upload.offset)
        self._writer.write(piece)
        self._hashing.update(piece)
        self._at += len(piece)
        if self._checked is None and self._at - self.upload.offset >= COMMIT_BYTES:
            self._commit()
        self._is_torn = False

    def settle(self) -> None:
        """What was taken counts from now on, unless it waits for its checksum. Raises as `take`."""
        if self._checked is None:
            self._commit()

    def finish(self, *, is_whole: bool = False) -> Upload:
        """The request has ended well: everything taken is checked and counts. `is_whole`: the file ends here, as where
        nobody knew its length. Raises UploadError `upload.checksum_differs`, and as `take`."""
        self._hashing.settle()
        expected = self._checksum.digest if self._checksum else b""
        if self._checked is not None and not hmac.compare_digest(self._checked.digest(), expected):
            raise errors.checksum_differs()
        self._commit(length=self._at if is_whole else None)
        return self.upload

    def check(self) -> None:
        """Raises UploadError `upload.taken_over` where a newer writer has come or the upload has ended."""
        if self.upload.state is UploadState.RECEIVING:
            with self.service.records.begin(self.upload.tenant, reading=True) as tx:
                if self._held(tx) is None:
                    raise errors.taken_over()

    def close(self) -> None:
        """What has not been committed is dropped."""
        self._hashing.close()
        if self._writer is not None:
            self._writer.close()

    def mark(self) -> FileMark | None:
        """Once it is closed: of the file with the whole upload, where this writer received and read back all of it."""
        return self._writer.mark() if self._writer is not None and self._start == 0 else None

    def _commit(self, *, length: int | None = None) -> None:
        """Bring to disk, then into the database: what is acknowledged survives any crash."""
        if self.upload.state is not UploadState.RECEIVING:
            return
        segment = self._flushed()
        self._hashing.settle()
        if segment is None and self._is_short(self.upload, length):
            return
        with self.service.records.begin(self.upload.tenant) as tx:
            upload = tx.uploads.received(segment, token=self.upload.token) if segment else self._held(tx, lock=True)
            if upload is not None and not self._is_short(upload, length):
                upload = self._complete(tx, upload)
        if upload is None:
            self._drop_if_over()
            raise errors.taken_over()
        self.upload = upload
        if self._end is not None and upload.length is None:  # nobody kept room for it: others may have taken some
            self._end = upload.offset + (spool_left(self.service) or 0)
        if self._digest is not None:
            self.service.digests.keep(upload.id, upload.offset, self._digest)

    def _drop_if_over(self) -> None:
        """What was let go of before this writer's first piece does not know of that piece: nobody else would."""
        with self.service.records.begin(self.upload.tenant, reading=True) as tx:
            found = tx.uploads.get(self.upload.id)
        if found is not None and found.state in _LET_GO:
            self.service.spool.forget(found.id)

    def _flushed(self) -> Segment | None:
        try:
            return self._writer.flush() if self._writer else None
        except StoreError as exc:
            if exc.code == "store.missing":  # its bytes were let go of meanwhile
                raise (errors.taken_over() if self._is_sealed() else errors.gone()) from exc
            raise

    def _is_sealed(self) -> bool:
        """Whether another writer was faster: what it is now is told by the upload, which is not over."""
        with self.service.records.begin(self.upload.tenant, reading=True) as tx:
            found = tx.uploads.get(self.upload.id)
        return found is not None and found.state is UploadState.SEALED

    def _held(self, tx: Transaction, *, lock: bool = False) -> Upload | None:
        """The upload, if it still is this writer's."""
        upload = tx.uploads.get(self.upload.id, lock=lock)
        is_ours = upload and upload.token == self.upload.token and upload.state is UploadState.RECEIVING
        return upload if is_ours else None

    def _complete(self, tx: Transaction, upload: Upload) -> Upload:
        whole = upload.model_copy(
            update={
                "state": UploadState.RECEIVED,
                "length": upload.offset,
                "received_sha256": self._digest.hexdigest() if self._digest is not None else None,
            }
        )
        tx.uploads.change(whole)
        job = Job(
            id=new_id(),
            tenant=upload.tenant,
            kind=JobKind.SEAL,
            subject=upload.id,
            not_before=tx.now,
            created_at=tx.now,
        )
        lease = _SEAL_AT_LEAST + timedelta(seconds=upload.offset // _SEALED_A_SECOND)
        self.job = tx.jobs.claim(tx.jobs.add(job).id, worker=_INLINE, lease=lease)
        return whole

    @staticmethod
    def _is_short(upload: Upload, length: int | None) -> bool:
        return upload.offset != (upload.length if length is None else length)

    def _allowed(self) -> int:
        return self.service.uploads.most_bytes(self.upload.tenant, self.upload.role)
