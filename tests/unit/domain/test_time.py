"""Media time is exact."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from sixfaces.domain.time import MediaSpan, MediaTime

times = st.builds(MediaTime, ticks=st.integers(-(2**40), 2**40), num=st.integers(1, 2**20), den=st.integers(1, 2**31))


@given(times, times)
def test_order_is_the_order_of_the_exact_seconds(a: MediaTime, b: MediaTime) -> None:
    assert (a < b) == (a.exact < b.exact)
    assert (a == b) == (a.exact == b.exact)
    assert (a <= b) == (a.exact <= b.exact)


@given(times)
def test_a_time_survives_json(a: MediaTime) -> None:
    assert MediaTime.model_validate_json(a.model_dump_json()) == a


def test_the_same_moment_in_two_bases_is_equal_and_hashes_alike() -> None:
    assert len({MediaTime(ticks=1001, den=30000), MediaTime(ticks=3003, den=90000)}) == 1


def test_ntsc_frames_have_no_rounding() -> None:
    assert MediaTime(ticks=1001 * 30000, den=30000).exact == Fraction(1001)


def test_a_span_cannot_end_before_it_starts() -> None:
    with pytest.raises(ValidationError, match="must not end before"):
        MediaSpan(start=MediaTime(ticks=2, den=1), end=MediaTime(ticks=1, den=1))
