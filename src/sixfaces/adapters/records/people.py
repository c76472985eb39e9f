"""Keys and stations."""

from collections.abc import Sequence

from sqlalchemy import func, select, update

from sixfaces.adapters.records.scope import Scope, Shape, paged
from sixfaces.adapters.records.tables import api_keys, stations
from sixfaces.domain.people import ApiKey, Station
from sixfaces.domain.records import Page

_KEY = Shape(api_keys, ApiKey)
_STATION = Shape(stations, Station)


class SqlPeople:
    """People (domain.records)."""

    def __init__(self, scope: Scope) -> None:
        self._scope = scope

    def add_key(self, key: ApiKey) -> None:
        """As in the interface."""
        self._scope.own(key.tenant)
        self._scope.done(api_keys.insert().values(_KEY.values(key)))

    def key(self, id: str) -> ApiKey | None:
        """As in the interface."""
        its = (api_keys.c.id == id, self._scope.sees(api_keys))
        return _KEY.maybe(self._scope.first(select(*_KEY.columns).where(*its)))

    def keys(self, page: Page) -> Sequence[ApiKey]:
        """As in the interface."""
        asked = select(*_KEY.columns).where(self._scope.sees(api_keys))
        return [_KEY.read(row) for row in self._scope.rows(paged(asked, api_keys.c.id, page))]

    def revoke(self, id: str) -> ApiKey | None:
        """As in the interface; a key revoked before keeps the instant of that."""
        its = (api_keys.c.id == id, self._scope.sees(api_keys))
        first = func.coalesce(api_keys.c.revoked_at, self._scope.now)
        revoked = update(api_keys).where(*its).values(revoked_at=first)
        return _KEY.maybe(self._scope.first(revoked.returning(*_KEY.columns)))

    def add_station(self, station: Station) -> bool:
        """As in the interface."""
        self._scope.own(station.tenant)
        new = self._scope.insert(stations).values(_STATION.values(station)).on_conflict_do_nothing()
        return self._scope.first(new.returning(stations.c.id)) is not None

    def station(self, id: str) -> Station | None:
        """As in the interface."""
        its = (stations.c.id == id, self._scope.sees(stations))
        return _STATION.maybe(self._scope.first(select(*_STATION.columns).where(*its)))

    def stations(self, page: Page) -> Sequence[Station]:
        """As in the interface."""
        asked = select(*_STATION.columns).where(self._scope.sees(stations))
        return [_STATION.read(row) for row in self._scope.rows(paged(asked, stations.c.id, page))]

    def retire_station(self, id: str) -> Station | None:
        """As in the interface."""
        its = (stations.c.id == id, self._scope.sees(stations))
        first = func.coalesce(stations.c.retired_at, self._scope.now)
        retired = update(stations).where(*its).values(retired_at=first)
        return _STATION.maybe(self._scope.first(retired.returning(*_STATION.columns)))
