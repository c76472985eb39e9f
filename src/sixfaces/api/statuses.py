"""The one table from error codes to HTTP statuses. A code that can be told and has no row here fails a test."""

from sixfaces.domain.errors import SixfacesError

STATUS = {
    "request.json": 400,
    "request.malformed": 400,
    "request.idempotency_key": 400,
    "request.cursor": 400,
    "request.key_needed": 401,
    "request.forbidden": 403,
    "request.missing": 404,
    "request.method": 405,
    "request.too_slow": 408,
    "request.exists": 409,
    "request.closed": 409,
    "request.not_dead": 409,
    "request.not_yet": 409,
    "request.stale": 412,
    "request.too_large": 413,
    "request.media_type": 415,
    "request.range": 416,
    "request.invalid": 422,
    "request.key_reused": 422,
    "request.unstorable": 422,
    "request.match_needed": 428,
    "request.rate": 429,
    "request.head_too_large": 431,
    "request.internal": 500,
    "upload.metadata": 400,
    "upload.role": 400,
    "upload.case": 400,
    "upload.checksum_header": 400,
    "upload.checksum_unknown": 400,
    "upload.digest_header": 400,
    "upload.concatenation": 400,
    "upload.offset": 400,
    "upload.length": 400,
    "upload.too_slow": 408,
    "upload.offset_differs": 409,
    "upload.taken_over": 409,
    "upload.is_evidence": 409,
    "upload.case_closed": 409,
    "upload.other_role": 409,
    "upload.parts": 409,
    "upload.gone": 410,
    "upload.tus_version": 412,
    "upload.too_large": 413,
    "upload.beyond_length": 413,
    "upload.media_type": 415,
    "upload.tenant_full": 429,
    "upload.digest_differs": 422,
    "upload.spoiled": 422,
    "upload.refused": 422,
    "upload.checksum_differs": 460,
    "upload.direct_unavailable": 501,
    "upload.no_room": 507,
    "store.corrupt": 500,
    "store.unreadable": 500,
    "store.missing": 500,
    "store.exists": 409,
    "store.full": 507,
    "records.full": 507,
}

FAMILY = {"records": 503, "store": 503, "custody": 409, "rulebook": 422, "challenge": 422, "report": 409, "upload": 422}
"""Codes of a family that have no row of their own; nothing of these is the asker's business in more detail."""


def status_of(error: SixfacesError) -> int:
    """The HTTP status that tells this error."""
    return STATUS.get(error.code) or FAMILY.get(error.family) or STATUS["request.internal"]
