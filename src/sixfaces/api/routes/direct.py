"""Uploads straight to the store by presigned addresses, where the store offers them."""

from typing import Annotated

from fastapi import APIRouter, Path, Response
from pydantic import AwareDatetime, Field

from sixfaces.api.asked import Asking
from sixfaces.api.guarded import GuardedRoute
from sixfaces.api.once import Told, once
from sixfaces.api.rights import ANYONE, open_to
from sixfaces.api.routes.uploads import UploadView, shown, view_of
from sixfaces.domain.exhibit import Role
from sixfaces.domain.model import Model, Sha256
from sixfaces.domain.records import Transaction
from sixfaces.domain.upload import Count
from sixfaces.pipeline.direct import (
    LEAST_PART,
    MOST_PARTS,
    Part,
    Put,
    check_direct,
    complete_direct,
    part_addresses,
    start_direct,
)
from sixfaces.pipeline.upload_errors import refused
from sixfaces.pipeline.uploading import Wanted, add_upload, obstacle_to

router = APIRouter(route_class=GuardedRoute, tags=["uploads"])

UploadId = Annotated[str, Path(max_length=64)]
Number = Annotated[int, Field(ge=1, le=MOST_PARTS)]


class DirectWish(Model):
    """A file that is to be put straight into the store. Its digest is checked before it is evidence."""

    case: Annotated[str, Field(min_length=1, max_length=200)]
    role: Role = Role.UNBOXING_VIDEO
    name: Annotated[str, Field(max_length=1000)] = ""
    length: Annotated[Count, Field(gt=0)]
    sha256: Sha256


class DirectStart(Model):
    """An upload to the store, begun."""

    upload: UploadView
    least_part_bytes: int = LEAST_PART
    most_parts: int = MOST_PARTS


class PartWish(Model):
    """A part that is to be put."""

    number: Number
    sha256: Sha256


class PartsWish(Model):
    """A batch of them."""

    parts: Annotated[tuple[PartWish, ...], Field(min_length=1, max_length=100)]


class PartAddress(Model):
    """Where to PUT one part: these bytes and no others."""

    number: int
    url: str


class PartAddresses(Model):
    """The addresses, good until `expires_at`."""

    parts: tuple[PartAddress, ...]
    expires_at: AwareDatetime


class PartPut(Model):
    """A part that was put, by the ETag that the store answered."""

    number: Number
    etag: Annotated[str, Field(min_length=1, max_length=200)]


class PartsPut(Model):
    """All parts, in order."""

    parts: Annotated[tuple[PartPut, ...], Field(min_length=1, max_length=MOST_PARTS)]


@router.post(
    "/uploads/direct",
    status_code=201,
    response_model=DirectStart,
    summary="Begin an upload straight to the store",
    **open_to(ANYONE, 409, 413, 501, 507),
)
def start(asking: Asking, wish: DirectWish) -> Response:
    """501 where the store offers none: upload by tus then."""
    wanted = Wanted(wish.case, wish.role, wish.name, wish.length, sha256=wish.sha256)
    check_direct(asking.service, wanted)
    obstacle = obstacle_to(asking.service, asking.principal, wanted, is_spooled=False)

    def work(transaction: Transaction) -> Told:
        upload = add_upload(transaction, asking.service, asking.principal, wanted=wanted, obstacle=obstacle)
        return Told(DirectStart(upload=shown(asking, upload)), 201)

    response = once(asking, work)
    # After the transaction, which must not wait for the store; a repeat makes up for one that ended in between.
    begun = DirectStart.model_validate_json(bytes(response.body)).upload.id
    start_direct(asking.service, asking.principal, begun)
    return response


@router.post("/uploads/{upload_id}/parts", summary="Addresses for parts", **open_to(ANYONE, 409, 410, 501))
def addresses(asking: Asking, upload_id: UploadId, wish: PartsWish) -> PartAddresses:
    """Each address takes one part with one digest, until `expires_at`; ask again for those not put by then."""
    parts = [Part(part.number, part.sha256) for part in wish.parts]
    with asking.service.records.begin(asking.principal.tenant, reading=True) as tx:
        expires_at = tx.now + asking.service.uploads.links
    urls = part_addresses(asking.service, asking.principal, upload_id, parts=parts)
    told = tuple(PartAddress(number=p.number, url=url) for p, url in zip(parts, urls, strict=True))
    return PartAddresses(parts=told, expires_at=expires_at)


@router.post(
    "/uploads/{upload_id}/complete",
    summary="All parts are in the store",
    **open_to(ANYONE, 409, 410, 501, 507),
)
def complete(asking: Asking, upload_id: UploadId, put: PartsPut) -> UploadView:
    """The whole is read back and sealed if it has the declared digest. May be repeated."""
    parts = [Put(part.number, part.etag) for part in put.parts]
    upload = complete_direct(asking.service, asking.principal, upload_id, parts=parts)
    if upload.refusal is not None:
        raise refused(upload.refusal)
    return view_of(asking, upload)
