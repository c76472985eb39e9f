"""What is kept of printed lines, and what never is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sixfaces.domain.reading_facts import TextFact
from sixfaces.domain.time import MediaTime
from sixfaces.observe.masking import folded, masked, masked_payload
from sixfaces.observe.text import Line, settles, tokens, voted


@pytest.mark.parametrize(
    ("line", "kept"),
    [
        ("运单号：858691130534 订单号：DD00000014486", {"858691130534", "DD00000014486"}),
        ("SF1234567890123", {"SF1234567890123"}),
        ("sf1234567890123", {"SF1234567890123"}),
        ("SF 1234 5678 90123", {"SF1234567890123"}),
        ("858691130534 20140808", {"858691130534"}),
        ("1234 5678 9012 345", {"123456789012345"}),
        ("程远 18721222222", {"187****2222"}),
        ("电话：187-2122-2222", {"187****2222"}),
        ("+86 187 2122 2222", {"187****2222"}),
        ("收件人 张* 138****1234", {"张*", "138****1234"}),
        ("张**", {"张**"}),
        ("1**********", {"1**********"}),
        ("SF12****0123", {"SF12****0123"}),
        ("１８７２１２２２２２２", {"187****2222"}),
        ("025-85333555", set()),
        ("北京市朝阳区大屯路300号1808室", set()),
        ("张小姐", set()),
        ("11010119900307761X", set()),
        ("身份证 110101199003077614", set()),
        ("2014080811003", set()),
        ("***", set()),
        ("", set()),
    ],
)
def test_only_numbers_and_masked_forms_are_kept(line: str, kept: set[str]) -> None:
    assert {token.text for token in tokens(line)} == kept


@given(
    st.sampled_from(["13", "15", "18", "19"]), st.integers(0, 999_999_999), st.text(max_size=12), st.text(max_size=12)
)
def test_no_mobile_number_standing_by_itself_survives(start: str, rest: int, before: str, after: str) -> None:
    phone = f"{start}{rest:09d}"
    line = f"{before} {phone} {after}"
    assert all(phone not in token.text for token in tokens(line))
    assert phone not in masked(folded(line)).replace(folded(before), "", 1) or phone in folded(before) + folded(after)


def test_a_landline_loses_its_middle() -> None:
    assert masked("电话 025-85333555") == "电话 025-****3555"


def test_a_code_that_is_one_number_is_left_as_it_is() -> None:
    assert masked_payload("13812345678") == "13812345678"
    assert masked_payload("李 13812345678") == "李 138****5678"


def at(second: int) -> MediaTime:
    return MediaTime(ticks=second, den=1)


def test_crops_vote_and_the_most_seen_comes_first() -> None:
    lines = [
        Line("858691130534", 0.91, at(1)),
        Line("858691138534", 0.97, at(2)),
        Line("单号858691130534", 0.95, at(3)),
        Line("858691130534", 0.90, at(3)),
    ]
    facts = [(m.fact, m.span) for m in voted(lines)]
    first, span = facts[0]
    assert isinstance(first, TextFact)
    assert (first.text, first.reads, first.score, first.masked) == ("858691130534", 2, 0.95, False)
    assert span is not None
    assert (span.start, span.end) == (at(1), at(3))
    assert len(facts) == 2


def test_ocr_is_never_near_certain() -> None:
    lines = [Line("858691130534", 1.0, at(second)) for second in range(10)]
    assert all(measured.confidence <= 0.8 for measured in voted(lines))


def test_reading_stops_when_two_crops_agree() -> None:
    lines = [Line("858691130534", 0.95, at(1))]
    assert not settles(lines)
    assert settles([*lines, Line("858691130534", 0.95, at(2))])
    assert not settles([Line("138****1234", 0.99, at(1)), Line("138****1234", 0.99, at(2))])


def test_a_wall_of_numbers_is_bounded() -> None:
    assert len(voted(Line(f"{number:012d}", 0.9, None) for number in range(10**11, 10**11 + 200))) == 40
