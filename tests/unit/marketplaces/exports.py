"""Exports as platforms' back-ends write them, made small: a header and some rows, in the encoding they use."""

import csv
import io
import json
from collections.abc import Sequence
from typing import Any, BinaryIO

from sixfaces.adapters.marketplaces.reading import NOTHING, Given, MappedMarketplace
from sixfaces.adapters.marketplaces.shelf import load
from sixfaces.domain.importing import Refusal, Statement

TMALL = [
    "订单编号",
    "退款编号",
    "商品编码",
    "宝贝标题",
    "买家会员名",
    "买家退款金额",
    "售后类型",
    "退款的申请时间",
    "退款状态",
    "退款完结时间",
    "买家退款原因",
    "买家退款说明",
    "退货物流单号",
    "退货物流公司",
    "卖家真实姓名",
    "卖家真实姓名",
]
TMALL_ROW = {
    "订单编号": "\t2600000000000000001",
    "退款编号": "\t139000000000000001",
    "商品编码": "SH-01",
    "宝贝标题": "衬衫 蓝 L",
    "买家退款金额": "¥1,199.00",
    "售后类型": "退货退款",
    "退款的申请时间": "2026-06-12 10:00:00",
    "退款状态": "买家已经退货,等待卖家确认收货",
    "买家退款原因": "质量问题",
    "买家退款说明": "开线",
    "退货物流单号": "SF1234567890123",
    "退货物流公司": "顺丰速运",
    "卖家真实姓名": "某店",
}
PDD = [
    "售后编号",
    "订单号",
    "商品名称",
    "商家编码-规格维度",
    "商品数量(件)",
    "售后类型",
    "售后状态",
    "售后原因",
    "退款金额(元)",
    "申请时间",
    "退货快递单号",
    "退货快递公司",
    "退款成功时间",
]
PDD_ROW = {
    "售后编号": "50012345678\t",
    "订单号": "260612-123456789012345\t",
    "商品名称": "红富士苹果 5斤",
    "商家编码-规格维度": "AP-5",
    "商品数量(件)": "1",
    "售后类型": "仅退款",
    "售后状态": "退款成功",
    "售后原因": "商品变质、发霉",
    "退款金额(元)": "24.90",
    "申请时间": "2026-06-12 10:00:00",
    "退款成功时间": "2026-06-12 11:30:00",
}
SHOPEE = [
    "Return ID",
    "Order ID",
    "SKU Reference No.",
    "Product Name",
    "Return Quantity",
    "Return Type",
    "Return Reason",
    "Return Status",
    "Total Refund Amount",
    "Currency",
    "Return Creation Time",
    "Return Tracking Number",
]
SHOPEE_ROW = {
    "Return ID": "2606120ABCDEFGH",
    "Order ID": "260601XYZ12345",
    "SKU Reference No.": "CUP-RED",
    "Product Name": "Cup",
    "Return Quantity": "2",
    "Return Type": "Return & Refund",
    "Return Reason": "Received the wrong product(s)",
    "Return Status": "Processing",
    "Total Refund Amount": "S$18.40",
    "Currency": "SGD",
    "Return Creation Time": "2026-06-12 10:00",
    "Return Tracking Number": "SPXSG0123456789",
}
TEMU = [
    "After-sales ID",
    "Order ID",
    "SKU ID",
    "Product name",
    "Return quantity",
    "After-sales type",
    "Reason",
    "Status",
    "Refund amount",
    "Currency",
    "Application time",
    "Refund time",
]
TEMU_ROW = {
    "After-sales ID": "PO-211-0001-A1",
    "Order ID": "PO-211-0001",
    "SKU ID": "17592186",
    "Product name": "Lamp",
    "Return quantity": "1",
    "After-sales type": "Return and refund",
    "Reason": "Damaged",
    "Status": "Refunded",
    "Refund amount": "$12.00",
    "Currency": "USD",
    "Application time": "2026-06-12 10:00:00",
    "Refund time": "2026-06-13 10:00:00",
}
AMAZON = [
    "Order ID",
    "Order date",
    "Return request date",
    "Return request status",
    "Amazon RMA ID",
    "Merchant RMA ID",
    "Label cost",
    "Currency code",
    "Return carrier",
    "Tracking ID",
    "A-to-Z Claim",
    "Merchant SKU",
    "Item Name",
    "Return quantity",
    "Return Reason",
    "Resolution",
    "Return delivery date",
    "Order quantity",
]
AMAZON_ROW = {
    "Order ID": "113-1234567-1234567",
    "Order date": "01-Jun-2026",
    "Return request date": "12-Jun-2026",
    "Return request status": "Approved",
    "Amazon RMA ID": "DabcRRMA",
    "Label cost": "5.10",
    "Currency code": "USD",
    "Return carrier": "UPS",
    "Tracking ID": "1Z999AA10123456784",
    "A-to-Z Claim": "N",
    "Merchant SKU": "KET-1",
    "Item Name": "Kettle",
    "Return quantity": "1",
    "Return Reason": "CR-DEFECTIVE",
    "Resolution": "StandardRefund",
    "Order quantity": "2",
}
SHOPIFY_ORDERS = [
    "Name",
    "Email",
    "Created at",
    "Fulfilled at",
    "Currency",
    "Shipping",
    "Lineitem quantity",
    "Lineitem name",
    "Lineitem price",
    "Lineitem sku",
]


def table(
    columns: Sequence[str], *rows: dict[str, str], encoding: str = "utf-8-sig", separator: str = ",", head: str = ""
) -> bytes:
    """CSV with these rows; a column that is there twice has the same cell in both."""
    text = io.StringIO(newline="")
    text.write(head)
    writer = csv.writer(text, delimiter=separator)
    writer.writerow(columns)
    writer.writerows([row.get(column, "") for column in columns] for row in rows)
    return text.getvalue().encode(encoding)


def objects(*records: Any) -> bytes:  # noqa: ANN401 any JSON
    """NDJSON."""
    return "\n".join(json.dumps(one, ensure_ascii=False) for one in records).encode()


def read(platform: str, data: bytes | BinaryIO, given: Given = NOTHING) -> list[Statement | Refusal]:
    """All that the shipped mapping makes of the file."""
    file = io.BytesIO(data) if isinstance(data, bytes) else data
    return list(MappedMarketplace(load(platform), given).read(file))


def stated(platform: str, data: bytes, given: Given = NOTHING) -> list[Statement]:
    """The same where nothing is refused."""
    found = read(platform, data, given)
    assert [one for one in found if isinstance(one, Refusal)] == []
    return [one for one in found if isinstance(one, Statement)]


def refused(platform: str, data: bytes, given: Given = NOTHING) -> list[Refusal]:
    """What is refused of it."""
    return [one for one in read(platform, data, given) if isinstance(one, Refusal)]
