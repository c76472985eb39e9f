"""The guards that keep a job's result from being written twice, each of which a control takes away.

token    the job's fencing token, asked in the transaction of the result
judged   the look, under the case's lock, whether a verdict on this revision is there
unique   the database's unique key on verdicts

Measuring has one more that no control takes away: a record of the same bytes by the same observers is kept once.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import create_engine, text

from sixfaces.adapters.records import verdicts
from sixfaces.adapters.records.jobs import SqlJobs
from sixfaces.domain.job import Job, JobState
from sixfaces.pipeline.work import judge_case


@contextmanager
def without_token() -> Iterator[None]:
    """Every worker's hold counts for ever."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(SqlJobs, "holds", lambda self, job: True)
        patch.setattr(SqlJobs, "extend", lambda self, job, *, lease: True)
        ends = SqlJobs.end

        def end(self: SqlJobs, job: Job, state: JobState, **more: Any) -> bool:  # noqa: ANN401 as of end
            ends(self, job, state, **more)
            return True

        patch.setattr(SqlJobs, "end", end)
        yield


@contextmanager
def without_any(url: str) -> Iterator[None]:
    """No guard at all; the unique key is dropped for good."""
    engine = create_engine(url.replace("postgresql://", "postgresql+psycopg://"))
    with engine.begin() as connection:
        connection.execute(text("ALTER TABLE verdicts DROP CONSTRAINT uq_verdicts_once"))
    engine.dispose()
    with without_token(), pytest.MonkeyPatch.context() as patch:
        patch.setattr(judge_case, "_is_judged", lambda *_, **__: False)
        patch.setattr(verdicts, "_ONCE", ["id"])
        yield
