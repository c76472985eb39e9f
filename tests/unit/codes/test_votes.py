"""Voting: how readings of many frames become facts."""

import numpy as np
import pytest

from sixfaces.domain.reading_facts import CodeFact
from sixfaces.domain.time import MediaTime
from sixfaces.observe.code_reading import Reading, same_place
from sixfaces.observe.code_votes import Votes


def at(second: float) -> MediaTime:
    return MediaTime(ticks=round(second * 1000), den=1000)


def reading(text: str, *, form: str = "Code128", x: float = 0.0, confirmed: bool = True) -> Reading:
    quad = np.array([[x, 0], [x + 300, 0], [x + 300, 60], [x, 60]], np.float64)
    return Reading(form, text, False, quad, 2.0, confirmed)


def told(votes: Votes, *, still: bool = False) -> list[CodeFact]:
    return [m.fact for m in votes.facts(still=still) if isinstance(m.fact, CodeFact)]


def test_one_unconfirmed_misreading_becomes_a_rival_and_no_fact() -> None:
    votes = Votes()
    for second in (0.0, 0.33, 0.66):
        votes.add(at(second), [reading("SF1234567890123")])
    votes.add(at(1.0), [reading("gF1234567820523", confirmed=False)])
    (fact,) = told(votes)
    assert fact.text == "SF1234567890123"
    assert fact.reads == 3
    assert fact.rivals == ("gF1234567820523",)


def test_an_unconfirmed_misreading_in_two_frames_loses_to_its_rival() -> None:
    votes = Votes()
    for second in (0.0, 0.33, 0.66):
        votes.add(at(second), [reading("A1234567")])
    for second in (1.0, 1.33):
        votes.add(at(second), [reading("A1234561", confirmed=False)])
    assert [(fact.text, fact.rivals) for fact in told(votes)] == [("A1234567", ("A1234561",))]


def test_two_confirmed_texts_at_one_place_are_both_told_as_rivals() -> None:
    votes = Votes()
    votes.add(at(0.0), [reading("A1234567")])
    votes.add(at(0.33), [reading("B1234567")])
    assert {(fact.text, fact.rivals) for fact in told(votes)} == {
        ("A1234567", ("B1234567",)),
        ("B1234567", ("A1234567",)),
    }


def test_codes_seen_together_or_apart_are_no_rivals() -> None:
    votes = Votes()
    votes.add(at(0.0), [reading("A1234567"), reading("B1234567", x=10)])
    votes.add(at(0.33), [reading("C1234567", x=900)])
    votes.add(at(5.0), [reading("D1234567")])
    assert all(fact.rivals == () for fact in told(votes))


def test_a_code_at_two_places_of_one_frame_has_one_vote() -> None:
    votes = Votes()
    votes.add(at(0.0), [reading("A1234567"), reading("A1234567", x=500)])
    assert [fact.reads for fact in told(votes)] == [1]


@pytest.mark.parametrize(
    ("form", "text", "reads", "kept"),
    [
        ("ITF", "123456", 9, False),
        ("ITF", "1234567890", 2, False),
        ("ITF", "1234567890", 3, True),
        ("ITF", "00012345678905", 1, True),
        ("Code39", "ABC12", 9, False),
        ("Code39", "ABC123", 2, False),
        ("Code39", "ABC123", 3, True),
        ("EAN8", "96385074", 2, False),
        ("EAN8", "96385074", 3, True),
        ("EAN13", "6901234567892", 1, True),
        ("Code128", "A1", 1, True),
    ],
)
def test_formats_with_weak_checks_need_more(form: str, text: str, reads: int, kept: bool) -> None:
    votes = Votes()
    for frame in range(reads):
        votes.add(at(frame / 3), [reading(text, form=form)])
    assert bool(told(votes)) is kept


def test_an_unconfirmed_reading_needs_a_second_frame_and_stays_unsure() -> None:
    votes = Votes()
    votes.add(at(0.0), [reading("6901234567892", form="EAN13", confirmed=False)])
    assert told(votes) == []
    votes.add(at(0.33), [reading("6901234567892", form="EAN13", confirmed=False)])
    (measured,) = votes.facts(still=False)
    assert measured.confidence < 0.5


def test_facts_come_in_order_of_time() -> None:
    votes = Votes()
    votes.add(at(3.0), [reading("Z1234567")])
    votes.add(at(9.0), [reading("A1234567"), reading("Z1234567", x=600)])
    starts = [m.span.start.seconds for m in votes.facts(still=False) if m.span]
    assert starts == [3.0, 9.0, 9.0]


def test_quads_read_from_a_few_rows_still_have_a_place() -> None:
    thin = np.array([[0, 30], [300, 30], [300, 31], [0, 31]], np.float64)
    below = np.array([[0, 130], [300, 130], [300, 190], [0, 190]], np.float64)
    assert same_place(thin, reading("x").quad)
    assert not same_place(thin, below)
    assert not same_place(reading("x").quad, below)
