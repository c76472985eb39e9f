"""Measures of periods (D25)."""

from typing import Annotated

from fastapi import APIRouter, Query

from sixfaces.api.asked import Asking
from sixfaces.api.guarded import GuardedRoute
from sixfaces.api.rights import READERS, open_to
from sixfaces.domain.case import Name
from sixfaces.domain.model import Instant, Model
from sixfaces.domain.people import StationId
from sixfaces.domain.watching import PeriodFigures
from sixfaces.pipeline.watching.measuring import By, Wanted, measured

router = APIRouter(route_class=GuardedRoute, tags=["watching"])

Since = Annotated[Instant, Query(alias="from", title="First instant")]
Until = Annotated[Instant, Query(title="First instant that does not belong to it any more")]


class Measures(Model):
    """The parts of the period, oldest first."""

    items: tuple[PeriodFigures, ...]


@router.get("/measures", summary="Measures of a period", **open_to(READERS))
def get_measures(  # noqa: PLR0913 the filters
    asking: Asking,
    *,
    since: Since,
    until: Until,
    by: By | None = None,
    zone: Annotated[str, Query(max_length=60)] = "UTC",
    platform: Name | None = None,
    category: Name | None = None,
    supplier: Name | None = None,
    station: StationId | None = None,
) -> Measures:
    """Of the cases that were opened in it, as they stand now; each figure says how many cases it rests on and how sure
    it is. `by` cuts the period by the calendar of `zone`."""
    wanted = Wanted(
        since, until, by, zone, platform=platform, category=category, supplier=supplier, station=station
    )  # fmt: skip
    return Measures(items=tuple(measured(asking.service, asking.principal, wanted)))
