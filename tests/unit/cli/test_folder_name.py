"""A case's folder: readable, a single file name, and no other case's."""

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sixfaces.cli.folder_name import LONGEST, folder_name


def told_apart(kept: str, case_id: str) -> str:
    return f"{kept}-{hashlib.sha256(case_id.encode()).hexdigest()[:8]}"


@pytest.mark.parametrize("case_id", ["C-1", "A_1", "退货1", "換貨-２", "v1.2", "हिन्दी", "Größe-7", "x" * LONGEST])
def test_an_id_that_can_be_a_file_name_anywhere_is_the_folder(case_id: str) -> None:
    assert folder_name(case_id) == case_id


@pytest.mark.parametrize(
    ("case_id", "kept"),
    [
        ("A/1", "A_1"), ("../../etc", "_.._etc"), ("单号/1", "单号_1"), ("...", "case"), (".hidden", "hidden"),
        ("C-1.", "C-1"), ("NUL", "NUL"), ("con.txt", "con.txt"), ("a b", "a_b"), ("x" * 200, "x" * 111),
        ("退" * 41, "退" * 37), ("e\u0301", "é"),
    ],
)  # fmt: skip
def test_an_id_that_had_to_be_changed_bears_its_digest(case_id: str, kept: str) -> None:
    assert folder_name(case_id) == told_apart(kept, case_id)


@given(st.text(st.characters(codec="utf-8"), min_size=1, max_size=200))
def test_whatever_the_id_the_folder_is_one_short_name_below_the_output_folder(case_id: str) -> None:
    name = folder_name(case_id)
    assert len(name.encode()) <= LONGEST
    assert not {"/", "\\", "\0"} & set(name)
    assert not name.startswith(".")
    assert not name.endswith(".")


@pytest.mark.parametrize(("one", "other"), [("退货1", "换货1"), ("A/1", "A_1"), ("A/1", "A:1"), ("é", "e\u0301")])
def test_two_cases_never_share_a_folder(one: str, other: str) -> None:
    assert folder_name(one) != folder_name(other)
