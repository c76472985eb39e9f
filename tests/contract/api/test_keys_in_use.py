"""Which keys are in use: noted coarsely and beside the requests, found by filters."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import event

from sixfaces.adapters.records.store import SqlRecords
from sixfaces.domain.people import ApiRole
from sixfaces.pipeline.keys import read_key_text
from tests.contract.api.people import Api


def id_of(text: str) -> str:
    known = read_key_text(text)
    assert known is not None
    return known.key_id


def listed(api: Api, **asked: Any) -> dict[str, dict[str, Any]]:  # noqa: ANN401 parameters
    """Keys that match, by id."""
    found: dict[str, dict[str, Any]] = {}
    cursor: dict[str, str] = {}
    while True:
        answer = api.ask("GET", "/v1/keys", key=api.admin, params={"limit": 50, **asked, **cursor})
        assert answer.status_code == 200, answer.text
        page = answer.json()
        found |= {one["id"]: one for one in page["items"]}
        if page["next"] is None:
            return found
        cursor = {"cursor": page["next"]}


def test_the_last_use_of_a_key_is_told(either: Api) -> None:
    used, idle = either.key(ApiRole.REVIEWER), either.key(ApiRole.REVIEWER)
    before = datetime.now(UTC) - timedelta(minutes=1)
    assert either.ask("GET", "/v1/rulebooks", key=used).status_code == 200
    either.gate.uses.settle()
    keys = listed(either)
    assert datetime.fromisoformat(keys[id_of(used)]["last_used_at"]) > before
    assert keys[id_of(idle)]["last_used_at"] is None
    assert id_of(used) in listed(either, used_since=before.isoformat())
    assert id_of(idle) not in listed(either, used_since=before.isoformat())
    assert id_of(idle) in listed(either, unused_since=before.isoformat())
    assert id_of(used) not in listed(either, unused_since=before.isoformat())


def test_a_key_that_was_refused_was_not_used(api: Api) -> None:
    key = api.key(ApiRole.BATCH)
    assert api.ask("GET", "/v1/rulebooks", key=f"{key[:-4]}AAAA").status_code == 401
    api.gate.uses.settle()
    assert listed(api)[id_of(key)]["last_used_at"] is None


def test_many_requests_of_a_key_are_one_write(api: Api) -> None:
    key = api.key(ApiRole.BATCH)
    records = api.service.records
    assert isinstance(records, SqlRecords)
    writes: list[str] = []

    def count(*told: Any) -> None:  # noqa: ANN401 of the library
        if told[2].startswith("UPDATE api_keys"):
            writes.append(told[2])

    event.listen(records._engine, "before_cursor_execute", count)
    try:
        for _ in range(20):
            assert api.ask("GET", "/v1/rulebooks", key=key).status_code == 200
        api.gate.uses.settle()
    finally:
        event.remove(records._engine, "before_cursor_execute", count)
    assert len(writes) == 1


def test_a_use_that_another_server_noted_just_now_is_left_alone(either: Api) -> None:
    id = id_of(either.key(ApiRole.BATCH))
    for sparing, is_same in ((timedelta(minutes=10), True), (timedelta(0), False)):
        with either.service.records.begin(None) as tx:
            tx.people.used([id], sparing=timedelta(0))
        with either.service.records.begin(None, reading=True) as tx:
            before = tx.people.key(id)
        with either.service.records.begin(None) as tx:
            tx.people.used([id], sparing=sparing)
        with either.service.records.begin(None, reading=True) as tx:
            after = tx.people.key(id)
        assert before is not None
        assert after is not None
        assert (after.last_used_at == before.last_used_at) is is_same


def test_keys_are_found_by_role_station_and_whether_they_are_good(either: Api) -> None:
    station = either.held(ApiRole.STATION)
    revoked, good = either.key(ApiRole.BATCH), either.key(ApiRole.BATCH)
    expired = either.key(ApiRole.BATCH, expires_at=datetime.now(UTC))
    assert either.ask("DELETE", f"/v1/keys/{id_of(revoked)}", key=either.admin).status_code == 200
    by_station = listed(either, station=either.own.station)
    assert id_of(station) in by_station
    assert {one["station"] for one in by_station.values()} == {either.own.station}
    assert {one["role"] for one in listed(either, role="batch").values()} == {"batch"}
    active, over = listed(either, role="batch", active="true"), listed(either, role="batch", active="false")
    assert id_of(good) in active
    assert {id_of(revoked), id_of(expired)} <= set(over)
    assert not set(active) & set(over)
    assert set(active) | set(over) == set(listed(either, role="batch"))


@pytest.mark.parametrize(
    "asked", [{"role": "boss"}, {"station": "bay 1"}, {"active": "perhaps"}, {"used_since": "soon"}]
)
def test_filters_that_say_nothing_are_refused(api: Api, asked: dict[str, str]) -> None:
    answer = api.ask("GET", "/v1/keys", key=api.admin, params=asked)
    assert (answer.status_code, answer.json()["code"]) == (422, "request.invalid")
