"""Jobs: the queue of record. A broker only carries hints; what is to be done stands in the database."""

from enum import StrEnum
from typing import Annotated

from pydantic import AwareDatetime, Field

from sixfaces.domain.filing import Quarantine
from sixfaces.domain.model import Model, Text
from sixfaces.domain.people import Id, TenantId

MOST_GUILT = 2
"""A subject whose processing killed its own child process so often is quarantined."""
MOST_LOST = 30
"""Leases lost to dead or paused workers say nothing of the subject; only a very long row of them ends a job."""
MOST_FAILED = 4
"""Attempts that ended in an error of ours or of a server, before a job becomes a dead letter."""


class JobKind(StrEnum):
    """What is to be done with the subject."""

    SEAL = "seal"
    """Subject: an upload whose bytes have all been received."""
    OBSERVE = "observe"
    """Subject: an exhibit, by its id."""
    JUDGE = "judge"
    """Subject: a case."""
    ERASE = "erase"
    """Subject: an erasure, by its id."""
    COURSE = "course"
    """Subject: a case, whose clocks and claim are looked at again."""
    REVERIFY = "reverify"
    """Subject: one span of a run that judges the archive again."""


class JobState(StrEnum):
    """Where a job stands."""

    READY = "ready"
    RUNNING = "running"
    DONE = "done"
    DEAD = "dead"
    """A dead letter: attempts used up; may be replayed."""
    QUARANTINED = "quarantined"
    """Its subject kills the process that works on it; may be replayed."""


class Job(Model):
    """One piece of work. A worker holds it while `lease_until` lies ahead on the database's clock and `token` is the
    one it got; every write of a result checks the token in its own transaction.

    failed, lost, guilt: attempts that raised, leases that ran out, child processes that died at it. trace: what brought
    the job about, as a W3C `traceparent`, where that was traced.
    """

    id: Id
    tenant: TenantId
    kind: JobKind
    subject: Id
    priority: Annotated[int, Field(ge=0, le=9)] = 5
    """0 before 9: a person who waits is 1, live evidence 5, batches 8, the archive 9."""
    state: JobState = JobState.READY
    token: int = 0
    failed: int = 0
    lost: int = 0
    guilt: int = 0
    not_before: AwareDatetime
    lease_until: AwareDatetime | None = None
    reason: Quarantine | None = None
    """Of the last failure."""
    worker: Text | None = None
    trace: Annotated[str, Field(pattern=r"^00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$")] | None = None
    created_at: AwareDatetime
    finished_at: AwareDatetime | None = None
