"""A second look is blind: by no route does its inspector learn what the first found, until theirs is concluded."""

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import httpx
import pytest

from sixfaces.domain.people import ApiRole, Principal
from sixfaces.pipeline.ids import new_id
from sixfaces.pipeline.reading import case_of
from sixfaces.pipeline.visible import events_shown
from tests.contract.api.inspecting import Inspecting, Json, begin, bought, look_again
from tests.contract.api.matrix import ROWS
from tests.contract.api.people import Api, begun_inspection

SECRET = "sole_off"
"""The defect that the first look found: nothing that the second inspector is told may hold it, nor the outcome."""


@pytest.fixture
def case(api: Api) -> Json:
    return bought(api, "footwear")


@pytest.fixture
def first(api: Api, case: Json) -> Inspecting:
    """A first look, concluded by a station, upon which was decided."""
    one = begin(api, case, key=api.held(ApiRole.STATION))
    one.walk(glue="off")
    one.good("/conclude", {"outcome": "defect_confirmed"})
    path = f"/v1/cases/{case['id']}"
    seen = api.ask("GET", f"{path}/recommendation", key=api.admin).headers["etag"]
    ruling = {"overrules": "law", "note": "x", "unverified": True}
    decided = api.ask("POST", f"{path}/decisions", key=api.admin, json=ruling, headers={"If-Match": seen})
    assert decided.status_code == 201, decided.text
    return one


@pytest.fixture
def second(api: Api, first: Inspecting) -> Inspecting:
    """A second look at it, by another admin, who may ask for everything there is."""
    return look_again(first, api.key(ApiRole.ADMIN))


def told_to(api: Api, one: Inspecting, first: Inspecting) -> Iterator[tuple[str, httpx.Response]]:
    """Every read of the API that leads to the case, its inspections, or lists, as the second inspector asks it."""
    values = vars(api.own) | {"case": one.view["inspection"]["case_id"], "inspection": first.id, "policy": "default"}
    values["exhibit"] = exhibit_of(api, values["case"])
    values |= {"sop_policy": "toys", "grades_policy": "abcd", "number": case_number(api, one), "channel": "court"}
    for row in ROWS:
        if row.method == "GET" and row.roles and "events" not in row.path and "challenge" not in row.path:
            path = row.path.format(**{name: values[name] for name in names_in(row.path)})
            yield path, api.ask("GET", path, key=one.key, params=row.sends.get("params"))


def exhibit_of(api: Api, case: str) -> str:
    """The photo by which the first look showed the defect."""
    found: str = api.ask("GET", f"/v1/cases/{case}/exhibits", key=api.admin).json()["items"][0]["id"]
    return found


def names_in(path: str) -> list[str]:
    return [part.partition("}")[0] for part in path.split("{")[1:]]


def case_number(api: Api, one: Inspecting) -> str:
    with api.service.records.begin("main", reading=True) as tx:
        return case_of(tx, one.view["inspection"]["case_id"]).file.case_id


def test_no_read_of_the_api_tells_the_second_inspector_what_the_first_found(
    api: Api, first: Inspecting, second: Inspecting
) -> None:
    asked = list(told_to(api, second, first))
    assert len(asked) > 40
    telling = [path for path, told in asked if leaks(told, first)]
    assert telling == []
    blind = {path.rpartition("/")[2] for path, told in asked if told.status_code == 403 and is_blind(told)}
    assert {"claim", "chronicle", "recommendation", "decisions", "custody", "custody.zip", first.id} <= blind
    assert [is_blind(told) for path, told in asked if path.startswith("/v1/exhibits") and "custody" in path] == [True]


def leaks(told: httpx.Response, first: Inspecting) -> bool:
    """Whether an answer holds the defect, the answers, the verdict or what was decided by it."""
    verdict = first.view["verdict"]
    secrets = (SECRET, "defect_confirmed", verdict["id"])
    about_sops = "/v1/sops" in str(told.request.url)
    return not about_sops and any(secret.encode() in told.content for secret in secrets)


def is_blind(told: httpx.Response) -> bool:
    return bool(told.json()["code"] == "inspection.blind")


def test_the_same_reads_tell_it_to_everybody_else(api: Api, first: Inspecting, second: Inspecting) -> None:
    other = Inspecting(api, api.key(ApiRole.ADMIN), second.view, second.tag)
    telling = {path.rpartition("/")[2] for path, told in told_to(api, other, first) if leaks(told, first)}
    assert {"chronicle", "recommendation", "decisions", first.id} <= telling


def test_writes_and_kept_answers_tell_nothing_either(api: Api, first: Inspecting, second: Inspecting) -> None:
    case = first.view["inspection"]["case_id"]
    tries: list[tuple[str, Json]] = [
        (f"/v1/cases/{case}/chronicle", {"what": {"kind": "replied", "by": "seller"}, "source": "seller"}),
        (f"/v1/cases/{case}/decisions", {}),
        (f"/v1/cases/{case}/links", {"party": "seller"}),
        (f"{first.path}/conclude", {"outcome": "defect_confirmed"}),
        (f"{first.path}/suspend", {}),
    ]
    for path, body in tries:
        headers = {"If-Match": first.tag, "Idempotency-Key": new_id()}
        told = api.ask("POST", path, key=second.key, json=body, headers=headers)
        assert (told.status_code, told.json()["code"]) == (403, "inspection.blind"), path


def test_the_second_inspector_cannot_fetch_an_answer_that_was_kept_for_the_first(api: Api) -> None:
    case, key = bought(api, "footwear"), new_id()
    one = begin(api, case, key=api.admin)
    one.walk(glue="off")
    body, tag = {"outcome": "defect_confirmed"}, one.tag
    done = api.ask(
        "POST", f"{one.path}/conclude", key=api.admin, json=body, headers={"If-Match": tag, "Idempotency-Key": key}
    )
    assert done.status_code == 200, done.text
    other = look_again(one, api.key(ApiRole.ADMIN))
    told = api.ask(
        "POST", f"{one.path}/conclude", key=other.key, json=body, headers={"If-Match": tag, "Idempotency-Key": key}
    )
    assert SECRET not in told.text


def test_a_link_that_was_kept_for_them_is_not_handed_out_and_who_has_one_takes_no_second_look(
    api: Api, first: Inspecting
) -> None:
    case, key = first.view["inspection"]["case_id"], api.key(ApiRole.REVIEWER)
    sent: Json = {"key": key, "json": {"party": "buyer"}, "headers": {"Idempotency-Key": new_id()}}
    made = api.ask("POST", f"/v1/cases/{case}/links", **sent)
    assert made.status_code == 201, made.text
    knowing = api.ask("POST", f"{first.path}/second-look", key=key, json={})
    assert (knowing.status_code, knowing.json()["code"]) == (403, "inspection.same_person")
    assert api.ask("DELETE", f"/v1/cases/{case}/links/{made.json()['id']}", key=key).status_code == 204
    look_again(first, key)
    again = api.ask("POST", f"/v1/cases/{case}/links", **sent)
    assert (again.status_code, again.json()["code"]) == (403, "inspection.blind")


def test_lists_leave_out_what_would_tell_them(api: Api) -> None:
    maker = f"M-{new_id()}"
    case = bought(api, "footwear", supplier=maker)
    filed = api.ask("GET", f"/v1/cases/{case['id']}", key=api.admin)
    told = api.ask(
        "PUT", f"/v1/cases/by-number/{filed.json()['file']['case_id']}", key=api.admin,
        json=filed.json()["file"] | {"contacts": {"buyer": "ming@mail.example"}},
        headers={"If-Match": filed.headers["etag"]},
    )  # fmt: skip
    assert told.status_code == 200, told.text
    one = begin(api, case, key=api.held(ApiRole.STATION))
    one.walk(glue="off")
    one.good("/conclude", {"outcome": "defect_confirmed"})
    second, other = look_again(one, api.key(ApiRole.ADMIN)), api.key(ApiRole.ADMIN)
    since = {"from": "2020-01-01T00:00:00Z", "until": "2100-01-01T00:00:00Z"}
    asked: list[tuple[str, Json]] = [("/v1/notices", {"case_id": case["id"]}), ("/v1/suppliers", since)]
    for path, params in asked:
        shown = {name: api.ask("GET", path, key=key, params=params) for name, key in (("o", other), ("s", second.key))}
        items = {name: [one for one in told.json()["items"] if one.get("supplier", maker) == maker]
                 for name, told in shown.items()}  # fmt: skip
        assert (bool(items["o"]), items["s"]) == (True, []), path
    defects = [api.ask("GET", f"/v1/suppliers/{maker}/defects", key=key, params=since) for key in (other, second.key)]
    assert [told.status_code for told in defects] == [200, 404]
    (notice,) = api.ask("GET", "/v1/notices", key=other, params={"case_id": case["id"]}).json()["items"]
    assert notice["kind"] == "inspected"
    for method, path in (("GET", f"/v1/notices/{notice['id']}"), ("POST", f"/v1/notices/{notice['id']}/replay")):
        blind = api.ask(method, path, key=second.key)
        assert (blind.status_code, blind.json()["code"]) == (403, "inspection.blind")


def test_figures_leave_out_what_would_tell_them(api: Api, first: Inspecting, second: Inspecting) -> None:
    filed = api.ask("GET", f"/v1/cases/{first.view['inspection']['case_id']}", key=api.admin).json()
    opened = datetime.fromisoformat(filed["file"]["claim"].get("opened_at") or filed["created_at"])
    period = {"from": str(opened), "until": str(opened + timedelta(microseconds=1))}
    asked = [api.ask("GET", "/v1/measures", key=key, params=period).json() for key in (api.admin, second.key)]
    whole, blind = [told["items"][0]["figures"]["cases"] for told in asked]
    assert (whole > 0, blind) == (True, whole - 1)


def test_how_well_looks_agree_is_told_without_the_goods_that_they_look_at(api: Api, first: Inspecting) -> None:
    second = look_again(first, api.key(ApiRole.REVIEWER))
    second.walk()
    second.good("/conclude", {"outcome": "no_quality_problem", "reason": "x"})
    third = look_again(first, api.key(ApiRole.ADMIN))
    pairs = [api.ask("GET", "/v1/inspections/agreement", key=key).json()["pairs"] for key in (api.admin, third.key)]
    assert pairs[0] == pairs[1] + 1


def test_an_admin_who_looks_again_turns_no_webhook_to_themselves(api: Api, first: Inspecting) -> None:
    other = api.key(ApiRole.ADMIN)
    new = {"url": "https://shop.example/hook", "kinds": ["decision.made"]}
    made = api.ask("POST", "/v1/webhooks", key=other, json=new)
    assert made.status_code == 201, made.text
    path = f"/v1/webhooks/{made.json()['id']}"
    sent = json.loads(api.ask("POST", f"{path}/test", key=other).content)
    second = look_again(first, other)
    tries: list[tuple[str, str, Json | None]] = [
        ("POST", "/v1/webhooks", new),
        ("PATCH", path, {"url": "https://mine.example/hook"}),
        ("POST", f"{path}/replay", {"since": "2026-01-01T00:00:00Z"}),
        ("POST", f"{path}/deliveries/{sent['id']}/replay", None),
    ]
    for method, where, body in tries:
        headers = {"If-Match": made.headers["etag"]} if method == "PATCH" else {}
        told = api.ask(method, where, key=second.key, json=body, headers=headers)
        assert (told.status_code, told.json()["code"]) == (403, "inspection.blind"), where
    second.good("/abandon")
    assert api.ask("DELETE", path, key=other).status_code == 204


def test_events_leave_out_what_was_decided_by_it(api: Api, first: Inspecting, second: Inspecting) -> None:
    case = first.view["inspection"]["case_id"]
    kinds = {name: [event.kind for event in told] for name, told in shown_events(api, case, second).items()}
    assert {"decision.made", "chronicle.added", "inspection.concluded"} <= set(kinds["other"])
    assert not {"decision.made", "chronicle.added"} & set(kinds["second"])
    assert "inspection.concluded" in kinds["second"]
    bodies = json.dumps([event.body for event in shown_events(api, case, second)["second"]])
    assert SECRET not in bodies
    assert "defect_confirmed" not in bodies


def shown_events(api: Api, case: str, second: Inspecting) -> dict[str, Any]:
    holder = second.view["inspection"]["holder"].partition(":")[2]
    found = {}
    with api.service.records.begin("main", reading=True) as tx:
        for name, id in (("second", holder), ("other", new_id())):
            who = Principal(tenant="main", key_id=id, role=ApiRole.ADMIN)
            found[name] = events_shown(tx, who, case, after=0).events
    return found


def test_custody_and_webhooks_carry_no_outcome(api: Api, first: Inspecting) -> None:
    case = first.view["inspection"]["case_id"]
    with api.service.records.begin("main", reading=True) as tx:
        (graded,) = [entry for entry in tx.custody.about(case) if entry.act.value == "grade"]
    assert graded.body["verdict"] == first.view["verdict"]["id"]
    assert graded.seq == first.view["verdict"]["entry"]
    assert "defect_confirmed" not in json.dumps(graded.body)
    assert SECRET not in json.dumps(graded.body)


def test_handing_it_over_does_not_open_their_eyes(api: Api, first: Inspecting, second: Inspecting) -> None:
    key = second.key
    second.good("/hand-over", {"to": f"station:{other_station(api)}"})
    told = api.ask("GET", first.path, key=key)
    assert (told.status_code, told.json()["code"]) == (403, "inspection.blind")


def other_station(api: Api) -> str:
    assert api.other_station
    return "S-OTHER"


def test_once_it_is_concluded_they_see_everything(api: Api, first: Inspecting, second: Inspecting) -> None:
    second.walk()
    second.good("/conclude", {"outcome": "no_quality_problem"})
    told = api.ask("GET", first.path, key=second.key).json()
    assert (told["hidden"], told["verdict"]["outcome"]) == (False, "defect_confirmed")
    assert api.ask("GET", f"{second.path}/comparison", key=second.key).json()["agree"] is False


def test_who_gives_a_second_look_up_and_reads_the_first_cannot_take_another(
    api: Api, first: Inspecting, second: Inspecting
) -> None:
    second.good("/abandon")
    assert api.ask("GET", first.path, key=second.key).json()["verdict"]["outcome"] == "defect_confirmed"
    again = api.ask("POST", f"{first.path}/second-look", key=second.key, json={})
    assert (again.status_code, again.json()["code"]) == (403, "inspection.same_person")


def test_who_looked_first_or_decided_cannot_look_again(api: Api, first: Inspecting) -> None:
    for key in (first.key, api.admin):
        told = api.ask("POST", f"{first.path}/second-look", key=key, json={})
        assert (told.status_code, told.json()["code"]) == (403, "inspection.same_person")
    waiting = look_again(first, api.admin, for_another=True)
    assert (waiting.view["inspection"]["state"], waiting.view["inspection"]["holder"]) == ("suspended", None)
    queue = api.ask("GET", "/v1/inspections", key=first.key, params={"state": "suspended", "limit": 200}).json()[
        "items"
    ]
    assert waiting.id in [one["id"] for one in queue]
    for key in (first.key, api.admin):
        waiting.key = key
        assert waiting.ask("POST", "/resume").json()["code"] == "inspection.same_person"
    waiting.key = first.key
    for tail, body in (("/abandon", None), ("/hand-over", {"to": "station:S-OTHER"})):
        told = waiting.ask("POST", tail, body)
        assert (told.status_code, told.json()["code"]) == (409, "inspection.held"), "theirs is what is looked at"
    handed = api.ask(
        "POST",
        f"{waiting.path}/hand-over",
        key=api.admin,
        headers={"If-Match": waiting.tag},
        json={"to": first.view["inspection"]["holder"]},
    )
    assert handed.json()["code"] == "inspection.same_person"
    waiting.key = api.other_station
    assert waiting.good("/resume")["step"]["id"] == "item"


def test_a_station_sees_answers_and_verdicts_of_its_own_inspections_only(api: Api, first: Inspecting) -> None:
    own = api.ask("GET", first.path, key=first.key).json()
    other = api.ask("GET", first.path, key=api.other_station).json()
    assert (own["hidden"], own["verdict"]["outcome"]) == (False, "defect_confirmed")
    assert (other["hidden"], other["verdict"], other["answers"], other["step"]) == (True, None, [], None)


def test_two_second_looks_at_once_are_one(api: Api, first: Inspecting, second: Inspecting) -> None:
    told = api.ask("POST", f"{first.path}/second-look", key=api.key(ApiRole.REVIEWER), json={})
    assert (told.status_code, told.json()["code"]) == (409, "inspection.under_way")
    unfinished = begun_inspection(api, api.admin)
    early = api.ask("POST", f"/v1/inspections/{unfinished}/second-look", key=api.key(ApiRole.REVIEWER), json={})
    assert (early.status_code, early.json()["code"]) == (409, "inspection.not_concluded")
