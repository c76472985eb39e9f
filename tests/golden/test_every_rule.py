"""Every rule of the product is registered once and has, here, one case for each of its three answers."""

from collections import Counter
from datetime import timedelta
from typing import Any

import pytest

from sixfaces.criteria.registry import RULES
from sixfaces.domain.answer import Answer
from sixfaces.domain.evidence import EarlierUse, Evidence, History
from sixfaces.domain.exhibit import MediaInfo
from sixfaces.domain.facts import BreakCause, BreakFact, EditListFact, ProvenanceState, ToolKind, ToolTagFact
from sixfaces.domain.model import Model
from sixfaces.domain.observation import Measured
from sixfaces.domain.packed_facts import PackedBoxFact, PackedItemFact
from sixfaces.domain.parcel_facts import (
    AbsenceFact,
    DefectMatchFact,
    IdentityFact,
    ItemFact,
    ItemMatch,
    QuantityFact,
    Stage,
    StageFact,
    WeightFact,
)
from sixfaces.domain.reading_facts import CodeFact, Signature
from sixfaces.domain.rules import RuleCode
from tests.golden.building import CLOSES, OTHER_SHA, RECEIVED, SHA, SIGNED, evidence, exhibit, fact
from tests.golden.facts_of_validity import captured, credentials, decoded, recapture, seal, shown_code, usable
from tests.golden.genuine import MEDIA, genuine
from tests.golden.reading_findings import judged

MET, NOT_MET, CANNOT_TELL = Answer.MET, Answer.NOT_MET, Answer.CANNOT_TELL
HOUR = timedelta(hours=1)
SMALL = MediaInfo(duration_s=60.0, width=320, height=180, fps=30.0, codec="h264")
OTHER_CODE = CodeFact(format="Code128", text="SF9876543210987", reads=9, carrier="SF")
OTHER_ORDER = CodeFact(format="QRCode", text='{"order_id": "T-2026-0002"}', reads=5)
LEFT_FRAME = fact(AbsenceFact(reason="left_frame"), 20.0, 24.0)
CUT = BreakFact(cause=BreakCause.CUT, certain=True, score=9.0, threshold=5.0, lost_s=3.0)


def item(**changes: Any) -> dict[str, Any]:  # noqa: ANN401 any field
    return {"order": {"order_id": "T1", "items": [{"sku": "S1", "quantity": 1, **changes}]}}


def take(
    *added: Model | Measured,
    drop: str = "",
    media: MediaInfo | None = MEDIA,
    about: dict[str, Any] | None = None,
    **case: Any,  # noqa: ANN401 any section
) -> Evidence:
    """The honest take without the kinds in `drop`, with facts added, a changed exhibit or a changed case."""
    kept = [measured for measured in genuine() if measured.fact.kind not in drop.split()]
    return evidence(exhibit(*kept, *added, media=media, **(about or {})), **case)


def reused() -> Evidence:
    """The same pictures in another case."""
    use = EarlierUse(exhibit=SHA, other_case="C-7", other_exhibit=OTHER_SHA, bits=2)
    known = take()
    return Evidence(known.case, known.exhibits, History(searched=True, uses=(use,)))


def same_item(same: Answer) -> ItemFact:
    return ItemFact(reference="6901234567892", by=ItemMatch.BARCODE, same=same, score=1.0)


def compared(same: Answer) -> Evidence:
    """A claim of damage with the buyer's photo, compared with the item."""
    match = fact(DefectMatchFact(same=same, score=0.99), 45.0)
    photo = exhibit(role="buyer_photo", sha256=OTHER_SHA, media=None)
    return evidence(exhibit(*genuine(), match, media=MEDIA), photo, claim={"reason": "damaged"})


def beside(box: Answer = CANNOT_TELL, item: Answer = CANNOT_TELL) -> Evidence:
    """The honest take with a packing video, and what the comparison of both came to."""
    found = (
        PackedBoxFact(packing=OTHER_SHA, same=box, design=box, by="own_marks", likely=0.9),
        PackedItemFact(packing=OTHER_SHA, same=item, by="item_print", likely=0.9),
    )
    return evidence(exhibit(*genuine(), *found, media=MEDIA), exhibit(role="packing_video", sha256=OTHER_SHA))


BARCODE = item(barcodes=["6901234567892"])
HEAVY = item(weight_g=500)
CASES: dict[RuleCode, tuple[Evidence, Evidence, Evidence]] = {
    RuleCode.WAYBILL: (take(), take(fact(OTHER_CODE, 12.0, 14.0), drop="code"), take(drop="code")),
    RuleCode.ORDER_REFERENCE: (
        take(),
        take(fact(OTHER_ORDER, 12.0, 14.0), drop="code", order={"order_id": "T-2026-0001"}),
        take(drop="code"),
    ),
    RuleCode.SAME_PARCEL: (
        take(),
        take(LEFT_FRAME, fact(IdentityFact(same=NOT_MET, by="faces"), 20.0, 24.0)),
        take(drop="parcel identity"),
    ),
    RuleCode.ITEM: (
        take(fact(same_item(MET), 40.0, 44.0), drop="item", **BARCODE),
        take(fact(same_item(NOT_MET), 40.0, 44.0), drop="item", **BARCODE),
        take(drop="item", **BARCODE),
    ),
    RuleCode.QUANTITY: (take(), take(fact(QuantityFact(count=0), 40.0), drop="quantity"), take(drop="quantity")),
    RuleCode.WEIGHT: (
        take(fact(WeightFact(grams=510), 2.0), **HEAVY),
        take(fact(WeightFact(grams=100), 2.0), **HEAVY),
        take(**HEAVY),
    ),
    RuleCode.CLAIMED_DEFECT: (compared(MET), compared(NOT_MET), compared(CANNOT_TELL)),
    RuleCode.BATCH: (take(), take(), take()),
    RuleCode.SAME_BOX_AS_PACKED: (beside(box=MET), beside(box=NOT_MET), beside()),
    RuleCode.SAME_ITEM_AS_PACKED: (beside(item=MET), beside(item=NOT_MET), take()),
    RuleCode.SIX_FACES: (take(), take(drop="face"), take(drop="face parcel")),
    RuleCode.SEALED_AT_START: (take(), take(seal(NOT_MET), drop="seal"), take(drop="seal stage")),
    RuleCode.WAYBILL_SHOWN: (
        take(),
        take(fact(StageFact(stage=Stage.ABSENT), 0.0, 60.0), drop="stage code"),
        take(drop="code"),
    ),
    RuleCode.OPENING_SHOWN: (
        take(),
        take(fact(StageFact(stage=Stage.SEALED), 0.0, 60.0), drop="stage"),
        take(drop="stage"),
    ),
    RuleCode.ITEM_SHOWN: (
        take(),
        take(fact(StageFact(stage=Stage.SEALED), 0.0, 60.0), drop="stage item"),
        take(drop="stage item"),
    ),
    RuleCode.INSPECTION_SHOWN: (take(), take(drop="inspection"), take(drop="inspection stage")),
    RuleCode.ONE_TAKE: (take(), take(fact(CUT, 20.0)), take(drop="take continuity")),
    RuleCode.ALWAYS_IN_VIEW: (
        take(),
        take(LEFT_FRAME),
        take(drop="parcel"),
    ),
    RuleCode.DECODES: (take(), take(decoded(covered_s=9.0), drop="decode"), take(drop="decode")),
    RuleCode.RESOLUTION: (take(), take(media=SMALL), take(media=None)),
    RuleCode.SHARPNESS: (
        take(),
        take(usable(9, sharpness=(0.1,) * 9), drop="usability"),
        take(usable(9, sharpness=(-1.0,) * 9), drop="usability"),
    ),
    RuleCode.EXPOSURE: (take(), take(usable(9, dark=(0.9,) * 9), drop="usability"), take(drop="usability")),
    RuleCode.ORIGINAL: (
        take(),
        take(EditListFact(entries=2, hidden_s=3.0, benign=False, detail="x")),
        take(ToolTagFact(field="encoder", value="CapCut", tool=ToolKind.EDITOR)),
    ),
    RuleCode.NOT_REUSED: (take(), reused(), take(drop="fingerprint")),
    RuleCode.NOT_RECAPTURED: (take(), take(recapture(0.95)), take(recapture(0.5))),
    RuleCode.PROVENANCE: (
        take(credentials(ProvenanceState.VALID), drop="provenance"),
        take(credentials(ProvenanceState.BROKEN), drop="provenance"),
        take(),
    ),
    RuleCode.INTEGRITY: (take(), take(about={"declared_sha256": OTHER_SHA}), take(about={"bytes": 0})),
    RuleCode.FIRST_OPENING: (take(), take(seal(NOT_MET)), take(drop="seal")),
    RuleCode.RECORDED_AFTER_SIGNING: (
        take(),
        take(captured(SIGNED - HOUR), drop="capture_time challenge"),
        take(return_parcel={}),
    ),
    RuleCode.OPENED_PROMPTLY: (
        take(),
        take(captured(SIGNED + 60 * HOUR), drop="capture_time challenge", about={"received_at": SIGNED + 61 * HOUR}),
        take(return_parcel={}),
    ),
    RuleCode.SUBMITTED_IN_WINDOW: (take(), take(about={"received_at": CLOSES + HOUR}), take(evidence_window={})),
    RuleCode.CLOCK: (take(), take(shown_code(RECEIVED + HOUR), drop="challenge"), take(about={"received_at": None})),
    RuleCode.CHALLENGE: (take(), take(shown_code(signature=Signature.INVALID)), take(drop="challenge")),
}
NEVER = {(RuleCode.BATCH, MET), (RuleCode.BATCH, NOT_MET)}
"""Answers that a rule cannot give yet: no case file states a batch, so batches are always for a person."""

BY_CODE = {rule.code: rule for rule in RULES}


def test_every_rule_code_is_registered_exactly_once() -> None:
    assert Counter(rule.code for rule in RULES) == Counter(RuleCode)


def test_reports_list_the_rules_by_criterion_in_the_order_of_the_design() -> None:
    criteria = [rule.code.criterion.value for rule in RULES]
    assert list(dict.fromkeys(criteria)) == ["consistency", "completeness", "validity", "timeliness"]
    assert len(list(dict.fromkeys(criteria))) == sum(a != b for a, b in zip(criteria, [None, *criteria], strict=False))


@pytest.mark.parametrize("answer", Answer)
@pytest.mark.parametrize("code", RuleCode)
def test_every_rule_can_give_each_of_its_answers(code: RuleCode, answer: Answer) -> None:
    known = CASES[code][list(Answer).index(answer)]
    finding = judged(BY_CODE[code].judge, known)
    assert finding.code is code
    assert (finding.answer is answer) == ((code, answer) not in NEVER)
