"""Workers inside another process, such as `sixfaces serve`: threads, and the same killable children."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from sixfaces.pipeline.service import Service
from sixfaces.pipeline.work.sweep import Duty
from sixfaces.workers.crew import Crew, working


@contextmanager
def embedded_workers(service: Service, count: int, *, duties: Sequence[Duty] = ()) -> Iterator[Crew | None]:
    """`count` threads that run jobs while the block lasts, and the sweep; none of all that where `count` is 0.

    Leaving the block lets running jobs finish for some seconds, then hands them back.
    """
    if count == 0:
        yield None
        return
    with working(service, threads=count, duties=duties) as crew:
        yield crew
