"""What answers suggest, what witnesses must show, what the machine adds, and how two looks compare."""

import pytest

from sixfaces.domain.answer import Answer, Verdict
from sixfaces.domain.errors import InspectionError
from sixfaces.domain.inspection import FoundDefect, StepAnswer, Witness
from sixfaces.domain.model import Say
from sixfaces.domain.report import Report, RulebookView
from sixfaces.domain.rules import Criterion, CriterionJudgement, Finding, RuleCode
from sixfaces.domain.sop import Disposition, QcOutcome, Sop, SopStep, WitnessNeed
from sixfaces.qc.checking import check
from sixfaces.qc.comparing import agreement, compare, kappa
from sixfaces.qc.grading import suggest, suggest_outcome
from sixfaces.qc.prefill import seen
from sixfaces.qc.walk import walk
from sixfaces.rulebook.grades import GRADES
from sixfaces.rulebook.sops import SOPS
from tests.golden.qc.answering import EXHIBITS, FILM, NOON, PHOTO, answered, well

PHONE = SOPS.load("electronics.phone")
ABCD = GRADES.load("abcd")
FINE, WRONG = QcOutcome.NO_QUALITY_PROBLEM, QcOutcome.DEFECT_CONFIRMED


def found(*codes: str, of: Sop = PHONE) -> tuple[FoundDefect, ...]:
    known = {one.code: one for one in of.defects}
    return tuple(FoundDefect(code=code, place=next(iter(known[code].places), None)) for code in codes)


def step_of(sop: Sop, id: str) -> SopStep:
    return next(step for step in sop.steps if step.id == id)


@pytest.mark.parametrize(
    ("name", "codes", "outcome", "fit", "grade", "disposition"),
    [
        ("electronics.phone", ["scratch"], "no_quality_problem", False, "B", "refurbish"),
        ("electronics.phone", ["scratch"] * 4, "no_quality_problem", False, "C", "refurbish"),
        ("electronics.phone", ["cracked", "dent"], "defect_confirmed", False, "C", "refurbish"),
        ("electronics.general", ["cracked"], "defect_confirmed", False, "C", "refurbish"),
        ("electronics.general", ["dent"], "no_quality_problem", False, "B", "refurbish"),
        ("electronics.phone", ["cracked", "touch_fault"], "defect_confirmed", False, "D", "return_to_vendor"),
        ("electronics.phone", ["wrong_device", "no_power"], "swapped", False, "D", "hold"),
        ("electronics.phone", ["account_locked"], "used", False, "D", "hold"),
        ("electronics.phone", ["charger_missing", "scratch"], "incomplete", False, "B", "repack"),
        ("apparel", ["bleeding"], "defect_confirmed", False, "C", "return_to_vendor"),
        ("apparel", ["worn", "odour"], "used", False, "D", "liquidate"),
        ("apparel", ["spare_missing"], "no_quality_problem", True, "B", "repack"),
        ("footwear", ["box_damaged"], "no_quality_problem", True, "B", "repack"),
        ("footwear", ["outsole_worn"], "used", False, "C", "liquidate"),
        ("toys", ["small_part_loose", "part_missing"], "defect_confirmed", False, "D", "destroy"),
        ("cosmetics", ["seal_broken"], "used", False, "D", "destroy"),
        ("cosmetics", ["expired", "short_life"], "defect_confirmed", False, "D", "destroy"),
        ("food.fresh", ["rotten"], "defect_confirmed", False, "D", "destroy"),
        ("food.fresh", [], "no_quality_problem", False, "A", "destroy"),
        ("food.packaged", ["dented"], "no_quality_problem", False, "B", "donate"),
        ("books", ["pirated"], "defect_confirmed", False, "D", "hold"),
        ("books", ["written"], "used", False, "C", "liquidate"),
        ("luxury", ["authenticity_doubtful"], "referred", None, None, "hold"),
        ("luxury", ["authenticity_doubtful", "counterfeit"], "defect_confirmed", False, "PARTS", "hold"),
        ("luxury", ["hardware_scratch"], "no_quality_problem", False, "N99", "refurbish"),
        ("home", ["unstable"], "defect_confirmed", False, "C", "return_to_vendor"),
        ("general", [], "no_quality_problem", True, "A", "restock"),
    ],
)  # fmt: skip
def test_what_defects_suggest(
    name: str, codes: list[str], outcome: str, fit: bool | None, grade: str | None, disposition: str
) -> None:
    sop = SOPS.load(name)
    told = suggest(sop, GRADES.load(sop.scheme), found(*codes, of=sop))
    assert (told.outcome, told.fit, told.grade, told.disposition) == (outcome, fit, grade, disposition)


def test_what_a_person_names_instead_is_worked_out_by_its_own_rule() -> None:
    told = suggest_outcome(PHONE, ABCD, found("scratch"), outcome=QcOutcome.USED)
    assert (told.outcome, told.fit, told.disposition) == (QcOutcome.USED, False, Disposition.HOLD)
    unknown = suggest_outcome(PHONE, ABCD, found("scratch"), outcome=QcOutcome.REFERRED)
    assert (unknown.fit, unknown.disposition, unknown.grade) == (None, Disposition.HOLD, None)


@pytest.mark.parametrize(
    ("need", "witness", "is_enough"),
    [
        (WitnessNeed.PHOTO, Witness(exhibit=PHOTO), True),
        (WitnessNeed.PHOTO, Witness(exhibit=FILM, at_s=1.0), False),
        (WitnessNeed.MOMENT, Witness(exhibit=FILM, at_s=60.2), True),
        (WitnessNeed.MOMENT, Witness(exhibit=FILM), False),
        (WitnessNeed.MOMENT, Witness(exhibit=PHOTO), False),
        (WitnessNeed.EITHER, Witness(exhibit=FILM, at_s=0.0), True),
        (WitnessNeed.EITHER, Witness(exhibit=PHOTO), True),
        (WitnessNeed.EITHER, Witness(exhibit=FILM), False),
        (WitnessNeed.IF_DEFECT, None, True),
    ],
)
def test_what_counts_as_shown(need: WitnessNeed, witness: Witness | None, is_enough: bool) -> None:
    step = step_of(PHONE, "power").model_copy(update={"witness": need})
    answer = well(PHONE, step).model_copy(update={"witnesses": (witness,) if witness else ()})
    if is_enough:
        check(PHONE, step, answer, exhibits=EXHIBITS)
        return
    with pytest.raises(InspectionError) as caught:
        check(PHONE, step, answer, exhibits=EXHIBITS)
    assert caught.value.code == "inspection.witness_needed"


@pytest.mark.parametrize("witness", [Witness(exhibit=FILM, at_s=61.0), Witness(exhibit=PHOTO, at_s=1.0)])
def test_a_moment_lies_within_footage(witness: Witness) -> None:
    step = step_of(PHONE, "power")
    answer = well(PHONE, step).model_copy(update={"witnesses": (witness,)})
    with pytest.raises(InspectionError) as caught:
        check(PHONE, step, answer, exhibits=EXHIBITS)
    assert caught.value.code == "inspection.witness_moment"


def test_an_optional_step_may_be_passed_over_by_whomever_and_no_other() -> None:
    diagnosis, power = step_of(PHONE, "diagnosis"), step_of(PHONE, "power")
    nothing = StepAnswer(step="diagnosis", by="test", at=NOON)
    check(PHONE, diagnosis, nothing, exhibits={})
    with pytest.raises(InspectionError) as caught:
        check(PHONE, power, nothing.model_copy(update={"step": "power"}), exhibits={})
    assert caught.value.code == "inspection.form"


def report(*findings: Finding) -> Report:
    judgement = CriterionJudgement(answer=Answer.NOT_MET, findings=findings)
    rulebook = RulebookView(policy="default", version="2026.1", digest="0" * 64)
    return Report(
        case_id="C-1", verdict=Verdict.NEEDS_REVIEW, criteria={Criterion.CONSISTENCY: judgement}, exhibits=(),
        rulebook=rulebook, observers={},
    )  # fmt: skip


def test_the_machine_shows_what_it_saw_with_its_moment_and_answers_nothing() -> None:
    text = Say(zh="条码不同。", en="Another barcode.")
    item = Finding(code=RuleCode.ITEM, answer=Answer.NOT_MET, text=text, exhibit=FILM, spans=((12.5, 14.0),))
    other = Finding(code=RuleCode.WAYBILL, answer=Answer.MET, text=text)
    step = step_of(PHONE, "imei")
    (one,) = seen(step, report(item, other))
    assert (one.rule, one.answer, one.exhibit, one.at_s) == ("consistency.item", "not_met", FILM, 12.5)
    assert walk(PHONE, []).answers == {}
    assert seen(step, None) == ()
    assert seen(step_of(PHONE, "power"), report(item)) == ()


def test_two_looks_part_at_the_steps_that_they_answered_otherwise() -> None:
    shoes = SOPS.load("footwear")
    first = [well(shoes, step) for step in shoes.steps]
    second = [answered(shoes, step, "off") if step.id == "glue" else well(shoes, step) for step in shoes.steps]
    told = compare(shoes, walk(shoes, first), walk(shoes, second), outcomes=(FINE, WRONG))
    assert (told.agree, told.overturned) == (False, True)
    (part,) = told.steps
    assert (part.step, part.first, part.second, part.defects) == ("glue", ("sound",), ("off",), ("sole_off",))
    same = compare(shoes, walk(shoes, first), walk(shoes, first), outcomes=(FINE, FINE))
    assert (same.agree, same.overturned, same.alike, same.steps) == (True, False, 1.0, ())


def test_kappa_is_agreement_beyond_chance() -> None:
    """The example of Cohen (1960), as it is in every book: 50 cases, 35 alike, by chance 0.5."""
    pairs = [("yes", "yes")] * 20 + [("yes", "no")] * 5 + [("no", "yes")] * 10 + [("no", "no")] * 15
    assert kappa(pairs) == pytest.approx(0.4)
    assert kappa([]) is None
    assert kappa([("yes", "yes")] * 3) is None
    assert kappa([("yes", "no"), ("no", "yes")]) == pytest.approx(-1.0)


def test_agreement_counts_what_was_overturned() -> None:
    told = agreement([(FINE, FINE), (FINE, WRONG), (WRONG, FINE), (WRONG, WRONG)])
    assert (told.pairs, told.agree, told.share, told.overturned) == (4, 2, 0.5, 1)
    assert told.kappa == pytest.approx(0.0)
    assert agreement([]).share is None


def test_to_refer_the_goods_overturns_nothing_and_is_counted_apart() -> None:
    shoes, away = SOPS.load("footwear"), QcOutcome.REFERRED
    first = walk(shoes, [well(shoes, step) for step in shoes.steps])
    told = compare(shoes, first, first, outcomes=(FINE, away))
    assert (told.agree, told.overturned) == (False, False)
    many = agreement([(FINE, FINE), (FINE, WRONG), (FINE, away), (away, away), (away, WRONG)])
    assert (many.pairs, many.agree, many.overturned, many.referred) == (2, 1, 1, 3)
