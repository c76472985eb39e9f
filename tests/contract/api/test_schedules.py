"""Schedules for runs over the archive by the API: made, looked at, edited by who has seen them, begun, deleted."""

from datetime import timedelta
from typing import Any

import pytest

from sixfaces.domain.people import ApiRole
from sixfaces.pipeline.archive.scheduling import take_turn
from tests.contract.api.people import Api

PATH = "/v1/reverification-schedules"
WEEKLY: dict[str, Any] = {
    "name": "weekly",
    "rhythm": {"every": "week", "at": "04:30", "zone": "Asia/Shanghai", "on": ["monday"]},
    "policy": "default",
    "days": 7,
    "rate": 100,
}


def test_a_schedule_is_made_seen_edited_and_deleted(api: Api) -> None:
    batch = api.key(ApiRole.BATCH)
    made = api.ask("POST", PATH, key=batch, json=WEEKLY)
    assert (made.status_code, made.headers["etag"]) == (201, '"1"')
    told, address = made.json(), made.headers["location"]
    assert (told["next_at"][11:16], told["last"], told["enabled"]) == ("20:30", None, True)
    assert api.ask("GET", address, key=batch).json() == told
    assert told in api.ask("GET", PATH, key=batch).json()["items"]
    off = WEEKLY | {"enabled": False}
    assert api.ask("PUT", address, key=batch, json=WEEKLY).status_code == 200
    assert api.ask("PUT", address, key=batch, json=off).status_code == 428
    assert api.ask("PUT", address, key=batch, json=off, headers={"If-Match": '"7"'}).status_code == 412
    edited = api.ask("PUT", address, key=batch, json=off, headers={"If-Match": '"1"'})
    assert (edited.status_code, edited.json()["next_at"], edited.json()["revision"]) == (200, None, 2)
    assert api.ask("DELETE", address, key=batch).status_code == 204
    assert api.ask("GET", address, key=batch).status_code == 404


def test_what_it_began_is_found_by_it(api: Api) -> None:
    made = api.ask("POST", PATH, key=api.admin, json=WEEKLY).json()
    with api.service.records.begin("main") as tx:
        schedule = tx.schedules.get(made["id"])
        assert schedule is not None
        due = schedule.model_copy(update={"next_at": tx.now - timedelta(seconds=1)})
        tx.schedules.change(due)
    assert take_turn(api.service, due)
    told = api.ask("GET", f"{PATH}/{made['id']}", key=api.admin).json()
    runs = api.ask("GET", "/v1/reverifications", key=api.admin, params={"schedule": made["id"]}).json()["items"]
    assert [(one["id"], one["schedule"], one["policy"].split()[0]) for one in runs] == [
        (told["run"], made["id"], "default")
    ]
    assert (told["last"]["came"], told["last"]["run"]) == ("started", told["run"])


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"policy": "nobody"}, "archive.policy"),
        ({"rhythm": {"every": "day", "at": "03:00", "zone": "Mars/Olympus"}}, "archive.zone"),
        ({"rhythm": {"every": "day", "at": "25:00"}}, "request.invalid"),
        ({"rhythm": {"every": "month", "at": "03:00"}}, "request.invalid"),
        ({"days": 7, "selection": {"since": "2026-01-01T00:00:00Z"}}, "request.invalid"),
        ({"name": ""}, "request.invalid"),
    ],
)
def test_what_cannot_be_is_refused(api: Api, wrong: dict[str, Any], code: str) -> None:
    refused = api.ask("POST", PATH, key=api.admin, json=WEEKLY | wrong)
    assert (refused.status_code, refused.json()["code"]) == (422, code)
