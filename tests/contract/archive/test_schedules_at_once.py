"""Sweeps of many processes find a schedule due at the same moment, on PostgreSQL: it is begun once."""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from sixfaces.adapters.records.store import SqlRecords
from sixfaces.domain.people import ApiRole, Principal
from sixfaces.domain.records import Page
from sixfaces.domain.schedule import Every, Rhythm, ScheduleTerms
from sixfaces.pipeline.archive.schedules import add_schedule
from sixfaces.pipeline.archive.scheduling import start_scheduled
from sixfaces.pipeline.ids import new_id
from sixfaces.pipeline.service import Service
from tests.rig.workshop import open_workshop
from tests.servers.postgres import postgres

BATCH = Principal(tenant="main", key_id=new_id(), role=ApiRole.BATCH)
SWEEPS, SCHEDULES = 6, 4


@pytest.fixture
def service(tmp_path: Path) -> Iterator[Service]:
    with postgres() as server:
        made = open_workshop(tmp_path, url=server.database())
        assert isinstance(made.records, SqlRecords)
        with closing(made.records):
            yield made


def test_sweeps_at_once_begin_each_schedule_once(service: Service) -> None:
    terms = ScheduleTerms(name="nightly", rhythm=Rhythm(every=Every.DAY, at="03:00"))
    with service.records.begin("main") as tx:
        for _ in range(SCHEDULES):
            schedule = add_schedule(tx, BATCH, terms)
            tx.schedules.change(schedule.model_copy(update={"next_at": tx.now - timedelta(minutes=1)}))
    together = threading.Barrier(SWEEPS)

    def sweep(_: int) -> int:
        together.wait()
        return start_scheduled(service)

    with ThreadPoolExecutor(SWEEPS) as pool:
        taken = list(pool.map(sweep, range(SWEEPS)))
    assert sum(taken) + start_scheduled(service) == SCHEDULES
    with service.records.begin("main", reading=True) as tx:
        begun = [run.schedule for run in tx.reverifications.find(Page())]
        assert sorted(map(str, begun)) == sorted(one.id for one in tx.schedules.find(Page()))
        entries = [one for one in tx.custody.entries(first=0, limit=99) if one.body.get("change") == "started"]
    assert len(entries) == SCHEDULES
