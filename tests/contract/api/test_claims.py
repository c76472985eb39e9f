"""Claims by the API: what is lacking, what is late, what is recommended, who signed, and that nothing is paid twice."""

import threading
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from sixfaces.domain.job import JobKind
from sixfaces.domain.people import ApiRole
from sixfaces.pipeline.ids import new_id
from sixfaces.pipeline.work.follow_course import follow_course, sweep_turns
from sixfaces.pipeline.work.running import Runner
from tests.contract.api.people import Api

NOW = datetime.now(UTC)
DAY = timedelta(days=1)


def claimed(api: Api, price: str = "199.00", *, reason: str = "no_reason", **said: Any) -> dict[str, Any]:  # noqa: ANN401 JSON
    """A case of an order of its own that came back; `said` replaces parts of the file."""
    item = {"title": "shirt", "category": "apparel", "quantity": 1, "price": price, "currency": "CNY"}
    base: dict[str, Any] = {
        "order": {"order_id": f"T-{new_id()}", "items": [item]},
        "claim": {"kind": "return_refund", "reason": reason, "opened_at": str(NOW - 2 * DAY)},
        "outbound_parcel": {"signed_at": str(NOW - 4 * DAY), "waybill": f"YT{new_id()[-12:]}"},
        "return_parcel": {"signed_at": str(NOW - DAY), "waybill": f"SF{new_id()[-12:]}"},
    }
    return api.new_case(**(base | said))


def follow(api: Api, *cases: dict[str, Any]) -> None:
    """Do the jobs that look at the course of these cases, until none is left."""
    runner = Runner(api.service, {JobKind.COURSE: follow_course}, "test")
    ids = {case["id"] for case in cases}
    for _ in range(5):
        with api.service.records.begin("main") as tx:
            due = [job.id for job in tx.jobs.due(limit=1000) if job.kind is JobKind.COURSE and job.subject in ids]
            jobs = [tx.jobs.claim(id, worker="test", lease=timedelta(minutes=1)) for id in due]
        for job in jobs:
            assert job is not None
            runner.run(job)
        if not jobs:
            return


def told(api: Api, case: dict[str, Any], part: str) -> Any:  # noqa: ANN401 JSON
    answer = api.ask("GET", f"/v1/cases/{case['id']}/{part}", key=api.admin)
    assert answer.status_code == 200, answer.text
    return answer.json()


def kinds(api: Api, case: dict[str, Any]) -> list[str]:
    return [entry["what"]["kind"] for entry in told(api, case, "chronicle")["items"]]


def decided(api: Api, case: dict[str, Any], **ruling: Any) -> httpx.Response:  # noqa: ANN401 JSON
    """By a reviewer who has looked at the recommendation."""
    path, key = f"/v1/cases/{case['id']}", api.held(ApiRole.REVIEWER)
    seen = api.ask("GET", f"{path}/recommendation", key=key).headers["etag"]
    return api.ask("POST", f"{path}/decisions", key=key, json=ruling, headers={"If-Match": seen})


def test_an_incomplete_claim_is_told_at_once_what_it_lacks(api: Api) -> None:
    case = claimed(
        api, reason="quality_defect", order={"items": []}, claim={"kind": "refund_only", "reason": "damaged"}
    )
    lacks = told(api, case, "claim")["lacks"]
    assert [one["field"] for one in lacks] == ["order.order_id", "order.items", "exhibits.buyer_photo"]
    assert lacks[-1]["of"] == "buyer"
    assert all(one["text"]["zh"] and one["text"]["en"] for one in lacks)


def test_a_claim_that_says_nothing_has_no_recommendation(api: Api) -> None:
    case = api.new_case()
    answer = api.ask("GET", f"/v1/cases/{case['id']}/recommendation", key=api.admin)
    assert (answer.status_code, answer.json()["code"]) == (422, "claim.incomplete")
    assert "claim.kind, claim.reason" in answer.json()["detail"]


def test_a_small_refund_closes_by_itself_and_says_by_which_row(api: Api) -> None:
    case = claimed(api, "19.90")
    follow(api, case)
    (decision,) = told(api, case, "decisions")["items"]
    assert decision["by"] == "policy:default@2026.1"
    assert (decision["remedy"], decision["refund"]) == ("return_refund", {"amount": "19.90", "currency": "CNY"})
    assert decision["recommendation"]["row"] == "no_reason_in_time_returned.return_refund"
    assert {"claim.completed", "decided", "refund.confirmed"} <= set(kinds(api, case))
    follow(api, case)
    assert len(told(api, case, "decisions")["items"]) == 1


def test_a_larger_one_waits_for_a_person_who_signs_it_as_recommended(api: Api) -> None:
    case = claimed(api)
    follow(api, case)
    assert told(api, case, "decisions")["items"] == []
    found = told(api, case, "recommendation")
    assert (found["remedy"], found["freight"], found["automatic"]) == ("return_refund", "buyer", False)
    made = decided(api, case)
    assert made.status_code == 201, made.text
    assert made.json()["by"].startswith("key:")
    assert told(api, case, "claim")["decision"]["id"] == made.json()["id"]


def test_who_decides_otherwise_says_why_and_supersedes_what_stood(api: Api) -> None:
    case = claimed(api)
    first = decided(api, case).json()
    silent = decided(api, case, remedy="none", supersedes=first["id"])
    assert (silent.status_code, silent.json()["code"]) == (422, "claim.reason_needed")
    late = decided(api, case, remedy="none", overrules="fraud", note="The parcel was empty.")
    assert (late.status_code, late.json()["code"]) == (409, "claim.superseded")
    second = decided(api, case, remedy="none", overrules="fraud", note="Empty.", supersedes=first["id"])
    assert second.status_code == 201, second.text
    assert [one["id"] for one in told(api, case, "decisions")["items"]] == [second.json()["id"], first["id"]]
    assert (second.json()["overrules"], second.json()["refund"]) == ("fraud", None)
    back = decided(api, case, supersedes=second.json()["id"])
    assert back.json()["refund"]["amount"] == "199.00"


def test_a_refund_is_never_more_than_the_goods_and_their_freight(api: Api) -> None:
    case = claimed(api)
    more = {"overrules": "goodwill", "note": "A good customer."}
    greedy = decided(api, case, refund={"amount": "199.01", "currency": "CNY"}, **more)
    assert (greedy.status_code, greedy.json()["code"]) == (422, "claim.too_much")
    kind = decided(api, case, remedy="compensate", refund={"amount": "300", "currency": "CNY"}, **more)
    assert kind.status_code == 201, kind.text


def test_two_claims_on_one_order_are_paid_for_one_piece_once(either: Api) -> None:
    api = either
    order = {"order_id": f"T-{new_id()}", "items": [{"quantity": 1, "price": "99.00", "currency": "CNY"}]}
    one, other = claimed(api, order=order), claimed(api, order=order)
    answers: list[httpx.Response] = []
    threads = [threading.Thread(target=lambda c=c: answers.append(decided(api, c))) for c in (one, other)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    paid = [answer.json()["refund"] for answer in answers if answer.status_code == 201]
    assert [money for money in paid if money] == [{"amount": "99.00", "currency": "CNY"}]
    refused = [answer for answer in answers if answer.status_code != 201]
    assert all(answer.json()["code"] in {"claim.moved", "claim.reason_needed"} for answer in refused)
    loser = next(case for case in (one, other) if not (told(api, case, "decisions")["items"] or [{}])[0].get("refund"))
    found = told(api, loser, "recommendation")
    assert found["remedy"] == "none"
    assert "D21" in found["reasons"][-1]["cites"]


def test_what_is_left_of_an_order_may_still_be_paid_for(api: Api) -> None:
    order = {"order_id": f"T-{new_id()}", "items": [{"quantity": 3, "price": "10.00", "currency": "CNY"}]}
    claim = {"kind": "return_refund", "reason": "no_reason", "opened_at": str(NOW - 2 * DAY)}
    two = claimed(api, order=order, claim=claim | {"lines": [{"line": 0, "quantity": 2}]})
    all_of_it = claimed(api, order=order, claim=claim)
    assert decided(api, two).json()["refund"]["amount"] == "20.00"
    assert decided(api, all_of_it).json()["refund"]["amount"] == "10.00"


def test_what_a_carrier_says_is_entered_once_into_the_cases_of_the_parcel(api: Api) -> None:
    waybill = f"SF{new_id()[-12:]}".upper()
    case = claimed(api, return_parcel={"waybill": waybill})
    event = {
        "waybill": waybill.lower(),
        "status": "signed",
        "at": str(NOW),
        "signed_by": "front_desk",
        "reference": "n-1",
    }
    for _ in range(2):
        answer = api.ask("POST", "/v1/carrier-events", key=api.held(ApiRole.BATCH), json=event)
        assert (answer.status_code, len(answer.json()["items"])) == (200, 1)
    entries = told(api, case, "chronicle")["items"]
    assert [(one["what"]["kind"], one["what"]["leg"], one["source"]) for one in entries] == [
        ("parcel.signed", "return", "carrier")
    ]
    assert told(api, case, "claim")["where"] == "with_seller"
    unknown = api.ask("POST", "/v1/carrier-events", key=api.admin, json=event | {"waybill": "NOBODY1"})
    assert unknown.json() == {"items": []}


def test_a_carrier_may_write_the_waybill_full_width_with_hyphens(api: Api) -> None:
    number = f"SF-{new_id()[-12:]}".upper()
    case = claimed(api, return_parcel={"waybill": number.replace("-", "")})
    full_width = number.translate({code: code + 0xFEE0 for code in range(0x21, 0x7F)})
    event = {"waybill": full_width, "status": "came_back", "at": str(NOW), "reference": "n-1"}
    assert api.ask("POST", "/v1/carrier-events", key=api.admin, json=event).status_code == 200
    assert [one["what"]["kind"] for one in told(api, case, "chronicle")["items"]] == ["parcel.came_back"]


def test_any_code_of_a_parcel_finds_its_case_and_nobody_elses(api: Api) -> None:
    case = claimed(api)
    file = case["file"]
    codes = [
        file["case_id"], file["order"]["order_id"], file["return_parcel"]["waybill"],
        file["outbound_parcel"]["waybill"].lower(), case["id"], f"https://shop.example/s/{case['id']}?lang=zh",
    ]  # fmt: skip
    for code in codes:
        answer = api.ask("GET", "/v1/scan", key=api.held(ApiRole.STATION), params={"code": code})
        assert [one["id"] for one in answer.json()["items"]] == [case["id"]], code
        assert api.ask("GET", "/v1/scan", key=api.stranger, params={"code": code}).json() == {"items": []}


def test_a_late_clock_is_told_once_and_says_why(api: Api) -> None:
    case = claimed(api)
    follow(api, case)
    sweep_turns(api.service)
    follow(api, case)
    entries = [entry["what"] for entry in told(api, case, "chronicle")["items"]]
    late = [entry for entry in entries if entry["kind"] == "clock.told" and entry["code"] == "first_reply"]
    assert [one["state"] for one in late] == ["breached"]
    clocks = {one["code"]: one for one in told(api, case, "claim")["clocks"]}
    assert "late" in clocks["first_reply"]["why"]["en"]
    assert "已超时" in clocks["first_reply"]["why"]["zh"]


REVIEWED = {"kind": "reviewed", "agreed": True}
TOLD = {"kind": "clock.told", "code": "first_reply", "state": "breached", "since": str(NOW - DAY)}


@pytest.mark.parametrize(
    ("entry", "code"),
    [
        ({"what": {"kind": "decided", "decision": new_id(), "remedy": "none"}, "source": "seller"}, "claim.own_entry"),
        ({"what": TOLD, "source": "platform"}, "claim.own_entry"),
        ({"what": REVIEWED, "source": "seller", "at": str(NOW + DAY)}, "claim.from_the_future"),
        ({"what": REVIEWED | {"x": 1}, "source": "seller"}, "request.invalid"),
        ({"what": {"kind": "unheard_of"}, "source": "seller"}, "request.invalid"),
    ],
)  # fmt: skip
def test_what_cannot_have_happened_is_not_entered(api: Api, entry: dict[str, Any], code: str) -> None:
    case = claimed(api)
    answer = api.ask("POST", f"/v1/cases/{case['id']}/chronicle", key=api.admin, json=entry)
    assert (answer.status_code, answer.json()["code"]) == (422, code)
    assert kinds(api, case) == []


def test_a_reply_keeps_the_clock_and_striking_it_takes_that_back(api: Api) -> None:
    case = claimed(api, claim={"kind": "return_refund", "reason": "no_reason", "opened_at": str(NOW)})
    path, key = f"/v1/cases/{case['id']}/chronicle", api.held(ApiRole.REVIEWER)
    replied = {"what": {"kind": "replied", "by": "seller"}, "source": "seller", "reference": "m-1"}
    first = api.ask("POST", path, key=key, json=replied)
    again = api.ask("POST", path, key=key, json=replied)
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json()["id"] == again.json()["id"]
    states = {one["code"]: one["state"] for one in told(api, case, "claim")["clocks"]}
    assert states["first_reply"] == "kept"
    struck = {"kind": "struck", "entry": first.json()["id"], "why": "Sent to another buyer."}
    assert api.ask("POST", path, key=key, json={"what": struck, "source": "seller"}).status_code == 201
    states = {one["code"]: one["state"] for one in told(api, case, "claim")["clocks"]}
    assert states["first_reply"] in {"running", "warned"}


def test_the_log_holds_the_digest_of_each_entry_and_decision(api: Api) -> None:
    case = claimed(api, "9.00")
    follow(api, case)
    acts = _acts(api, case)
    assert acts.count("decide") == 1
    assert acts.count("record") == len(told(api, case, "chronicle")["items"]) > 3


def _acts(api: Api, case: dict[str, Any]) -> list[str]:
    with api.service.records.begin("main", reading=True) as tx:
        return [entry.act.value for entry in tx.custody.about(case["id"])]
