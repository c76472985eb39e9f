"""The same Idempotency-Key: one effect, one answer, byte for byte."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import httpx
import pytest

from sixfaces.domain.job import JobState
from sixfaces.domain.people import ApiRole
from sixfaces.domain.records import Page
from sixfaces.pipeline.ids import new_id
from tests.contract.api.people import Api

PARALLEL = 32

Ask = Callable[[], httpx.Response]


@pytest.fixture(name="api")
def _api(either: Api) -> Api:
    return either


def answers(ask: Ask) -> list[httpx.Response]:
    with ThreadPoolExecutor(PARALLEL) as pool:
        return [done.result() for done in [pool.submit(ask) for _ in range(PARALLEL)]]


def same(told: list[httpx.Response]) -> bool:
    """Whether all say the same, headers that tell of the effect included."""
    shown = {(a.status_code, a.content, a.headers.get("etag"), a.headers.get("location")) for a in told}
    return len(shown) == 1


def once(api: Api, method: str, path: str, **more: Any) -> Ask:  # noqa: ANN401 of Api.ask
    key = new_id()
    return lambda: api.ask(method, path, key=api.admin, headers={"idempotency-key": key}, **more)


def test_thirty_two_openings_of_a_case_are_one(api: Api) -> None:
    number = f"C-{new_id()}"
    told = answers(once(api, "PUT", f"/v1/cases/by-number/{number}", json={"case_id": number}))
    assert told[0].status_code == 201
    assert same(told)


def test_thirty_two_new_keys_are_one_and_its_secret_is_told_to_all(api: Api) -> None:
    name = new_id()
    told = answers(once(api, "POST", "/v1/keys", json={"role": "batch", "name": name}))
    assert told[0].status_code == 201
    assert same(told)
    items = api.ask("GET", "/v1/keys", key=api.admin, params={"limit": 200}).json()["items"]
    assert [item["name"] for item in items].count(name) == 1


def test_thirty_two_replays_of_a_job_are_one(api: Api) -> None:
    case = api.new_case()
    api.ask("POST", f"/v1/cases/{case['id']}/exhibits", key=api.admin, content=new_id().encode())
    with api.service.records.begin("main") as tx:
        (waiting,) = tx.jobs.find(kind=None, state=JobState.READY, page=Page(limit=1))
        claimed = tx.jobs.claim(waiting.id, worker="test", lease=timedelta(minutes=1))
        assert claimed is not None
        tx.jobs.end(claimed, JobState.QUARANTINED)
    told = answers(once(api, "POST", f"/v1/jobs/{waiting.id}/replay"))
    assert (told[0].status_code, told[0].json()["state"]) == (200, "ready")
    assert same(told)
    again = api.ask("POST", f"/v1/jobs/{waiting.id}/replay", key=api.admin)
    assert (again.status_code, again.json()["code"]) == (409, "request.not_dead")


def test_a_retired_station_and_a_revoked_key_are_told_the_same_again(api: Api) -> None:
    station = f"S-{new_id()[-8:].upper()}"
    api.ask("POST", "/v1/stations", key=api.admin, json={"id": station, "name": "bay"})
    made = api.ask("POST", "/v1/keys", key=api.admin, json={"role": "batch", "name": "one"}).json()
    for path, mark in ((f"/v1/stations/{station}", "retired_at"), (f"/v1/keys/{made['id']}", "revoked_at")):
        told = [once(api, "DELETE", path)() for _ in range(2)]
        assert told[0].status_code == 200
        assert told[0].json()[mark]
        assert same(told)
    assert api.ask("GET", f"/v1/stations/{station}/challenge", key=api.admin).status_code == 404
    body = {"role": "station", "name": "late", "station": station}
    assert api.ask("POST", "/v1/keys", key=api.admin, json=body).status_code == 404


def test_another_request_under_the_key_is_refused(api: Api) -> None:
    headers = {"idempotency-key": new_id()}
    number = f"C-{new_id()}"
    path = f"/v1/cases/by-number/{number}"
    assert api.ask("PUT", path, key=api.admin, json={"case_id": number}, headers=headers).status_code == 201
    others: list[tuple[str, str, Any, dict[str, str]]] = [
        ("PUT", path, {"case_id": number, "platform": "tmall"}, {}),
        ("PUT", path, {"case_id": number}, {"if-match": '"1"'}),
        ("PUT", f"{path}x", {"case_id": f"{number}x"}, {}),
        ("POST", "/v1/keys", {"role": "batch", "name": "one"}, {}),
    ]
    for method, other, body, more in others:
        answer = api.ask(method, other, key=api.admin, json=body, headers={**headers, **more})
        assert (answer.status_code, answer.json()["code"]) == (422, "request.key_reused")


def test_another_tenant_and_another_role_have_keys_of_their_own(api: Api) -> None:
    headers = {"idempotency-key": new_id()}
    number = f"C-{new_id()}"
    asked = {"json": {"case_id": number}, "headers": headers}
    path = f"/v1/cases/by-number/{number}"
    mine = api.ask("PUT", path, key=api.admin, **asked)
    theirs = api.ask("PUT", path, key=api.stranger, **asked)
    assert (mine.status_code, theirs.status_code) == (201, 201)
    assert mine.json()["id"] != theirs.json()["id"]
    assert api.ask("PUT", path, key=api.held(ApiRole.BATCH), **asked).status_code == 200


def test_a_refused_request_keeps_no_answer(api: Api) -> None:
    headers = {"idempotency-key": new_id()}
    station = f"S-{new_id()[-8:].upper()}"
    asked = {"json": {"role": "station", "name": "one", "station": station}, "headers": headers}
    assert api.ask("POST", "/v1/keys", key=api.admin, **asked).status_code == 404
    api.ask("POST", "/v1/stations", key=api.admin, json={"id": station, "name": "bay"})
    assert api.ask("POST", "/v1/keys", key=api.admin, **asked).status_code == 201


@pytest.mark.parametrize("key", ["", "a b", "a" * 256])
def test_a_key_that_cannot_be_kept_is_refused(api: Api, key: str) -> None:
    answer = api.ask(
        "PUT", "/v1/cases/by-number/x", key=api.admin, json={"case_id": "x"}, headers={"idempotency-key": key}
    )
    assert (answer.status_code, answer.json()["code"]) == (400, "request.idempotency_key")
