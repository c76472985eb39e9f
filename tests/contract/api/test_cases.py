"""Cases over HTTP: opened once, edited on the revision that was read, found again."""

from concurrent.futures import ThreadPoolExecutor
from urllib.parse import quote

import httpx
import pytest

from sixfaces.domain.answer import Verdict
from sixfaces.domain.people import ApiRole
from sixfaces.pipeline.ids import new_id
from tests.contract.api.people import Api


@pytest.fixture(name="api")
def _api(either: Api) -> Api:
    return either


@pytest.fixture
def number() -> str:
    return f"C-{new_id()}"


def put(api: Api, number: str, *, waybill: str | None = None, **headers: str) -> httpx.Response:
    file = {"case_id": number, "return_parcel": {"waybill": waybill}}
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return api.ask("PUT", f"/v1/cases/by-number/{number}", key=api.admin, json=file, headers=named)


def test_a_case_is_opened_and_read_by_id_and_number(api: Api, number: str) -> None:
    made = put(api, number, waybill="SF1")
    assert (made.status_code, made.headers["etag"]) == (201, '"1"')
    for path in (made.headers["location"], f"/v1/cases/by-number/{number}"):
        read = api.ask("GET", path, key=api.admin)
        assert read.json() == made.json()
        assert read.headers["etag"] == 'W/"1"', "the verdict that it shows may change"
    assert made.json()["state"] == "open"
    assert made.json()["verdict"] is None


def test_a_number_may_hold_what_addresses_use(api: Api) -> None:
    for number in ("A/B", "50%", "a?b#c", "单号 7", "..", "report"):
        path = f"/v1/cases/by-number/{quote(number, safe='').replace('.', '%2E')}"
        answer = api.ask("PUT", path, key=api.admin, json={"case_id": number})
        assert answer.status_code == 201, (number, answer.text)
        assert api.ask("GET", path, key=api.admin).json()["file"]["case_id"] == number


def test_the_body_must_be_of_the_number_in_the_address(api: Api, number: str) -> None:
    answer = api.ask("PUT", f"/v1/cases/by-number/{number}", key=api.admin, json={"case_id": "other"})
    assert (answer.status_code, answer.json()["code"]) == (422, "request.invalid")


def test_the_same_content_again_changes_nothing(api: Api, number: str) -> None:
    first, second = put(api, number), put(api, number)
    assert (first.status_code, second.status_code) == (201, 200)
    assert first.json() == second.json()


def test_an_edit_names_the_revision_it_edits(api: Api, number: str) -> None:
    put(api, number)
    blind = put(api, number, waybill="SF1")
    assert (blind.status_code, blind.json()["code"]) == (428, "request.match_needed")
    good = put(api, number, waybill="SF1", if_match='"1"')
    assert (good.status_code, good.headers["etag"]) == (200, '"2"')
    late = put(api, number, waybill="SF2", if_match='"1"')
    assert (late.status_code, late.json()["code"]) == (412, "request.stale")
    assert put(api, number, waybill="SF3", if_match='W/"1"').status_code == 412
    read = api.ask("GET", f"/v1/cases/by-number/{number}", key=api.admin).headers["etag"]
    assert put(api, number, waybill="SF3", if_match=read).headers["etag"] == '"3"'
    assert put(api, number, waybill="SF4", if_match="*").headers["etag"] == '"4"'


def test_creation_can_be_asked_for_alone(api: Api, number: str) -> None:
    assert put(api, number, if_none_match="*").status_code == 201
    assert put(api, number, if_none_match="*").status_code == 412
    assert put(api, f"{number}x", if_match="*").status_code == 412
    assert put(api, f"{number}x", if_match='"1"').status_code == 412


def test_of_parallel_edits_of_one_revision_one_wins(api: Api, number: str) -> None:
    put(api, number)
    with ThreadPoolExecutor(16) as pool:
        answers = list(pool.map(lambda n: put(api, number, waybill=f"SF{n}", if_match='"1"'), range(16)))
    codes = [answer.status_code for answer in answers]
    assert (codes.count(200), codes.count(412)) == (1, 15)
    winner = next(answer for answer in answers if answer.status_code == 200)
    assert api.ask("GET", winner.headers["location"], key=api.admin).json() == winner.json()


def test_of_parallel_openings_one_makes_the_case(api: Api, number: str) -> None:
    with ThreadPoolExecutor(16) as pool:
        answers = list(pool.map(lambda _: put(api, number), range(16)))
    assert sorted(answer.status_code for answer in answers) == [200] * 15 + [201]
    assert len({answer.json()["id"] for answer in answers}) == 1


def test_a_station_opens_cases_and_does_not_edit_them(api: Api, number: str) -> None:
    key = api.held(ApiRole.STATION)
    path = f"/v1/cases/by-number/{number}"
    assert api.ask("PUT", path, key=key, json={"case_id": number}).status_code == 201
    edit = {"case_id": number, "return_parcel": {"waybill": "SF1"}}
    assert api.ask("PUT", path, key=key, json=edit, headers={"if-match": '"1"'}).status_code == 403


def test_an_edit_of_a_case_with_evidence_has_it_judged_anew(api: Api) -> None:
    case = api.new_case()
    sealed = api.ask("POST", f"/v1/cases/{case['id']}/exhibits", key=api.admin, content=b"film")
    assert sealed.status_code == 201
    edited = put(api, case["file"]["case_id"], waybill="SF1", if_match='"2"')
    assert (edited.status_code, edited.json()["state"]) == (200, "verifying")
    jobs = api.ask("GET", "/v1/jobs", key=api.admin, params={"kind": "judge", "state": "ready"}).json()["items"]
    (job,) = [job for job in jobs if job["subject"] == case["id"]]
    assert job["priority"] == 1


def test_cases_are_found_by_what_is_claimed(api: Api) -> None:
    mark = new_id()
    case = api.new_case(
        order={"order_id": f"T-{mark}"}, claim={"claim_id": f"A-{mark}"}, return_parcel={"waybill": f"SF{mark}"}
    )
    api.new_case(order={"order_id": f"T-{mark}-2"})
    named = {"order": f"T-{mark}", "claim": f"A-{mark}", "waybill": f"SF{mark}", "number": case["file"]["case_id"]}
    for name, value in named.items():
        found = api.ask("GET", "/v1/cases", key=api.admin, params={name: value, "state": "open"}).json()
        assert [one["id"] for one in found["items"]] == [case["id"]], name
        assert found["next"] is None
    own = api.ask("GET", f"/v1/cases/{api.own.case}", key=api.admin).json()
    for verdict in Verdict:
        params = {"verdict": verdict.value, "number": own["file"]["case_id"]}
        found = api.ask("GET", "/v1/cases", key=api.admin, params=params).json()
        is_its = verdict.value == own["verdict"]["verdict"]
        assert [one["id"] for one in found["items"]] == ([api.own.case] if is_its else [])


def test_pages_follow_each_other_without_holes(api: Api) -> None:
    mark = f"SF{new_id()}"
    made = [api.new_case(return_parcel={"waybill": mark})["id"] for _ in range(5)]
    seen: list[str] = []
    cursor = None
    while True:
        params = {"waybill": mark, "limit": 2, **({"cursor": cursor} if cursor else {})}
        page = api.ask("GET", "/v1/cases", key=api.admin, params=params).json()
        seen += [case["id"] for case in page["items"]]
        cursor = page["next"]
        if cursor is None:
            break
    assert seen == made[::-1]


def test_a_cursor_is_of_its_own_list(api: Api) -> None:
    mark = f"SF{new_id()}"
    for _ in range(2):
        api.new_case(return_parcel={"waybill": mark})
    cursor = api.ask("GET", "/v1/cases", key=api.admin, params={"waybill": mark, "limit": 1}).json()["next"]
    others: tuple[tuple[str, str, dict[str, str]], ...] = (
        (api.admin, "/v1/cases", {"waybill": "other"}),
        (api.admin, "/v1/cases", {}),
        (api.admin, "/v1/jobs", {}),
        (api.stranger, "/v1/cases", {"waybill": mark}),
    )
    for key, path, params in others:
        answer = api.ask("GET", path, key=key, params={**params, "cursor": cursor})
        assert (answer.status_code, answer.json()["code"]) == (400, "request.cursor")
    forged = cursor[:-1] + ("A" if cursor[-1] != "A" else "B")
    assert api.ask("GET", "/v1/cases", key=api.admin, params={"waybill": mark, "cursor": forged}).status_code == 400
