"""Exhibit packs of a case, for a channel: what one would hold, and the pack itself."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from threading import BoundedSemaphore
from typing import Annotated, Literal
from urllib.parse import urlencode

from fastapi import APIRouter, Body, Path, Query, Response

from sixfaces import bootstrap
from sixfaces.api.asked import Asked, Asking
from sixfaces.api.guarded import GuardedRoute
from sixfaces.api.rights import ANYONE, open_to
from sixfaces.api.routes.custody import notary_of, zip_response
from sixfaces.domain.channel import Channel
from sixfaces.domain.model import Model
from sixfaces.domain.pack import Pack
from sixfaces.pipeline.packing import refusals
from sixfaces.pipeline.packing.from_service import For, described, pack_for
from sixfaces.pipeline.packing.material import Asked as Wanted
from sixfaces.report.page import Language
from sixfaces.rulebook.channels import CHANNELS

AT_ONCE, WAIT_S = 2, 15.0
_PLACES = BoundedSemaphore(AT_ONCE)

router = APIRouter(route_class=GuardedRoute, tags=["packs"])

NAME = r"^[a-z][a-z0-9_]{1,40}(@[0-9]{4}\.[0-9]{1,6})?$"
Name = Annotated[str, Path(pattern=NAME)]
Lang = Annotated[Literal["zh", "en"] | None, Query()]


class PackOrder(Model):
    """For whom, in which language (as the request's by default), and whether personal data is to be seen in it."""

    channel: Annotated[str, Body(pattern=NAME)]
    language: Literal["zh", "en"] | None = None
    personal: bool = False


class PackView(Model):
    """What the pack holds and leaves out, and the address at which it is made and given. `reason_needed`: `download` is
    to be asked with a reason in the header `Unmask`."""

    pack: Pack
    download: str
    reason_needed: bool = False


class ChannelList(Model):
    """All channels in their present version."""

    items: tuple[Channel, ...]


@router.get("/channels", summary="Channels that packs are made for", **open_to(ANYONE, as_it_is=True))
def list_channels(asking: Asking) -> ChannelList:
    """What each accepts, with the source of each figure, and which are unconfirmed."""
    return ChannelList(items=tuple(CHANNELS.load(name) for name in CHANNELS.names()))


@router.post("/cases/{case_id}/packs", summary="An exhibit pack", **open_to(ANYONE, 409, 410, 429, 501))
def make_case_pack(asking: Asking, case_id: str, order: PackOrder) -> PackView:
    """Plans the pack on the case's present verdict and says what is in it. None is kept: `download` makes it again, on
    that verdict or not at all."""
    wanted = _wanted(asking, order.channel, order.language, personal=order.personal)
    with _place():
        pack, verdict = described(asking.service, For(asking.principal, case_id), asked=wanted)
    told = {"language": wanted.language, **({"personal": "true"} if order.personal else {}), "verdict": verdict}
    return PackView(
        pack=pack,
        download=f"/v1/cases/{case_id}/packs/{order.channel}.zip?{urlencode(told)}",
        reason_needed=order.personal and not asking.principal.sees_personal,
    )


@router.get(
    "/cases/{case_id}/packs/{channel}.zip",
    summary="An exhibit pack as a file",
    response_class=Response,
    **open_to(ANYONE, 409, 410, 429, 501, gives="application/zip"),
)
def get_case_pack(  # noqa: PLR0913 what the address says
    asking: Asking,
    case_id: str,
    channel: Name,
    *,
    language: Lang = None,
    personal: bool = False,
    verdict: Annotated[str | None, Query(max_length=64)] = None,
) -> Response:
    """Signed, with proofs; `verify_bundle.py` checks it without this server. That it was taken stands in the log.
    `verdict`: made on this one, which must be the present one, else 409 `pack.superseded`."""
    wanted = _wanted(asking, channel, language, personal=personal)
    whom = For(asking.principal, case_id, verdict)
    with _place():
        made, pieces = pack_for(asking.service, notary_of(asking), whom, asked=wanted)
    shows = "" if made.pack.masked else "-personal"
    name = f"{made.pack.case}-{channel.partition('@')[0]}-{made.pack.language}{shows}.zip"
    return zip_response(pieces, name, may_go_on=asking.may_go_on)


@contextmanager
def _place() -> Iterator[None]:
    """One of the few places: each pack takes a processor for seconds. Raises PackError `pack.busy`."""
    if not _PLACES.acquire(timeout=WAIT_S):
        raise refusals.busy()
    try:
        yield
    finally:
        _PLACES.release()


def _wanted(asked: Asked, channel: str, language: Language | None, *, personal: bool) -> Wanted:
    signing = bootstrap.content_signing(asked.settings, notary_of(asked))
    told = language or asked.language
    return Wanted(CHANNELS.load(channel), told, datetime.now(UTC), masked=not personal, signing=signing)
