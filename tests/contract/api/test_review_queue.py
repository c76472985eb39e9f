"""The queue of cases that wait for a reviewer: its order, its pages, and what it must not tell."""

from datetime import timedelta
from typing import Any

import pytest

from sixfaces.domain.people import ApiRole
from sixfaces.pipeline.claims import queue
from sixfaces.pipeline.ids import new_id
from tests.contract.api.inspecting import begin, bought, look_again
from tests.contract.api.people import Api
from tests.contract.api.test_claims import NOW, claimed

HOUR = timedelta(hours=1)


def listed(api: Api, key: str | None = None) -> list[dict[str, Any]]:
    """All of it, page by page."""
    rows: list[dict[str, Any]] = []
    cursor: dict[str, str] = {}
    while True:
        page = api.ask("GET", "/v1/review-queue", key=key or api.admin, params={"limit": 100, **cursor}).json()
        rows += page["items"]
        if page["next"] is None:
            return rows
        cursor = {"cursor": page["next"]}


def row_of(api: Api, case: dict[str, Any], key: str | None = None) -> dict[str, Any] | None:
    return next((row for row in listed(api, key) if row["id"] == case["id"]), None)


def opened(ago: timedelta) -> dict[str, Any]:
    return {"claim": {"kind": "return_refund", "reason": "no_reason", "opened_at": str(NOW - ago)}}


def test_a_case_tells_what_it_is_worth_and_what_is_due(api: Api) -> None:
    row = row_of(api, claimed(api, "199.00"))
    assert row is not None
    assert (row["title"], row["value"], row["currency"], row["kind"]) == ("shirt", "199.00", "CNY", "return_refund")
    assert row["urgency"] == "late"
    assert row["clock"]["holder"] == "seller"
    assert set(row["clock"]["why"]) == {"zh", "en"}


def test_the_least_time_goes_first_and_then_the_most_money(api: Api) -> None:
    dear, cheap = claimed(api, "900.00"), claimed(api, "9.00")
    told = claimed(api, "5000.00", return_parcel={"waybill": new_id()})
    entry = {"what": {"kind": "replied", "by": "seller"}, "source": "seller"}
    assert api.ask("POST", f"/v1/cases/{told['id']}/chronicle", key=api.admin, json=entry).status_code == 201
    order = [row["id"] for row in listed(api)]
    assert order.index(dear["id"]) < order.index(cheap["id"])
    ranks = {row["id"]: row["urgency"] for row in listed(api)}
    assert ranks[told["id"]] != "late"
    page = api.ask("GET", "/v1/review-queue", key=api.admin, params={"limit": 3}).json()["items"]
    assert [row["id"] for row in page] == [dear["id"], cheap["id"], told["id"]]


def test_pages_hold_each_case_once(api: Api) -> None:
    made = {claimed(api)["id"] for _ in range(5)}
    ids: list[str] = []
    cursor: dict[str, str] = {}
    for _ in range(4):
        page = api.ask("GET", "/v1/review-queue", key=api.admin, params={"limit": 2, **cursor}).json()
        ids += [row["id"] for row in page["items"]]
        cursor = {"cursor": page["next"]}
    assert len(ids) == len(set(ids)) == 8
    assert made <= set(ids)
    assert api.ask("GET", "/v1/review-queue", key=api.stranger, params=cursor).status_code == 400


def test_however_few_wait_a_page_looks_at_so_many_and_leads_on(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    """An archive of decided cases is not read for each look at the queue."""
    monkeypatch.setattr(queue, "MOST_LOOKED", 3)
    monkeypatch.setattr(queue, "_PIECE", 2)
    waits = claimed(api)
    for _ in range(4):
        over = claimed(api)
        assert api.ask("POST", f"/v1/cases/{over['id']}/close", key=api.admin).status_code == 200
    pages, cursor = 0, dict[str, str]()
    while True:
        page = api.ask("GET", "/v1/review-queue", key=api.admin, params={"limit": 2, **cursor}).json()
        pages += 1
        if waits["id"] in {row["id"] for row in page["items"]}:
            break
        assert page["next"] is not None
        cursor = {"cursor": page["next"]}
    assert pages >= 2


def test_what_is_decided_closed_or_withdrawn_waits_no_more(api: Api) -> None:
    decided, closed, withdrawn = claimed(api), claimed(api), claimed(api)
    path = f"/v1/cases/{decided['id']}"
    seen = api.ask("GET", f"{path}/recommendation", key=api.admin).headers["etag"]
    ruling = {"remedy": "none", "no_party": True, "overrules": "law", "note": "x"}
    answer = api.ask("POST", f"{path}/decisions", key=api.admin, json=ruling, headers={"If-Match": seen})
    assert answer.status_code == 201, answer.text
    assert api.ask("POST", f"/v1/cases/{closed['id']}/close", key=api.admin).status_code == 200
    entry = {"what": {"kind": "claim.withdrawn"}, "source": "buyer"}
    answer = api.ask("POST", f"/v1/cases/{withdrawn['id']}/chronicle", key=api.admin, json=entry)
    assert answer.status_code == 201, answer.text
    waiting = {row["id"] for row in listed(api)}
    assert not waiting & {decided["id"], closed["id"], withdrawn["id"]}


def test_a_verdict_is_told_with_its_case(api: Api) -> None:
    row = row_of(api, {"id": api.own.case})
    assert row is not None
    assert row["verdict"] in {"accepted", "rejected", "needs_review"}
    assert row["judged_at"] is not None


def test_no_tenant_sees_what_waits_with_another(api: Api) -> None:
    case = claimed(api)
    assert row_of(api, case) is not None
    assert row_of(api, case, key=api.stranger) is None


def test_who_takes_a_second_look_is_told_neither_verdict_nor_clock(api: Api) -> None:
    case = bought(api, "footwear")
    first = begin(api, case, key=api.held(ApiRole.STATION))
    first.walk(glue="off")
    first.good("/conclude", {"outcome": "defect_confirmed"})
    second = look_again(first, api.key(ApiRole.REVIEWER))
    hidden, open_ = row_of(api, case, key=second.key), row_of(api, case)
    assert hidden is not None
    assert (hidden["hidden"], hidden["verdict"], hidden["clock"]) == (True, None, None)
    assert open_ is not None
    assert not open_["hidden"]
