"""Watching a case: every event once and in order, also over a broken connection."""

import json
import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest

from sixfaces.api.routes import events
from sixfaces.domain.people import ApiRole
from sixfaces.pipeline.keys import read_key_text
from tests.contract.api.people import Api

Told = tuple[int, str, dict[str, Any]]


def watched(api: Api, case: str, *, key: str | None = None, **headers: str) -> Iterator[Told]:
    """The events of the case as they come; ends with the stream."""
    sent = {"Authorization": f"Bearer {key or api.admin}", **headers}
    with api.client.stream("GET", f"/v1/cases/{case}/events", headers=sent, timeout=20) as answer:
        assert answer.status_code == 200
        assert answer.headers["content-type"].startswith("text/event-stream")
        fields: dict[str, str] = {}
        for line in answer.iter_lines():
            name, _, value = line.partition(": ")
            if line:
                fields[name] = value
            elif "id" in fields:
                yield int(fields["id"]), fields["event"], json.loads(fields["data"])
                fields = {}


def take(stream: Iterator[Told], count: int) -> list[Told]:
    return [next(stream) for _ in range(count)]


def tell(api: Api, case: str, count: int) -> None:
    with api.service.records.begin("main") as tx:
        for number in range(count):
            tx.events.tell(case, "exhibit.observing", {"percent": number, "name": "行\n\n: x\r\nid: 9"})


def test_a_watcher_is_told_what_was_and_what_comes(api: Api) -> None:
    case = api.new_case()["id"]
    stream = watched(api, case)
    (first,) = take(stream, 1)
    assert first[1] == "case.opened"
    tell(api, case, 3)
    later = take(stream, 3)
    assert [body["percent"] for _, _, body in later] == [0, 1, 2]
    assert later[0][2]["name"] == "行\n\n: x\r\nid: 9"


def test_a_watcher_goes_on_where_the_connection_broke(api: Api) -> None:
    case = api.new_case()["id"]
    tell(api, case, 4)
    whole = take(watched(api, case), 5)
    for cut in range(5):
        seen = whole[cut][0]
        rest = take(watched(api, case, **{"Last-Event-ID": str(seen)}), 4 - cut)
        assert whole[: cut + 1] + rest == whole


def test_a_watcher_hears_of_its_own_case_only(api: Api) -> None:
    mine, other = api.new_case()["id"], api.new_case()["id"]
    tell(api, other, 2)
    tell(api, mine, 1)
    assert [kind for _, kind, _ in take(watched(api, mine), 2)] == ["case.opened", "exhibit.observing"]


def test_a_stream_ends_soon_after_its_key_is_revoked(api: Api) -> None:
    case = api.new_case()["id"]
    key = api.key(ApiRole.REVIEWER)
    known = read_key_text(key)
    assert known is not None
    stream = watched(api, case, key=key)
    take(stream, 1)
    with api.service.records.begin("main") as tx:
        tx.people.revoke(known.key_id)
    revoked = time.monotonic()
    assert list(stream) == []
    assert time.monotonic() - revoked < 5


def test_a_revoked_key_is_worth_nothing_within_five_seconds(api: Api) -> None:
    key = api.key(ApiRole.REVIEWER)
    known = read_key_text(key)
    assert known is not None
    assert api.ask("GET", "/v1/cases", key=key).status_code == 200
    with api.service.records.begin("main") as tx:
        tx.people.revoke(known.key_id)
    until = time.monotonic() + 5
    while api.ask("GET", "/v1/cases", key=key).status_code != 401:
        assert time.monotonic() < until
    assert api.ask("GET", "/v1/cases", key=key).status_code == 401


def test_one_key_holds_a_bounded_number_of_streams(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sixfaces.api.streams.MOST_PER_KEY", 1)
    case, key = api.new_case()["id"], api.key(ApiRole.REVIEWER)
    stream = watched(api, case, key=key)
    take(stream, 1)
    second = api.ask("GET", f"/v1/cases/{case}/events", key=key)
    assert (second.status_code, second.json()["code"]) == (429, "request.rate")
    stream.close()  # type: ignore[attr-defined]  # a generator
    until = time.monotonic() + 5
    while time.monotonic() < until:
        try:
            take(watched(api, case, key=key), 1)
            break
        except AssertionError:
            continue
    else:
        pytest.fail("the place was not given back")


def test_a_quiet_stream_says_that_it_lives(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(events, "HEARTBEAT_S", 0.2)
    case = api.new_case()["id"]
    with api.client.stream(
        "GET", f"/v1/cases/{case}/events", headers={"Authorization": f"Bearer {api.admin}"}
    ) as answer:
        assert any(line.startswith(": ") for line in answer.iter_lines())


def test_watchers_leave_no_threads_behind(api: Api) -> None:
    case = api.new_case()["id"]
    before = threading.active_count()
    for _ in range(5):
        take(watched(api, case), 1)
    assert threading.active_count() - before < 40  # the pool's own


def test_a_case_that_is_not_there_has_no_events(api: Api) -> None:
    with pytest.raises(AssertionError):
        next(watched(api, "none"))
