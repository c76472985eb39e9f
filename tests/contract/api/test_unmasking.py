"""A reviewer sees one case as it is for a reason, which the log keeps; nobody and nothing else is shown for any."""

from typing import Any

import pytest

from sixfaces.api.routes import reports
from sixfaces.domain.people import ApiRole, Principal
from sixfaces.pipeline.service import Service
from sixfaces.pipeline.unmasking import UnmaskReason
from tests.contract.api.people import PICTURE, PNG, TWIN, Api

STATEMENT = "收件人：张三，电话 13812345678"


@pytest.fixture
def case(api: Api) -> dict[str, Any]:
    """One with names in it."""
    return api.new_case(claim={"statement": STATEMENT})


def statement(api: Api, path: str, key: str, reason: str | None) -> str:
    answer = api.ask("GET", path, key=key, headers={"Unmask": reason} if reason else {})
    assert answer.status_code == 200, answer.text
    return str(answer.json()["file"]["claim"]["statement"])


def reasons(api: Api, case: str) -> list[tuple[str, str]]:
    """Who unmasked it, and why, by the log."""
    told = api.ask("GET", f"/v1/cases/{case}/custody", key=api.admin).json()["entries"]
    return [(one["act"], one["body"]["reason"]) for one in told if one["body"].get("what") == "unmasked"]


def test_a_reason_shows_one_answer_as_it_is_and_is_entered_once_an_hour(api: Api, case: dict[str, Any]) -> None:
    key, path = api.key(ApiRole.REVIEWER), f"/v1/cases/{case['id']}"
    assert "138****5678" in statement(api, path, key, None)
    assert [statement(api, path, key, "contact") for _ in range(3)] == [STATEMENT] * 3
    number = case["file"]["case_id"]
    assert statement(api, f"/v1/cases/by-number/{number}", key, "contact") == STATEMENT
    assert "138****5678" in statement(api, path, key, None), "each request states its reason"
    assert statement(api, path, key, "identity") == STATEMENT
    assert reasons(api, case["id"]) == [("read", "contact"), ("read", "identity")]


@pytest.mark.parametrize("reason", list(UnmaskReason))
def test_pictures_and_footage_are_shown_for_every_known_reason_and_to_players_too(
    api: Api, reason: UnmaskReason
) -> None:
    key, path = api.key(ApiRole.REVIEWER), f"/v1/exhibits/{api.own.exhibit}"
    for said in ({"headers": {"Unmask": reason.value}}, {"params": {"unmask": reason.value}}):
        assert api.ask("GET", f"{path}/pictures/{PICTURE}", key=key, **said).content == PNG
        assert api.ask("GET", f"{path}/original", key=key, **said).status_code == 200
    assert api.ask("GET", f"{path}/pictures/{PICTURE}", key=key).content == TWIN
    assert ("read", reason.value) in reasons(api, api.own.case)


@pytest.mark.parametrize("reason", ["", " ", "because", "CONTACT", "contact,label"])
def test_no_other_reason_is_one(api: Api, case: dict[str, Any], reason: str) -> None:
    key = api.key(ApiRole.REVIEWER)
    answer = api.ask("GET", f"/v1/cases/{case['id']}", key=key, params={"unmask": reason})
    if reason:
        assert (answer.status_code, answer.json()["code"]) == (400, "request.unmask")
    assert "13812345678" not in answer.text
    assert reasons(api, case["id"]) == []


def test_nothing_is_unmasked_but_one_case(api: Api, case: dict[str, Any]) -> None:
    key = api.key(ApiRole.REVIEWER)
    for path in ("/v1/cases", "/v1/exhibits", "/v1/rulebooks"):
        answer = api.ask("GET", path, key=key, headers={"Unmask": "contact"})
        assert answer.status_code in (400, 404), path
    listed = api.ask("GET", "/v1/cases", key=key, params={"number": case["file"]["case_id"]})
    assert "13812345678" not in listed.text


def test_what_is_not_there_or_another_tenants_is_told_in_the_same_words(api: Api) -> None:
    key, words = api.key(ApiRole.REVIEWER), set()
    for path in (f"/v1/cases/{api.foreign.case}", f"/v1/exhibits/{api.foreign.exhibit}", "/v1/cases/none"):
        plain = api.ask("GET", path, key=key)
        answer = api.ask("GET", path, key=key, headers={"Unmask": "label"})
        assert (answer.status_code, answer.content) == (plain.status_code, plain.content) == (404, plain.content)
        words.add(answer.content)
    assert len(words) == 1


def test_a_reason_opens_nothing_to_who_may_not_see_persons_at_all(api: Api, case: dict[str, Any]) -> None:
    shut = {
        "batch": api.held(ApiRole.BATCH),
        "station": api.held(ApiRole.STATION),
        "trainee": api.key(ApiRole.REVIEWER, sees_personal=False),
    }
    for name, key in shut.items():
        answer = api.ask("GET", f"/v1/cases/{case['id']}", key=key, headers={"Unmask": "contact"})
        assert (answer.status_code, answer.json()["code"]) == (403, "request.personal"), name
    assert statement(api, f"/v1/cases/{case['id']}", api.admin, "contact") == STATEMENT
    assert reasons(api, case["id"]) == [], "an admin sees it anyway"


def test_pictures_of_another_case_stay_masked_beside_those_of_this_one(
    api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    for_whom: list[bool] = []

    def laid_beside(service: Service, who: Principal, page: bytes) -> bytes:
        for_whom.append(who.sees_personal)
        return page

    monkeypatch.setattr(reports, "with_earlier", laid_beside)
    path, key = f"/v1/cases/{api.own.case}/report.html", api.key(ApiRole.REVIEWER)
    masked, seen = (api.ask("GET", path, key=key, headers=said).content for said in ({}, {"Unmask": "label"}))
    assert masked != seen
    assert for_whom == [False, False]


def test_an_edit_is_not_unmasked(api: Api, case: dict[str, Any]) -> None:
    key, number = api.key(ApiRole.REVIEWER), case["file"]["case_id"]
    before = api.ask("GET", f"/v1/cases/{case['id']}", key=key)
    file = before.json()["file"]
    headers = {"Unmask": "contact", "If-Match": before.headers["etag"]}
    told = api.ask("PUT", f"/v1/cases/by-number/{number}", key=key, json=file, headers=headers)
    assert told.status_code == 200
    assert "13812345678" not in told.text
    assert reasons(api, case["id"]) == []


def test_a_key_tells_what_its_holder_may(api: Api) -> None:
    for sees, may in ((None, True), (True, False), (False, False)):
        new = {"role": "reviewer", "name": "r", "sees_personal": sees}
        made = api.ask("POST", "/v1/keys", key=api.admin, json=new).json()
        assert (made["sees_personal"], made["may_unmask"]) == (sees is True, may)
