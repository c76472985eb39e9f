"""How answers combine."""

from hypothesis import given
from hypothesis import strategies as st

from sixfaces.domain.answer import Answer, Verdict, all_of, unanimous, verdict_of

answers = st.lists(st.sampled_from(Answer), max_size=8)


def test_all_of_over_nothing_cannot_tell() -> None:
    assert all_of([]) is Answer.CANNOT_TELL


@given(answers)
def test_one_not_met_is_enough(seen: list[Answer]) -> None:
    assert all_of([*seen, Answer.NOT_MET]) is Answer.NOT_MET


@given(answers)
def test_all_of_is_met_only_when_every_answer_is(seen: list[Answer]) -> None:
    assert (all_of(seen) is Answer.MET) == (bool(seen) and set(seen) == {Answer.MET})


@given(answers)
def test_the_order_of_answers_does_not_matter(seen: list[Answer]) -> None:
    assert all_of(seen) is all_of(reversed(seen))


def test_each_answer_has_its_verdict() -> None:
    assert [verdict_of(a) for a in Answer] == [Verdict.ACCEPTED, Verdict.REJECTED, Verdict.NEEDS_REVIEW]


def test_opinions_that_differ_go_to_a_person() -> None:
    assert unanimous([Verdict.ACCEPTED, Verdict.REJECTED], otherwise=Verdict.NEEDS_REVIEW) is Verdict.NEEDS_REVIEW
    assert unanimous([Verdict.ACCEPTED] * 2, otherwise=Verdict.NEEDS_REVIEW) is Verdict.ACCEPTED
    assert unanimous([], otherwise=Verdict.NEEDS_REVIEW) is Verdict.NEEDS_REVIEW
