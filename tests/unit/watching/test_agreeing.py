"""Agreement and calibration: what a word on evidence tells of each rule, and whether confidence holds."""

import random

import pytest

from sixfaces.domain.answer import Answer, Verdict
from sixfaces.domain.statistics import Miscalibration, WordOf
from sixfaces.watching.agreeing import Agreeing, Spoken, Word, spoken_of
from sixfaces.watching.calibrating import Calibrating

MET, NOT, UNSURE = Answer.MET, Answer.NOT_MET, Answer.CANNOT_TELL


def word(said: Verdict, source: WordOf = WordOf.SAMPLE) -> Word:
    return Word(source, said)


def test_a_word_tells_of_the_rules_that_decided_and_of_no_others() -> None:
    tally = Agreeing()
    rejected = Spoken(Verdict.REJECTED, {"completeness.six_faces": NOT, "consistency.waybill": MET})
    tally.add("2026-01", rejected, word(Verdict.REJECTED))
    tally.add("2026-01", rejected, word(Verdict.ACCEPTED))
    whole, rule = tally.figures()
    assert (whole.rule, whole.said, whole.agrees.k, whole.agrees.n) == (None, "rejected", 1, 2)
    assert (rule.rule, rule.said, rule.agrees.k, rule.agrees.n) == ("completeness.six_faces", "not_met", 1, 2)
    assert rule.people == {"accepted": 1, "rejected": 1}
    assert rule.agrees.low < 0.5 < rule.agrees.high


def test_months_sources_and_answers_are_kept_apart() -> None:
    tally = Agreeing()
    accepted = Spoken(Verdict.ACCEPTED, {"validity.decodes": MET})
    asked = Spoken(Verdict.NEEDS_REVIEW, {"validity.decodes": MET, "validity.sharpness": UNSURE})
    tally.add("2026-01", accepted, word(Verdict.ACCEPTED))
    tally.add("2026-02", accepted, word(Verdict.NEEDS_REVIEW))
    tally.add("2026-02", asked, word(Verdict.NEEDS_REVIEW, WordOf.ASSESSMENT))
    told = [(one.month, one.source.value, one.rule, one.said, one.agrees.k, one.agrees.n) for one in tally.figures()]
    assert told == [
        ("2026-01", "sample", None, "accepted", 1, 1),
        ("2026-01", "sample", "validity.decodes", "met", 1, 1),
        ("2026-02", "assessment", None, "needs_review", 1, 1),
        ("2026-02", "assessment", "validity.sharpness", "cannot_tell", 1, 1),
        ("2026-02", "sample", None, "accepted", 0, 1),
        ("2026-02", "sample", "validity.decodes", "met", 0, 1),
    ]


def test_of_several_videos_the_graver_answer_counts() -> None:
    spoken = spoken_of(Verdict.REJECTED, [("a", MET), ("a", NOT), ("b", UNSURE), ("b", MET)])
    assert spoken.rules == {"a": NOT, "b": UNSURE}


def test_a_rule_that_no_longer_exists_is_told_with_its_figure() -> None:
    tally = Agreeing()
    tally.add("2026-01", Spoken(Verdict.REJECTED, {"completeness.seven_faces": NOT}), word(Verdict.REJECTED))
    (_, gone) = tally.figures()
    assert (gone.rule, gone.gone, gone.agrees.n) == ("completeness.seven_faces", True, 1)


def planted(n: int, *, off: float, seed: int = 1) -> Calibrating:
    """Statements that are right as often as they are sure, less `off`."""
    chance, tables = random.Random(seed), Calibrating()
    for _ in range(n):
        sure = round(chance.uniform(0.6, 1.0), 3)
        tables.add(WordOf.SAMPLE, "completeness.six_faces", confidence=sure, right=chance.random() < sure - off)
    return tables


@pytest.mark.parametrize("seed", range(20))
def test_planted_overconfidence_is_found(seed: int) -> None:
    (table,) = planted(400, off=0.2, seed=seed).tables()
    assert table.found is Miscalibration.TOO_SURE
    assert table.error is not None
    assert 0.1 < table.error < 0.3


def test_planted_timidity_is_found() -> None:
    tables = Calibrating()
    for _ in range(200):
        tables.add(WordOf.ASSESSMENT, "", confidence=0.75, right=True)
    (table,) = tables.tables()
    assert (table.found, table.rule, table.n) == (Miscalibration.TOO_UNSURE, None, 200)


def test_true_confidence_is_found_wrong_once_in_a_hundred_at_most() -> None:
    found = [next(planted(150, off=0.0, seed=seed).tables()) for seed in range(300)]
    assert sum(one.found is not None for one in found) <= 3


def test_the_error_by_chance_is_what_true_confidence_has_in_the_mean() -> None:
    found = [next(planted(150, off=0.0, seed=seed).tables()) for seed in range(300)]
    mean = sum(one.error or 0.0 for one in found) / len(found)
    stated = sum(one.by_chance or 0.0 for one in found) / len(found)
    assert mean == pytest.approx(stated, rel=0.15)


def test_one_answer_makes_a_table_that_claims_nothing() -> None:
    tables = Calibrating()
    tables.add(WordOf.SAMPLE, "", confidence=1.0, right=False)
    (table,) = tables.tables()
    assert (table.n, table.found, table.error) == (1, None, 1.0)
    assert [one.right.n for one in table.bins] == [0, 0, 0, 0, 0, 1]
    assert list(Calibrating().tables()) == []
