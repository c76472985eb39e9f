"""Files that are cut, mangled, hostile or of something else: what is wrong is told by its place, the rest goes on."""

import io
import tracemalloc
from collections.abc import Iterator

import pytest

from sixfaces.adapters.marketplaces.reading import MappedMarketplace
from sixfaces.adapters.marketplaces.shelf import load
from sixfaces.domain.errors import ImportFileError
from sixfaces.domain.importing import Refusal, Statement
from tests.unit.marketplaces.exports import (
    AMAZON,
    AMAZON_ROW,
    SHOPEE,
    SHOPEE_ROW,
    TMALL,
    TMALL_ROW,
    objects,
    read,
    refused,
    table,
)

GOOD = TMALL_ROW | {"退款编号": "77"}


def only(data: bytes, platform: str = "tmall") -> Refusal:
    """The one refusal; the good row before it was read."""
    found = read(platform, data)
    assert isinstance(found[0], Statement)
    (bad,) = [one for one in found if isinstance(one, Refusal)]
    return bad


@pytest.mark.parametrize(
    ("column", "value", "code"),
    [
        ("退款编号", "1.39E+17", "import.rounded"),
        ("订单编号", "2.6e18", "import.rounded"),
        ("退款编号", '=HYPERLINK("http://x")', "import.formula"),
        ("商品编码", "@SUM(A1)", "import.formula"),
        ("退款编号", "", "import.missing"),
        ("售后类型", "也许退款", "import.word"),
        ("退款状态", "退款不知道", "import.word"),
        ("买家退款金额", "12,34", "import.money"),
        ("买家退款金额", "-5.00", "import.negative"),
        ("买家退款金额", "US$5.00", "import.currency"),
        ("退款的申请时间", "45123.5", "import.time"),
        ("退款的申请时间", "2026-02-30 10:00:00", "import.time"),
        ("宝贝标题", "a\x00b", "import.text"),
        ("宝贝标题", "x" * 5000, "import.long"),
        ("退款状态", "退款成功", "import.untimed"),
    ],
)
def test_one_bad_cell_refuses_its_row_and_says_where(column: str, value: str, code: str) -> None:
    bad = only(table(TMALL, GOOD, TMALL_ROW | {column: value}))
    assert (bad.line, bad.code) == (3, code)
    assert bad.column is not None
    assert column in bad.column or code == "import.untimed"
    assert bad.text.zh != bad.text.en
    assert bad.fix.zh
    assert bad.value is None or len(bad.value) <= 81


def test_an_unknown_word_is_told_with_those_that_may_stand_there() -> None:
    bad = only(table(TMALL, GOOD, TMALL_ROW | {"售后类型": "换新"}))
    assert bad.value == "换新"
    assert {"仅退款", "退货退款", "换货"} <= set(bad.may)


def test_a_rounded_identifier_is_told_the_way_out() -> None:
    bad = only(table(TMALL, GOOD, TMALL_ROW | {"退款编号": "1.39E+17"}))
    assert "spreadsheet" in bad.fix.en
    assert "文本" in bad.fix.zh


def test_numbers_that_spreadsheets_were_kept_from_counting_are_read_as_they_are() -> None:
    for guard in ('="139000000000000001"', "'139000000000000001", "\t139000000000000001", " 139000000000000001 "):
        (one,) = read("tmall", table(TMALL, TMALL_ROW | {"退款编号": guard}))
        assert isinstance(one, Statement)
        assert one.number == "139000000000000001"


def test_a_time_without_a_zone_is_refused_where_nobody_names_one() -> None:
    (bad,) = refused("shopee", table(SHOPEE, SHOPEE_ROW))
    assert (bad.code, bad.column) == ("import.zone", "Return Creation Time")


def test_a_row_that_names_another_currency_than_its_amount_is_refused() -> None:
    row = AMAZON_ROW | {"Label cost": "€5.10", "Order date": "", "Return request date": ""}
    (bad,) = refused("amazon", table(AMAZON, row))
    assert (bad.code, bad.may) == ("import.currency", ("EUR", "USD"))


def test_a_record_that_lists_its_goods_is_taken_in_whole_or_not_at_all() -> None:
    goods = [{"variation_sku": "A", "name": "Cup", "amount": 1}, {"variation_sku": "B", "name": "Jug", "amount": "two"}]
    bad = {"return_sn": "R1", "order_sn": "O1", "create_time": 1781229600, "item": goods}
    good = bad | {"return_sn": "R2", "item": goods[:1]}
    found = read("shopee", objects(bad, good))
    assert [type(one) for one in found] == [Refusal, Statement]
    assert isinstance(found[0], Refusal)
    assert (found[0].line, found[0].column, found[0].code) == (1, "items[].amount", "import.count")


def test_what_is_wrong_with_a_whole_record_is_told_once() -> None:
    goods = [{"variation_sku": "A"}, {"variation_sku": "B"}]
    bad = {"return_sn": "R1", "order_sn": "O1", "create_time": "soon", "item": goods}
    assert [one.code for one in refused("shopee", objects(bad))] == ["import.time"]


@pytest.mark.parametrize("place", [0, 1, 2])
def test_rows_of_one_claim_are_refused_together(place: int) -> None:
    rows = [GOOD | {"商品编码": sku} for sku in ("A", "B", "C")]
    rows[place] |= {"买家退款金额": "much"}
    before, after = TMALL_ROW | {"退款编号": "76"}, TMALL_ROW | {"退款编号": "78"}
    found = read("tmall", table(TMALL, before, *rows, after))
    assert [one.number for one in found if isinstance(one, Statement)] == ["76", "78"]
    (bad,) = [one for one in found if isinstance(one, Refusal)]
    assert (bad.line, bad.lines, bad.code) == (3 + place, (3, 4, 5), "import.money")


def test_a_file_that_is_cut_within_a_row_keeps_what_came_before() -> None:
    data = table(TMALL, GOOD, TMALL_ROW)
    assert only(data[: data.rindex("顺丰".encode())]).code == "import.cells"
    in_a_quote = table(TMALL, GOOD) + b'1,"2\r\n3'
    assert only(in_a_quote).code == "import.cut"


def test_a_file_that_is_cut_within_a_character_does_not_believe_its_last_row() -> None:
    data = table(TMALL, GOOD, TMALL_ROW).rstrip()
    bad = only(data[:-1])
    assert (bad.line, bad.code) == (3, "import.cut")


def test_a_row_with_a_cell_too_many_is_refused_and_an_empty_one_at_the_end_is_not() -> None:
    data = table(TMALL, GOOD)
    assert only(data + data.splitlines()[1] + b",x\r\n").code == "import.cells"
    assert [type(one) for one in read("tmall", data.rstrip() + b",\r\n")] == [Statement]


def test_a_huge_cell_is_refused_and_the_rows_after_it_are_read() -> None:
    data = table(TMALL, GOOD, TMALL_ROW | {"买家退款说明": "y" * 200_000}, GOOD | {"退款编号": "78"})
    found = read("tmall", data)
    assert [one.code for one in found if isinstance(one, Refusal)] == ["import.broken"]
    assert [one.number for one in found if isinstance(one, Statement)] == ["77", "78"]


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "import.empty"),
        (b"PK\x03\x04 a workbook", "import.spreadsheet"),
        (b"\x1f\x8b gzip", "import.spreadsheet"),
        (b"a,b\n1,2\n", "import.columns"),
        (b"\xff\xfe\x00", "import.columns"),
        (b"\x81\x20\xff\x00" * 20, "import.encoding"),
        (table([*TMALL, "退款编号"], TMALL_ROW), "import.columns_twice"),
    ],
)
def test_a_file_of_something_else_is_refused_as_a_whole(data: bytes, code: str) -> None:
    with pytest.raises(ImportFileError) as told:
        read("tmall", data)
    assert told.value.code == code


def test_columns_that_are_lacking_are_named_for_each_kind_of_file() -> None:
    with pytest.raises(ImportFileError) as told:
        read("tmall", table(["退款编号", "备注"], {}))
    assert "refunds: 订单编号/主订单编号/tid" in told.value.text.en
    assert "备注" in told.value.text.en


def test_a_column_that_nobody_asks_for_may_be_there_twice() -> None:
    assert TMALL.count("卖家真实姓名") == 2
    assert isinstance(read("tmall", table(TMALL, GOOD))[0], Statement)


@pytest.mark.parametrize(
    "broken",
    [b'{"refund_id": "2", "tid": }', b'{"refund_id": "2"', b'{"a": 1, "a": 2}', b"[[[[" * 9000, b"17"],
)
def test_what_is_no_json_is_told_with_its_number(broken: bytes) -> None:
    found = read("tmall", objects({"refund_id": "1", "tid": "9"}) + b"\n" + broken)
    assert isinstance(found[0], Statement)
    (bad,) = [one for one in found if isinstance(one, Refusal)]
    assert bad.line == 2
    assert bad.code in {"import.broken", "import.cut"}


def test_half_of_a_character_in_json_is_refused() -> None:
    (bad,) = refused("tmall", b'{"refund_id": "1\\ud800", "tid": "9"}')
    assert bad.code == "import.text"


class _Endless(io.RawIOBase):
    """A file of so many rows that is nowhere."""

    def __init__(self, rows: int) -> None:
        self._rows = rows
        self._at: Iterator[bytes] = iter(())
        self._left = b""

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = 0) -> int:
        self._at, self._left = self._made(), b""
        return 0

    def tell(self) -> int:
        return 0

    def _made(self) -> Iterator[bytes]:
        yield "退款编号,订单编号,买家退款金额\n".encode()
        for n in range(self._rows // 100):
            yield b"".join(b"%d,%d,1.00\n" % (n * 100 + k, n) for k in range(100))

    def read(self, size: int = -1) -> bytes:
        while len(self._left) < size and (more := next(self._at, b"")):
            self._left += more
        data, self._left = self._left[:size], self._left[size:]
        return data


def test_many_rows_take_no_more_memory_than_few() -> None:
    def peak(rows: int) -> int:
        tracemalloc.start()
        stated = MappedMarketplace(load("tmall")).read(_Endless(rows))  # type: ignore[arg-type]  # as binary as a file
        assert sum(1 for _ in stated) == rows
        found = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return found

    peak(500)  # what is made once counts with neither
    few = peak(500)
    assert peak(10_000) < few + 600_000  # the rows themselves would be many megabytes
