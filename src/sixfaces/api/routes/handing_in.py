"""One file in one request: what curl can do. The same path as every other upload."""

from contextlib import suppress
from functools import partial
from typing import Annotated

from fastapi import APIRouter, Path, Query, Request, Response
from pydantic import Field
from starlette.requests import ClientDisconnect

from sixfaces.api.asked import Asked, Asking
from sixfaces.api.guarded import GuardedRoute
from sixfaces.api.once import Told
from sixfaces.api.once_streamed import Streamed, Wish, unread
from sixfaces.api.pouring import blocking, receive_body
from sixfaces.api.rights import ANYONE, open_to
from sixfaces.api.routes.uploads import UploadView, first_of, view_of
from sixfaces.api.tus import read_coming
from sixfaces.domain.errors import SixfacesError
from sixfaces.domain.exhibit import Role
from sixfaces.domain.model import Model
from sixfaces.domain.upload import Receipt, Upload
from sixfaces.intake.upload_rules import read_digest
from sixfaces.pipeline.receiving import Going, take_over
from sixfaces.pipeline.upload_errors import refused
from sixfaces.pipeline.uploading import Wanted, create_upload, terminate_upload


class Names(Model):
    """What is said of the file beside its bytes."""

    name: str = Field("", max_length=1000, description="The file's name.")
    role: Role = Field(Role.UNBOXING_VIDEO, description="What it is handed in as.")


router = APIRouter(route_class=GuardedRoute, tags=["uploads"])


@router.post(
    "/cases/{case}/exhibits",
    status_code=201,
    summary="Hand in one file as the request's body",
    response_model=Receipt | UploadView,
    **open_to(ANYONE, 202, 408, 409, 413, 507),
)
async def hand_in(
    asking: Asking,
    request: Request,
    *,
    case: Annotated[str, Path(max_length=200, description="Our id of the case, or your number of it.")],
    names: Annotated[Names, Query()],
) -> Response:
    """Answers 201 with the receipt. A Content-Digest, Repr-Digest or Digest header with sha-256 is checked: a file
    with another digest is refused. 202 with the upload where the store is away: it is sealed once that is back."""
    length, sha256 = read_coming(request.headers), read_digest(request.headers)
    streamed = Streamed(asking, Wish(length=length, sha256=sha256))
    kept = await blocking(streamed.kept)
    if kept is not None:
        first = await blocking(partial(first_of, asking, kept))
        return await unread(asking, kept, first, is_declared=sha256 is not None)
    wanted = Wanted(case, names.role, names.name, length, sha256=sha256)
    upload = await _received(asking, wanted)
    if upload.refusal is not None:
        raise refused(upload.refusal)
    return await blocking(partial(_told, asking, streamed, upload))


async def _received(asking: Asked, wanted: Wanted) -> Upload:
    """Take the whole body."""
    upload = await blocking(partial(create_upload, asking.service, asking.principal, wanted))
    try:
        going = Going(0, coming=wanted.length)
        taking = partial(take_over, asking.service, asking.principal, upload.id, going=going)
        return await receive_body(asking.request, await blocking(taking), is_whole=True)
    except (SixfacesError, ClientDisconnect):
        with suppress(SixfacesError):  # nobody can go on with it: the client does not know its id
            await blocking(partial(terminate_upload, asking.service, asking.principal, upload.id))
        raise


def _told(asking: Asked, streamed: Streamed, upload: Upload) -> Response:
    """Blocks."""
    view = view_of(asking, upload)
    where = {"location": f"/v1/uploads/{upload.id}"}
    return streamed.told(Told(view.receipt or view, 201 if view.receipt else 202, where))
