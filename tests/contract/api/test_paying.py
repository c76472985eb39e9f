"""What a decision may give, and that nothing is given twice: pieces, money, currencies, and what was paid already."""

from typing import Any

import httpx
import pytest

from sixfaces.domain.filing import CaseState
from sixfaces.domain.people import ApiRole
from sixfaces.pipeline.ids import new_id
from tests.contract.api.people import FILM, Api
from tests.contract.api.test_claims import DAY, NOW, claimed, decided, follow, kinds, told

WHY = {"overrules": "goodwill", "note": "A good customer."}
NO_REASON = {"kind": "return_refund", "reason": "no_reason", "opened_at": str(NOW - 2 * DAY)}


def cny(amount: str) -> dict[str, str]:
    return {"amount": amount, "currency": "CNY"}


def entered(api: Api, case: dict[str, Any], what: dict[str, Any], **said: Any) -> httpx.Response:  # noqa: ANN401 JSON
    key = said.pop("key", None) or api.admin
    body = {"what": what, "source": "seller"} | said
    return api.ask("POST", f"/v1/cases/{case['id']}/chronicle", key=key, json=body)


def refused(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]


def of_one_order(*names: str, **said: Any) -> dict[str, Any]:  # noqa: ANN401 JSON
    items = [{"sku": name, "quantity": 1, "price": "99.00", "currency": "CNY"} for name in names]
    return {"order_id": f"T-{new_id()}", "items": items, **said}


def test_a_persons_refund_is_capped_also_where_the_machine_recommends_none(either: Api) -> None:
    case = claimed(either, reason="quality_defect")
    assert told(either, case, "recommendation")["remedy"] in {"ask_person", "none"}
    for money, code in (
        (cny("1000000"), "claim.too_much"),
        ({"amount": "199", "currency": "KWD"}, "claim.currency"),
        (cny("10.001"), "claim.too_fine"),
    ):
        answer = decided(either, case, remedy="return_refund", refund=money, **WHY)
        assert refused(answer) == (422, code)
    made = decided(either, case, remedy="return_refund", refund=cny("199.00"), **WHY)
    assert (made.status_code, made.json()["units"]) == (201, [{"line": 0, "piece": 0}])


def test_money_beside_a_remedy_that_brings_none_is_refused(api: Api) -> None:
    case = claimed(api, outbound_parcel={"signed_at": str(NOW - 20 * DAY)})
    assert told(api, case, "recommendation")["remedy"] == "none"
    assert refused(decided(api, case, refund=cny("5"), **WHY)) == (422, "claim.pays_nothing")
    assert refused(decided(api, case, remedy="exchange", refund=cny("5"), **WHY)) == (422, "claim.pays_nothing")
    assert kinds(api, case) == []


def test_who_is_asked_and_names_no_remedy_is_told_to_name_one(api: Api) -> None:
    case = claimed(api, reason="quality_defect", claim={"kind": "return_refund", "reason": "quality_defect"})
    assert told(api, case, "recommendation")["remedy"] == "ask_person"
    assert refused(decided(api, case, **WHY)) == (422, "claim.remedy_needed")


def test_without_its_order_or_goods_nothing_goes_back(api: Api) -> None:
    case = claimed(api, order={"items": [{"price": "9.00", "currency": "CNY"}]})
    answer = decided(api, case, remedy="refund_only", refund=cny("5.00"), **WHY)
    assert refused(answer) == (422, "claim.incomplete")
    assert "order.order_id" in answer.json()["detail"]


@pytest.mark.parametrize("first", ["compensate", "exchange", "refund_only"])
def test_whatever_was_given_for_a_piece_is_not_given_again(either: Api, first: str) -> None:
    order = of_one_order("A")
    one, other = claimed(either, order=order), claimed(either, order=order)
    refund = {} if first == "exchange" else {"refund": cny("99.00")}
    assert decided(either, one, remedy=first, **refund, **WHY).status_code == 201
    found = told(either, other, "recommendation")
    assert (found["remedy"], found["reasons"][-1]["cites"]) == ("none", ["D21"])
    again = decided(either, other, remedy="return_refund", refund=cny("99.00"), **WHY)
    assert refused(again) == (409, "claim.paid_already")


def test_a_small_compensation_leaves_the_rest_to_be_refunded(either: Api) -> None:
    order = of_one_order("A")
    one, other = claimed(either, order=order), claimed(either, order=order)
    assert decided(either, one, remedy="compensate", refund=cny("9.00"), **WHY).status_code == 201
    assert told(either, other, "recommendation")["refund"] == cny("90.00")
    more = decided(either, other, refund=cny("90.01"), **WHY)
    assert refused(more) == (422, "claim.too_much")
    assert decided(either, other).status_code == 201


def test_what_lies_with_the_buyer_stays_paid_for_when_the_decision_is_superseded(either: Api) -> None:
    order = of_one_order("A")
    one, other = claimed(either, order=order), claimed(either, order=order)
    first = decided(either, one).json()
    paid = {"kind": "refund.paid", "money": cny("99.00")}
    assert entered(either, one, paid).status_code == 201
    second = decided(either, one, remedy="none", supersedes=first["id"], **WHY).json()
    assert told(either, other, "recommendation")["remedy"] == "none"
    assert refused(decided(either, other, remedy="refund_only", refund=cny("99.00"), **WHY))[1] == "claim.paid_already"
    back = {"kind": "refund.returned", "money": cny("99.00")}
    assert entered(either, one, back).status_code == 201
    assert decided(either, one, remedy="none", supersedes=second["id"], **WHY).status_code == 201
    assert decided(either, other).json()["refund"] == cny("99.00")


def test_orders_of_one_number_on_two_platforms_are_two(either: Api) -> None:
    order = of_one_order("A")
    one, other = (claimed(either, order=order, platform=name) for name in ("tmall", "shopify"))
    third = claimed(either, order=order, platform="tmall")
    unnamed = claimed(either, order=order)
    assert decided(either, one).status_code == 201
    assert decided(either, other).status_code == 201
    assert told(either, third, "recommendation")["remedy"] == "none"
    assert told(either, unnamed, "recommendation")["remedy"] == "none", "it may be of either"


def test_a_piece_is_the_same_wherever_a_case_lists_it(either: Api) -> None:
    both = of_one_order("X", "Y")
    only = both | {"items": both["items"][1:]}
    of_y = claimed(either, order=both, claim=NO_REASON | {"lines": [{"line": 1}]})
    again = claimed(either, order=only)
    assert decided(either, of_y).json()["refund"] == cny("99.00")
    found = told(either, again, "recommendation")
    assert (found["refund"], found["automatic"]) == (None, False)
    answer = decided(either, again, remedy="return_refund", refund=cny("99.00"), **WHY)
    assert refused(answer) == (409, "claim.order_lines")
    assert of_y["id"] in answer.json()["detail"]


def test_a_superseded_refund_is_no_longer_due(api: Api) -> None:
    case = claimed(api)
    first = decided(api, case).json()
    clocks = {one["code"]: one["state"] for one in told(api, case, "claim")["clocks"]}
    assert clocks["refund_paid"] == "running"
    same = decided(api, case, liable="seller", supersedes=first["id"], **WHY).json()
    assert kinds(api, case).count("refund.confirmed") == 1, "the same money is owed since it was confirmed first"
    less = decided(api, case, refund=cny("150.00"), supersedes=same["id"], **WHY).json()
    assert (kinds(api, case).count("refund.confirmed"), kinds(api, case).count("struck")) == (2, 1)
    none = decided(api, case, remedy="none", supersedes=less["id"], **WHY)
    assert none.status_code == 201
    assert "refund_paid" not in {one["code"] for one in told(api, case, "claim")["clocks"]}


def test_only_what_is_not_paid_yet_is_confirmed(api: Api) -> None:
    case = claimed(api)
    first = decided(api, case, refund=cny("100.00"), **WHY).json()
    assert entered(api, case, {"kind": "refund.paid", "money": cny("100.00")}).status_code == 201
    assert decided(api, case, refund=cny("150.00"), supersedes=first["id"], **WHY).status_code == 201
    entries = [one["what"] for one in told(api, case, "chronicle")["items"]]
    sums = [one["money"]["amount"] for one in entries if one["kind"] == "refund.confirmed"]
    assert sums == ["100.00", "50.00"]


def test_a_decision_is_on_the_recommendation_that_was_seen(either: Api) -> None:
    case = claimed(either)
    path, key = f"/v1/cases/{case['id']}", either.held(ApiRole.REVIEWER)
    seen = either.ask("GET", f"{path}/recommendation", key=key).headers["etag"]
    blind = either.ask("POST", f"{path}/decisions", key=key, json={})
    assert refused(blind) == (428, "request.match_needed")
    edited = either.ask(
        "PUT",
        f"/v1/cases/by-number/{case['file']['case_id']}",
        key=either.admin,
        json=case["file"] | {"claim": case["file"]["claim"] | {"asked": "5.00"}},
        headers={"If-Match": f'"{case["revision"]}"'},
    )
    assert edited.status_code == 200, edited.text
    stale = either.ask("POST", f"{path}/decisions", key=key, json={}, headers={"If-Match": seen})
    assert refused(stale) == (412, "claim.moved")
    assert decided(either, case).json()["refund"] == cny("5.00")


def test_nothing_is_decided_while_the_evidence_is_being_verified(api: Api) -> None:
    case = claimed(api, "19.90")
    path, film = f"/v1/cases/{case['id']}/exhibits", {"name": "film.mp4", "role": "unboxing_video"}
    sealed = api.ask("POST", path, key=api.admin, params=film, content=FILM + new_id().encode())
    assert sealed.status_code == 201, sealed.text
    found = told(api, case, "recommendation")
    assert not found["automatic"]
    assert any("being verified" in one["en"] for one in found["waits_for"])
    assert refused(decided(api, case, remedy="none", **WHY)) == (409, "claim.verifying")
    follow(api, case)
    assert told(api, case, "decisions")["items"] == []
    assert decided(api, case, remedy="none", unverified=True, **WHY).status_code == 201


def test_a_closed_case_is_not_decided_and_still_told_what_was_paid(api: Api) -> None:
    case = claimed(api)
    assert decided(api, case).status_code == 201
    assert api.ask("POST", f"/v1/cases/{case['id']}/close", key=api.admin).status_code == 200
    current = told(api, case, "claim")["decision"]["id"]
    assert refused(decided(api, case, remedy="none", supersedes=current, **WHY)) == (409, "request.closed")
    assert refused(entered(api, case, {"kind": "replied", "by": "seller"})) == (409, "request.closed")
    for what in (
        {"kind": "refund.paid", "money": cny("199.00")},
        {"kind": "cost.booked", "what": "freight", "money": cny("8.00")},
        {"kind": "rated", "stars": 5},
        {"kind": "settled"},
    ):
        assert entered(api, case, what).status_code == 201, what
    with api.service.records.begin("main", reading=True) as tx:
        kept = tx.cases.get(case["id"])
        assert kept is not None
        assert kept.state is CaseState.CLOSED
