"""The course of a claim, made with no more said than a test needs."""

from decimal import Decimal

from sixfaces.domain.chronicle import Happening, Money, Occurrence, Party
from sixfaces.domain.claim_records import Payment
from sixfaces.domain.decision import (
    Decision,
    Found,
    FreightBearer,
    Goods,
    Reason,
    Recommendation,
    Remedy,
    Situation,
    Unit,
    Whereabouts,
    Window,
)
from sixfaces.domain.filing import FiledCase
from sixfaces.domain.inspection import FoundDefect, Inspection, InspectionState, QcVerdict
from sixfaces.domain.model import Say
from sixfaces.domain.records import Transaction
from sixfaces.domain.sop import Disposition, QcOutcome
from sixfaces.pipeline.ids import new_id

MONEY = Money(amount=Decimal("19.90"), currency="CNY")
WORDS = Say(zh="理由", en="Why.")


def occurrence(tx: Transaction, case: FiledCase, what: Happening, **more: object) -> Occurrence:
    """An entry of its chronicle."""
    base = {
        "id": new_id(), "tenant": case.tenant, "case_id": case.id, "at": tx.now, "recorded_at": tx.now,
        "source": Party.CARRIER, "actor": "key:1", "what": what,
    }  # fmt: skip
    return Occurrence.model_validate(base | more)


def recommendation() -> Recommendation:
    """What was recommended."""
    situation = Situation.model_validate(
        {
            "kind": "return_refund", "reason": "no_reason", "seller": "none", "buyer": "none", "found": Found.NONE,
            "where": Whereabouts.WITH_SELLER, "window": Window.IN_TIME, "goods": Goods.GENERAL,
            "promise_broken": False, "fit": True,
        }
    )  # fmt: skip
    return Recommendation(
        situation=situation, row="r", table="t", table_version="1", table_digest="0" * 64, liable=None,
        remedy=Remedy.RETURN_REFUND, freight=FreightBearer.BUYER, reasons=(Reason(text=WORDS),),
    )  # fmt: skip


def decision(tx: Transaction, case: FiledCase, supersedes: str | None = None) -> Decision:
    """A decision that pays one piece."""
    return Decision(
        id=new_id(), tenant=case.tenant, case_id=case.id, case_revision=1, liable=Party.SELLER,
        remedy=Remedy.REFUND_ONLY,
        refund=MONEY, units=(Unit(line=0, piece=0),), freight=FreightBearer.NONE, reasons=(Reason(text=WORDS),),
        recommendation=recommendation(), by="key:1", at=tx.now, supersedes=supersedes, entry=1,
    )  # fmt: skip


def inspection(tx: Transaction, case: FiledCase, **more: object) -> Inspection:
    """An inspection that is open."""
    base = {
        "id": new_id(), "tenant": case.tenant, "case_id": case.id, "sop": "apparel", "sop_version": "2026.1",
        "sop_digest": "0" * 64, "state": InspectionState.OPEN, "holder": "key:1", "started_at": tx.now,
        "updated_at": tx.now,
    }  # fmt: skip
    return Inspection.model_validate(base | more)


def qc_verdict(tx: Transaction, one: Inspection) -> QcVerdict:
    """What the inspection concluded, otherwise than suggested."""
    return QcVerdict(
        id=new_id(), tenant=one.tenant, case_id=one.case_id, inspection=one.id, outcome=QcOutcome.USED,
        suggested=QcOutcome.NO_QUALITY_PROBLEM, reason="The soles.", fit=False, scheme="abcd", grade="C",
        defects=(FoundDefect(code="worn", place="sole"),), disposition=Disposition.LIQUIDATE, by="key:1",
        at=tx.now, entry=3,
    )  # fmt: skip


def paying(case_id: str, decision: str, *pieces: int) -> list[Payment]:
    """These pieces of the first line of order T1."""
    return [
        Payment(order_id="T1", unit=Unit(line=0, piece=piece), case_id=case_id, decision=decision, money=MONEY)
        for piece in pieces
    ]
