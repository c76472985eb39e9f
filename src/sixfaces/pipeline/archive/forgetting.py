"""Forgets the results of runs that a schedule began long ago. What was applied stays: verdicts name such a run.

Bytes go first: dying between, the rows still name them, and the next time takes both.
"""

from collections.abc import Iterator

import structlog

from sixfaces.domain.records import Page
from sixfaces.domain.reverifying import Reverification, RunSpan, RunState
from sixfaces.domain.schedule import Schedule
from sixfaces.pipeline.archive.results import flips_in
from sixfaces.pipeline.service import Service

log = structlog.get_logger()

KEPT = 100
"""Runs of a schedule: three months of nights."""
LOOKED_AT = 1000
AT_ONCE = 20
"""Runs that go after one turn, so that a schedule of before catches up bit by bit."""
_OVER = frozenset({RunState.DONE, RunState.CANCELLED, RunState.FAILED})


def forget_old_runs(service: Service, schedule: Schedule) -> int:
    """How many went. Harmless when done twice at once. Raises StoreError."""
    with service.records.begin(schedule.tenant, reading=True) as tx:
        runs = tx.reverifications.find(Page(limit=LOOKED_AT), schedule=schedule.id)
    old = [run for run in runs[KEPT:] if run.state in _OVER][-AT_ONCE:]
    for run in old:
        for span in _spans(service, run):
            if span.place is not None:
                service.blobs.erase(flips_in(span.place))
        with service.records.begin(run.tenant) as tx:
            tx.reverifications.forget(run.id)
    if old:
        log.info("runs_forgotten", schedule=schedule.id, count=len(old))
    return len(old)


def _spans(service: Service, run: Reverification) -> Iterator[RunSpan]:
    after = 0
    while True:
        with service.records.begin(run.tenant, reading=True) as tx:
            some = tx.reverifications.spans(run.id, after=after, limit=1000)
        yield from some
        if not some:
            return
        after = some[-1].number
