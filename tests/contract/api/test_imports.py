"""Imports by the API: what is made, changed and refused; that nothing is doubled, lost or told to strangers."""

import json
import secrets
import socket
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from sixfaces.domain.people import ApiRole
from sixfaces.pipeline.ids import new_id
from tests.contract.api.people import Api
from tests.contract.api.test_claims import decided, kinds, told
from tests.unit.marketplaces.exports import PDD, PDD_ROW, SHOPEE, SHOPEE_ROW, TMALL, TMALL_ROW, objects, table

NOW = datetime.now(UTC)


def local(ago: timedelta) -> str:
    """A time of not long ago as a Chinese back-end writes it."""
    return (NOW - ago + timedelta(hours=8)).strftime("%Y-%m-%d %H:%M:%S")


def numbers(count: int = 1) -> list[str]:
    return [str(10**17 + secrets.randbelow(10**17)) for _ in range(count)]


def row(**said: str) -> dict[str, str]:
    (number, order) = numbers(2)
    usual = {"退款编号": number, "订单编号": order, "退款的申请时间": local(timedelta(days=2))}
    return TMALL_ROW | usual | said


def imported(
    api: Api, data: bytes, platform: str = "tmall", *, role: ApiRole = ApiRole.BATCH, **query: str | bool
) -> dict[str, Any]:
    answer = sent(api, data, platform, key=api.held(role), **query)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def sent(api: Api, data: bytes, platform: str = "tmall", *, key: str, **query: str | bool) -> httpx.Response:
    return api.ask("POST", "/v1/imports", key=key, params={"platform": platform, **query}, content=data)


def counts(report: dict[str, Any]) -> tuple[int, ...]:
    return tuple(report[name] for name in ("made", "changed", "unchanged", "unmatched", "entries", "rows_refused"))


def case(api: Api, number: str, key: str | None = None) -> dict[str, Any]:
    answer = api.ask("GET", f"/v1/cases/by-number/{number}", key=key or api.admin)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030"])
def test_a_file_is_taken_in_once_however_often_it_comes(either: Api, encoding: str) -> None:
    rows = [row(), row(退款状态="退款成功", 退款完结时间=local(timedelta(hours=3)))]
    data = table(TMALL, *rows, encoding=encoding)
    assert counts(imported(either, data, dry_run=True)) == (2, 0, 0, 0, 1, 0)
    assert either.ask("GET", f"/v1/cases/by-number/{rows[0]['退款编号']}", key=either.admin).status_code == 404
    assert counts(imported(either, data)) == (2, 0, 0, 0, 1, 0)
    assert counts(imported(either, data)) == (0, 0, 2, 0, 0, 0)
    found = case(either, rows[1]["退款编号"])
    assert (found["revision"], found["file"]["platform"]) == (1, "tmall")
    assert found["file"]["claim"]["reason"] == "quality_defect"
    assert kinds(either, found) == ["refund.paid"]


def test_a_later_export_edits_the_case_adds_what_happened_and_doubles_nothing(api: Api) -> None:
    first = row(退款编号=numbers()[0])
    imported(api, table(TMALL, first))
    later = first | {"退款状态": "退款成功", "退款完结时间": local(timedelta(hours=5)), "退货物流单号": "YT0000000001"}
    assert counts(imported(api, table(TMALL, later))) == (0, 1, 0, 0, 1, 0)
    assert counts(imported(api, table(TMALL, later))) == (0, 0, 1, 0, 0, 0)
    found = case(api, first["退款编号"])
    assert (found["revision"], found["file"]["return_parcel"]["waybill"]) == (2, "YT0000000001")
    entries = told(api, found, "chronicle")["items"]
    assert [(one["reference"], one["source"]) for one in entries] == [("tmall:refund_paid", "platform")]


def test_what_a_later_export_says_otherwise_strikes_what_an_earlier_one_said(api: Api) -> None:
    paid = row(退款状态="退款成功", 退款完结时间=local(timedelta(hours=5)))
    imported(api, table(TMALL, paid))
    less = table(TMALL, paid | {"买家退款金额": "10.00"})
    assert imported(api, less)["entries"] == 1
    assert imported(api, less)["entries"] == 0
    entries = told(api, case(api, paid["退款编号"]), "chronicle")["items"]
    assert sorted(one["what"]["kind"] for one in entries) == ["refund.paid", "refund.paid", "struck"]
    assert imported(api, table(TMALL, paid))["entries"] == 1
    entries = told(api, case(api, paid["退款编号"]), "chronicle")["items"]
    struck = {one["what"]["entry"] for one in entries if one["what"]["kind"] == "struck"}
    standing = [one["what"]["money"]["amount"] for one in entries if one["id"] not in struck and "money" in one["what"]]
    assert standing == ["1199.00"]


def test_what_somebody_struck_is_not_entered_again(api: Api) -> None:
    paid = row(退款状态="退款成功", 退款完结时间=local(timedelta(hours=5)))
    imported(api, table(TMALL, paid))
    found = case(api, paid["退款编号"])
    (entry,) = told(api, found, "chronicle")["items"]
    struck = {"what": {"kind": "struck", "entry": entry["id"], "why": "Paid by hand."}, "source": "seller"}
    assert api.ask("POST", f"/v1/cases/{found['id']}/chronicle", key=api.admin, json=struck).status_code == 201
    assert counts(imported(api, table(TMALL, paid))) == (0, 0, 1, 0, 0, 0)


def test_what_others_know_of_a_case_stays(api: Api) -> None:
    one = row(买家退款说明="")
    mine = {
        "case_id": one["退款编号"],
        "claim": {"statement": "Call 13800138000", "reason": "damaged"},
        "evidence_window": {"closes_at": str(NOW)},
        "return_parcel": {"weight_g": 510},
        "received_at": {"a.mp4": str(NOW)},
        "order": {"items": [{"sku": "SH-01", "serials": ["S1"], "category": "apparel"}]},
    }
    opened = api.ask("PUT", f"/v1/cases/by-number/{one['退款编号']}", key=api.admin, json=mine)
    assert opened.status_code == 201, opened.text
    assert counts(imported(api, table(TMALL, one), role=ApiRole.BATCH))[:2] == (0, 1)  # who does not see the number
    file = case(api, one["退款编号"])["file"]
    assert file["claim"]["statement"] == "Call 13800138000"
    assert file["claim"]["reason"] == "quality_defect"
    assert (file["return_parcel"]["weight_g"], file["return_parcel"]["waybill"]) == (510, "SF1234567890123")
    assert file["evidence_window"]["closes_at"] is not None
    assert list(file["received_at"]) == ["a.mp4"]
    (item,) = file["order"]["items"]
    assert (item["serials"], item["category"], item["title"]) == (["S1"], "apparel", "衬衫 蓝 L")


def test_bad_rows_are_told_and_the_others_are_in(api: Api) -> None:
    good, bad, rounded = row(), row(售后类型="也许"), row(退款编号="1.39E+17")
    report = imported(api, table(TMALL, bad, good, rounded))
    assert counts(report) == (1, 0, 0, 0, 0, 2)
    assert [(one["line"], one["column"], one["code"]) for one in report["refused"]] == [
        (2, "售后类型", "import.word"), (4, "退款编号", "import.rounded"),
    ]  # fmt: skip
    assert case(api, good["退款编号"])


def test_a_claim_changes_neither_its_order_nor_its_platform(api: Api) -> None:
    one = row()
    imported(api, table(TMALL, one))
    (other,) = imported(api, table(TMALL, one | {"订单编号": numbers()[0]}))["refused"]
    assert other["code"] == "import.other_order"
    (foreign,) = imported(api, table(PDD, PDD_ROW | {"售后编号": one["退款编号"]}), "pinduoduo")["refused"]
    assert foreign["code"] == "import.other_platform"
    assert case(api, one["退款编号"])["revision"] == 1


def test_a_closed_case_is_left_alone_and_one_that_says_the_same_is_no_fault(api: Api) -> None:
    one = row()
    imported(api, table(TMALL, one))
    found = case(api, one["退款编号"])
    assert api.ask("POST", f"/v1/cases/{found['id']}/close", key=api.admin).status_code == 200
    assert counts(imported(api, table(TMALL, one)))[2] == 1
    (closed,) = imported(api, table(TMALL, one | {"买家退款说明": "更正"}))["refused"]
    assert closed["code"] == "request.closed"


def test_what_lies_ahead_has_not_happened(api: Api) -> None:
    one = row(退款状态="退款成功", 退款完结时间=local(-timedelta(days=1)))
    (bad,) = imported(api, table(TMALL, one))["refused"]
    assert (bad["code"], bad["column"]) == ("import.future", "退款完结时间")
    assert api.ask("GET", f"/v1/cases/by-number/{one['退款编号']}", key=api.admin).status_code == 404


def test_a_value_that_a_field_does_not_take_is_told_by_its_column(api: Api) -> None:
    one = row(退款编号=numbers()[0], 买家退款金额="123456789012345.00")
    (bad,) = imported(api, table(TMALL, one))["refused"]
    assert bad["code"] == "import.value"
    assert bad["column"] == "买家退款金额"


@pytest.mark.parametrize(
    ("data", "query", "code"),
    [
        (b"", {}, "import.empty"),
        (b"a,b\n1,2\n", {}, "import.columns"),
        (b"PK\x03\x04", {}, "import.spreadsheet"),
        (b"a,b", {"platform": "nowhere"}, "rulebook.unknown"),
        (b"a,b", {"platform": "../etc"}, "request.invalid"),
        (b"a,b", {"zone": "Asia/Nowhere"}, "import.zone_unknown"),
        (b"a,b", {"currency": "yuan"}, "request.invalid"),
    ],
)
def test_what_is_no_import_is_refused_as_a_whole(api: Api, data: bytes, query: dict[str, str], code: str) -> None:
    answer = sent(api, data, key=api.admin, **query)
    assert (answer.status_code, answer.json()["code"]) == (422, code)


def test_imports_are_of_their_tenant(api: Api) -> None:
    one = row()
    imported(api, table(TMALL, one))
    answer = sent(api, table(TMALL, one), key=api.stranger)
    assert counts(answer.json())[:3] == (1, 0, 0)
    assert case(api, one["退款编号"])["id"] != case(api, one["退款编号"], api.stranger)["id"]


def test_stations_and_reviewers_import_nothing(api: Api) -> None:
    for role in (ApiRole.STATION, ApiRole.REVIEWER):
        assert sent(api, table(TMALL, row()), key=api.held(role)).status_code == 403
        answer = api.ask("POST", "/v1/push/tmall", key=api.held(role), json={"refund_id": "1", "tid": "2"})
        assert answer.status_code == 403


def event(**said: str) -> dict[str, Any]:
    number, order = numbers(2)
    return {
        "refund_id": number,
        "tid": order,
        "dispute_type": "REFUND_AND_RETURN",
        "reason": "质量问题",
        "refund_fee": "19.90",
        "title": "杯子",
        "outer_id": "CUP",
        "status": "WAIT_SELLER_AGREE",
    } | said


def pushed(api: Api, body: dict[str, Any], headers: dict[str, str] | None = None) -> httpx.Response:
    return api.ask("POST", "/v1/push/tmall", key=api.held(ApiRole.BATCH), json=body, headers=headers or {})


def test_a_pushed_event_opens_a_case_and_the_next_one_edits_it(api: Api) -> None:
    one = event()
    assert counts(pushed(api, one).json())[0] == 1
    done = one | {"status": "SUCCESS", "modified": local(timedelta(hours=2)), "sid": "SF99"}
    assert counts(pushed(api, done).json()) == (0, 1, 0, 0, 1, 0)
    again = done | {"modified": local(timedelta(hours=1))}
    assert counts(pushed(api, again).json()) == (0, 0, 1, 0, 0, 0)
    found = case(api, one["refund_id"])
    assert found["file"]["return_parcel"]["waybill"] == "SF99"
    assert kinds(api, found) == ["refund.paid"]


def test_a_pushed_event_has_one_answer_under_its_key(api: Api) -> None:
    one, key = event(), {"Idempotency-Key": new_id()}
    first, again = pushed(api, one, headers=key), pushed(api, one, headers=key)
    assert first.json()["made"] == again.json()["made"] == 1
    assert first.content == again.content
    other = pushed(api, one | {"sid": "SF1"}, headers=key)
    assert (other.status_code, other.json()["code"]) == (422, "request.key_reused")


def test_a_wrong_event_is_refused_with_its_field_and_writes_nothing(api: Api) -> None:
    one = event(dispute_type="PERHAPS")
    answer = pushed(api, one)
    assert (answer.status_code, answer.json()["code"]) == (422, "request.invalid")
    (bad,) = answer.json()["refused"]
    assert (bad["column"], bad["code"], bad["value"]) == ("dispute_type", "import.word", "PERHAPS")
    half = {"refunds": {"refund": [event(), one]}}
    assert pushed(api, half).status_code == 422
    number = half["refunds"]["refund"][0]["refund_id"]
    assert api.ask("GET", f"/v1/cases/by-number/{number}", key=api.admin).status_code == 404


def test_an_order_with_three_after_sales_is_paid_for_once(either: Api) -> None:
    """D1, D21: three claims arrive before their order, each of one line; then the order with prices; then the money."""
    order, *claims = numbers(4)
    goods = [("SH-01", "衬衫"), ("SK-02", "袜子"), ("SH-01", "衬衫")]
    rows = [
        row(退款编号=number, 订单编号=order, 商品编码=sku, 宝贝标题=title, 买家退款金额="", 售后类型="退货退款",
            买家退款原因="7天无理由退换货", 退货签收时间=local(timedelta(days=1)))
        for number, (sku, title) in zip(claims, goods, strict=True)
    ]  # fmt: skip
    columns = [*TMALL, "退货签收时间"]
    assert counts(imported(either, table(columns, *rows)))[0] == 3
    assert counts(imported(either, table(columns, *rows)))[2] == 3
    lines = ["订单编号", "商家编码", "标题", "购买数量", "价格", "签收时间"]
    sold = [
        {"商家编码": "SH-01", "标题": "衬衫", "购买数量": "1", "价格": "99.00"},
        {"商家编码": "SK-02", "标题": "袜子", "购买数量": "2", "价格": "9.50"},
    ]
    sold = [one | {"订单编号": order, "签收时间": local(timedelta(days=4))} for one in sold]
    nobodys = {"订单编号": numbers()[0], "标题": "帽子", "价格": "1"}
    assert counts(imported(either, table(lines, *sold, nobodys))) == (0, 1, 0, 1, 0, 0)
    cases = [case(either, number) for number in claims]
    assert len({json.dumps(one["file"]["order"]["items"]) for one in cases}) == 1
    assert [one["file"]["claim"]["lines"] for one in cases] == [
        [{"line": 0, "quantity": 1}], [{"line": 1, "quantity": 1}], [{"line": 0, "quantity": 1}],
    ]  # fmt: skip
    answers = [decided(either, one) for one in cases]
    assert [answer.status_code for answer in answers] == [201, 201, 201], [answer.text for answer in answers]
    paid = [answer.json()["refund"] for answer in answers]
    assert [money and money["amount"] for money in paid] == ["99.00", "9.50", None]
    last = answers[2].json()
    assert (last["remedy"], last["units"]) == ("none", [])
    assert "D21" in last["reasons"][-1]["cites"]
    forced = {"remedy": "return_refund", "refund": {"amount": "99.00", "currency": "CNY"}, "overrules": "goodwill"}
    again = decided(either, cases[2], **forced, note="Once more.", supersedes=last["id"])
    assert (again.status_code, again.json()["code"]) == (409, "claim.paid_already")
    assert counts(imported(either, table(columns, *rows)))[2] == 3


def test_a_claim_on_three_pieces_is_paid_for_three_times_where_no_order_was_told(api: Api) -> None:
    (number, order) = numbers(2)
    parcels = {"outbound_parcel": str(NOW - timedelta(days=4)), "return_parcel": str(NOW - timedelta(days=1))}
    known = {"case_id": number} | {name: {"signed_at": at} for name, at in parcels.items()}
    assert api.ask("PUT", f"/v1/cases/by-number/{number}", key=api.admin, json=known).status_code == 201
    said = SHOPEE_ROW | {
        "Return ID": number, "Order ID": order, "Return Quantity": "3", "Deal Price": "9.20",
        "Return Status": "Accepted", "Return Reason": "Change of mind", "Total Refund Amount": "27.60",
        "Return Creation Time": (NOW - timedelta(days=2)).strftime("%Y-%m-%d %H:%M"),
    }  # fmt: skip
    data = table([*SHOPEE, "Deal Price"], said)
    assert imported(api, data, "shopee", zone="UTC")["changed"] == 1
    assert imported(api, data, "shopee", zone="UTC")["unchanged"] == 1
    found = case(api, number)
    assert found["file"]["order"]["items"][0]["quantity"] == 3
    recommended = told(api, found, "recommendation")
    assert recommended["refund"] == {"amount": "27.60", "currency": "SGD"}


def test_a_refund_that_is_pushed_and_exported_was_paid_once(either: Api) -> None:
    at = local(timedelta(hours=5))
    one = event(refund_fee="199.00", status="SUCCESS", modified=local(timedelta(hours=4)))
    assert pushed(either, one).json()["entries"] == 1
    said = {
        "退款编号": one["refund_id"],
        "订单编号": one["tid"],
        "商品编码": "CUP",
        "宝贝标题": "杯子",
        "退款完结时间": at,
    }
    data = table(TMALL, row(退款状态="退款成功", 买家退款金额="199.00", **said))
    assert imported(either, data)["entries"] == 1
    assert imported(either, data)["entries"] == 0
    assert pushed(either, one).json()["entries"] == 0
    entries = told(either, case(either, one["refund_id"]), "chronicle")["items"]
    struck = {entry["what"]["entry"] for entry in entries if entry["what"]["kind"] == "struck"}
    paid = [entry for entry in entries if entry["what"]["kind"] == "refund.paid" and entry["id"] not in struck]
    assert [(entry["reference"], entry["what"]["money"]["amount"]) for entry in paid] == [
        ("tmall:refund_paid:2", "199.00")
    ]


def test_json_of_several_lines_is_imported_like_a_table(api: Api) -> None:
    one, two = event(), event()
    assert counts(imported(api, objects(one, two)))[0] == 2
    assert counts(imported(api, json.dumps([one, two]).encode()))[2] == 2


def test_a_file_larger_than_may_be_is_refused_before_it_is_read(api: Api) -> None:
    head = (
        f"POST /v1/imports?platform=tmall HTTP/1.1\r\nHost: test\r\nAuthorization: Bearer {api.admin}\r\n"
        f"Content-Length: {api.settings.largest_import + 1}\r\n\r\n"
    )
    with socket.create_connection(api.address, timeout=10) as line:
        line.sendall(head.encode())
        assert line.recv(64).startswith(b"HTTP/1.1 413 ")
