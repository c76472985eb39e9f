"""The machine's recommendation: one row of the table, what it is in money, and why, in words that a seller can check.

1. The situation, in the table's words.
2. The row that speaks.
3. What the table does not look at: a claim that is withdrawn, lines of which different things were found, the platform
   in whose hands the claim is (D19).
4. What it is in money, without what has been paid for already (D21).
5. A return that costs more than it brings becomes a refund without one (D16).
6. Whether policy lets it close by itself (D20), and what would make it surer.
"""

from decimal import Decimal

from sixfaces.decision.appeal import grounds
from sixfaces.decision.awaited import awaited
from sixfaces.decision.beside import adapted
from sixfaces.decision.claim_state import is_stepped_in, is_withdrawn
from sixfaces.decision.money import Sum, sum_of
from sixfaces.decision.sides import failing
from sixfaces.decision.situation import Matter, situation_of
from sixfaces.decision.table import row_for
from sixfaces.domain.chronicle import Money, Side
from sixfaces.domain.decision import (
    DecisionTable,
    FreightBearer,
    Reason,
    Recommendation,
    Remedy,
    Situation,
    TableRow,
    Whereabouts,
)
from sixfaces.domain.model import Say

_MOST_FAILING = 10
_NEEDS_RETURN = frozenset({Remedy.RETURN_REFUND, Remedy.EXCHANGE, Remedy.REPAIR, Remedy.PARTIAL_REFUND})
_STILL_AWAY = frozenset(
    {Whereabouts.WITH_BUYER, Whereabouts.SIGNED_BY_OTHER, Whereabouts.SIGNED_BY_UNKNOWN, Whereabouts.ON_THE_WAY}
)


def recommend(matter: Matter, table: DecisionTable) -> Recommendation | None:
    """What the machine recommends; None where the claim says neither kind nor reason."""
    situation = situation_of(matter, table)
    if situation is None:
        return None
    row, beside = adapted(row_for(situation, table), matter, situation)
    money = sum_of(row, matter.file, matter.paid, table=table)
    if money.paid and not money.units:
        row, money = _paid_already(row), Sum(paid=money.paid)
    costly = _costs_more(row, matter, money.refund, situation=situation)
    if costly:
        row = row.model_copy(update={"remedy": Remedy.REFUND_ONLY, "freight": FreightBearer.NONE})
    return Recommendation(
        situation=situation,
        row=row.id,
        table=table.name,
        table_version=table.version,
        table_digest=table.digest,
        liable=row.liable,
        remedy=row.remedy,
        refund=money.refund,
        units=money.units,
        freight=row.freight,
        reasons=(*beside, *_why(row, matter, situation), *((_COSTLY,) if costly else ()), *_paid_before(money)),
        appeal=() if is_withdrawn(matter.course) else grounds(matter, situation),
        automatic=_closes_itself(row, situation, money, table=table),
        waits_for=() if is_withdrawn(matter.course) else (*money.lacks, *_awaited(row, matter, situation)),
    )


def _awaited(row: TableRow, matter: Matter, situation: Situation) -> tuple[Say, ...]:
    return awaited(row, situation, stepped_in=is_stepped_in(matter.course))


def _paid_already(row: TableRow) -> TableRow:
    """4. Nothing is left to pay for."""
    return row.model_copy(update={"remedy": Remedy.NONE, "freight": FreightBearer.NONE, "signs": True})


def _costs_more(row: TableRow, matter: Matter, refund: Money | None, *, situation: Situation) -> bool:
    """5. The seller would pay more for the way back than the goods are worth."""
    freight = matter.file.return_parcel.freight
    if refund is None or freight is None or row.remedy is not Remedy.RETURN_REFUND:
        return False
    return row.freight is FreightBearer.SELLER and situation.where in _STILL_AWAY and freight >= refund.amount


def _why(row: TableRow, matter: Matter, situation: Situation) -> tuple[Reason, ...]:
    """The row's own words, then each finding for which the seller's evidence failed."""
    own = Reason(text=row.says, cites=row.cites)
    found = failing(matter.report) if matter.report and situation.seller is not Side.ACCEPTED else []
    return (own, *(Reason(text=one.text, cites=(one.code.value,)) for one in found[:_MOST_FAILING]))


def _paid_before(money: Sum) -> tuple[Reason, ...]:
    return (_PAID,) if money.paid else ()


def _closes_itself(row: TableRow, situation: Situation, money: Sum, *, table: DecisionTable) -> bool:
    """6. Only what the table names, only up to its limit, and only where nothing has to come back first."""
    named = row.id in table.automatic or row.id.partition(".")[0] in table.automatic
    if not named or row.signs or row.remedy is Remedy.ASK_PERSON or money.lacks or money.refund is None:
        return False
    is_away = row.remedy in _NEEDS_RETURN and situation.where is not Whereabouts.WITH_SELLER
    limit = table.money.automatic_below.get(money.refund.currency, Decimal(0))
    return not is_away and not (table.template or money.paid) and money.refund.amount <= limit


_COSTLY = Reason(
    text=Say(
        zh="退回运费不低于退款金额，直接退款，无需退货。",
        en="The way back costs as much as the refund or more: the money goes back without a return.",
    ),
    cites=("D16",),
)
_PAID = Reason(
    text=Say(
        zh="该订单的部分或全部商品已在其他售后单中赔付，不重复赔付。",
        en="For some or all of these pieces something was given in another case of the order: nothing is given twice.",
    ),
    cites=("D21",),
)
