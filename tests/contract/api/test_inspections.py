"""Inspections by the API: real stories from the first step to the verdict, and what is refused on the way."""

import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from sixfaces.domain.identity import Person
from sixfaces.domain.inspection import InspectionState
from sixfaces.domain.pages import Page
from sixfaces.domain.people import ApiRole
from sixfaces.domain.webhook_ports import DeliveryQuery
from sixfaces.pipeline.ids import new_id
from sixfaces.pipeline.inspections import standards
from sixfaces.pipeline.inspections.standards import Standards, categories_above
from sixfaces.pipeline.persons import person_id
from sixfaces.rulebook.grades import GRADES
from sixfaces.rulebook.sops import DATA, SOPS
from tests.contract.api.inspecting import Inspecting, Json, begin, bought, look_again
from tests.contract.api.people import Api

SOON = datetime.now(UTC) + timedelta(days=3)


def concluded(one: Inspecting, **said: Any) -> Json:  # noqa: ANN401 JSON
    """Conclude as suggested, or as said."""
    found = one.good("/conclude", {"outcome": one.view["suggested"]["outcome"], **said})["verdict"]
    assert isinstance(found, dict)
    return found


def test_a_scratched_phone_that_works_has_no_quality_problem_and_is_not_as_new(api: Api) -> None:
    one = begin(api, bought(api, "electronics.phone"))
    asked = one.walk(appearance="scratched")
    assert asked[:3] == ["imei", "power", "battery_shape"]
    assert {"account", "display", "touch", "cameras", "charging"} <= set(asked)
    verdict = concluded(one)
    assert (verdict["outcome"], verdict["fit"], verdict["grade"]) == ("no_quality_problem", False, "B")
    assert verdict["disposition"] == "refurbish"
    assert verdict["shown"] is True
    assert [defect["place"] for defect in verdict["defects"]] == ["screen"]
    assert one.view["suggested"]["elsewhere"] == {"marketplace": "USED_LIKE_NEW", "secondhand": "N99"}


def test_a_phone_that_does_not_start_is_not_asked_what_needs_power(api: Api) -> None:
    one = begin(api, bought(api, "electronics.phone.foldable"))
    asked = one.walk(power="dead")
    assert not {"account", "display", "network"} & set(asked)
    assert "diagnosis" in asked
    assert concluded(one)["outcome"] == "defect_confirmed"


def test_clothing_that_bleeds_is_tested_in_a_second_place_by_a_senior(api: Api) -> None:
    station = api.held(ApiRole.STATION)
    one = begin(api, bought(api, "apparel.dress"), key=station)
    asked = one.walk(rub_test="bleeds")
    assert "second_place" not in asked
    assert one.view["waits_for"] == ["senior"]
    assert one.ask("POST", "/conclude", {"outcome": "defect_confirmed"}).json()["code"] == "inspection.unanswered"
    turn = one.api.ask(
        "POST", f"{one.path}/answers", key=station, headers={"If-Match": one.tag}, json={"step": "second_place"}
    )
    assert (turn.status_code, turn.json()["code"]) == (409, "inspection.not_its_turn")
    one.good("/suspend")
    one.key = api.held(ApiRole.REVIEWER)
    one.good("/resume")
    assert one.walk(second_place="bleeds") == ["second_place"]
    verdict = concluded(one)
    assert (verdict["outcome"], verdict["grade"], verdict["fit"]) == ("defect_confirmed", "C", False)
    assert verdict["disposition"] == "return_to_vendor"


def test_opened_cosmetics_are_never_sold_again(api: Api) -> None:
    one = begin(api, bought(api, "cosmetics"))
    asked = one.walk(seal="broken")
    assert {"content", "weight", "pump"} <= set(asked)
    verdict = concluded(one)
    assert (verdict["outcome"], verdict["fit"], verdict["disposition"]) == ("used", False, "destroy")


def test_rotten_fruit_is_a_defect_and_worthless(api: Api) -> None:
    one = begin(api, bought(api, "food.fresh"))
    one.walk(state=["rotten", "mould"], arrival=2.0)
    verdict = concluded(one)
    assert (verdict["outcome"], verdict["fit"], verdict["disposition"]) == ("defect_confirmed", False, "destroy")


def test_another_serial_number_is_a_swapped_article(api: Api) -> None:
    one = begin(api, bought(api, "electronics.tablet", serials=["SN-1"]))
    assert one.view["inspection"]["sop"] == "electronics.general"
    one.walk(serial="differs")
    verdict = concluded(one)
    assert (verdict["outcome"], verdict["disposition"]) == ("swapped", "hold")


def test_a_missing_accessory_is_incomplete(api: Api) -> None:
    one = begin(api, bought(api, "electronics.phone"))
    one.walk(accessories="charger_missing")
    assert concluded(one)["outcome"] == "incomplete"


def test_doubts_about_a_luxury_bag_are_referred_and_answered_by_the_chronicle(api: Api) -> None:
    case = bought(api, "luxury.bags")
    one = begin(api, case)
    one.walk(authenticity="doubtful")
    assert one.view["suggested"]["outcome"] == "referred"
    plain = one.ask("POST", "/conclude", {"outcome": "referred"})
    assert (plain.status_code, plain.json()["code"]) == (422, "inspection.refer")
    late = one.ask("POST", "/refer", {"to": "supplier", "until": "2026-01-01T00:00:00Z"})
    assert (late.status_code, late.json()["code"]) == (422, "inspection.deadline")
    one.good("/refer", {"to": "service_point", "until": SOON.isoformat()})
    assert (one.view["verdict"]["outcome"], one.view["inspection"]["state"]) == ("referred", "concluded")
    assert _found(api, case) == "referred"
    answer = {"kind": "referral.answered", "by": "service_point", "defect": True, "text": "仿品，见鉴定书。"}
    told = api.ask(
        "POST", f"/v1/cases/{case['id']}/chronicle", key=one.key, json={"what": answer, "source": "service_point"}
    )
    assert told.status_code == 201, told.text
    assert _found(api, case) == "defect_confirmed"
    verdict = one.ask("GET").json()["verdict"]
    assert (verdict["fit"], verdict["grade"], verdict["disposition"]) == (None, None, "hold")
    assert [kind for kind in _kinds(api, case) if kind != "claim.completed"] == [
        "inspected",
        "referred",
        "referral.answered",
    ]


def test_goods_that_were_referred_and_are_in_order_are_fit_and_looked_at_afresh(api: Api) -> None:
    case = bought(api, "luxury.bags", price="8800.00")
    one = begin(api, case)
    one.walk(authenticity="doubtful")
    one.good("/refer", {"to": "service_point", "until": SOON.isoformat()})
    early = api.ask("POST", "/v1/inspections", key=one.key, json={"case": case["id"]})
    assert (early.status_code, early.json()["code"]) == (409, "inspection.looked_at")
    answer = {"kind": "referral.answered", "by": "service_point", "defect": False, "text": "正品。"}
    told = api.ask(
        "POST", f"/v1/cases/{case['id']}/chronicle", key=one.key, json={"what": answer, "source": "service_point"}
    )
    assert told.status_code == 201, told.text
    situation = api.ask("GET", f"/v1/cases/{case['id']}/recommendation", key=api.admin).json()["situation"]
    assert (situation["found"], situation["fit"]) == ("no_quality_problem", True)
    again = begin(api, case)
    again.walk()
    verdict = concluded(again)
    assert (verdict["fit"], verdict["grade"], verdict["disposition"]) == (True, "NEW", "restock")
    assert _found(api, case) == "no_quality_problem"


def _agreed(api: Api, sop: str) -> dict[str, int]:
    """How many second looks by a SOP there are and how they went, those of other tests among them."""
    told = api.ask("GET", "/v1/inspections/agreement", key=api.admin, params={"sop": sop}).json()
    return {name: told[name] for name in ("pairs", "agree", "overturned")}


def test_a_first_look_that_found_nothing_is_overturned_by_a_second_and_both_stay(api: Api) -> None:
    case = bought(api, "footwear")
    before = _agreed(api, "footwear")
    first = begin(api, case, key=api.held(ApiRole.STATION))
    first.walk()
    assert concluded(first)["outcome"] == "no_quality_problem"
    second = look_again(first, api.held(ApiRole.REVIEWER))
    second.walk(glue="off")
    assert concluded(second)["outcome"] == "defect_confirmed"
    assert _found(api, case) == "disputed"
    told = api.ask("GET", f"{second.path}/comparison", key=api.admin).json()
    assert (told["agree"], told["overturned"]) == (False, True)
    assert [(one["step"], one["defects"]) for one in told["steps"]] == [("glue", ["sole_off"])]
    assert 0.9 < told["alike"] < 1
    after = _agreed(api, "footwear")
    assert {name: after[name] - before[name] for name in after} == {"pairs": 1, "agree": 0, "overturned": 1}
    held = api.ask("GET", "/v1/inspections", key=api.admin, params={"case": case["id"]}).json()["items"]
    assert [(one["state"], one["second_of"]) for one in held] == [("concluded", first.id), ("concluded", None)]


def test_who_concludes_otherwise_than_suggested_says_why(api: Api) -> None:
    one = begin(api, bought(api, "home"))
    one.walk()
    silent = one.ask("POST", "/conclude", {"outcome": "used"})
    assert (silent.status_code, silent.json()["code"]) == (422, "inspection.reason_needed")
    graded = one.ask("POST", "/conclude", {"outcome": "no_quality_problem", "grade": "C"})
    assert "grade" in graded.json()["detail"]
    wrong = one.ask("POST", "/conclude", {"outcome": "no_quality_problem", "grade": "Z", "reason": "x"})
    assert (wrong.status_code, wrong.json()["code"]) == (422, "inspection.grade")
    verdict = concluded(one, outcome="used", grade="C", reason="螺丝孔有拧痕，步骤未覆盖。")
    assert (verdict["outcome"], verdict["suggested"], verdict["fit"]) == ("used", "no_quality_problem", False)
    assert verdict["grade"] == "C"


def test_an_answer_changed_later_closes_and_opens_steps_and_nothing_is_lost(api: Api) -> None:
    one = begin(api, bought(api, "cosmetics"))
    one.walk(seal="broken", content="used")
    assert one.view["suggested"]["outcome"] == "used"
    step = next(step for step in one.standard()["steps"] if step["id"] == "seal")
    assert one.answer(**one.well(step, "sealed")).status_code == 200
    assert one.view["suggested"]["outcome"] == "no_quality_problem"
    again = one.ask("POST", "/answers", {"step": "content", "values": ["untouched"]})
    assert (again.status_code, again.json()["code"]) == (409, "inspection.not_its_turn")
    given = [answer["step"] for answer in one.view["answers"]]
    assert given.count("seal") == 2
    assert "content" in given


def test_two_who_answer_at_once_do_not_overwrite_each_other(api: Api) -> None:
    one = begin(api, bought(api, "books"))
    body = one.well(one.view["step"])
    old = one.tag
    assert one.answer(**body).status_code == 200
    late = one.ask("POST", "/answers", body, **{"If-Match": old})
    assert (late.status_code, late.json()["code"]) == (412, "request.stale")
    bare = api.ask("POST", f"{one.path}/answers", key=one.key, json=body)
    assert (bare.status_code, bare.json()["code"]) == (428, "request.match_needed")
    other = api.ask("POST", f"{one.path}/answers", key=api.admin, headers={"If-Match": one.tag}, json=body)
    assert (other.status_code, other.json()["code"]) == (409, "inspection.held")


def test_a_line_has_one_inspection_at_a_time_and_one_first_look(api: Api) -> None:
    case = bought(api, "toys")
    one = begin(api, case)
    again = {"case": case["id"]}
    busy = api.ask("POST", "/v1/inspections", key=api.admin, json=again)
    assert (busy.status_code, busy.json()["code"]) == (409, "inspection.under_way")
    one.walk()
    concluded(one)
    done = api.ask("POST", "/v1/inspections", key=api.admin, json=again)
    assert (done.status_code, done.json()["code"]) == (409, "inspection.looked_at")
    assert one.ask("POST", "/suspend").json()["code"] == "inspection.state"


def test_what_is_given_up_leaves_the_line_free_and_its_answers_stay(api: Api) -> None:
    case = bought(api, "toys")
    one = begin(api, case, key=api.held(ApiRole.STATION))
    one.answer(**one.well(one.view["step"]))
    by_senior = api.ask("POST", f"{one.path}/abandon", key=api.admin, headers={"If-Match": one.tag})
    assert by_senior.status_code == 200, by_senior.text
    assert len(by_senior.json()["answers"]) == 1
    begin(api, case)


def test_it_is_handed_to_a_station_that_there_is(api: Api) -> None:
    assert api.other_station
    one = begin(api, bought(api, "toys"))
    nobody = one.ask("POST", "/hand-over", {"to": "station:S-NONE"})
    assert (nobody.status_code, nobody.json()["code"]) == (422, "inspection.nobody")
    one.good("/hand-over", {"to": "station:S-OTHER"})
    one.key = api.other_station
    assert one.ask("GET").json()["step"]["id"] == "item"
    found = api.ask("GET", "/v1/inspections", key=one.key, params={"holder": "station:S-OTHER", "state": "open"})
    assert one.id in [item["id"] for item in found.json()["items"]]


def test_nothing_is_handed_to_a_person_who_is_let_in_no_more(api: Api) -> None:
    one, issuer = begin(api, bought(api, "toys")), "https://login.example"
    id = person_id(issuer, "gone")
    with api.service.records.begin("main") as tx:
        gone = Person(
            id=id, tenant="main", issuer=issuer, subject="gone", role=ApiRole.REVIEWER, first_seen_at=tx.now,
            last_seen_at=tx.now,
        )  # fmt: skip
        tx.people.seen(gone)
        tx.people.block(id, blocked=True)
    told = one.ask("POST", "/hand-over", {"to": f"person:{id}"})
    assert (told.status_code, told.json()["code"]) == (422, "inspection.nobody")
    with api.service.records.begin("main") as tx:
        tx.people.block(id, blocked=False)
    assert one.good("/hand-over", {"to": f"person:{id}"})["inspection"]["holder"] == f"person:{id}"


def test_what_was_found_is_told_to_both_sides_watchers_and_endpoints(api: Api) -> None:
    new = {"url": f"https://shop.example/{new_id()}", "kinds": ["case.changed"]}
    made = api.ask("POST", "/v1/webhooks", key=api.admin, json=new)
    assert made.status_code == 201, made.text
    endpoint = made.json()["id"]
    line = {"title": "bag", "quantity": 1, "price": "199.00", "currency": "CNY", "category": "luxury"}
    contacts = {"buyer": "ming@mail.example", "seller": "shop@mail.example"}
    claim = {"kind": "return_refund", "reason": "quality_defect"}
    case = api.new_case(
        order={"order_id": f"T-{new_id()}", "items": [line]}, claim=claim, contacts=contacts
    )  # fmt: skip
    first = begin(api, case, key=api.held(ApiRole.STATION))
    first.walk()
    concluded(first)
    second = look_again(first, api.held(ApiRole.REVIEWER))
    second.walk(authenticity="doubtful")
    second.good("/refer", {"to": "service_point", "until": SOON.isoformat()})
    notices = api.ask("GET", "/v1/notices", key=api.admin, params={"case_id": case["id"]}).json()["items"]
    assert sorted((one["kind"], one["party"]) for one in notices if one["kind"] == "inspected") == [
        ("inspected", "buyer"), ("inspected", "buyer"), ("inspected", "seller"), ("inspected", "seller"),
    ]  # fmt: skip
    entries = [kind for kind in _kinds(api, case) if kind != "claim.completed"]
    assert entries == ["inspected", "inspected", "referred"]
    with api.service.records.begin("main", reading=True) as tx:
        events = [one.body["kind"] for one in tx.events.since(0, case_id=case["id"]) if one.kind == "chronicle.added"]
        told = tx.webhooks.deliveries(endpoint, DeliveryQuery(), Page(limit=200))
    assert [kind for kind in events if kind != "claim.completed"] == entries
    about = [one.payload["data"] for one in reversed(told) if one.payload["data"]["case"] == case["id"]]
    assert [one["kind"] for one in about if one["kind"] != "claim.completed"] == entries


def test_however_often_a_line_was_given_up_its_first_look_is_known(api: Api) -> None:
    case = bought(api, "toys")
    one = begin(api, case)
    one.walk()
    concluded(one)
    with api.service.records.begin("main") as tx:
        known = tx.inspections.get(one.id)
        assert known is not None
        for _ in range(201):
            tx.inspections.add(known.model_copy(update={"id": new_id(), "state": InspectionState.ABANDONED}))
    again = api.ask("POST", "/v1/inspections", key=api.admin, json={"case": case["id"]})
    assert (again.status_code, again.json()["code"]) == (409, "inspection.looked_at")
    knowing = api.ask("POST", f"{one.path}/second-look", key=one.key, json={})
    assert (knowing.status_code, knowing.json()["code"]) == (403, "inspection.same_person")


def test_goods_of_no_known_category_are_inspected_by_a_standard_that_is_named(api: Api) -> None:
    case = bought(api, "运动户外")
    unknown = api.ask("POST", "/v1/inspections", key=api.admin, json={"case": case["id"]})
    assert (unknown.status_code, unknown.json()["code"]) == (422, "inspection.no_sop")
    assert "electronics.phone" in str(unknown.json())
    none = api.ask("POST", "/v1/inspections", key=api.admin, json={"case": case["id"], "sop": "sports"})
    assert none.json()["code"] == "inspection.no_sop"
    far = api.ask("POST", "/v1/inspections", key=api.admin, json={"case": case["id"], "line": 1})
    assert (far.status_code, far.json()["code"]) == (422, "inspection.no_line")
    assert begin(api, case, sop="general").view["title"]["en"] == "General"


def test_the_nearest_category_above_is_tried_first() -> None:
    assert list(categories_above("Electronics.Phone.case")) == [
        "electronics.phone.case", "electronics.phone.case.general", "electronics.phone", "electronics.phone.general",
        "electronics", "electronics.general",
    ]  # fmt: skip
    assert list(categories_above("")) == []


def test_an_inspection_ends_with_the_edition_that_it_began_with(
    api: Api, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = (DATA / "toys-2026.1.toml").read_text("utf-8")
    (tmp_path / "toys-2026.1.toml").write_text(text, "utf-8")
    monkeypatch.setattr(standards, "STANDARDS", Standards(SOPS._replace(folder=tmp_path)))
    one = begin(api, bought(api, "toys"))
    newer = text.replace('"2026.1"', '"2026.2"').replace('id = "marks"', 'id = "certificates"')
    (tmp_path / "toys-2026.2.toml").write_text(newer, "utf-8")
    asked = one.walk()
    assert "marks" in asked
    concluded(one)
    other = begin(api, bought(api, "toys"))
    assert other.view["inspection"]["sop_version"] == "2026.2"
    restarted = tmp_path / "restarted"  # editions are read once: a server that comes up again sees what was changed
    restarted.mkdir()
    (restarted / "toys-2026.2.toml").write_text(newer.replace("玩具", "儿童玩具"), "utf-8")
    monkeypatch.setattr(standards, "STANDARDS", Standards(SOPS._replace(folder=restarted)))
    told = other.ask("GET")
    assert (told.status_code, told.json()["code"]) == (409, "inspection.sop_changed")


def test_an_inspection_ends_with_the_grades_that_its_standard_names(
    api: Api, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = begin(api, bought(api, "toys"))
    for path in GRADES.folder.glob("*.toml"):
        (tmp_path / path.name).write_text(path.read_text("utf-8"), "utf-8")
    newer = (GRADES.folder / "abcd-2026.1.toml").read_text("utf-8").replace('"2026.1"', '"2026.2"')
    (tmp_path / "abcd-2026.2.toml").write_text(newer.replace("restock", "donate"), "utf-8")
    monkeypatch.setattr(standards, "STANDARDS", Standards(grades=GRADES._replace(folder=tmp_path)))
    one.walk()
    verdict = concluded(one)
    assert (verdict["scheme"], verdict["disposition"]) == ("abcd@2026.1", "restock")


def test_a_closed_case_is_inspected_no_more(api: Api) -> None:
    case = bought(api, "toys")
    one = begin(api, case)
    assert api.ask("POST", f"/v1/cases/{case['id']}/close", key=api.admin).status_code == 200
    told = one.answer(**one.well(one.view["step"]))
    assert (told.status_code, told.json()["code"]) == (409, "request.closed")


def test_the_same_answer_sent_again_under_its_key_is_one_answer(api: Api) -> None:
    one = begin(api, bought(api, "toys"))
    key, body, tag = new_id(), one.well(one.view["step"]), one.tag
    sent = {"If-Match": tag, "Idempotency-Key": key}
    first, again = (api.ask("POST", f"{one.path}/answers", key=one.key, headers=sent, json=body) for _ in range(2))
    assert (first.status_code, again.content) == (200, first.content)
    assert len(again.json()["answers"]) == 1


def test_the_standards_and_grades_are_shown(api: Api) -> None:
    key = api.held(ApiRole.STATION)
    sops = api.ask("GET", "/v1/sops", key=key).json()["items"]
    assert len(sops) == 12
    one = api.ask("GET", "/v1/sops/luxury", key=key).json()
    assert one["digest"] == next(sop["digest"] for sop in sops if sop["name"] == "luxury")
    assert api.ask("GET", "/v1/sops/nothing", key=key).status_code == 404
    assert {one["name"] for one in api.ask("GET", "/v1/grades", key=key).json()["items"]} == {
        "abcd",
        "marketplace",
        "secondhand",
    }
    assert api.ask("GET", "/v1/grades/nothing", key=key).status_code == 404


def test_endpoints_are_told_that_an_inspection_was_recorded_by_ids_alone(api: Api) -> None:
    new = {"url": f"https://shop.example/{new_id()}", "kinds": ["qc.recorded"]}
    endpoint = api.ask("POST", "/v1/webhooks", key=api.admin, json=new).json()["id"]
    one = begin(api, bought(api, "toys"))
    one.walk()
    verdict = concluded(one)
    (told,) = api.ask("GET", f"/v1/webhooks/{endpoint}/deliveries", key=api.admin).json()["items"]
    whole = api.ask("GET", f"/v1/webhooks/{endpoint}/deliveries/{told['id']}", key=api.admin).json()
    case = one.view["inspection"]["case_id"]
    said = {"case": case, "inspection": one.id, "verdict": verdict["id"], "line": 0, "second_look": False}
    assert whole["payload"]["data"] == said


def test_the_machine_shows_what_it_saw_beside_a_step_to_those_who_may_see_the_report(api: Api) -> None:
    one = begin(api, {"id": api.own.case}, sop="toys")
    assert one.view["step"]["machine"] == "consistency.item"
    assert {seen["rule"] for seen in one.view["seen"]} == {"consistency.item"}
    assert one.view["answers"] == []
    assert api.other_station
    one.good("/hand-over", {"to": "station:S-OTHER"})
    one.key = api.other_station
    told = one.ask("GET").json()
    assert (told["step"]["id"], told["seen"]) == ("item", [])
    one.good("/abandon")


def test_verdicts_that_come_at_once_carry_their_own_number_in_the_log(either: Api) -> None:
    key = either.key(ApiRole.ADMIN)
    ready = [begin(either, bought(either, "toys"), key=key) for _ in range(5)]
    for one in ready:
        one.walk()
    threads = [threading.Thread(target=concluded, args=(one,)) for one in ready]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    verdicts = [one.view["verdict"] for one in ready]
    with either.service.records.begin("main", reading=True) as tx:
        entered = [next(iter(tx.custody.entries(first=one["entry"], limit=1))) for one in verdicts]
    assert [(entry.act.value, entry.body["verdict"]) for entry in entered] == [("grade", one["id"]) for one in verdicts]


def test_of_two_who_begin_on_one_line_at_once_one_is_told_of_the_other(either: Api) -> None:
    case, key = bought(either, "toys")["id"], either.key(ApiRole.ADMIN)
    told: list[int] = []

    def try_it() -> None:
        told.append(either.ask("POST", "/v1/inspections", key=key, json={"case": case}).status_code)

    threads = [threading.Thread(target=try_it) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(told) == [201, 409, 409, 409]


def _found(api: Api, case: Json) -> str:
    told = api.ask("GET", f"/v1/cases/{case['id']}/recommendation", key=api.admin)
    assert told.status_code == 200, told.text
    return str(told.json()["situation"]["found"])


def _kinds(api: Api, case: Json) -> list[str]:
    told = api.ask("GET", f"/v1/cases/{case['id']}/chronicle", key=api.admin).json()["items"]
    return [entry["what"]["kind"] for entry in told]
