"""Room in the spool: an upload that announces its length keeps room for all of it, so that what is begun can end.

1. what lies in the spool and what is awaited there must not exceed the limit, over all tenants
2. an upload that has rested for RESERVED keeps room only for what it brought; going on, it must fit again
3. two that are created in one moment may both see the room that one of them can have: each looks again afterwards
"""

from datetime import timedelta

from sixfaces.domain.upload import Upload, UploadState
from sixfaces.pipeline import upload_errors as errors
from sixfaces.pipeline.service import Service

RESERVED = timedelta(hours=1)
"""How long room is kept for an upload of which nothing comes."""


def spool_left(service: Service, *, but: str | None = None) -> int | None:
    """Bytes of the spool that nobody has or awaits; None where no limit is set. `but`: an upload whose own bytes to
    come are not counted. Not for use within a transaction."""
    limits = service.uploads
    if limits.spool_bytes is None:
        return None
    with service.records.begin(None, reading=True) as tx:
        awaited = tx.uploads.awaited_bytes(since=tx.now + limits.keep - RESERVED, but=but)
        return limits.spool_bytes - tx.uploads.spool_bytes() - awaited


def claim_room(service: Service, upload: Upload) -> None:
    """To be called once a new upload can be seen by all. Raises UploadError `upload.no_room` where too many have come
    at once: it has ended then, and of others that came with it perhaps all; they may try again."""
    left = spool_left(service)
    if left is None or left >= 0:
        return
    with service.records.begin(upload.tenant) as tx:
        tx.uploads.change(upload.model_copy(update={"state": UploadState.TERMINATED}))
    raise errors.no_room()
