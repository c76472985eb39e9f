"""Imports: a marketplace's export as the body of one request, and single events that an integration pushes."""

import tempfile
import time
from collections.abc import Callable, Iterator
from functools import partial
from typing import Annotated, Any, BinaryIO, TypeVar

import anyio
from anyio.lowlevel import RunVar
from anyio.to_thread import run_sync
from fastapi import APIRouter, Path, Query, Request, Response
from pydantic import Field

from sixfaces import bootstrap
from sixfaces.api import refusals
from sixfaces.api.asked import Asked, Asking
from sixfaces.api.guarded import GuardedRoute
from sixfaces.api.once import Told, once, patiently
from sixfaces.api.pouring import blocking
from sixfaces.api.rights import ADMINS, open_to
from sixfaces.domain.importing import ImportReport, Refusal, Statement
from sixfaces.domain.model import Model
from sixfaces.domain.people import ApiRole
from sixfaces.domain.records import Transaction
from sixfaces.pipeline.importing.importing import Order, import_all, import_event, jobs_of
from sixfaces.pipeline.importing.refusals import refused_event

router = APIRouter(route_class=GuardedRoute, tags=["imports"])

IMPORTERS = ADMINS | {ApiRole.BATCH}
PLATFORM = r"^[a-z][a-z0-9_]{1,40}(@[0-9]{4}\.[0-9]{1,6})?$"
_AT_ONCE = 2
"""Imports that a server reads at a time; others wait their turn."""
_BLOCK = 1 << 20
_LOOK_S = 1.0

T = TypeVar("T")
_limiter: RunVar[anyio.CapacityLimiter] = RunVar("imports")


class Manner(Model):
    """How a file or event is read."""

    zone: Annotated[str, Field(min_length=1, max_length=60)] | None = Field(
        None, description="Zone of times that name none, such as Asia/Singapore."
    )
    currency: Annotated[str, Field(pattern=r"^[A-Z]{3}$")] | None = Field(
        None, description="Currency of amounts that name none."
    )
    dry_run: bool = Field(False, description="Tell what would become of it, and write nothing.")


class FileManner(Manner):
    """How a file is read."""

    platform: str = Field(pattern=PLATFORM, description="Which mapping reads it: name, or name@version.")


@router.post("/imports", summary="Import a marketplace's export", response_model=ImportReport,
             **open_to(IMPORTERS, 408, 413))  # fmt: skip
async def import_file(asking: Asking, request: Request, *, manner: Annotated[FileManner, Query()]) -> Response:
    """The body is the file: CSV, JSON or NDJSON. Good rows are taken in whatever is wrong with others; the same file
    again changes nothing, so that it may be repeated whatever became of it."""
    with await blocking(partial(_spool, asking)) as file:
        await _received(asking, request, file)
        report = await _taken_in(partial(_imported, asking, file, manner))
    return Response(asking.told(report), media_type="application/json")


@router.post("/push/{platform}", summary="Push one event of a marketplace", response_model=ImportReport,
             **open_to(IMPORTERS, 409, 413, 415))  # fmt: skip
def push(
    asking: Asking,
    platform: Annotated[str, Path(pattern=PLATFORM)],
    event: dict[str, Any],
    *,
    manner: Annotated[Manner, Query()],
) -> Response:
    """A JSON object with the fields that the platform's mapping names; all of it is taken in, or none."""
    found = bootstrap.marketplace(asking.settings, platform, zone=manner.zone, currency=manner.currency)
    order = Order(found.name, found.edition, manner.dry_run)

    def work(transaction: Transaction) -> Told:
        report, became = import_event(transaction, asking.principal, found.read_event(event), order=order)
        if report.refused:
            raise refused_event(report.refused)
        return Told(report, jobs=jobs_of(became))

    return once(asking, work)


async def _taken_in(work: Callable[[], T]) -> T:
    """In a thread of the imports' own: they take long, and hold up nobody else."""
    limiter = _limiter.get(None)
    if limiter is None:
        limiter = anyio.CapacityLimiter(_AT_ONCE)
        _limiter.set(limiter)
    return await run_sync(work, limiter=limiter)


def _spool(asked: Asked) -> BinaryIO:
    """A file without a name beside other work in progress: it goes with the request."""
    root = bootstrap.scratch_root(asked.settings)
    root.mkdir(parents=True, exist_ok=True, mode=0o700)
    return tempfile.TemporaryFile(dir=root)


async def _received(asked: Asked, request: Request, file: BinaryIO) -> None:
    """Raises RequestError `request.too_large`."""
    limit, block, count = asked.settings.largest_import, bytearray(), 0
    declared = request.headers.get("content-length", "0")
    if not declared.isdigit() or int(declared[:20]) > limit:
        raise refusals.too_large(limit)
    async for piece in request.stream():
        block += piece
        count += len(piece)
        if count > limit:
            raise refusals.too_large(limit)
        if len(block) >= _BLOCK:
            await blocking(partial(file.write, bytes(block)))
            block.clear()
    await blocking(partial(file.write, bytes(block)))


def _imported(asked: Asked, file: BinaryIO, manner: FileManner) -> ImportReport:
    """Blocks."""
    found = bootstrap.marketplace(asked.settings, manner.platform, zone=manner.zone, currency=manner.currency)
    order = Order(found.name, found.edition, manner.dry_run)
    stated = _while_good(asked, found.read(file))
    return import_all(asked.service, asked.principal, stated, order=order, patiently=patiently)


def _while_good(asked: Asked, stated: Iterator[Statement | Refusal]) -> Iterator[Statement | Refusal]:
    """A key that is revoked meanwhile is worth nothing from then on."""
    looked = time.monotonic()
    for one in stated:
        if time.monotonic() - looked > _LOOK_S:
            looked = time.monotonic()
            if not asked.may_go_on():
                raise refusals.key_needed()
        yield one
