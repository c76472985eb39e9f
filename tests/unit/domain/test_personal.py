"""Personal data in text: what is covered, and what only looks like it and stays."""

import pytest

from sixfaces.domain.case import CaseFile, Claim, Order, OrderItem, ReturnParcel
from sixfaces.domain.masked import AmbiguousEditError, masked_model, masked_tree, restored
from sixfaces.domain.personal import masked_text
from sixfaces.domain.twins import twin_of

COVERED = {
    "13812345678": "138****5678",
    "电话：138 1234 5678": "电话：138****5678",
    "138-1234-5678": "138****5678",
    "1 3 8 1 2 3 4 5 6 7 8": "138****5678",
    "１３８１２３４５６７８": "１３８****５６７８",
    "+86 13812345678": "138****5678",
    "0086-138-1234-5678": "138****5678",
    "请找张三13812345678": "请找张*138****5678",
    "尉迟恭 13812345678": "尉** 138****5678",
    "请打13812345678联系": "请打138****5678联系",
    "0755-88886666": "0755-****6666",
    "(010) 6552 9988": "010-****9988",
    "025-8358123": "025-***8123",
    "+44 20 7946 0958": "+44****58",
    "+1 (415) 555-0123": "+1****23",
    "415-555-0123": "***-***-0123",
    "li.wei@example.com": "l***@example.com",
    "li.wei@163.com": "l***@163.com",
    "li@10.0.0.1": "l*@10.0.0.1",
    "11010519491231002X": "******************",
    "收件人：张三": "收件人：张*",
    "收件人:欧阳娜娜": "收件人:欧***",
    "收件人张三丰": "收件人张**",
    "寄件人 李四": "寄件人 李*",
    "收 王伟 13912345678": "收 王* 139****5678",
    "王伟，13912345678": "王*，139****5678",
    "13912345678 王伟": "139****5678 王*",
    "买家是王小明": "买家是王**",
    "张伟先生要求退款": "张*先生要求退款",
    "姓名：买买提·吐尔逊": "姓名：买******",
    "Recipient: John Smith": "Recipient: J*** S***",
    "TO: Anna Kowalska": "TO: A*** K***",
    "Wei Zhang 15812345678": "W** Z*** 158****5678",
    "收件人：Maria Gonzalez，电话 13812345678": "收件人：M*** G***，电话 138****5678",
    "寄 Anna Kowalska 154-6121-2270": "寄 A*** K*** 154****2270",
    "please ask Mr. Brown": "please ask Mr. B***",
    "深圳市南山区科技园路12号3栋502室": "深圳市南山区科技园路****",
    "3栋502室": "****",
    "221 Baker Street": "****",
}

KEPT = (
    "SF1234567890123",
    "YT13812345678",
    "4312345678901",
    "773138123456789",
    "6901234567892",
    "690123456789",
    "1381234567",
    "138123456789",
    "138****5678",
    "1234567890123456789",
    "2026112213812345",
    "SN-13812345678A",
    "0193f0c4-1381-7123-8456-138123456789",
    "2026-11-22T13:51:23.456789Z",
    "138****1234 与单号 SF1234567890123 不符",
    "Code 128 read 14 times between 0:12.3 and 0:14.0",
    "1920 × 1080, 30 fps, 61.2 s",
    "收到的商品与描述不符，已经拆开检查",
    "买家申请退货退款",
    "发 SF EXPRESS 快递",
    "客服 400-820-8820",
    "按平台规则 tmall 2026.1 判定",
    "5 of six faces are shown; not shown: bottom",
    "400-820-8820",
    "12号线与3号线换乘不了",
    "",
)


@pytest.mark.parametrize(("text", "shown"), COVERED.items())
def test_what_tells_who_somebody_is_gets_covered(text: str, shown: str) -> None:
    assert masked_text(text) == shown


@pytest.mark.parametrize("text", KEPT)
def test_what_only_looks_like_it_stays(text: str) -> None:
    assert masked_text(text) == text


@pytest.mark.parametrize("text", COVERED)
def test_what_is_covered_stays_as_it_is_when_covered_again(text: str) -> None:
    assert masked_text(masked_text(text)) == masked_text(text)


CASE = CaseFile(
    case_id="13812345678",
    order=Order(order_id="13911112222", items=(OrderItem(title="壳", serials=("13700001111",)),)),
    claim=Claim(statement="收件人：张三，13812340000，单号 15912345678"),
    return_parcel=ReturnParcel(waybill="15912345678"),
)


def test_numbers_in_the_fields_of_things_are_evidence_and_in_a_text_they_may_be_guesses() -> None:
    shown = masked_model(CASE)
    assert shown.claim.statement == "收件人：张*，138****0000，单号 159****5678"
    assert (shown.case_id, shown.order, shown.return_parcel) == (CASE.case_id, CASE.order, CASE.return_parcel)


def test_what_a_linear_code_says_is_evidence_and_what_a_matrix_code_says_may_not_be() -> None:
    for format, text in (("Code128", "13812345678"), ("QRCode", "138****5678")):
        assert masked_tree({"format": format, "text": "13812345678"})["text"] == text
    assert masked_tree({"format": "Code128", "text": "张三 13812345678"})["text"] == "张* 138****5678"


def test_who_sends_back_what_they_were_shown_changes_nothing() -> None:
    known = {"statement": "收件人：张三", "lines": ["13812345678", "b"], "13812345678": "x", "left": 1}
    shown = masked_tree(known)
    assert restored(shown, known=known) == known
    edited = {**shown, "left": 2, "lines": ["138****5678", "c"]}
    assert restored(edited, known=known) == {**known, "left": 2, "lines": ["13812345678", "c"]}
    longer = {**shown, "lines": ["138****5678", "b", "c"]}
    assert restored(longer, known=known) == {**known, "lines": ["13812345678", "b", "c"]}


TWINS = {"张三 13812345678.mp4": 1, "张四 13899995678.mp4": 2, "b.mp4": 3}


def test_names_that_look_the_same_when_masked_are_told_apart_and_lead_back_each_to_its_own() -> None:
    shown = masked_tree(TWINS)
    assert shown == {"张* 138****5678.mp4": 1, "张* 138****5678.mp4#2": 2, "b.mp4": 3}
    assert restored({**shown, "b.mp4": 4}, known=TWINS) == {**TWINS, "b.mp4": 4}
    del shown["张* 138****5678.mp4"]
    assert restored(dict(reversed(shown.items())), known=TWINS) == {"张四 13899995678.mp4": 2, "b.mp4": 3}


@pytest.mark.parametrize("name", ["张三 13812345678.mp4", "张五 13800005678.mp4", "张* 138****5678.mp4#3"])
def test_a_name_that_is_meant_perhaps_for_a_masked_one_is_refused_whether_it_is_right_or_not(name: str) -> None:
    with pytest.raises(AmbiguousEditError):
        restored({**masked_tree(TWINS), name: 9}, known=TWINS)


def test_lines_that_went_are_refused_where_it_cannot_be_told_which() -> None:
    known = {"items": [{"title": "收件人：张三"}, {"title": "收件人：张四"}], "plain": ["a", "b"]}
    shown = masked_tree(known)
    assert restored({**shown, "plain": ["b"]}, known=known) == {**known, "plain": ["b"]}
    with pytest.raises(AmbiguousEditError):
        restored({**shown, "items": shown["items"][1:]}, known=known)


def test_every_picture_has_one_twin_and_a_twin_is_its_own() -> None:
    assert twin_of("faces/top.jpg") == "masked/faces-top.jpg"
    assert twin_of(twin_of("faces/top.jpg")) == "masked/faces-top.jpg"
