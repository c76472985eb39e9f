"""`sixfaces statistics`: statistics of the machine over this installation's archive, as a page and as JSON."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

import typer

from sixfaces import bootstrap
from sixfaces.adapters.folder import OutputFolder
from sixfaces.cli.telling import telling
from sixfaces.domain.people import ApiRole, Principal
from sixfaces.domain.statistics import MachineStatistics
from sixfaces.pipeline.ids import new_id
from sixfaces.pipeline.statistics.machine import Period, machine_statistics
from sixfaces.pipeline.statistics.table import csv_of
from sixfaces.report.page import Language
from sixfaces.report.statistics_page import statistics_page

USUAL = timedelta(days=365)
PAGE, JSON, TABLE = "statistics.md", "statistics.json", "statistics.csv"


class Request(NamedTuple):
    """What the command line asks for. `out`: a folder for the page, the JSON and the table."""

    since: datetime | None = None
    until: datetime | None = None
    tenant: str = "main"
    out: Path | None = None
    as_json: bool = False
    lang: Language = "en"


def statistics(request: Request) -> int:
    """Count, tell, and return the exit code."""
    with telling(request.lang):
        settings = bootstrap.started()
        bootstrap.prepare(settings)
        service = bootstrap.open_service(settings)
        until = request.until or datetime.now(UTC)
        period = Period(request.since or until - USUAL, until)
        who = Principal(tenant=request.tenant, key_id=new_id(), role=ApiRole.ADMIN)
        found = machine_statistics(service, who, period)
        page = statistics_page(found, request.lang)
        if request.out is not None:
            _write(request.out, found, page)
        typer.echo(_json(found) if request.as_json else page, nl=False)
    return 0


def _write(folder: Path, found: MachineStatistics, page: str) -> None:
    """All three or none: what was there before stays until all are written."""
    with OutputFolder(folder) as out:
        for name, data in ((PAGE, page.encode()), (JSON, _json(found).encode()), (TABLE, csv_of(found))):
            out.put(name, data)
        out.commit(keeping=True)


def _json(found: MachineStatistics) -> str:
    return found.model_dump_json(by_alias=True, indent=1) + "\n"
