"""A run of the command line on record: its spans are counted as they come, and its flips lie beside the blobs."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from sixfaces.domain.archive import Span
from sixfaces.domain.errors import SixfacesError
from sixfaces.domain.filing import Quarantine
from sixfaces.domain.reverifying import Reverification, RunSpan
from sixfaces.pipeline.archive.errors import resting
from sixfaces.pipeline.archive.results import count_span, keep_flips
from sixfaces.pipeline.archive.runs import Wish, apply_by, begin_run, fail_run, plan_of, run_of
from sixfaces.pipeline.archive.spans import Asked, Judging
from sixfaces.pipeline.ids import new_id
from sixfaces.pipeline.keys import SYSTEM
from sixfaces.pipeline.service import Service

BY = "command line"


@dataclass(frozen=True)
class Recorded:
    """A run that rests until this command has judged its spans. Killed meanwhile, it rests on: it can be resumed, by
    workers, or cancelled."""

    service: Service
    run: Reverification
    rows: dict[Span, RunSpan]

    @classmethod
    def begun(cls, service: Service, tenant: str, asked: Asked, *, rate: float | None) -> "Recorded":
        """A new one, over everything that was judged until now."""
        with service.records.begin(tenant, reading=True) as tx:
            asked = asked._replace(newest=tx.archive.newest())
        plan = plan_of(service, tenant, Wish(None, asked.selection, rate), asked=asked)
        with service.records.begin(tenant) as tx:
            run, _ = begin_run(tx, tenant, plan, by=BY, is_resting=True)
            rows = tx.reverifications.waiting(run.id)
        return cls(service, run, {row.span: row for row in rows})

    @property
    def spans(self) -> Sequence[Span]:
        """In order."""
        return list(self.rows)

    def count(self, span: Span, judging: Judging) -> None:
        """Keep what a span came to. Raises ArchiveError `archive.state` where somebody cancelled the run."""
        row, run = self.rows[span], self.run
        attempt = f"derived/{run.tenant}/reverifications/{run.id}/{new_id()}.0"
        place = keep_flips(self.service.blobs, attempt, judging.flips)
        with self.service.records.begin(run.tenant) as tx:
            is_counted = count_span(tx, row, judging, place=place)
        if not is_counted:
            raise resting(self._state())

    def apply(self) -> None:
        """Have the flipped cases judged. Raises ArchiveError `archive.never_measured`."""
        with self.service.records.begin(self.run.tenant) as tx:
            _, jobs = apply_by(tx, SYSTEM, self.run.id)
        for job in jobs:
            self.service.hints.hint(job.id, priority=job.priority)

    @contextmanager
    def told_of_failure(self) -> Iterator[None]:
        """What cannot be read or written fails the run, and it says why. A run with a result keeps it."""
        try:
            yield
        except SixfacesError as exc:
            reason = Quarantine(code=exc.code, text=exc.text, fix=exc.fix)
            with self.service.records.begin(self.run.tenant) as tx:
                fail_run(tx, self.run.id, reason=reason)
            raise

    def _state(self) -> str:
        with self.service.records.begin(self.run.tenant, reading=True) as tx:
            return run_of(tx, self.run.id).state.value
