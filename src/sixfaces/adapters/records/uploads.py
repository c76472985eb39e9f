"""Bytes on their way in: what is on disk, by whom, up to where."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, and_, delete, func, or_, select, update

from sixfaces.adapters.records.scope import Scope, Shape, bounded
from sixfaces.adapters.records.tables import segments, uploads
from sixfaces.domain.upload import Segment, Upload, UploadState

_SHAPE = Shape(uploads, Upload)
_SEGMENT = Shape(segments, Segment)
_OPEN = (UploadState.RECEIVING, UploadState.RECEIVED)
_CHANGEABLE = ("length", "state", "exhibit_id", "refusal", "expires_at", "received_sha256", "direct")


class SqlUploads:
    """Uploads (domain.records)."""

    def __init__(self, scope: Scope) -> None:
        self._scope = scope

    def add(self, upload: Upload) -> None:
        """As in the interface."""
        self._scope.own(upload.tenant)
        self._scope.done(uploads.insert().values(_SHAPE.values(upload)))

    def get(self, id: str, *, lock: bool = False) -> Upload | None:
        """As in the interface."""
        asked = _SHAPE.rows.where(*self._its(id))
        return _SHAPE.maybe(self._scope.first(asked.with_for_update() if lock else asked))

    def take_over(self, id: str) -> Upload | None:
        """As in the interface."""
        raised = update(uploads).where(*self._its(id)).values(token=uploads.c.token + 1)
        return _SHAPE.maybe(self._scope.first(raised.returning(*_SHAPE.columns)))

    def received(self, segment: Segment, *, token: int) -> Upload | None:
        """As in the interface; None as well where the bytes go beyond the upload's length."""
        end = segment.start + segment.length
        fitting = (
            *self._its(segment.upload_id),
            uploads.c.token == token,
            uploads.c.state == UploadState.RECEIVING,
            uploads.c.offset == segment.start,
            or_(uploads.c.length.is_(None), uploads.c.length >= end),
        )
        moved = update(uploads).where(*fitting).values(offset=end).returning(*_SHAPE.columns)
        upload = _SHAPE.maybe(self._scope.first(moved))
        if upload is not None and segment.length:
            self._keep(segment, upload.tenant)
        return upload

    def segments(self, id: str) -> Sequence[Segment]:
        """As in the interface."""
        asked = _SEGMENT.rows.where(segments.c.upload_id == id, self._scope.sees(segments))
        return [_SEGMENT.read(row) for row in self._scope.rows(asked.order_by(segments.c.start))]

    def change(self, upload: Upload) -> None:
        """As in the interface. Raises LookupError where there is no such upload."""
        new = {name: getattr(upload, name) for name in _CHANGEABLE}
        if self._scope.done(update(uploads).where(*self._its(upload.id)).values(new)) == 0:
            raise LookupError(upload.id)

    def to_sweep(self, now: datetime, *, limit: int) -> Sequence[Upload]:
        """As in the interface, the longest expired first."""
        spooled = uploads.c.id.in_(select(segments.c.upload_id).where(self._scope.sees(segments)))
        left = or_(spooled, uploads.c.direct.is_not(None))
        expired = uploads.c.expires_at <= now
        wanted = or_(
            and_(uploads.c.state == UploadState.RECEIVING, expired),
            and_(uploads.c.state == UploadState.REFUSED, expired, left),
            and_(uploads.c.state.not_in((*_OPEN, UploadState.REFUSED)), left),
        )
        asked = _SHAPE.rows.where(self._scope.sees(uploads), wanted)
        asked = asked.order_by(uploads.c.expires_at, uploads.c.id).limit(bounded(limit))
        return [_SHAPE.read(row) for row in self._scope.rows(asked)]

    def forget_segments(self, id: str) -> None:
        """As in the interface."""
        self._scope.done(delete(segments).where(segments.c.upload_id == id, self._scope.sees(segments)))

    def spool_bytes(self) -> int:
        """As in the interface."""
        row = self._scope.first(select(func.coalesce(func.sum(segments.c.length), 0)).where(self._scope.sees(segments)))
        return int(row[0]) if row else 0

    def awaited_bytes(self, *, since: datetime, but: str | None = None) -> int:
        """As in the interface."""
        awaited = (
            uploads.c.state == UploadState.RECEIVING,
            uploads.c.direct.is_(None),
            uploads.c.length.is_not(None),
            uploads.c.expires_at > since,
            uploads.c.id != (but or ""),
        )
        missing = func.coalesce(func.sum(uploads.c.length - uploads.c.offset), 0)
        row = self._scope.first(select(missing).where(*awaited, self._scope.sees(uploads)))
        return int(row[0]) if row else 0

    def open_bytes(self) -> int:
        """As in the interface."""
        kept = uploads.c.id.in_(select(segments.c.upload_id).where(self._scope.sees(segments)))
        still = or_(uploads.c.state.in_(_OPEN), and_(uploads.c.state == UploadState.REFUSED, kept))
        announced = func.sum(func.coalesce(uploads.c.length, uploads.c.offset))
        row = self._scope.first(select(func.coalesce(announced, 0)).where(still, self._scope.sees(uploads)))
        return int(row[0]) if row else 0

    def _its(self, id: str) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
        return uploads.c.id == id, self._scope.sees(uploads)

    def _keep(self, segment: Segment, tenant: str) -> None:
        """Join the segment to the one that ends where it starts, if both lie in one place."""
        before = (
            segments.c.upload_id == segment.upload_id,
            segments.c.place == segment.place,
            segments.c.start + segments.c.length == segment.start,
        )
        joined = update(segments).where(*before).values(length=segments.c.length + segment.length)
        if self._scope.done(joined) == 0:
            self._scope.done(segments.insert().values(_SEGMENT.values(segment) | {"tenant": tenant}))
