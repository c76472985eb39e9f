"""JSON that two readers could read differently is read by nobody."""

import json
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sixfaces.api.strict_json import DEEPEST, LARGEST_INT, check_text, strict_json
from sixfaces.domain.errors import RequestError

text = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"))
values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-LARGEST_INT, LARGEST_INT)
    | st.floats(allow_nan=False, allow_infinity=False)
    | text,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(text, inner, max_size=4),
    max_leaves=20,
)


@given(values)
def test_what_is_written_plainly_is_read_as_it_was(value: object) -> None:
    for ascii_only in (True, False):
        read = strict_json(json.dumps(value, ensure_ascii=ascii_only).encode())
        check_text(read)
        assert read == value


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    with suppress(RequestError):
        check_text(strict_json(data))


@pytest.mark.parametrize("depth", [DEEPEST, DEEPEST + 1])
def test_the_limit_of_depth_is_exact(depth: int) -> None:
    data = b"[" * depth + b"]" * depth
    if depth <= DEEPEST:
        strict_json(data)
    else:
        with pytest.raises(RequestError):
            strict_json(data)


def test_brackets_in_texts_are_no_depth() -> None:
    assert strict_json(json.dumps(["[" * 500, '\\"[{' * 99]).encode())
