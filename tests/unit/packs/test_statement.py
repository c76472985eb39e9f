"""The statement of a pack: whole sentences within the channel's characters, and nothing contrary left unsaid."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sixfaces.domain.case import CaseFile, Claim, Order, ReturnParcel
from sixfaces.domain.errors import PackError
from sixfaces.report.packs.statement import head_of, points_of, said, statement_of
from sixfaces.report.page import Language
from tests.unit.report.specimens import report

CASE = CaseFile(
    case_id="C-1001",
    order=Order(order_id="T-7"),
    claim=Claim(claim_id="A-1"),
    return_parcel=ReturnParcel(waybill="SF1234567890123"),
)
REPORT = report()
LANGUAGES: tuple[Language, ...] = ("zh", "en")


@pytest.mark.parametrize("language", LANGUAGES)
def test_without_a_limit_every_point_is_told(language: Language) -> None:
    made = statement_of(REPORT, CASE, language=language, characters=None)
    assert made.left_out == ()
    assert list(made.told) == points_of(REPORT)
    for number in ("C-1001", "T-7", "A-1", "SF1234567890123"):
        assert number in made.text


@given(st.integers(0, 2500), st.sampled_from(LANGUAGES))
def test_no_limit_is_ever_passed_and_no_sentence_cut(characters: int, language: Language) -> None:
    least = len(head_of(REPORT, CASE, language=language))
    if characters < least:
        with pytest.raises(PackError, match=r"pack\.impossible"):
            statement_of(REPORT, CASE, language=language, characters=characters)
        return
    made = statement_of(REPORT, CASE, language=language, characters=characters)
    assert len(made.text) <= characters
    lines = made.text.removeprefix(head_of(REPORT, CASE, language=language)).split("\n")[1:]
    assert lines == [f"{n}. {said(one, language)}" for n, one in enumerate(made.told, 1)]
    assert sorted(f.code for f in (*made.told, *made.left_out)) == sorted(f.code for f in points_of(REPORT))


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_not_met_or_open_is_named_however_little_room_there_is(language: Language) -> None:
    head = head_of(REPORT, None, language=language)
    for rule in {"zh": ("六面出镜", "一镜到底", "商品一致"), "en": ("All six faces", "One uncut", "Item agrees")}[
        language
    ]:
        assert rule in head
