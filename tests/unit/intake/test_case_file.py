"""case.json: strict, bounded, and errors that name the field."""

import json
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sixfaces.domain.errors import CaseFileError
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
