"""Stations, and the rotating signed code that each shows beside the parcel."""

from datetime import datetime

from fastapi import APIRouter, Response

from sixfaces.api.asked import Asked, Asking
from sixfaces.api.cursors import USUAL, Cursor, Limit, Listed, listed
from sixfaces.api.guarded import GuardedRoute
from sixfaces.api.once import Told, once
from sixfaces.api.rights import ADMINS, ANYONE, open_to
from sixfaces.domain.case import Name
from sixfaces.domain.model import Model
from sixfaces.domain.people import ApiRole, Station, StationId
from sixfaces.domain.records import Page, Transaction
from sixfaces.pipeline.refusals import missing
from sixfaces.pipeline.stations import add_station, retire_station, station_of
from sixfaces.vault.challenge import ChallengeCode, issue

router = APIRouter(route_class=GuardedRoute, prefix="/stations", tags=["stations"])


class NewStation(Model):
    """A station to set up."""

    id: StationId
    name: Name


class Challenge(Model):
    """The code of the present slot. `text` is what the QR code carries, `short` what people compare by eye; ask again
    at `slot_to`. `now` is the server's clock."""

    text: str
    short: str
    station: StationId
    slot_from: datetime
    slot_to: datetime
    now: datetime
    key_id: str


@router.post("", status_code=201, summary="Set up a station", response_model=Station,
             **open_to(ADMINS, 409, 413, 415))  # fmt: skip
def create_station(asking: Asking, new: NewStation) -> Response:
    """Its id is what challenge codes and exhibits name."""

    def work(transaction: Transaction) -> Told:
        station = add_station(transaction, asking.principal, id=new.id, name=new.name)
        return Told(station, 201, {"location": f"/v1/stations/{station.id}"})

    return once(asking, work)


@router.get("", summary="Stations", **open_to(ANYONE))
def list_stations(asking: Asking, limit: Limit = USUAL, cursor: Cursor = None) -> Listed[Station]:
    """All stations of the tenant, retired ones too."""

    def find(page: Page) -> list[Station]:
        with asking.service.records.begin(asking.principal.tenant, reading=True) as transaction:
            return list(transaction.people.stations(page))

    return listed(asking, find, limit=limit, cursor=cursor, key=lambda station: station.id)


@router.delete("/{station_id}", summary="Retire a station", response_model=Station, **open_to(ADMINS))
def delete_station(asking: Asking, station_id: str) -> Response:
    """It shows no more codes and gets no more keys; what it handed in stays."""
    return once(asking, lambda transaction: Told(retire_station(transaction, asking.principal, station_id)))


@router.get("/{station_id}/challenge", summary="The present challenge code", **open_to(ANYONE))
def get_challenge(asking: Asking, station_id: str) -> Challenge:
    """Footage that shows it was not recorded before `slot_from`."""
    code, now = _issued(asking, station_id)
    return Challenge(
        text=code.text,
        short=code.short,
        station=code.station,
        slot_from=code.slot_from,
        slot_to=code.slot_to,
        now=now,
        key_id=code.key_id,
    )


@router.get(
    "/{station_id}/challenge.svg",
    summary="The code as a picture",
    response_class=Response,
    **open_to(ANYONE, gives="image/svg+xml"),
)
def get_challenge_svg(asking: Asking, station_id: str) -> Response:
    """The QR code as SVG."""
    from sixfaces.vault.challenge_picture import qr_svg

    code, _ = _issued(asking, station_id)
    return Response(qr_svg(code), headers=_told(code), media_type="image/svg+xml")


@router.get(
    "/{station_id}/challenge.png",
    summary="The code as a picture",
    response_class=Response,
    **open_to(ANYONE, gives="image/png"),
)
def get_challenge_png(asking: Asking, station_id: str) -> Response:
    """The QR code as PNG."""
    from sixfaces.vault.challenge_picture import qr_png

    code, _ = _issued(asking, station_id)
    return Response(qr_png(code), headers=_told(code), media_type="image/png")


def _issued(asked: Asked, station_id: str) -> tuple[ChallengeCode, datetime]:
    """A station's key gets its own station's code only; the slot is that of the database's clock."""
    who = asked.principal
    if who.role is ApiRole.STATION and who.station != station_id:
        raise missing()
    with asked.service.records.begin(who.tenant, reading=True) as transaction:
        station, now = station_of(transaction, station_id), transaction.now
    if station.retired_at is not None:
        raise missing()
    key, slot_s = asked.request.app.state.challenge_key, asked.settings.challenge_slot_s
    return issue(station.id, now, key=key, slot_s=slot_s), now


def _told(code: ChallengeCode) -> dict[str, str]:
    return {"slot-to": code.slot_to.isoformat(), "short-code": code.short}
