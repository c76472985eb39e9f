"""Keys, persons and stations."""

from collections.abc import Collection, Iterator, Sequence
from datetime import timedelta

from sqlalchemy import ColumnElement, and_, func, not_, or_, select, update

from sixfaces.adapters.records.person_tables import persons
from sixfaces.adapters.records.scope import Scope, Shape, paged
from sixfaces.adapters.records.tables import api_keys, stations
from sixfaces.domain.identity import Person
from sixfaces.domain.people import ApiKey, Station
from sixfaces.domain.records import EVERY_KEY, KeyQuery, Page

_KEY = Shape(api_keys, ApiKey)
_PERSON = Shape(persons, Person)
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

    def keys(self, page: Page, query: KeyQuery = EVERY_KEY) -> Sequence[ApiKey]:
        """As in the interface."""
        asked = select(*_KEY.columns).where(self._scope.sees(api_keys), *self._asked(query))
        return [_KEY.read(row) for row in self._scope.rows(paged(asked, api_keys.c.id, page))]

    def used(self, ids: Collection[str], *, sparing: timedelta) -> None:
        """As in the interface."""
        last = api_keys.c.last_used_at
        is_old = or_(last.is_(None), last < self._scope.now - sparing)
        its = (api_keys.c.id.in_(sorted(ids)), self._scope.sees(api_keys), is_old)
        self._scope.done(update(api_keys).where(*its).values(last_used_at=self._scope.now))

    def revoke(self, id: str) -> ApiKey | None:
        """As in the interface; a key revoked before keeps the instant of that."""
        its = (api_keys.c.id == id, self._scope.sees(api_keys))
        first = func.coalesce(api_keys.c.revoked_at, self._scope.now)
        revoked = update(api_keys).where(*its).values(revoked_at=first)
        return _KEY.maybe(self._scope.first(revoked.returning(*_KEY.columns)))

    def seen(self, person: Person) -> None:
        """As in the interface; the instants are the database's."""
        self._scope.own(person.tenant)
        told = {**_PERSON.values(person), "first_seen_at": self._scope.now, "last_seen_at": self._scope.now}
        new = self._scope.insert(persons).values(told)
        changed = {name: new.excluded[name] for name in ("role", "station", "last_seen_at")}
        self._scope.done(new.on_conflict_do_update(index_elements=["tenant", "id"], set_=changed))

    def person(self, id: str) -> Person | None:
        """As in the interface."""
        its = (persons.c.id == id, self._scope.sees(persons))
        return _PERSON.maybe(self._scope.first(select(*_PERSON.columns).where(*its)))

    def persons(self, page: Page) -> Sequence[Person]:
        """As in the interface."""
        asked = select(*_PERSON.columns).where(self._scope.sees(persons))
        return [_PERSON.read(row) for row in self._scope.rows(paged(asked, persons.c.id, page))]

    def block(self, id: str, *, blocked: bool) -> Person | None:
        """As in the interface. Raises ValueError in a transaction of no tenant."""
        its = (persons.c.id == id, persons.c.tenant == self._scope.named())
        since = func.coalesce(persons.c.blocked_at, self._scope.now) if blocked else None
        changed = update(persons).where(*its).values(blocked_at=since)
        return _PERSON.maybe(self._scope.first(changed.returning(*_PERSON.columns)))

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

    def _asked(self, query: KeyQuery) -> Iterator[ColumnElement[bool]]:
        """What the query says of keys."""
        keys, last = api_keys.c, api_keys.c.last_used_at
        if query.role is not None:
            yield keys.role == query.role
        if query.station is not None:
            yield keys.station == query.station
        if query.active is not None:
            expired = and_(keys.expires_at.is_not(None), keys.expires_at <= self._scope.now)
            is_over = or_(keys.revoked_at.is_not(None), expired)
            yield not_(is_over) if query.active else is_over
        if query.used_since is not None:
            yield last >= query.used_since
        if query.unused_since is not None:
            yield or_(last.is_(None), last < query.unused_since)
