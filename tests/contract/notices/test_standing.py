"""How a claim stands is told as it is: money by what was paid, looks with what they saw, and nothing of other cases."""

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from sixfaces.domain.chronicle import (
    ClaimOpened,
    EvidenceAsked,
    Happening,
    Money,
    Party,
    Promised,
    PromiseEnded,
    ReferralAnswered,
    RefundPaid,
    Settled,
)
from sixfaces.domain.decision import Decision, Ground, Reason, Remedy
from sixfaces.domain.filing import CaseState, FiledCase
from sixfaces.domain.inspection import InspectionState, QcVerdict
from sixfaces.domain.model import Say
from sixfaces.domain.notice import ToldParty
from sixfaces.domain.sop import QcOutcome
from sixfaces.domain.standing import ClaimStage, DueKind, Standing
from sixfaces.pipeline.claims.matters import judged_report, look
from sixfaces.pipeline.notices.standing import standing_of
from sixfaces.rulebook.sops import SOPS
from tests.contract.notices.conftest import Office
from tests.contract.records.making_claims import decision, inspection, qc_verdict
from tests.golden.qc.answering import answered, well

SHOES = SOPS.load("footwear")


def standing(office: Office, case: FiledCase, party: ToldParty = Party.BUYER) -> Standing:
    judged = judged_report(office.service, case.tenant, case.id)
    with office.service.records.begin(case.tenant, reading=True) as tx:
        present = tx.cases.get(case.id)
        assert present is not None
        return standing_of(tx, look(tx, present, judged), party)


def hours_ago(office: Office, hours: int) -> datetime:
    with office.service.records.begin("main", reading=True) as tx:
        return tx.now - timedelta(hours=hours)


def happened(office: Office, case: FiledCase, hours: int, what: Happening) -> None:
    office.enter(case, what, at=hours_ago(office, hours))


def decided(office: Office, case: FiledCase, hours: int, **said: Any) -> Decision:  # noqa: ANN401 of Decision
    """A decision of so long ago, over the one before it."""
    with office.service.records.begin("main") as tx:
        before = tx.decisions.current(case.id)
        made = decision(tx, case, before.id if before else None)
        made = made.model_copy(update={"at": tx.now - timedelta(hours=hours)} | said)
        assert tx.decisions.add(made)
    return made


def cny(amount: str) -> Money:
    return Money(amount=Decimal(amount), currency="CNY")


def paid(amount: str) -> RefundPaid:
    return RefundPaid(money=cny(amount))


def test_money_is_paid_when_all_of_what_was_decided_is(office: Office) -> None:
    case = office.case()
    decided(office, case, 20, refund=cny("70"))
    happened(office, case, 19, paid("50"))
    half = standing(office, case)
    assert (half.stage, half.headline.zh) == (ClaimStage.REFUND_DUE, "应退款 70.00 元，已支付 50.00 元")
    assert half.headline.en == "CNY 50.00 of CNY 70.00 has been paid back"
    assert half.refund is not None
    assert (half.refund.paid, half.refund.paid_at) == (cny("50"), None)
    happened(office, case, 18, paid("20"))
    whole = standing(office, case)
    assert (whole.stage, whole.headline.en) == (ClaimStage.REFUND_PAID, "CNY 70.00 has been paid back")
    decided(office, case, 17, refund=cny("100"))
    more = standing(office, case)
    assert (more.stage, more.headline.en) == (ClaimStage.REFUND_DUE, "CNY 70.00 of CNY 100.00 has been paid back")
    decided(office, case, 16, refund=None, remedy=Remedy.NONE)
    none = standing(office, case)
    assert (none.stage, none.headline.en) == (ClaimStage.DECIDED, "Decided: the claim is not upheld")
    assert none.refund is not None
    assert none.refund.paid == cny("70"), "what was paid stays told"


def test_money_of_another_currency_covers_nothing(office: Office) -> None:
    case = office.case()
    decided(office, case, 20, refund=cny("70"))
    happened(office, case, 19, RefundPaid(money=Money(amount=Decimal(70), currency="USD")))
    told = standing(office, case)
    assert told.stage is ClaimStage.REFUND_DUE
    assert told.refund is not None
    assert (told.refund.paid, told.refund.paid_at) == (None, None)


def test_a_claim_is_settled_until_it_goes_on(office: Office) -> None:
    case = office.case()
    decided(office, case, 20, refund=None, remedy=Remedy.NONE)
    happened(office, case, 19, Settled())
    assert standing(office, case).stage is ClaimStage.SETTLED
    happened(office, case, 18, ClaimOpened())
    assert standing(office, case).stage is ClaimStage.UNDER_REVIEW
    decided(office, case, 17, refund=None, remedy=Remedy.REPAIR)
    assert standing(office, case).headline.en == "Decided: repair"
    happened(office, case, 16, Settled())
    decided(office, case, 15, refund=None, remedy=Remedy.EXCHANGE)
    assert standing(office, case).headline.en == "Decided: exchange"


@pytest.mark.parametrize("code", ["validity.not_reused", "timeliness.first_opening"])
def test_findings_of_the_cases_of_others_are_told_without_whose(office: Office, code: str) -> None:
    case = office.case()
    finding = Reason(
        text=Say(zh="同样的画面已在售后单 C-0999 中提交过。", en="The same pictures were handed in for case C-0999."),
        cites=(code,),
    )
    ground = Ground(
        code="inspected_on_the_spot", answer="not_met", cites=("D18",),
        text=Say(zh=f"没有当场验货的有效证明。{finding.text.zh}", en=f"There is no valid proof. {finding.text.en}"),
    )  # fmt: skip
    with office.service.records.begin("main") as tx:
        made = decision(tx, case)
    recommended = made.recommendation.model_copy(update={"reasons": (*made.reasons, finding), "appeal": (ground,)})
    decided(office, case, 1, reasons=(*made.reasons, finding), recommendation=recommended)
    for party in (Party.BUYER, Party.SELLER):
        told = standing(office, case, party)
        assert told.decision is not None
        assert "C-0999" not in told.model_dump_json()
        assert len(told.decision.reasons) == 2
    assert told.decision is not None
    (outlook,) = told.decision.appeal
    assert outlook.text.zh.startswith("没有当场验货的有效证明。")
    assert outlook.text.zh.endswith("。")
    assert outlook.text.en.endswith(told.decision.reasons[1].en)


def looked(office: Office, case: FiledCase, hours: int, off: str | None = None, **said: Any) -> QcVerdict:  # noqa: ANN401 of QcVerdict
    """A look at the shoes: all well but one step."""
    with office.service.records.begin("main") as tx:
        one = inspection(
            tx, case, sop=SHOES.name, sop_version=SHOES.version, sop_digest=SHOES.digest,
            state=InspectionState.CONCLUDED,
        )  # fmt: skip
        tx.inspections.add(one)
        for step in SHOES.steps:
            is_off = off is not None and step.id == "glue"
            tx.inspections.answer(one.id, answered(SHOES, step, off) if is_off and off else well(SHOES, step))
        sound = {"outcome": QcOutcome.NO_QUALITY_PROBLEM, "fit": True, "grade": "A", "defects": ()}
        made = qc_verdict(tx, one).model_copy(update=sound | {"at": tx.now - timedelta(hours=hours)} | said)
        tx.qc_verdicts.add(made)
    return made


def test_what_was_tested_seen_and_follows_is_told_look_after_look(office: Office) -> None:
    case = office.case()
    first = looked(office, case, 9)
    (line,) = standing(office, case).found
    (one,) = line.looks
    assert line.item is None
    assert (one.outcome.en, one.defects) == ("The inspection found no quality problem.", ())
    assert [step.title for step in SHOES.steps if step.title in one.tested] == list(one.tested)
    assert len(one.tested) > 8
    assert line.follows == Say(zh="商品可再次销售。", en="The goods can be sold again.")
    glue = next(one for one in SHOES.defects if one.code == "sole_off")
    defect = {"code": "sole_off", "note": "left, said Mr Li"} | ({"place": glue.places[0]} if glue.places else {})
    wrong = QcVerdict.model_validate(
        first.model_dump() | {"outcome": "defect_confirmed", "defects": [defect], "reason": "x"}
    )
    looked(
        office, case, 8, "off", outcome=wrong.outcome, defects=wrong.defects, second_of=first.inspection, fit=False
    )  # fmt: skip
    told = standing(office, case)
    (line,) = told.found
    assert [(one.is_second, len(one.defects)) for one in line.looks] == [(False, 0), (True, 1)]
    assert line.looks[1].defects[0].en.startswith(glue.title.en)
    assert line.follows is not None
    assert "third person" in line.follows.en
    assert "Mr Li" not in told.model_dump_json()
    decided(office, case, 1)
    assert "a person has decided" in str(standing(office, case).found[0].follows)


def test_a_diagnosis_is_awaited_until_it_is_there(office: Office) -> None:
    case = office.case()
    looked(office, case, 9, outcome=QcOutcome.REFERRED, fit=None, grade=None)

    def follows() -> str:
        (line,) = standing(office, case).found
        assert "awaited" not in line.looks[0].outcome.en
        return line.follows.en if line.follows else ""

    assert "is awaited" in follows()
    happened(office, case, 8, ReferralAnswered(by=Party.SERVICE_POINT, text="?"))
    assert "no conclusion" in follows()
    happened(office, case, 7, ReferralAnswered(by=Party.SERVICE_POINT, defect=False, text="fine"))
    assert "found no defect" in follows()


def test_a_standard_whose_file_is_another_one_leaves_the_outcome(office: Office) -> None:
    case = office.case()
    with office.service.records.begin("main") as tx:
        one = inspection(tx, case)
        tx.inspections.add(one)
        tx.qc_verdicts.add(qc_verdict(tx, one))
    (line,) = standing(office, case).found
    assert (line.looks[0].outcome.en, line.looks[0].tested) == ("The inspection found traces of use.", ())


def test_a_promise_is_told_to_who_gave_it_and_no_deadline_outlives_the_decision(office: Office) -> None:
    case, soon = office.case(), hours_ago(office, -9)
    happened(office, case, 9, Promised(promise="voucher", text="A voucher, call 13812345678", until=soon))
    happened(office, case, 9, Promised(promise="call", text="To call", until=hours_ago(office, 1)))
    happened(office, case, 9, EvidenceAsked(of=Party.SELLER, until=soon, what="The film."))

    def told(party: ToldParty = Party.SELLER) -> list[tuple[DueKind, bool]]:
        people = {DueKind.PROMISE, DueKind.EVIDENCE}
        return [(one.what, one.late) for one in standing(office, case, party).asked if one.what in people]

    assert told() == [(DueKind.EVIDENCE, False), (DueKind.PROMISE, False), (DueKind.PROMISE, True)]
    assert told(Party.BUYER) == []
    assert "13812345678" not in standing(office, case, Party.SELLER).model_dump_json()
    happened(office, case, 2, PromiseEnded(promise="call", kept=True))
    assert told() == [(DueKind.EVIDENCE, False), (DueKind.PROMISE, False)]
    decided(office, case, 1)
    assert told() == []
    other = office.case()
    happened(office, other, 9, EvidenceAsked(of=Party.SELLER, until=soon, what="The film."))
    with office.service.records.begin("main") as tx:
        tx.cases.change(other.id, state=CaseState.CLOSED)
    assert [one.what for one in standing(office, other, Party.SELLER).asked if one.what is DueKind.EVIDENCE] == []
