"""The tus 1.0 protocol's own words: its headers, and the route class that says its version with every answer."""

from collections.abc import Awaitable, Callable, Mapping
from email.utils import format_datetime

from fastapi.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from sixfaces.api.guarded import GuardedRoute
from sixfaces.api.problems import problem
from sixfaces.domain.errors import SixfacesError, UploadError
from sixfaces.domain.model import Say
from sixfaces.domain.people import ApiRole
from sixfaces.domain.upload import Upload, UploadState
from sixfaces.intake.upload_rules import CHECKSUMS
from sixfaces.pipeline.upload_errors import length_differs

VERSION = "1.0.0"
EXTENSIONS = "creation,creation-with-upload,creation-defer-length,checksum,expiration,termination"
OFFSET_OCTETS = "application/offset+octet-stream"
OVERRIDE = "x-http-method-override"
_UNCHECKED = frozenset({"OPTIONS", "GET"})
_LONGEST_NUMBER = 18


class TusRoute(GuardedRoute):
    """Refuses other versions, and names ours in every answer, errors included. A route may leave headers for its
    errors in `request.state.told`."""

    def get_route_handler(self) -> Callable[[Request], Awaitable[Response]]:  # type: ignore[override]  # Coroutine
        """The handler, with the protocol's manners around it."""
        answer = super().get_route_handler()

        async def tus(request: Request) -> Response:
            try:
                if request.method not in _UNCHECKED and request.headers.get("tus-resumable") != VERSION:
                    await run_in_threadpool(request.app.state.gate.admit, request, frozenset(ApiRole))  # it counts
                    request.state.told = {"tus-version": VERSION}
                    raise _other_version()
                response = await answer(request)
            except SixfacesError as exc:
                response = problem(exc, request, headers=getattr(request.state, "told", {}))
            response.headers["tus-resumable"] = VERSION
            return response

        return tus


def abilities(largest: int) -> dict[str, str]:
    """What the server can do, for OPTIONS."""
    return {
        "tus-version": VERSION,
        "tus-extension": EXTENSIONS,
        "tus-max-size": str(largest),
        "tus-checksum-algorithm": ",".join(CHECKSUMS),
    }


def standing(upload: Upload) -> dict[str, str]:
    """How far an upload has come, for HEAD."""
    told = progress(upload)
    if upload.length is None:
        told["upload-defer-length"] = "1"
    else:
        told["upload-length"] = str(upload.length)
    if upload.metadata is not None:
        told["upload-metadata"] = upload.metadata
    return told


def progress(upload: Upload) -> dict[str, str]:
    """Offset, and how long the upload may rest where it is not complete."""
    told = {"upload-offset": str(upload.offset), "cache-control": "no-store"}
    if upload.state is UploadState.RECEIVING:
        told["upload-expires"] = format_datetime(upload.expires_at, usegmt=True)
    return told


def read_offset(headers: Mapping[str, str]) -> int:
    """Upload-Offset. Raises UploadError `upload.offset`."""
    offset = _number(headers.get("upload-offset"))
    if offset is None:
        raise UploadError(
            "upload.offset",
            Say(zh="缺少 Upload-Offset，或无法读取。", en="Upload-Offset is absent or cannot be read."),
            Say(zh="请发送非负整数；当前进度用 HEAD 查询。", en="Send a whole number; HEAD tells the present one."),
        )
    return offset


def read_length(headers: Mapping[str, str], *, is_new: bool) -> int | None:
    """Upload-Length; None where it is deferred, or, on an upload that is not new, not told. Raises UploadError
    `upload.length`."""
    told, deferred = headers.get("upload-length"), headers.get("upload-defer-length")
    length = _number(told)
    is_fit = (told is None or length is not None) and deferred in (None, "1")
    if not is_fit or (is_new and (told is None) == (deferred is None)):
        raise length_differs()
    return length


def read_coming(headers: Mapping[str, str]) -> int | None:
    """How many bytes the body has, where that is said."""
    return _number(headers.get("content-length"))


def check_octets(request: Request) -> None:
    """Raises UploadError `upload.media_type` for a body that is not said to be the bytes of an upload."""
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != OFFSET_OCTETS:
        raise UploadError(
            "upload.media_type",
            Say(zh="请求体的类型不是上传字节。", en="The body is not said to be bytes of an upload."),
            Say(zh=f"请设置 Content-Type: {OFFSET_OCTETS}。", en=f"Set Content-Type: {OFFSET_OCTETS}."),
        )


def _number(text: str | None) -> int | None:
    if text is None or not (text.isascii() and text.isdigit() and len(text) <= _LONGEST_NUMBER):
        return None
    return int(text)


def _other_version() -> UploadError:
    return UploadError(
        "upload.tus_version",
        Say(zh="缺少 Tus-Resumable，或版本不受支持。", en="Tus-Resumable is absent, or of a version not supported."),
        Say(zh=f"请发送 Tus-Resumable: {VERSION}。", en=f"Send Tus-Resumable: {VERSION}."),
    )
