"""Uploads straight to the store: the client puts parts under presigned addresses, we look at every byte before it is
evidence.

1. start      an upload as any other, with its length and digest declared, and the store's multipart upload beside it
2. addresses  in batches; each is good for one part with one digest, for a while; for parts that are still to be put
              they may be asked for again
3. complete   the store joins the parts; then all is read back and goes the way of every other upload from there
"""

import itertools
from collections.abc import Sequence
from typing import NamedTuple

from sixfaces.domain.blobs import DirectUploads
from sixfaces.domain.people import Principal
from sixfaces.domain.upload import Upload, UploadState
from sixfaces.pipeline import upload_errors as errors
from sixfaces.pipeline.receiving import Going, take_over
from sixfaces.pipeline.sealing import seal_received, seal_upload
from sixfaces.pipeline.service import Service
from sixfaces.pipeline.uploading import Wanted, incoming_key, is_over, locked, look_up_open

MOST_PARTS = 10_000
LEAST_PART = 5 << 20
"""Bytes of each part but the last, as S3 has it."""


class Part(NamedTuple):
    """A part that is to be put: its number, counted from 1, and the SHA-256 of its bytes."""

    number: int
    sha256: str


class Put(NamedTuple):
    """A part that was put: its number and the ETag that the store answered."""

    number: int
    etag: str


def check_direct(service: Service, wanted: Wanted) -> None:
    """Whether a file may go straight to the store. Raises UploadError `upload.direct_unavailable`, `upload.length`
    where length or digest are not declared."""
    _direct(service)
    if not wanted.length or wanted.sha256 is None:
        raise errors.length_differs()


def start_direct(service: Service, who: Principal, upload_id: str) -> None:
    """Have the store await the parts of a new upload; again does nothing. Raises UploadError `upload.gone`."""
    upload = look_up_open(service, who, upload_id)
    if upload.direct is not None or upload.state is not UploadState.RECEIVING:
        return
    key, direct = incoming_key(upload), _direct(service)
    begun = direct.start(key)
    with service.records.begin(who.tenant) as tx:
        held = locked(tx, who, upload_id)
        if held.direct is None and not is_over(held, tx.now):
            return tx.uploads.change(held.model_copy(update={"direct": begun}))
    direct.abort(key, begun)  # another was faster


def part_addresses(service: Service, who: Principal, upload_id: str, *, parts: Sequence[Part]) -> list[str]:
    """Where to PUT these parts. Raises UploadError `upload.gone`, `upload.parts`, `upload.direct_unavailable`."""
    upload = look_up_open(service, who, upload_id)
    direct = _direct(service)
    if upload.direct is None or not all(1 <= part.number <= MOST_PARTS for part in parts):
        raise errors.parts_unfit()
    key, store_id, lasting = incoming_key(upload), upload.direct, service.uploads.links
    return [direct.address(key, store_id, part=p.number, sha256=p.sha256, lasting=lasting) for p in parts]


def complete_direct(service: Service, who: Principal, upload_id: str, *, parts: Sequence[Put]) -> Upload:
    """Join the parts, read all of it back, and seal it if it is what was declared. May be repeated.

    Raises UploadError `upload.gone`, `upload.parts`, `upload.length`, StoreError where it is to be tried again.
    """
    upload = look_up_open(service, who, upload_id)
    if upload.state is UploadState.SEALED:
        return upload
    if upload.direct is None:
        raise errors.parts_unfit()
    if upload.state is UploadState.RECEIVED:
        return seal_upload(service, upload.id)
    size = _joined(service, upload, parts)
    if size != upload.length:
        raise errors.length_differs()
    return _read_back(service, who, upload)


def _joined(service: Service, upload: Upload, parts: Sequence[Put]) -> int:
    """How many bytes the store has, after joining the parts unless that was done before."""
    key, store_id = incoming_key(upload), upload.direct or ""
    there = service.blobs.size(key)
    if there is not None:
        return there
    numbers = [part.number for part in parts]
    if not numbers or any(later <= earlier for earlier, later in itertools.pairwise(numbers)):
        raise errors.parts_unfit()
    return _direct(service).complete(key, store_id, parts)


def _read_back(service: Service, who: Principal, upload: Upload) -> Upload:
    going = Going(upload.offset, coming=(upload.length or 0) - upload.offset, is_ours=True)
    reception = take_over(service, who, upload.id, going=going)
    try:
        with service.blobs.open(incoming_key(upload), start=upload.offset) as pieces:
            for piece in pieces:
                reception.take(piece)
        reception.finish()
    finally:
        reception.close()
    return seal_received(service, reception)


def _direct(service: Service) -> DirectUploads:
    if service.direct is None:
        raise errors.direct_unavailable()
    return service.direct
