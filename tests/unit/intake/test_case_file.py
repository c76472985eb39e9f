"""case.json: strict, bounded, and errors that name the field."""

import json
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sixfaces.domain.errors import CaseFileError
from sixfaces.domain.model import Say
from sixfaces.intake.case_file import LARGEST, parse_case, read_case


@pytest.mark.parametrize(
    ("data", "code", "words"),
    [
        (b'{"case_id": "a", "x": 1}', "case_file.field", "x: unknown field"),
        (b"{}", "case_file.field", "case_id: is needed"),
        (b'{"case_id": "a", "case_id": "b"}', "case_file.duplicate", "case_id twice"),
        (b'{"case_id": "a", "order": {"items": [{"sku": "1", "sku": "2"}]}}', "case_file.duplicate", "sku twice"),
        (b'{"case_id": "a", "return_parcel": {"weight_g": NaN}}', "case_file.not_json", "NaN"),
        (b'{"case_id": "a", "return_parcel": {"weight_g": 1e999}}', "case_file.field", "return_parcel.weight_g"),
        (b'{"case_id": "a", "order": {"items": [{"quantity": ' + b"9" * 5000 + b"}]}}", "case_file.not_json", "number"),
        (b'{"case_id": "a", "order": {"items": [{}, {"price": "x"}]}}', "case_file.field", "order.items[1].price"),
        (b'{"case_id": "a\\u0000"}', "case_file.field", "case_id"),
        (b'{"case_id": "\\ud800"}', "case_file.field", "case"),
        (b'{"case_id": "a", "claim": {"opened_at": "2026-01-01T00:00:00"}}', "case_file.field", "claim.opened_at"),
        (b'{"case_id": "a", "received_at": {"v.mp4": "soon"}}', "case_file.field", "received_at.v.mp4"),
        (b"[" * 200_000, "case_file.not_json", "deep"),
        (b"\xff\xfe{}", "case_file.not_json", "UTF-8"),
        (b"[1]", "case_file.not_json", "object"),
        (b"", "case_file.not_json", "line 1, column 1"),
        (b'{"case_id": "a",\n}', "case_file.not_json", "line 2"),
        (b" " * (LARGEST + 1), "case_file.too_large", "1 MiB"),
    ],
    ids=range(18),
)  # fmt: skip
def test_what_is_wrong_is_named(data: bytes, code: str, words: str) -> None:
    with pytest.raises(CaseFileError) as refused:
        parse_case(data)
    assert refused.value.code == code
    assert words in refused.value.text.en
    assert refused.value.text.zh
    assert refused.value.fix.zh


def told(case: dict[str, object]) -> Say:
    with pytest.raises(CaseFileError) as refused:
        parse_case(json.dumps({"case_id": "a", **case}).encode())
    return refused.value.text


@pytest.mark.parametrize(
    ("case", "zh", "en"),
    [
        (
            {"return_parcel": {"sign_at": 1}},
            "return_parcel.sign_at：未知字段（是否应为 signed_at？）",
            "mean signed_at?",
        ),
        ({"return_parcel": {"Waybill": 1}}, "（是否应为 waybill？）", "(did you mean waybill?)"),
        ({"order": {"items": [{"serial": 1}]}}, "（是否应为 serials？）", "(did you mean serials?)"),
        (
            {"signed_at": 1},
            "（是否应为 outbound_parcel.signed_at 或 return_parcel.signed_at？）",
            "(did you mean outbound_parcel.signed_at or return_parcel.signed_at?)",
        ),
        (
            {"weight_g": 1},
            "（是否应为 order.items.weight_g 或 return_parcel.weight_g？）",
            "(did you mean order.items.weight_g or return_parcel.weight_g?)",
        ),
        ({"colour": 1}, "colour：未知字段。", "colour: unknown field."),
        ({"k" * 500: 1}, "：未知字段。", ": unknown field."),
    ],
)
def test_an_unknown_field_is_told_with_what_may_have_been_meant(case: dict[str, object], zh: str, en: str) -> None:
    text = told(case)
    assert zh in text.zh
    assert en in text.en


@pytest.mark.parametrize(
    ("time", "zh", "en"),
    [("2026-01-01T00:00:00", "须带时区", "needs its time zone"), ("soon", "应为 ISO 8601", "must be an ISO 8601 time")],
)
def test_a_wrong_time_is_told_with_an_example_in_both_languages(time: str, zh: str, en: str) -> None:
    text = told({"return_parcel": {"signed_at": time}})
    for words, one in ((text.zh, zh), (text.en, en)):
        assert one in words
        assert "2026-06-20T18:05:00+08:00" in words


def test_a_byte_order_mark_is_no_harm() -> None:
    assert parse_case(b'\xef\xbb\xbf{"case_id": "C-1"}').case_id == "C-1"


def test_the_shipped_cases_are_read() -> None:
    media = Path(__file__).parents[3] / "fixtures" / "media"
    assert read_case(media / "genuine.case.json").return_parcel.waybill == "43557366200854"


def test_a_key_is_told_without_what_it_could_do_to_a_terminal() -> None:
    with pytest.raises(CaseFileError) as refused:
        parse_case(json.dumps({"case_id": "a", "\x1b[31m\u202e" + "k" * 500: 1}).encode())
    assert not {"\x1b", "\u202e"} & set(refused.value.text.en)
    assert len(refused.value.text.en) < 300


@given(st.binary(max_size=200) | st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(st.sampled_from(["case_id", "order", "items", "claim", "x"]), inner, max_size=3),
    max_leaves=8,
).map(lambda tree: json.dumps(tree).encode()))  # fmt: skip
def test_whatever_it_holds_it_is_a_case_or_an_error_of_ours(data: bytes) -> None:
    with suppress(CaseFileError):
        assert parse_case(data).case_id
