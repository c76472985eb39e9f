"""What a station learns of a case to which others have handed in something: nothing of that, nor of the verdict."""

from typing import Any, NamedTuple

import pytest

from sixfaces.domain.people import ApiRole
from sixfaces.domain.records import CaseQuery, Page
from sixfaces.pipeline.ids import new_id
from tests.contract.api.people import Api
from tests.contract.api.test_events import take, watched

REPORTS = ("verdicts", "report", "report.html", "verdicts/{verdict}/report", "verdicts/{verdict}/report.html")


class Case(NamedTuple):
    """A case with a verdict, the exhibits in it and who handed the first one in."""

    id: str
    verdict: str
    exhibits: tuple[str, ...]
    owner: str


def judged(api: Api, *, mixed: bool) -> Case:
    """A case of the main station; `mixed`: another has handed in something too."""
    owner = api.held(ApiRole.STATION)
    case = api.new_case(owner)["id"]
    keys = (owner, api.other_station) if mixed else (owner,)
    exhibits = tuple(handed_in(api, case, key) for key in keys)
    with api.service.records.begin("main") as tx:
        old = next(one for one in tx.verdicts.of_case(api.own.case) if one.id == api.own.verdict)
        new, filed = new_id(), tx.cases.get(case)
        assert filed is not None
        assert tx.verdicts.add(old.model_copy(update={"id": new, "case_id": case, "revision": filed.revision}))
        tx.events.tell(case, "evidence.judged", {"id": new, "verdict": old.verdict})
        tx.events.tell(case, "case.verified", {"revision": filed.revision})
    return Case(case, new, exhibits, owner)


def handed_in(api: Api, case: str, key: str) -> str:
    answer = api.ask("POST", f"/v1/cases/{case}/exhibits", key=key, params={"name": "a.txt"}, content=new_id().encode())
    assert answer.status_code == 201
    exhibit: str = answer.json()["exhibit_id"]
    return exhibit


def statuses(api: Api, case: Case, key: str) -> set[int]:
    paths = (path.format(verdict=case.verdict) for path in REPORTS)
    return {api.ask("GET", f"/v1/cases/{case.id}/{path}", key=key).status_code for path in paths}


def shown(api: Api, case: Case, key: str) -> Any:  # noqa: ANN401 JSON
    return api.ask("GET", f"/v1/cases/{case.id}", key=key).json()["verdict"]


def found(api: Api, case: Case, key: str) -> bool:
    """Whether the case is found by its verdict."""
    verdict = shown(api, case, api.admin)["verdict"]
    asked = {"verdict": verdict, "limit": 200}
    items = api.ask("GET", "/v1/cases", key=key, params=asked).json()["items"]
    return case.id in [one["id"] for one in items]


def test_a_station_reads_the_report_of_a_case_in_which_all_is_its_own(api: Api) -> None:
    case = judged(api, mixed=False)
    assert statuses(api, case, case.owner) == {200}
    assert shown(api, case, case.owner)["id"] == case.verdict
    assert found(api, case, case.owner)
    assert "evidence.judged" in [kind for _, kind, _ in take(watched(api, case.id, key=case.owner), 4)]


@pytest.mark.parametrize("mixed", [True, False])
def test_a_station_does_not_read_what_was_made_of_others_exhibits(api: Api, mixed: bool) -> None:
    case = judged(api, mixed=mixed)
    for key in (api.other_station, *((case.owner,) if mixed else ())):
        assert statuses(api, case, key) == {404}
        assert shown(api, case, key) is None
        assert not found(api, case, key)
        listed = api.ask("GET", "/v1/cases", key=key, params={"limit": 200}).json()["items"]
        assert {one["id"]: one["verdict"] for one in listed}[case.id] is None
    for key in (api.admin, api.held(ApiRole.REVIEWER)):
        assert statuses(api, case, key) == {200}
        assert found(api, case, key)


def test_handing_in_something_shows_a_station_nothing_of_the_rest(api: Api) -> None:
    case = judged(api, mixed=False)
    handed_in(api, case.id, api.other_station)
    assert statuses(api, case, api.other_station) == {404}


def test_a_station_hears_of_its_own_exhibits_and_of_no_verdict(api: Api) -> None:
    case = judged(api, mixed=True)
    for own, key in zip(case.exhibits, (case.owner, api.other_station), strict=True):
        events = take(watched(api, case.id, key=key), 3)
        assert [kind for _, kind, _ in events] == ["case.opened", "exhibit.sealed", "case.verified"]
        assert events[1][2]["exhibit"] == own
    assert len(take(watched(api, case.id), 5)) == 5


def test_many_hidden_events_do_not_hide_what_follows_them(api: Api) -> None:
    case = judged(api, mixed=True)
    with api.service.records.begin("main") as tx:
        for number in range(150):
            tx.events.tell(case.id, "exhibit.observing", {"exhibit": case.exhibits[0], "percent": number})
        tx.events.tell(case.id, "case.closed", {"revision": 1})
    assert take(watched(api, case.id, key=api.other_station), 4)[-1][1] == "case.closed"


def test_of_whom_all_exhibits_are_is_known_of_many_cases_at_once(either: Api) -> None:
    own, mixed, empty = judged(either, mixed=False), judged(either, mixed=True), either.new_case()
    with either.service.records.begin("main", reading=True) as tx:
        station = either.own.station
        asked = [own.id, mixed.id, empty["id"]]
        assert set(tx.exhibits.cases_only_of(station, asked)) == {own.id}
        assert set(tx.exhibits.cases_only_of("S-NOBODY", asked)) == set()
        found = {one.id for one in tx.cases.find(CaseQuery(only_of=station), Page(limit=200))}
    assert own.id in found
    assert mixed.id not in found
