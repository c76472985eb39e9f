"""Whether the process lives, and whether it can work."""

from fastapi import APIRouter, Response

from sixfaces.api.asked import Asking
from sixfaces.api.guarded import GuardedRoute
from sixfaces.api.rights import open_to_all
from sixfaces.domain.errors import StoreError
from sixfaces.domain.model import Model

router = APIRouter(route_class=GuardedRoute, tags=["health"])


class Alive(Model):
    """The process answers."""

    alive: bool = True


class Ready(Model):
    """What the process stands on, each part by whether it answers."""

    ready: bool
    database: bool
    store: bool


@router.get("/healthz", summary="Is the process alive?", **open_to_all())
async def alive() -> Alive:
    """Says yes as long as the process can answer at all."""
    return Alive()


@router.get("/readyz", summary="Can it work?", responses={503: {"model": Ready}}, **open_to_all())
def ready(asking: Asking, response: Response) -> Ready:
    """Asks the database and the store of bytes; 503 where one of them does not answer."""
    database = asking.service.records.healthy()
    store = _store_answers(asking)
    told = Ready(ready=database and store, database=database, store=store)
    response.status_code = 200 if told.ready else 503
    return told


def _store_answers(asking: Asking) -> bool:
    try:
        asking.service.blobs.size("health/never-there")
    except StoreError:
        return False
    return True
