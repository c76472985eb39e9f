"""Uploads by tus 1.0, and what became of them."""

from collections.abc import Mapping
from functools import partial
from typing import Annotated, NamedTuple

from fastapi import APIRouter, Path, Request, Response
from pydantic import AwareDatetime

from sixfaces.api.asked import Asked, Asking
from sixfaces.api.guarded import GuardedRoute
from sixfaces.api.language import say
from sixfaces.api.once import Told, once
from sixfaces.api.once_streamed import unread
from sixfaces.api.pouring import blocking, receive_body
from sixfaces.api.refusals import wrong_method
from sixfaces.api.rights import ANYONE, open_to, open_to_all
from sixfaces.api.tus import (
    OVERRIDE,
    TusRoute,
    abilities,
    check_octets,
    progress,
    read_coming,
    read_length,
    read_offset,
    standing,
)
from sixfaces.domain.errors import RequestError, UploadError
from sixfaces.domain.exhibit import Role
from sixfaces.domain.model import Model
from sixfaces.domain.records import Transaction
from sixfaces.domain.upload import Receipt, Upload, UploadState
from sixfaces.intake.upload_rules import read_checksum, read_metadata, read_role, read_sha256
from sixfaces.pipeline import personal
from sixfaces.pipeline.receiving import Going, take_over
from sixfaces.pipeline.sealing import receipt_of
from sixfaces.pipeline.spool_room import claim_room
from sixfaces.pipeline.upload_errors import case_unnamed, concatenation, refused
from sixfaces.pipeline.uploading import Wanted, add_upload, look_up, look_up_open, obstacle_to, terminate_upload

router = APIRouter(route_class=TusRoute, tags=["uploads"])
views = APIRouter(route_class=GuardedRoute, tags=["uploads"])

UploadId = Annotated[str, Path(max_length=64, description="As the Location of the creation named it.")]

TELL_OFFSET = frozenset({"upload.offset_differs", "upload.taken_over", "upload.checksum_differs", "upload.too_slow"})
"""Errors after which the client goes on from the offset that the answer names."""

_OURS = {"case": "sixfaces-case", "role": "sixfaces-role", "filename": "sixfaces-name", "sha256": "sixfaces-sha256"}
"""What tus metadata may say, and the header that says the same; a query parameter of that name goes before both."""


class Refused(Model):
    """Why an upload did not become evidence."""

    code: str
    text: str
    fix: str


class UploadView(Model):
    """An upload as its sender sees it."""

    id: str
    case_id: str
    role: Role
    name: str
    state: UploadState
    offset: int
    length: int | None
    declared_sha256: str | None
    created_at: AwareDatetime
    expires_at: AwareDatetime
    refusal: Refused | None = None
    receipt: Receipt | None = None


@router.options("/uploads", status_code=204, summary="What can the tus server do?", **open_to_all())
@router.options("/uploads/{upload_id}", status_code=204, include_in_schema=False, **open_to_all())
async def options(asking: Asking) -> Response:
    """Version, extensions, largest size and checksum algorithms, as headers."""
    return Response(status_code=204, headers=abilities(asking.service.uploads.largest()))


@router.post("/uploads", status_code=201, summary="Create an upload (tus)", **open_to(ANYONE, 409, 412, 413, 415, 507))
async def create(asking: Asking, request: Request) -> Response:
    """The case and the role stand in Upload-Metadata (`case`, `role`, `filename`, `sha256`), in headers of ours
    (`Sixfaces-Case` and so on) or in the query. A body of `application/offset+octet-stream` is its first bytes."""
    if "upload-concat" in request.headers:
        raise concatenation()
    length = read_length(request.headers, is_new=True)
    checksum = read_checksum(request.headers.get("upload-checksum"))
    coming = read_coming(request.headers)
    has_body = "transfer-encoding" in request.headers or bool(coming)
    if has_body:
        check_octets(request)
    wanted = wanted_of(request, length=length, metadata=request.headers.get("upload-metadata"))
    created = await blocking(partial(_created, asking, wanted))
    if not has_body and length != 0:
        return created.response
    if created.upload is None:
        return await _gone_on(asking, created.response, wanted)
    upload = await _received(asking, created.upload.id, going=Going(0, coming=coming, checksum=checksum))
    return Response(status_code=201, headers={"location": f"/v1/uploads/{upload.id}", **progress(upload)})


@router.head("/uploads/{upload_id}", summary="How far has it come? (tus)", **open_to(ANYONE, 410, 412))
def head(asking: Asking, upload_id: UploadId) -> Response:
    """Upload-Offset is where to go on; it is told at once, whoever is writing."""
    return Response(headers=standing(look_up_open(asking.service, asking.principal, upload_id)))


@router.patch(
    "/uploads/{upload_id}",
    status_code=204,
    summary="Send bytes (tus)",
    **open_to(ANYONE, 408, 409, 410, 412, 413, 415, 460, 507),
)
async def patch(asking: Asking, request: Request, upload_id: UploadId) -> Response:
    """Takes over from any earlier request at once. The one that brings the last byte seals the file as well."""
    check_octets(request)
    going = Going(
        read_offset(request.headers),
        coming=read_coming(request.headers),
        length=read_length(request.headers, is_new=False),
        checksum=read_checksum(request.headers.get("upload-checksum")),
    )
    upload = await _received(asking, upload_id, going=going)
    return Response(status_code=204, headers=progress(upload))


@router.delete(
    "/uploads/{upload_id}", status_code=204, summary="Give an upload up (tus)", **open_to(ANYONE, 409, 410, 412)
)
def terminate(asking: Asking, upload_id: UploadId) -> Response:
    """Its bytes are removed. What is evidence already is not."""
    terminate_upload(asking.service, asking.principal, upload_id)
    return Response(status_code=204)


@router.post("/uploads/{upload_id}", include_in_schema=False, **open_to(ANYONE))
async def overridden(asking: Asking, request: Request, upload_id: UploadId) -> Response:
    """For clients that can only POST: X-HTTP-Method-Override names the method."""
    match request.headers.get(OVERRIDE, "").upper():
        case "PATCH":
            return await patch(asking, request, upload_id)
        case "HEAD":
            return await blocking(partial(head, asking, upload_id))
        case "DELETE":
            return await blocking(partial(terminate, asking, upload_id))
    raise wrong_method()


@views.get("/uploads/{upload_id}", summary="What became of an upload?", **open_to(ANYONE))
def show(asking: Asking, upload_id: UploadId) -> UploadView:
    """Its state; the receipt of the exhibit that it became, or why it was refused."""
    view = view_of(asking, look_up(asking.service, asking.principal, upload_id))
    return personal.shown(asking.principal, view)


def view_of(asking: Asked, upload: Upload) -> UploadView:
    """The upload in the language asked for. Blocks."""
    return shown(asking, upload, receipt=receipt_of(asking.service, asking.principal, upload.id))


def shown(asking: Asked, upload: Upload, *, receipt: Receipt | None = None) -> UploadView:
    """The same, where the receipt is known."""
    why = upload.refusal
    told = why and Refused(code=why.code, text=say(why.text, asking.language), fix=say(why.fix, asking.language))
    shared = {name: getattr(upload, name) for name in UploadView.model_fields if name in Upload.model_fields}
    return UploadView(**{**shared, "refusal": told, "receipt": receipt})


def wanted_of(request: Request, *, length: int | None, metadata: str | None = None) -> Wanted:
    """What the client wants to hand in, from the query, our headers or the metadata. Raises UploadError."""
    said = _said(request, read_metadata(metadata))
    if not said.get("case"):
        raise case_unnamed()
    return Wanted(
        case=said["case"],
        role=read_role(said.get("role")),
        name=said.get("filename") or said.get("name") or "",
        length=length,
        sha256=read_sha256(said["sha256"]) if said.get("sha256") else None,
        metadata=metadata,
    )


def _said(request: Request, metadata: Mapping[str, str]) -> dict[str, str]:
    ours = {key: request.headers[header] for key, header in _OURS.items() if header in request.headers}
    return {**metadata, **ours, **request.query_params, **request.path_params}


class _Created(NamedTuple):
    """What creating an upload is answered with, and the upload; None where this is a repeat, whose upload is there."""

    response: Response
    upload: Upload | None


def _created(asked: Asked, wanted: Wanted) -> _Created:
    """Blocks."""
    obstacle = obstacle_to(asked.service, asked.principal, wanted)
    made: list[Upload] = []

    def work(transaction: Transaction) -> Told:
        made[:] = [add_upload(transaction, asked.service, asked.principal, wanted=wanted, obstacle=obstacle)]
        return Told(None, 201, {"location": f"/v1/uploads/{made[0].id}", **progress(made[0])})

    response = once(asked, work, said=(wanted,))
    if made:
        claim_room(asked.service, made[0])
    return _Created(response, made[0] if made else None)


async def _gone_on(asked: Asked, first: Response, wanted: Wanted) -> Response:
    """The answer to a repeat that brings bytes again: how far they came before. They are not taken twice."""
    upload = await blocking(partial(first_of, asked, first))
    if upload is None:
        return await unread(asked, first, None, is_declared=wanted.sha256 is not None)
    if upload.refusal is not None:
        raise refused(upload.refusal)
    answer = Response(status_code=201, headers={**first.headers, **progress(upload)})
    return await unread(asked, answer, upload, is_declared=wanted.sha256 is not None)


def first_of(asked: Asked, answer: Response) -> Upload | None:
    """The upload that an answer told of; None where it has been forgotten since: the answer still holds. Blocks."""
    try:
        return look_up(asked.service, asked.principal, answer.headers["location"].rpartition("/")[2])
    except RequestError as exc:
        if exc.code != "request.missing":
            raise
        return None


async def _received(asking: Asked, upload_id: str, *, going: Going) -> Upload:
    """Take the body. Raises as the use cases do; a client that can go on is told from where."""
    try:
        reception = await blocking(partial(take_over, asking.service, asking.principal, upload_id, going=going))
        upload = await receive_body(asking.request, reception)
    except UploadError as exc:
        if exc.code in TELL_OFFSET:
            now = await blocking(partial(look_up, asking.service, asking.principal, upload_id))
            asking.request.state.told = progress(now)
        raise
    if upload.refusal is not None:
        raise refused(upload.refusal)
    return upload
