"""Numbers compared as a clerk would: form does not matter, digits do."""

import re
import string

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from sixfaces.criteria.consistency_numbers import Match, article, match, normalised, shape, tokens

WAYBILLS = st.text(alphabet=string.ascii_uppercase + string.digits, min_size=8, max_size=22)
DELIMITERS = st.sampled_from(["/", "?no=", "&", "|", ",", ";", ":", "\x1d", "（", '"'])
VISIBLE = 7

steady = settings(deadline=None, derandomize=True, max_examples=60)


def widened(text: str) -> str:
    return "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in text)


@steady
@given(WAYBILLS, st.integers(1, 5), st.sampled_from([" ", "-", "–", "　", "\u200b", " "]))
def test_case_spaces_dashes_and_full_width_do_not_matter(number: str, every: int, filler: str) -> None:
    spaced = filler.join(number[i : i + every] for i in range(0, len(number), every))
    for form in (spaced, spaced.lower(), widened(spaced), f"  {spaced}\t".strip("\t")):
        assert normalised(form) == number
        assert match(form, number, visible=VISIBLE) is Match.FULL
        assert match(number, form, visible=VISIBLE) is Match.FULL


@steady
@given(WAYBILLS, DELIMITERS, DELIMITERS, WAYBILLS)
def test_a_waybill_is_found_as_a_field_of_a_payload(number: str, before: str, after: str, other: str) -> None:
    assert match(f"{other}{before}{number}{after}x", number, visible=VISIBLE) is Match.FULL


@steady
@given(WAYBILLS, WAYBILLS)
def test_a_number_inside_a_longer_one_is_never_a_full_match(number: str, more: str) -> None:
    assume(number not in (number + more)[1:])
    assert match(number + more, number, visible=VISIBLE) is Match.EMBEDDED
    assert match(f"https://x/{more}{number}", number, visible=VISIBLE) is not Match.FULL


@steady
@given(WAYBILLS, st.data())
def test_a_number_that_differs_in_one_character_never_matches(number: str, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(number) - 1))
    swapped = data.draw(st.sampled_from(string.digits).filter(lambda c: c != number[at]))
    other = number[:at] + swapped + number[at + 1 :]
    assert match(other, number, visible=VISIBLE) is Match.NONE
    assert match(f"no={other}", number, visible=VISIBLE) is Match.NONE


@steady
@given(WAYBILLS, st.data())
def test_a_short_piece_of_a_waybill_never_matches_it(number: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(number) - 1))
    end = data.draw(st.integers(start + 1, len(number)))
    assume(end - start < len(number))
    assert match(number[start:end], number, visible=VISIBLE) is Match.NONE


@steady
@given(WAYBILLS, st.integers(0, 12), st.integers(0, 12), st.sampled_from(["*", "****", "●●"]))
def test_a_masked_form_agrees_exactly_when_enough_of_it_is_visible(
    number: str, head: int, tail: int, mask: str
) -> None:
    assume(head + tail < len(number))
    masked = number[:head] + mask + (number[-tail:] if tail else "")
    expected = Match.MASKED if head + tail >= VISIBLE else Match.NONE
    assert match(masked, number, visible=VISIBLE) is expected
    assert match(number, masked, visible=VISIBLE) is expected


@steady
@given(WAYBILLS, st.data())
def test_a_masked_form_with_a_wrong_visible_character_agrees_with_nothing(number: str, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, 3))
    wrong = data.draw(st.sampled_from(string.digits).filter(lambda c: c != number[at]))
    masked = number[:at] + wrong + number[at + 1 : 4] + "****" + number[-4:]
    assume(len(number) > 8)
    assert match(masked, number, visible=VISIBLE) is Match.NONE


@settings(deadline=None, derandomize=True, max_examples=400)
@given(st.text(alphabet="AB1*", min_size=1, max_size=10), st.text(alphabet="AB1", min_size=6, max_size=10))
def test_a_run_of_masks_stands_for_one_or_more_characters_wherever_it_is(masked: str, number: str) -> None:
    assume("*" in masked)
    pattern = ".+".join(re.escape(part) for part in re.split(r"\*+", masked))
    agrees = re.fullmatch(pattern, number) is not None and len(masked.replace("*", "")) >= 2
    assert (match(masked, number, visible=2) is Match.MASKED) is agrees
    assert (match(number, masked, visible=2) is Match.MASKED) is agrees


@steady
@given(st.text(max_size=60), st.text(max_size=60))
def test_comparing_never_fails_and_nothing_matches_an_empty_number(read: str, number: str) -> None:
    assert match(read, number, visible=VISIBLE) in Match
    assert match(read, " - ", visible=VISIBLE) is Match.NONE
    assert "" not in tokens(read)


@pytest.mark.parametrize(
    ("read", "number", "expected"),
    [
        ("SF1234567890123", "sf 1234 5678 9012 3", Match.FULL),
        ("https://t.example/q?no=SF1234567890123&s=2", "SF1234567890123", Match.FULL),
        ("运单号：ＳＦ1234567890123", "SF1234567890123", Match.FULL),
        ("JD0012345678901-1-1-", "JD0012345678901", Match.FULL),
        ("420941039400111899223100000001", "9400111899223100000001", Match.FULL),
        ("SF12****0123", "SF1234567890123", Match.MASKED),
        ("138****1234", "13800001234", Match.MASKED),
        ("138****1234", "13900001234", Match.NONE),
        ("138**4", "13800001234", Match.NONE),
        ("SF12****0123", "SF120123", Match.NONE),
        ("T1", "T1", Match.FULL),
        ("https://x/T1/y", "T1", Match.NONE),
        ("99SF123456789012300", "SF1234567890123", Match.EMBEDDED),
        ("SF1234567890124", "SF1234567890123", Match.NONE),
    ],
)
def test_forms_seen_on_labels(read: str, number: str, expected: Match) -> None:
    assert match(read, number, visible=VISIBLE) is expected


def test_shape_keeps_the_pattern_of_letters_and_digits() -> None:
    assert shape("sf-12 3") == "AA999"
    assert shape("43557366200854") == "9" * 14


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("6901234567892", "06901234567892"),
        ("012345678905", "00012345678905"),
        ("0106901234567892211ABC", "06901234567892"),
        ("(01)06901234567892(21)ABC", "06901234567892"),
        ("SF1234567890123", None),
        ("12345", None),
    ],
)
def test_an_article_number_is_read_bare_or_after_its_gs1_identifier(text: str, expected: str | None) -> None:
    assert article(text) == expected
