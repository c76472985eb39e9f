"""Stations: set up and retired. One that is retired shows no more codes and gets no more keys."""

import re

from sixfaces.domain.custody import Act, Deed
from sixfaces.domain.people import STATION, Principal, Station
from sixfaces.domain.records import Transaction
from sixfaces.pipeline.refusals import exists, missing


def add_station(transaction: Transaction, who: Principal, *, id: str, name: str) -> Station:
    """A new station of the tenant. Raises `request.exists`."""
    station = Station(id=id, tenant=who.tenant, name=name, created_at=transaction.now)
    if not transaction.people.add_station(station):
        raise exists(id)
    _enter(transaction, who, station, what="added")
    return station


def station_of(transaction: Transaction, id: str) -> Station:
    """A station. Raises `request.missing`."""
    station = transaction.people.station(id) if re.fullmatch(STATION, id, re.ASCII) else None
    if station is None:
        raise missing()
    return station


def retire_station(transaction: Transaction, who: Principal, id: str) -> Station:
    """The station films no more; twice is no error. Raises `request.missing`."""
    known = station_of(transaction, id)
    if known.retired_at is not None:
        return known
    station = transaction.people.retire_station(id)
    if station is None:
        raise missing()
    _enter(transaction, who, station, what="retired")
    return station


def _enter(transaction: Transaction, who: Principal, station: Station, *, what: str) -> None:
    body = {"station": station.id, "what": what}
    deed = Deed(tenant=who.tenant, act=Act.AMEND, subject=station.id, actor=who.actor, body=body)
    transaction.custody.append(deed)
