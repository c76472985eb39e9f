"""Whatever was measured, every rule of consistency and completeness answers, in both languages, the same way twice."""

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from sixfaces.criteria.completeness import COMPLETENESS
from sixfaces.criteria.consistency import CONSISTENCY
from sixfaces.domain.answer import Answer
from sixfaces.domain.facts import (
    BreakCause,
    BreakFact,
    ContinuityFact,
    DecodeFact,
    Steadiness,
    TakeFact,
    UnmeasuredFact,
)
from sixfaces.domain.naming import PACKED
from sixfaces.domain.observation import Measured
from sixfaces.domain.packed_facts import PackedBoxFact, PackedItemFact
from sixfaces.domain.parcel_facts import (
    AbsenceFact,
    DefectMatchFact,
    Face,
    FaceFact,
    IdentityFact,
    InspectionFact,
    ItemFact,
    ItemMatch,
    ParcelFact,
    QuantityFact,
    SealFact,
    Stage,
    StageFact,
    WeightFact,
)
from sixfaces.domain.reading_facts import CheckDigit, CodeFact, TextFact
from sixfaces.domain.rules import Criterion
from tests.golden.building import OTHER_SHA, WAYBILL, evidence, exhibit, span
from tests.golden.policies import POLICY
from tests.golden.reading_findings import judged

UNIT = st.floats(0, 1, allow_nan=False)
SECONDS = st.floats(0, 100, allow_nan=False)
ANSWERS = st.sampled_from(Answer)
NUMBERS = st.sampled_from([WAYBILL, "SF9876543210987", "SF12****0123", "6901234567892", "x", "", "9" * 4000]) | st.text(
    max_size=30, alphabet=st.characters(codec="latin-1", exclude_characters="\x00")
)
KINDS = st.sampled_from(["code", "face", "stage", "seal", "break", "absence", "parcel", "item", "inspection"])
FACTS = st.one_of(
    st.builds(CodeFact, format=st.sampled_from(["Code128", "QRCode", "EAN13"]), text=NUMBERS, reads=st.integers(1, 9),
              rivals=st.lists(NUMBERS, max_size=2).map(tuple), check_digit=st.sampled_from(CheckDigit),
              carrier=st.none() | st.just("SF")),
    st.builds(TextFact, text=NUMBERS, reads=st.integers(1, 9), score=UNIT),
    st.builds(BreakFact, cause=st.sampled_from(BreakCause), certain=st.booleans(), score=SECONDS, threshold=SECONDS,
              lost_s=st.none() | SECONDS),
    st.builds(TakeFact, index=st.integers(0, 3)),
    st.builds(ContinuityFact, steadiness=st.sampled_from(Steadiness), frames=st.integers(0, 9),
              smallest_removal_s=st.none() | SECONDS),
    st.builds(DecodeFact, frames=st.integers(0, 9), covered_s=SECONDS, stopped_by=st.none() | NUMBERS),
    st.builds(ParcelFact, soft=st.booleans(), tracked_s=SECONDS),
    st.builds(FaceFact, face=st.sampled_from(Face), view_cos=UNIT, dwell_s=SECONDS, uncovered=UNIT, in_frame=UNIT,
              edge_px=SECONDS, sharpness=UNIT, best_s=SECONDS),
    st.builds(StageFact, stage=st.sampled_from(Stage)),
    st.builds(SealFact, intact=ANSWERS),
    st.builds(AbsenceFact, reason=st.sampled_from(["left_frame", "hidden"])),
    st.builds(IdentityFact, same=ANSWERS, by=NUMBERS),
    st.builds(ItemFact, reference=NUMBERS, by=st.sampled_from(ItemMatch), same=ANSWERS, score=UNIT),
    st.builds(QuantityFact, count=st.integers(0, 4)),
    st.builds(WeightFact, grams=SECONDS),
    st.builds(InspectionFact, views=st.integers(0, 4)),
    st.builds(DefectMatchFact, same=ANSWERS, score=UNIT),
    st.builds(PackedBoxFact, packing=st.just(OTHER_SHA), same=ANSWERS, design=ANSWERS, likely=UNIT,
              by=st.sampled_from([*PACKED, "x"])),
    st.builds(PackedItemFact, packing=st.just(OTHER_SHA), same=ANSWERS, by=st.sampled_from([*PACKED]), likely=UNIT),
    st.builds(UnmeasuredFact, of=st.lists(KINDS, max_size=3).map(tuple), code=NUMBERS, detail=NUMBERS),
)  # fmt: skip
SPANS = st.none() | st.tuples(SECONDS, SECONDS).map(lambda ends: span(min(ends), max(ends)))
MEASURED = st.builds(Measured, fact=FACTS, span=SPANS, confidence=UNIT)
LINES = st.fixed_dictionaries(
    {},
    optional={
        "quantity": st.integers(1, 3), "weight_g": st.floats(1, 100), "barcodes": st.just(["6901234567892"]),
        "serials": st.just(["SF9876543210987"]), "reference_images": st.just(["item.jpg"]),
    },
)  # fmt: skip
CASES = st.fixed_dictionaries(
    {
        "order": st.fixed_dictionaries({"items": st.lists(LINES, max_size=2)}, optional={"order_id": st.just("T-1")}),
        "claim": st.fixed_dictionaries({}, optional={"reason": st.sampled_from(["damaged", "no_reason"])}),
        "return_parcel": st.fixed_dictionaries(
            {}, optional={"waybill": st.sampled_from([WAYBILL, "SF12****0123", "-"]), "weight_g": st.floats(1, 200)}
        ),
        "outbound_parcel": st.fixed_dictionaries(
            {}, optional={"waybill": st.sampled_from(["SF9876543210987", WAYBILL, "-"])}
        ),
    }
)


@settings(deadline=None, derandomize=True, max_examples=100)
@given(st.lists(MEASURED, max_size=12), st.none() | st.lists(MEASURED, max_size=3), CASES)
def test_every_rule_answers_whatever_was_measured(
    facts: list[Measured], packing: list[Measured] | None, case: dict[str, Any]
) -> None:
    went_out = [] if packing is None else [exhibit(*packing, role="packing_video", sha256=OTHER_SHA)]
    known = evidence(exhibit(*facts), *went_out, **case)
    for rule in (*CONSISTENCY, *COMPLETENESS):
        finding = judged(rule.judge, known)
        assert finding.code is rule.code
        assert finding == rule.judge(known, known.exhibits[0], POLICY)
        assert len(finding.text.en) < 3000


def test_every_rule_of_both_criteria_is_there_once() -> None:
    for rules, criterion, count in (
        (CONSISTENCY, Criterion.CONSISTENCY, 10),
        (COMPLETENESS, Criterion.COMPLETENESS, 8),
    ):
        assert {rule.code.criterion for rule in rules} == {criterion}
        assert len({rule.code for rule in rules}) == len(rules) == count


def test_no_rule_of_both_criteria_is_met_by_nothing() -> None:
    nothing = evidence(exhibit(), order={}, return_parcel={}, claim={})
    for rule in (*CONSISTENCY, *COMPLETENESS):
        finding = judged(rule.judge, nothing)
        assert finding.answer is Answer.CANNOT_TELL
        assert finding.missing is not None
