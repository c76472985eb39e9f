"""Carriers' number formats. The specimens are published test numbers; no real parcel's."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sixfaces.domain.reading_facts import CheckDigit
from sixfaces.observe.carriers import UNKNOWN, recognise
from sixfaces.observe.check_digits import fedex_34_holds, mod10_holds, s10_holds, ups_1z_holds

OK, FAILED, NONE = CheckDigit.OK, CheckDigit.FAILED, CheckDigit.NONE


@pytest.mark.parametrize(
    ("text", "carrier", "check"),
    [
        ("SF1234567890123", "SF", NONE),
        ("sf1234567890123", "SF", NONE),
        ("YT9876543210987", "YTO", NONE),
        ("JT1234567890123", "JT", NONE),
        ("JDVA12345678901", "JD", NONE),
        ("DPK123456789012", "DEPPON", NONE),
        ("75123456789012", "ZTO", NONE),
        ("771234567890123", "STO", NONE),
        ("RB123456785GB", "POST", OK),
        ("RB123456784GB", "POST", FAILED),
        ("EA123456785CN", "EMS", OK),
        ("1Z5R89390357567127", "UPS", OK),
        ("1Z5R89390357567128", "UPS", FAILED),
        ("9505511069605048600624", "USPS", OK),
        ("420221539101026837331000039521", None, NONE),
        ("420941039505511069605048600624", "USPS", OK),
        ("42094103\x1d9505511069605048600624", "USPS", OK),
        ("9505511069605048600625", None, NONE),
        ("1001921334250001000300779017972697", "FEDEX", OK),
        ("9622001900000000000000776632517510", "FEDEX", OK),
        ("9622001900000000000000776632517511", None, NONE),
        ("TBA502887274000", "AMAZON", NONE),
        ("JJD000390007827392748", "DHL", NONE),
        ("43557366200854", None, NONE),
        ("858691130534", None, NONE),
        ("025-85333555", None, NONE),
        ("", None, NONE),
        ("ＳＦ1234567890123", None, NONE),
    ],
)
def test_a_number_is_told_only_what_is_sure(text: str, carrier: str | None, check: CheckDigit) -> None:
    assert recognise(text, symbology="Code128") == (carrier, check)


def test_articles_have_check_digits_and_no_carrier() -> None:
    assert recognise("6901234567892", symbology="EAN13") == (None, OK)
    assert recognise("0036000291452", symbology="EAN13") == (None, OK)
    assert recognise("00012345678905", symbology="ITF") == (None, OK)
    assert recognise("00012345678906", symbology="ITF") == (None, FAILED)


def test_an_sscc_is_one_only_where_the_code_announces_gs1() -> None:
    assert recognise("00106141412345678908", symbology="Code128", gs1=True) == (None, OK)
    assert recognise("00106141412345678909", symbology="Code128", gs1=True) == (None, FAILED)
    assert recognise("00106141412345678908", symbology="Code128") == UNKNOWN


@given(st.text(max_size=40))
def test_any_text_can_be_asked_about(text: str) -> None:
    recognise(text, symbology="QRCode", gs1=True)
    for holds in (mod10_holds, s10_holds, ups_1z_holds, fedex_34_holds):
        assert holds(text) in (True, False)


@given(st.text("0123456789", min_size=2, max_size=30), st.data())
def test_modulo_10_notices_every_single_wrong_digit(digits: str, data: st.DataObject) -> None:
    complete = next(digits + d for d in "0123456789" if mod10_holds(digits + d))
    place = data.draw(st.integers(0, len(complete) - 1))
    wrong = data.draw(st.sampled_from([d for d in "0123456789" if d != complete[place]]))
    assert not mod10_holds(complete[:place] + wrong + complete[place + 1 :])
