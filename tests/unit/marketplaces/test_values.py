"""Cells and back: whatever an amount, an instant or an identifier is written like, it is what it was."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sixfaces.adapters.marketplaces.mapping import MoneyUnit
from sixfaces.adapters.marketplaces.refusing import BadCell
from sixfaces.adapters.marketplaces.repair import guarded
from sixfaces.adapters.marketplaces.values import Reading, amount, count, free_text, grams, instant, number_text, plain
from tests.unit.marketplaces.exports import TMALL, TMALL_ROW, stated, table

CHINA = Reading(ZoneInfo("Asia/Shanghai"), ("%Y-%m-%d %H:%M:%S", "unix_ms"), ".", frozenset())
AMOUNTS = st.decimals(min_value=0, max_value=10**9, places=2)
YEARS = (datetime.fromisoformat("2000-01-02"), datetime.fromisoformat("2090-01-01"))
NUMBERS = st.from_regex(r"[A-Z0-9][A-Z0-9-]{0,30}", fullmatch=True).filter(lambda t: "E" not in t)


@given(AMOUNTS, st.sampled_from(["{:,}", "¥{:,}", "￥{}", "{} 元", "CNY {:,}"]))
def test_an_amount_is_what_it_was_with_any_sign_and_thousands(value: Decimal, form: str) -> None:
    assert Decimal(amount(form.format(value), MoneyUnit.MAJOR)) == value


@given(st.integers(0, 10**12))
def test_fen_are_a_hundredth(fen: int) -> None:
    assert Decimal(amount(str(fen), MoneyUnit.MINOR)) * 100 == fen


@given(st.integers(0, 10**7), st.integers(0, 99))
def test_amounts_with_a_comma_for_the_point(whole: int, cents: int) -> None:
    written = f"{whole:,}".replace(",", ".") + f",{cents:02}"
    assert Decimal(amount(written, MoneyUnit.MAJOR, decimal=",")) == Decimal(whole) + Decimal(cents) / 100


@given(st.datetimes(*YEARS).map(lambda t: t.replace(microsecond=0)))
def test_a_local_time_is_the_instant_that_it_was(local: datetime) -> None:
    read = instant(local.strftime("%Y-%m-%d %H:%M:%S"), CHINA)
    assert read == local.replace(tzinfo=ZoneInfo("Asia/Shanghai"))
    assert instant(read.isoformat(), CHINA) == read


@given(st.integers(10**9, 4 * 10**9))
def test_seconds_and_thousandths_since_1970(second: int) -> None:
    assert instant(str(second * 1000), CHINA) == datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=second)


@pytest.mark.parametrize("dates", [("unix", "unix_ms"), ("unix_ms", "unix")])
def test_seconds_are_told_from_thousandths_by_their_digits(dates: tuple[str, ...]) -> None:
    reading = CHINA._replace(dates=dates)
    assert instant("1781229600", reading) == instant("1781229600000", reading) == datetime(2026, 6, 12, 2, tzinfo=UTC)


@pytest.mark.parametrize("text", ["20260614093000", "99999999", "99999999999", "9999999999999", "0026-06-14 09:30:00"])
def test_an_instant_of_another_century_was_read_by_the_wrong_form(text: str) -> None:
    with pytest.raises(BadCell) as told:
        instant(text, CHINA._replace(dates=("unix", "unix_ms", "%Y-%m-%d %H:%M:%S")))
    assert told.value.code == "time"


@pytest.mark.parametrize("text", ["12E3", "7E10", "1E3", "9E1000", "0E5"])
def test_an_article_with_an_e_is_no_rounded_number(text: str) -> None:
    assert number_text(text) == text


@pytest.mark.parametrize("text", ["1.39E+17", "1,39E+17", "2.6e18", "1E+17", "4e-05", "-3.1E+012"])
def test_what_a_spreadsheet_has_rounded_is_refused(text: str) -> None:
    with pytest.raises(BadCell) as told:
        number_text(text)
    assert told.value.code == "rounded"


@given(NUMBERS)
def test_an_identifier_stays_as_it_is_through_any_guard(text: str) -> None:
    for cell in (text, f"\t{text}", f'="{text}"', f"'{text}", f"  {text}\t"):
        assert number_text(plain(cell)) == text


@given(st.text(max_size=40))
def test_a_guarded_cell_is_no_formula_and_comes_back_as_it_was(cell: str) -> None:
    shown = guarded(cell)
    assert not shown.startswith(("=", "+", "-", "@", "\t", "\r"))
    assert plain(shown).strip() == plain(cell).strip() or cell.startswith(("'", "\t", "\r", "="))


@given(NUMBERS, AMOUNTS, st.sampled_from(["utf-8-sig", "gb18030", "utf-16"]), st.sampled_from([",", "\t", ";"]))
def test_a_row_is_read_as_it_was_written_in_any_form(number: str, money: Decimal, encoding: str, cut: str) -> None:
    row = TMALL_ROW | {"退款编号": number, "买家退款金额": f"¥{money:,}"}
    (one,) = stated("tmall", table(TMALL, row, encoding=encoding, separator=cut))
    assert one.number == number
    assert Decimal(one.fields["claim"]["asked"]) == money


@pytest.mark.parametrize(("text", "found"), [("1.5kg", 1500.0), ("420", 420.0), ("2 公斤", 2000.0), ("3 克", 3.0)])
def test_weights(text: str, found: float) -> None:
    assert grams(text) == found


@pytest.mark.parametrize(("read", "text"), [(count, "1.5"), (count, "-1"), (grams, "heavy"), (free_text, "\x07")])
def test_what_is_none_is_refused(read: object, text: str) -> None:
    with pytest.raises(BadCell):
        read(text)  # type: ignore[operator]  # each of them reads a text
