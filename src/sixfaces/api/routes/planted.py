"""The library of known cases that are slipped in among samples and parcels, and how right people were about them."""

from fastapi import APIRouter, Response

from sixfaces.api.asked import Asking
from sixfaces.api.cursors import USUAL, Cursor, Limit, Listed, listed
from sixfaces.api.guarded import GuardedRoute
from sixfaces.api.once import Told, once
from sixfaces.api.rights import ADMINS, open_to
from sixfaces.domain.model import Model
from sixfaces.domain.records import Page, Transaction
from sixfaces.domain.sampling import PlantedCase, Score
from sixfaces.pipeline.ids import is_id
from sixfaces.pipeline.refusals import missing
from sixfaces.pipeline.watching.planting import NewPlanted, plant, retire, scores

router = APIRouter(route_class=GuardedRoute, prefix="/planted", tags=["watching"])


class Scores(Model):
    """Of everybody who was tried."""

    items: tuple[Score, ...]


@router.post("", status_code=201, summary="Plant a known case", response_model=PlantedCase,
             **open_to(ADMINS, 409, 413, 415))  # fmt: skip
def add_planted(asking: Asking, new: NewPlanted) -> Response:
    """A case that was opened for it. It counts in no statistics, and nothing that its case shows tells of it."""
    return once(asking, lambda tx: Told(plant(tx, asking.principal, new), 201))


@router.get("", summary="Known cases", **open_to(ADMINS))
def list_planted(asking: Asking, *, limit: Limit = USUAL, cursor: Cursor = None) -> Listed[PlantedCase]:
    """Newest first, retired ones too."""

    def find(page: Page) -> list[PlantedCase]:
        with asking.service.records.begin(asking.principal.tenant, reading=True) as transaction:
            return list(transaction.planting.find(page))

    return listed(asking, find, limit=limit, cursor=cursor, key=lambda one: one.id)


@router.get("/scores", summary="How right people were about known cases", **open_to(ADMINS))
def get_scores(asking: Asking) -> Scores:
    """By reviewer and station, with intervals: few cases say little of anybody."""
    with asking.service.records.begin(asking.principal.tenant, reading=True) as transaction:
        return Scores(items=tuple(scores(transaction)))


@router.delete("/{planted_id}", summary="Retire a known case", response_model=PlantedCase, **open_to(ADMINS))
def delete_planted(asking: Asking, planted_id: str) -> Response:
    """It is given to nobody any more, and stays out of statistics."""

    def work(transaction: Transaction) -> Told:
        if not is_id(planted_id):
            raise missing()
        return Told(retire(transaction, asking.principal, planted_id))

    return once(asking, work)
