"""An entry has one spelling as bytes."""

import json
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sixfaces.domain.custody import Act, Deed, Entry
from sixfaces.domain.errors import CustodyError
from sixfaces.vault.canonical import LARGEST_NUMBER, canonical_json, entered, entry_bytes
from sixfaces.vault.merkle import leaf_hash

AT = datetime(2026, 1, 2, 3, 4, 5, 6, tzinfo=UTC)

texts = st.text(st.characters(codec="utf-8", exclude_characters="\x00"))
values = st.recursive(
    texts | st.integers(-LARGEST_NUMBER, LARGEST_NUMBER),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(texts, inner, max_size=4),
    max_leaves=12,
)


def deed(body: dict[str, Any]) -> Deed:
    return Deed(tenant="main", act=Act.SEAL, subject="s", actor="a", body=body)


def test_an_entry_is_spelled_as_documented() -> None:
    entry = entered(deed({"b": [1, "é\n"], "a": {}}), seq=7, at=AT)
    assert (
        entry_bytes(entry)
        == (
            'sixfaces.entry/1\n{"act":"seal","actor":"a","at":"2026-01-02T03:04:05.000006Z",'
            '"body":{"a":{},"b":[1,"é\\n"]},"seq":7,"subject":"s","tenant":"main"}'
        ).encode()
    )
    assert entry.leaf == leaf_hash(entry_bytes(entry)).hex()


def test_the_zone_in_which_an_instant_is_told_changes_nothing() -> None:
    here = AT.astimezone(timezone(timedelta(hours=8)))
    assert entered(deed({}), seq=0, at=here).leaf == entered(deed({}), seq=0, at=AT).leaf


def test_the_example_of_rfc_8785_is_spelled_as_it_says() -> None:
    names = {
        "\u20ac": "Euro Sign",
        "\r": "Carriage Return",
        "\ufb33": "Hebrew Letter Dalet With Dagesh",
        "1": "One",
        "\U0001f600": "Emoji: Grinning Face",
        "\x80": "Control",
        "\xf6": "Latin Small Letter O With Diaeresis",
    }
    told = canonical_json(names)
    order = ["\r", "1", "\x80", "\xf6", "\u20ac", "\U0001f600", "\ufb33"]
    assert list(json.loads(told)) == order
    assert canonical_json('€$\x0f\nA\'B"\\\\"/') == b'"\xe2\x82\xac$\\u000f\\nA\'B\\"\\\\\\\\\\"/"'


@given(values)
def test_what_is_read_back_from_json_has_the_same_bytes(value: Any) -> None:  # noqa: ANN401 any JSON value
    told = canonical_json(value)
    assert json.loads(told) == value
    assert canonical_json(json.loads(told)) == told


@given(st.dictionaries(texts, values, max_size=6), st.randoms())
def test_the_order_in_which_keys_were_written_changes_nothing(body: dict[str, Any], random: Any) -> None:  # noqa: ANN401 of hypothesis
    keys = list(body)
    random.shuffle(keys)
    assert canonical_json({key: body[key] for key in keys}) == canonical_json(body)


@pytest.mark.parametrize(
    "wrong",
    [1.0, float("nan"), True, None, LARGEST_NUMBER + 1, -LARGEST_NUMBER - 1, "a\x00b", "\ud800", b"x", {1: "x"},
     {"\x00": 1}, {"\ud800": 1}, AT],
)  # fmt: skip
def test_what_has_no_one_spelling_is_refused(wrong: object) -> None:
    with pytest.raises(CustodyError) as caught:
        entered(deed({"inner": [wrong]}), seq=0, at=AT)
    assert caught.value.code == "custody.body"


def test_a_body_as_deep_as_a_well_is_refused() -> None:
    deep: Any = "bottom"
    for _ in range(1000):
        deep = [deep]
    with pytest.raises(CustodyError):
        entered(deed({"deep": deep}), seq=0, at=AT)


@pytest.mark.parametrize(
    "change",
    [{"seq": 8}, {"at": AT + timedelta(microseconds=1)}, {"tenant": "other"}, {"act": Act.ACCEPT}, {"subject": "t"},
     {"actor": "b"}, {"body": {"k": "v "}}],
)  # fmt: skip
def test_no_field_can_change_without_the_leaf(change: dict[str, Any]) -> None:
    entry = entered(deed({"k": "v"}), seq=7, at=AT)
    changed = Entry.model_validate({**entry.model_dump(), **change})
    assert leaf_hash(entry_bytes(changed)).hex() != entry.leaf
