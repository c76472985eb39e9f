"""Exhibit packs of a case, for a channel: what one would hold, and the pack itself."""

from datetime import UTC, datetime
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
from sixfaces.pipeline.packing.from_service import For, described, pack_for
from sixfaces.pipeline.packing.material import Asked as Wanted
from sixfaces.report.page import Language
from sixfaces.rulebook.channels import CHANNELS

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
    """What the pack holds and leaves out, and the address at which it is made and given."""

    pack: Pack
    download: str


class ChannelList(Model):
    """All channels in their present version."""

    items: tuple[Channel, ...]


@router.get("/channels", summary="Channels that packs are made for", **open_to(ANYONE, as_it_is=True))
def list_channels(asking: Asking) -> ChannelList:
    """What each accepts, with the source of each figure, and which are unconfirmed."""
    return ChannelList(items=tuple(CHANNELS.load(name) for name in CHANNELS.names()))


@router.post("/cases/{case_id}/packs", summary="An exhibit pack", **open_to(ANYONE, 409, 410, 501))
def make_case_pack(asking: Asking, case_id: str, order: PackOrder) -> PackView:
    """Plans the pack on the case's present verdict and says what is in it. None is kept: `download` makes it again."""
    wanted = _wanted(asking, order.channel, order.language, personal=order.personal)
    pack = described(asking.service, For(asking.principal, case_id), asked=wanted)
    told = {"language": wanted.language, **({"personal": "true"} if order.personal else {})}
    return PackView(pack=pack, download=f"/v1/cases/{case_id}/packs/{order.channel}.zip?{urlencode(told)}")


@router.get(
    "/cases/{case_id}/packs/{channel}.zip",
    summary="An exhibit pack as a file",
    response_class=Response,
    **open_to(ANYONE, 409, 410, 501, gives="application/zip"),
)
def get_case_pack(
    asking: Asking, case_id: str, channel: Name, *, language: Lang = None, personal: bool = False
) -> Response:
    """Signed, with proofs; `verify_bundle.py` checks it without this server. That it was taken stands in the log."""
    wanted = _wanted(asking, channel, language, personal=personal)
    made, pieces = pack_for(asking.service, notary_of(asking), For(asking.principal, case_id), asked=wanted)
    name = f"{made.pack.case}-{channel.partition('@')[0]}.zip"
    return zip_response(pieces, name, may_go_on=asking.may_go_on)


def _wanted(asked: Asked, channel: str, language: Language | None, *, personal: bool) -> Wanted:
    signing = bootstrap.content_signing(asked.settings, notary_of(asked))
    told = language or asked.language
    return Wanted(CHANNELS.load(channel), told, datetime.now(UTC), masked=not personal, signing=signing)
