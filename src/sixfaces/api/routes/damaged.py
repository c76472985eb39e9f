"""Originals that were not found in the store as they were sealed."""

from fastapi import APIRouter
from pydantic import AwareDatetime

from sixfaces.api.asked import Asking
from sixfaces.api.cursors import USUAL, Cursor, Limit, Listed, listed
from sixfaces.api.guarded import GuardedRoute
from sixfaces.api.rights import READERS, open_to
from sixfaces.domain.model import Model, Sha256
from sixfaces.domain.originals import Damage, StoredOriginal
from sixfaces.domain.people import Id
from sixfaces.domain.records import Page, Transaction

router = APIRouter(route_class=GuardedRoute, prefix="/originals", tags=["exhibits"])


class Hurt(Model):
    """An exhibit of these bytes, and its case."""

    exhibit_id: Id
    case_id: Id


class DamagedOriginal(Model):
    """What is wrong with one original, since when it is known, and whose evidence it is."""

    sha256: Sha256
    bytes: int
    damage: Damage
    found_at: AwareDatetime
    checked_at: AwareDatetime
    exhibits: tuple[Hurt, ...]


@router.get("/damaged", summary="Damaged originals", **open_to(READERS))
def list_damaged(asking: Asking, *, limit: Limit = USUAL, cursor: Cursor = None) -> Listed[DamagedOriginal]:
    """What reading again found missing, changed or unreadable. One that is restored leaves the list within two hours
    after it was found whole."""

    def find(page: Page) -> list[DamagedOriginal]:
        with asking.service.records.begin(asking.principal.tenant, reading=True) as transaction:
            found = transaction.originals.damaged(before=page.before, limit=page.limit)
            return [_told(transaction, one) for one in found]

    return listed(asking, find, limit=limit, cursor=cursor, key=lambda one: one.sha256)


def _told(transaction: Transaction, one: StoredOriginal) -> DamagedOriginal:
    there = (exhibit for exhibit in transaction.exhibits.with_bytes(one.sha256) if exhibit.erased is None)
    hurt = tuple(Hurt(exhibit_id=exhibit.id, case_id=exhibit.case_id) for exhibit in there)
    return DamagedOriginal(**one.model_dump(exclude={"tenant"}), exhibits=hurt)
