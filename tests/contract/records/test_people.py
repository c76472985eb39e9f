"""Keys and stations."""

from sixfaces.adapters.records.store import SqlRecords
from sixfaces.domain.people import ApiRole, StationId
from sixfaces.domain.records import Page
from sixfaces.pipeline.ids import new_id
from tests.contract.records.making import key, person, station


def test_a_key_is_found_before_anybody_knows_its_tenant(records: SqlRecords) -> None:
    with records.begin("main") as tx:
        one = key(tx)
    with records.begin(None, reading=True) as tx:
        assert tx.people.key(one.id) == one
        assert tx.people.key(new_id()) is None


def test_a_revoked_key_keeps_the_instant_of_that(records: SqlRecords) -> None:
    with records.begin("main") as tx:
        one = key(tx)
        first = tx.people.revoke(one.id)
        assert first == one.model_copy(update={"revoked_at": tx.now})
    with records.begin("main") as tx:
        assert tx.people.revoke(one.id) == first
        assert tx.people.revoke(new_id()) is None
        assert tx.people.keys(Page()) == [first]


def test_a_tenant_has_one_station_of_an_id(records: SqlRecords) -> None:
    with records.begin("main") as tx:
        one = station(tx)
        assert tx.people.add_station(one)
        assert not tx.people.add_station(one.model_copy(update={"name": "Another"}))
        assert tx.people.station("S1") == one
        assert tx.people.station("S2") is None


def test_stations_are_listed_by_id_falling_page_by_page(records: SqlRecords) -> None:
    names: list[StationId] = ["S1", "A-2", "S-10", "S10"]
    with records.begin("main") as tx:
        for name in names:
            tx.people.add_station(station(tx, name))
        two = tx.people.stations(Page(limit=2))
        rest = tx.people.stations(Page(before=two[-1].id))
        assert [one.id for one in (*two, *rest)] == sorted(names, reverse=True)


def test_a_retired_station_keeps_the_instant_of_that(records: SqlRecords) -> None:
    with records.begin("main") as tx:
        tx.people.add_station(station(tx))
        first = tx.people.retire_station("S1")
        assert first is not None
        assert first.retired_at == tx.now
    with records.begin("main") as tx:
        assert tx.people.retire_station("S1") == first
        assert tx.people.retire_station("S2") is None


def test_a_person_keeps_the_instant_of_the_first_time_and_has_the_last_role(records: SqlRecords) -> None:
    with records.begin(None) as tx:
        tx.people.seen(person(tx))
        first = tx.now
    with records.begin(None) as tx:
        tx.people.seen(person(tx, role=ApiRole.ADMIN))
        tx.people.seen(person(tx, "other"))
        last = tx.now
    with records.begin("main", reading=True) as tx:
        (known,) = tx.people.persons(Page())
        assert tx.people.person(known.id) == known
        assert (known.role, known.first_seen_at, known.last_seen_at) == (ApiRole.ADMIN, first, last)
