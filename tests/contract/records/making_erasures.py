"""A hold, a retention and an erasure to put into a database."""

from typing import NamedTuple

from sixfaces.domain.erasing import EraseReason, Erasure, HoldReason, LegalHold, Retention
from sixfaces.domain.filing import FiledCase
from sixfaces.domain.records import Transaction
from sixfaces.pipeline.ids import new_id
from tests.contract.records.making import digest


class Kept(NamedTuple):
    """What the transaction has added."""

    hold: LegalHold
    erasure: Erasure


def held_and_erased(tx: Transaction, case: FiledCase) -> Kept:
    """One of each for the case, and bytes that are on their way out."""
    hold = LegalHold(
        id=new_id(), tenant=case.tenant, case_id=case.id, reason=HoldReason.OTHER, placed_by="key:1", placed_at=tx.now
    )
    tx.holds.place(hold)
    tx.holds.keep_retention(Retention(days=1))
    erasure = Erasure(
        id=new_id(), tenant=case.tenant, case_id=case.id, reason=EraseReason.MISTAKE, by="key:1", asked_at=tx.now
    )
    tx.erasures.add(erasure)
    tx.erasures.remove_unneeded([digest("gone")], erasure=erasure.id)
    return Kept(hold, erasure)
