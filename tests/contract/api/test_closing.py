"""Cases are closed and reopened by those who look after them; a list tells each case's verdict."""

import httpx
import pytest

from sixfaces.domain.people import ApiRole
from sixfaces.pipeline.ids import new_id
from tests.contract.api.people import Api


@pytest.fixture(name="api")
def _api(either: Api) -> Api:
    return either


def turn(api: Api, case: str, how: str, **headers: str) -> httpx.Response:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return api.ask("POST", f"/v1/cases/{case}/{how}", key=api.held(ApiRole.REVIEWER), headers=named)


def test_a_closed_case_takes_no_file_and_no_edit_until_it_is_reopened(api: Api) -> None:
    case = api.new_case()
    path, number = f"/v1/cases/{case['id']}/exhibits", case["file"]["case_id"]
    assert turn(api, case["id"], "close").json()["state"] == "closed"
    refused = api.ask("POST", path, key=api.admin, content=b"film")
    assert (refused.status_code, refused.json()["code"]) == (409, "upload.case_closed")
    edit = {"json": {"case_id": number, "platform": "tmall"}, "headers": {"if-match": '"1"'}}
    answer = api.ask("PUT", f"/v1/cases/by-number/{number}", key=api.admin, **edit)
    assert (answer.status_code, answer.json()["code"]) == (409, "request.closed")
    assert turn(api, case["id"], "reopen").json()["state"] == "open"
    assert api.ask("POST", path, key=api.admin, content=new_id().encode()).status_code == 201


def test_closing_is_entered_once_and_told_to_watchers(api: Api) -> None:
    case = api.new_case()["id"]
    answers = [turn(api, case, "close") for _ in range(2)]
    assert answers[0].json() == answers[1].json()
    turn(api, case, "reopen")
    with api.service.records.begin("main", reading=True) as tx:
        entries = [(entry.act.value, entry.body.get("done")) for entry in tx.custody.about(case)]
        told = [event.kind for event in tx.events.since(0, case_id=case)]
    assert entries == [("amend", None), ("amend", "closed"), ("amend", "reopened")]
    assert told == ["case.opened", "case.closed", "case.reopened"]


def test_a_reopened_case_with_evidence_is_judged_anew(api: Api) -> None:
    case = api.new_case()["id"]
    api.ask("POST", f"/v1/cases/{case}/exhibits", key=api.admin, content=new_id().encode())
    assert turn(api, case, "close").headers["etag"] == '"2"'
    reopened = turn(api, case, "reopen")
    assert (reopened.json()["state"], reopened.headers["etag"]) == ("verifying", '"3"')
    jobs = api.ask("GET", "/v1/jobs", key=api.admin, params={"kind": "judge", "state": "ready"}).json()["items"]
    assert [job["priority"] for job in jobs if job["subject"] == case] == [1]


def test_one_who_read_an_older_revision_closes_nothing(api: Api) -> None:
    case = api.new_case()["id"]
    stale = turn(api, case, "close", if_match='"7"')
    assert (stale.status_code, stale.json()["code"]) == (412, "request.stale")
    assert turn(api, case, "close", if_match='"1"').status_code == 200


def test_closing_again_under_one_key_gives_the_first_answer(api: Api) -> None:
    case, key = api.new_case()["id"], new_id()
    first = turn(api, case, "close", idempotency_key=key)
    turn(api, case, "reopen")
    assert turn(api, case, "close", idempotency_key=key).content == first.content
    assert api.ask("GET", f"/v1/cases/{case}", key=api.admin).json()["state"] == "open"


def test_a_list_tells_the_current_verdict_of_each_case(api: Api) -> None:
    one = api.ask("GET", f"/v1/cases/{api.own.case}", key=api.admin).json()
    assert one["verdict"]["id"] == api.own.verdict
    listed = api.ask("GET", "/v1/cases", key=api.admin, params={"number": api.own.number}).json()
    assert listed["items"] == [one]
    bare = api.new_case()
    listed = api.ask("GET", "/v1/cases", key=api.admin, params={"number": bare["file"]["case_id"]}).json()
    assert [case["verdict"] for case in listed["items"]] == [None]
