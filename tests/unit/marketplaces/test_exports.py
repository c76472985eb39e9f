"""Each platform's export, read by its mapping: our fields, our words, instants and amounts."""

from datetime import UTC, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from sixfaces.adapters.marketplaces.reading import Given, MappedMarketplace
from sixfaces.adapters.marketplaces.shelf import known, load
from sixfaces.domain.chronicle import ClaimWithdrawn, Leg, Party, RefundPaid, Reviewed, Shipped
from sixfaces.domain.importing import Statement
from tests.unit.marketplaces.exports import (
    AMAZON,
    AMAZON_ROW,
    PDD,
    PDD_ROW,
    SHOPEE,
    SHOPEE_ROW,
    SHOPIFY_ORDERS,
    TEMU,
    TEMU_ROW,
    TMALL,
    TMALL_ROW,
    objects,
    stated,
    table,
)

TEN_IN_CHINA = datetime(2026, 6, 12, 2, 0, tzinfo=UTC)
SINGAPORE = Given(ZoneInfo("Asia/Singapore"))


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-8", "gb18030", "utf-16"])
def test_a_refund_list_of_tmall_in_any_of_its_encodings(encoding: str) -> None:
    (one,) = stated("tmall", table(TMALL, TMALL_ROW, encoding=encoding))
    assert (one.number, one.order, one.lines) == ("139000000000000001", "2600000000000000001", (2,))
    assert one.fields["claim"] == {
        "claim_id": "139000000000000001", "kind": "return_refund", "reason": "quality_defect", "statement": "开线",
        "asked": "1199.00", "opened_at": TEN_IN_CHINA,
    }  # fmt: skip
    assert one.fields["return_parcel"] == {"waybill": "SF1234567890123", "carrier": "顺丰速运"}
    assert one.items[0] == ({"sku": "SH-01", "title": "衬衫 蓝 L"}, 1)
    assert one.told == ()


def test_a_refund_that_tmall_has_paid_is_told_when_and_how_much() -> None:
    row = TMALL_ROW | {"退款状态": "退款成功", "退款完结时间": "2026/06/14 09:30"}
    (one,) = stated("tmall", table(TMALL, row))
    (paid,) = one.told
    assert isinstance(paid.what, RefundPaid)
    assert (paid.code, paid.source, paid.at) == (
        "refund_paid",
        Party.PLATFORM,
        datetime(2026, 6, 14, 1, 30, tzinfo=UTC),
    )
    assert (paid.what.money.amount, paid.what.money.currency) == (Decimal("1199.00"), "CNY")


def test_an_after_sale_of_pinduoduo_with_tabs_that_guard_its_numbers() -> None:
    (one,) = stated("pinduoduo", table(PDD, PDD_ROW))
    assert (one.number, one.order) == ("50012345678", "260612-123456789012345")
    assert (one.fields["claim"]["kind"], one.fields["claim"]["reason"]) == ("refund_only", "perishable")
    assert one.items[0].fields == {"sku": "AP-5", "title": "红富士苹果 5斤", "quantity": 1}
    assert [told.at for told in one.told] == [datetime(2026, 6, 12, 3, 30, tzinfo=UTC)]


def test_a_return_of_shopee_in_the_zone_that_is_named() -> None:
    (one,) = stated("shopee", table(SHOPEE, SHOPEE_ROW), SINGAPORE)
    assert one.fields["claim"]["opened_at"] == TEN_IN_CHINA
    assert one.fields["claim"]["asked"] == "18.40"
    assert one.items[0].claimed == 2
    assert one.items[0].fields["currency"] == "SGD"


def test_an_after_sale_of_temu() -> None:
    (one,) = stated("temu", table(TEMU, TEMU_ROW), Given(ZoneInfo("UTC")))
    assert (one.number, one.fields["claim"]["reason"]) == ("PO-211-0001-A1", "damaged")
    (paid,) = one.told
    assert isinstance(paid.what, RefundPaid)
    assert paid.what.money.currency == "USD"


def test_the_flat_file_of_amazon_is_found_to_be_cut_by_tabs() -> None:
    (one,) = stated("amazon", table(AMAZON, AMAZON_ROW, encoding="cp1252", separator="\t"), Given(ZoneInfo("UTC")))
    assert (one.number, one.fields["claim"]["kind"], one.fields["claim"]["reason"]) == (
        "DabcRRMA", "return_refund", "quality_defect",
    )  # fmt: skip
    assert one.fields["return_parcel"] == {"waybill": "1Z999AA10123456784", "carrier": "UPS", "freight": "5.10"}
    assert one.items[0] == ({"sku": "KET-1", "title": "Kettle", "quantity": 2, "currency": "USD"}, 1)


def test_the_order_export_of_shopify_has_the_orders_own_fields_in_its_first_row_only() -> None:
    first = {
        "Name": "#1001",
        "Created at": "2026-06-01 09:00:00 -0400",
        "Currency": "USD",
        "Shipping": "4.00",
        "Lineitem quantity": "1",
        "Lineitem name": "Hat",
        "Lineitem price": "20.00",
        "Lineitem sku": "HAT",
    }
    second = {
        "Name": "#1001",
        "Lineitem quantity": "3",
        "Lineitem name": "Sock",
        "Lineitem price": "2.50",
        "Lineitem sku": "SOCK",
        "Currency": "USD",
    }
    (one,) = stated("shopify", table(SHOPIFY_ORDERS, first, second))
    assert (one.number, one.order, one.lines) == (None, "#1001", (2, 3))
    assert one.fields["order"]["placed_at"] == datetime(2026, 6, 1, 13, 0, tzinfo=UTC)
    assert [(item.fields["sku"], item.fields["quantity"], item.claimed) for item in one.items] == [
        ("HAT", 1, None), ("SOCK", 3, None),
    ]  # fmt: skip


def test_the_lines_of_an_order_are_in_the_currency_of_its_first_row() -> None:
    first = {"Name": "#1001", "Currency": "USD", "Lineitem name": "Hat", "Lineitem price": "20.00"}
    second = {"Name": "#1001", "Lineitem name": "Sock", "Lineitem price": "2.50"}
    other = {"Name": "#1002", "Lineitem name": "Belt", "Lineitem price": "9.00"}
    (one, two) = stated("shopify", table(SHOPIFY_ORDERS, first, second, other))
    assert [item.fields.get("currency") for item in one.items] == ["USD", "USD"]
    assert "currency" not in two.items[0].fields, "another order's is nobody's to guess"


def test_a_return_of_shopify_lists_its_lines() -> None:
    line = {"lineItem": {"sku": "HAT", "name": "Hat", "quantity": 1}}
    event = {
        "name": "#1001-R1", "order": {"name": "#1001"}, "createdAt": "2026-06-12T02:00:00Z", "status": "OPEN",
        "requestApprovedAt": "2026-06-12T03:00:00Z",
        "returnLineItems": {"nodes": [
            {"quantity": 1, "returnReason": "DEFECTIVE", "fulfillmentLineItem": line},
            {"quantity": 2, "returnReason": "DEFECTIVE",
             "fulfillmentLineItem": {"lineItem": {"sku": "SOCK", "name": "Sock", "quantity": 3}}},
        ]},
    }  # fmt: skip
    (one,) = [s for s in MappedMarketplace(load("shopify")).read_event(event) if isinstance(s, Statement)]
    assert (one.number, one.order, one.lines) == ("#1001-R1", "#1001", (1,))
    assert [(item.fields["sku"], item.claimed) for item in one.items] == [("HAT", 1), ("SOCK", 2)]
    (told,) = one.told
    assert (told.what, told.source) == (Reviewed(agreed=True), Party.SELLER)


def test_an_answer_of_pinduoduos_interface_is_unwrapped_and_its_numbers_are_not_rounded() -> None:
    one = {"id": 50012345678901234567, "order_sn": "260612-1", "after_sales_type": 3, "after_sales_status": 11,
           "updated_time": "2026-06-12 10:00:00", "after_sale_reason": "质量问题"}  # fmt: skip
    wrapped = {"refund_increment_get_response": {"refund_list": [one], "total_count": 1}}
    (found,) = stated("pinduoduo", objects(wrapped))
    assert (found.number, found.fields["claim"]["kind"]) == ("50012345678901234567", "return_refund")
    (told,) = found.told
    assert (told.what, told.source, told.keeps_first) == (ClaimWithdrawn(), Party.BUYER, True)


def test_the_parcel_that_the_buyer_sent_back_is_told_with_its_waybill() -> None:
    pushed = {"refund_id": "1", "tid": "2", "status": "WAIT_SELLER_CONFIRM_GOODS", "sid": "SF1",
              "good_return_time": "2026-06-12 10:00:00"}  # fmt: skip
    (one,) = stated("tmall", objects(pushed))
    (told,) = one.told
    assert told.what == Shipped(leg=Leg.RETURN, waybill="SF1")
    assert told.at == TEN_IN_CHINA


def test_what_is_pushed_and_what_is_exported_of_a_refund_is_one_happening() -> None:
    pushed = {"refund_id": "1", "tid": "2", "refund_fee": "199", "status": "SUCCESS", "modified": "2026-06-14 09:31:00"}
    row = TMALL_ROW | {"退款状态": "退款成功", "退款完结时间": "2026-06-14 09:30:00"}
    told = [*stated("tmall", objects(pushed))[0].told, *stated("tmall", table(TMALL, row))[0].told]
    assert [(one.code, one.keeps_first) for one in told] == [("refund_paid", True), ("refund_paid", False)]
    chinese = {"售后单号": "1", "订单号": "2", "售后状态": "已退款", "退款金额": "12", "币种": "USD"}
    chinese |= {"退款时间": "2026-06-13 10:00:00"}
    (other,) = stated("temu", table(list(chinese), chinese), SINGAPORE)
    assert [one.code for one in other.told] == ["refund_paid"]


def test_two_equal_rows_of_one_claim_are_two_lines_of_its_order() -> None:
    (one,) = stated("tmall", table(TMALL, TMALL_ROW, TMALL_ROW))
    assert [item.fields["sku"] for item in one.items] == ["SH-01", "SH-01"]


def test_two_records_of_one_claim_are_two_states_of_it() -> None:
    first = {"refund_id": "1", "tid": "9", "outer_id": "A", "num": 1}
    found = stated("tmall", objects(first, first | {"sid": "SF1"}))
    assert [(one.lines, len(one.items)) for one in found] == [((1,), 1), ((2,), 1)]


@pytest.mark.parametrize(
    ("platform", "row"),
    [
        ("shopee", {"Order ID": "O1", "Product Name": "Cup", "SKU Reference No.": "C", "Quantity": "3",
                    "Deal Price": "2.50", "Currency": "SGD"}),
        ("temu", {"订单号": "O1", "商品名称": "Cup", "SKU货号": "C", "购买数量": "3", "商品单价": "2.50",
                  "币种": "SGD"}),
        ("amazon", {"amazon-order-id": "O1", "product-name": "Cup", "sku": "C", "quantity": "3", "item-price": "7.50",
                    "currency": "SGD"}),
    ],
)  # fmt: skip
def test_an_order_tells_how_many_pieces_there_are_and_what_one_costs(platform: str, row: dict[str, str]) -> None:
    (one,) = stated(platform, table(list(row), row))
    assert (one.number, one.order) == (None, "O1")
    (item,) = one.items
    assert (item.fields["quantity"], item.claimed) == (3, None)
    assert (Decimal(item.fields["price"]), item.fields["currency"]) == (Decimal("2.50"), "SGD")


def test_what_cannot_be_divided_among_the_pieces_is_no_price() -> None:
    row = {"amazon-order-id": "O1", "product-name": "Cup", "quantity": "3", "item-price": "10.00", "currency": "USD"}
    (one,) = stated("amazon", table(list(row), row))
    assert "price" not in one.items[0].fields


def test_several_rows_of_one_claim_are_one_claim_and_three_claims_of_one_order_three() -> None:
    rows = [TMALL_ROW | {"退款编号": str(n), "商品编码": sku} for n, sku in [(1, "A"), (1, "B"), (2, "C"), (3, "D")]]
    found = stated("tmall", table(TMALL, *rows))
    assert [(one.number, len(one.items), one.lines) for one in found] == [
        ("1", 2, (2, 3)),
        ("2", 1, (4,)),
        ("3", 1, (5,)),
    ]
    assert {one.order for one in found} == {"2600000000000000001"}


def test_a_list_of_json_and_one_object_for_each_line_are_the_same() -> None:
    one, two = {"refund_id": "1", "tid": "9"}, {"refund_id": "2", "tid": "9"}
    as_list = b"[" + objects(one).strip() + b",\n  " + objects(two) + b"]"
    assert stated("tmall", as_list) == stated("tmall", objects(one, two))


def test_a_header_below_some_lines_of_prose_is_found() -> None:
    data = table(TMALL, TMALL_ROW, head="导出时间,2026-06-30\n\n")
    assert stated("tmall", data)[0].lines == (4,)


def test_there_is_a_mapping_of_each_platform_and_each_is_marked_as_unconfirmed() -> None:
    assert known() == ("amazon", "pinduoduo", "shopee", "shopify", "temu", "tmall")
    assert all(load(name).template and load(name).source for name in known())
