"""Exhibits: what was sealed, its bytes, and who read them."""

from functools import partial

from fastapi import APIRouter, Response

from sixfaces.api.asked import Asked, Asking
from sixfaces.api.files import attachment, original_response, reading
from sixfaces.api.guarded import GuardedRoute
from sixfaces.api.ranges import span_of
from sixfaces.api.rights import ANYONE, open_to
from sixfaces.domain.filing import FiledExhibit
from sixfaces.domain.model import Model
from sixfaces.pipeline.personal import check_original
from sixfaces.pipeline.reading import exhibit_of, exhibit_there, exhibits_of, open_original

router = APIRouter(route_class=GuardedRoute, tags=["exhibits"])


class ExhibitList(Model):
    """A case's exhibits in the order in which they were sealed."""

    items: tuple[FiledExhibit, ...]


@router.get("/cases/{case_id}/exhibits", summary="Exhibits of a case", **open_to(ANYONE))
def list_exhibits(asking: Asking, case_id: str) -> ExhibitList:
    """A station sees those it handed in."""
    with asking.service.records.begin(asking.principal.tenant, reading=True) as transaction:
        exhibits = exhibits_of(transaction, asking.principal, case_id)
    return ExhibitList(items=tuple(exhibits))


@router.get("/exhibits/{exhibit_id}", summary="An exhibit", **open_to(ANYONE))
def get_exhibit(asking: Asking, exhibit_id: str) -> FiledExhibit:
    """Digest, size, role, when it was sealed, and where that stands in the custody log; of an erased one its
    tombstone."""
    with asking.service.records.begin(asking.principal.tenant, reading=True) as transaction:
        return exhibit_of(transaction, asking.principal, exhibit_id)


@router.get(
    "/exhibits/{exhibit_id}/original",
    summary="The original bytes",
    response_class=Response,
    **open_to(ANYONE, 206, 410, 416, gives="application/octet-stream"),
)
async def get_original(asking: Asking, exhibit_id: str) -> Response:
    """The bytes as they were handed in, checked against their digest before the first one goes out. One range is
    served. Who reads is entered in the custody log, once an hour. Always a download. Who may not see
    personal data gets what their own station handed in, and nothing else."""
    return await reading(partial(_original, asking, exhibit_id))


def _original(asking: Asked, exhibit_id: str) -> Response:
    """Blocks."""
    with asking.service.records.begin(asking.principal.tenant, reading=True) as transaction:
        exhibit = exhibit_there(transaction, asking.principal, exhibit_id)
    check_original(asking.principal, exhibit)
    sealed, headers = exhibit.exhibit, asking.request.headers
    is_same = headers.get("if-range", f'"{sealed.sha256}"') == f'"{sealed.sha256}"'
    span, is_part = span_of(headers.get("range") if is_same else None, sealed.bytes)
    original = open_original(asking.service, asking.principal, exhibit)
    return original_response(original, span, is_part=is_part, may_go_on=asking.may_go_on)


@router.head("/exhibits/{exhibit_id}/original", summary="What the original bytes are", **open_to(ANYONE, 410))
def head_original(asking: Asking, exhibit_id: str) -> Response:
    """Size and digest, without reading a byte."""
    with asking.service.records.begin(asking.principal.tenant, reading=True) as transaction:
        exhibit = exhibit_there(transaction, asking.principal, exhibit_id)
    check_original(asking.principal, exhibit)
    sealed = exhibit.exhibit
    told = {
        "content-length": str(sealed.bytes),
        "etag": f'"{sealed.sha256}"',
        "accept-ranges": "bytes",
        "content-disposition": attachment(sealed.name),
    }
    return Response(headers=told, media_type="application/octet-stream")
