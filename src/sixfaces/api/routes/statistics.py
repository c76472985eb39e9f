"""Statistics of the machine: agreement with people, calibration, drift."""

from fastapi import APIRouter, Response

from sixfaces.api.asked import Asked, Asking
from sixfaces.api.guarded import GuardedRoute
from sixfaces.api.rights import READERS, open_to
from sixfaces.api.routes.measures import Since, Until
from sixfaces.domain.statistics import MachineStatistics
from sixfaces.pipeline.statistics.machine import Period, machine_statistics
from sixfaces.pipeline.statistics.table import csv_of

router = APIRouter(route_class=GuardedRoute, prefix="/statistics", tags=["watching"])

MOST_CASES = 20_000
"""They take some ten seconds; `sixfaces statistics` looks at any number."""


@router.get("/machine", summary="Statistics of the machine", **open_to(READERS, 501))
def get_machine(asking: Asking, *, since: Since, until: Until) -> MachineStatistics:
    """Of what the machine said in the whole months that the period touches: how often people agreed with it by month,
    source and rule, how right it was where it was how sure, and which measures of which observers drift. Nobody is
    named. 422 `watching.too_many` beyond 20,000 verdicts."""
    return _found(asking, since=since, until=until)


@router.get("/machine.csv", summary="Statistics of the machine, as a table", response_class=Response,
            **open_to(READERS, 501, gives="text/csv"))  # fmt: skip
def get_machine_table(asking: Asking, *, since: Since, until: Until) -> Response:
    """For spreadsheets: UTF-8, a line for each figure, and no cell is a formula."""
    headers = {"content-disposition": 'attachment; filename="machine.csv"'}
    table = csv_of(_found(asking, since=since, until=until))
    return Response(table, media_type="text/csv; charset=utf-8", headers=headers)


def _found(asked: Asked, *, since: Since, until: Until) -> MachineStatistics:
    return machine_statistics(asked.service, asked.principal, Period(since, until), most=MOST_CASES)
