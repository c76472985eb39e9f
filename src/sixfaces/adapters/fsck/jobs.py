"""Jobs: none is held by the dead, none counts as done without its result, each has its subject."""

from collections.abc import Iterator
from datetime import timedelta

from sixfaces.adapters.fsck.fault import Fault, fault
from sixfaces.adapters.fsck.look import Look
from sixfaces.adapters.fsck.rows import instant

OVERDUE = timedelta(minutes=1)
_RUNNING = "SELECT id, kind, lease_until FROM jobs WHERE state = 'running' ORDER BY id"
_QUERIES = {
    "job_twice": """
        SELECT kind, subject FROM jobs WHERE state = 'ready' GROUP BY tenant, kind, subject HAVING count(*) > 1
    """,
    "job_without_subject": """
        SELECT j.kind, j.id FROM jobs j
        LEFT JOIN uploads u ON j.kind = 'seal' AND u.id = j.subject
        LEFT JOIN exhibits e ON j.kind = 'observe' AND e.id = j.subject
        LEFT JOIN cases c ON j.kind IN ('judge', 'course') AND c.id = j.subject
        LEFT JOIN erasures x ON j.kind = 'erase' AND x.id = j.subject
        LEFT JOIN reverification_spans r ON j.kind = 'reverify' AND r.id = j.subject
        WHERE j.state <> 'done' AND u.id IS NULL AND e.id IS NULL AND c.id IS NULL AND x.id IS NULL AND r.id IS NULL
        ORDER BY j.id
    """,
    "observe_without_record": """
        SELECT j.kind, j.id FROM jobs j JOIN exhibits e ON e.id = j.subject
        WHERE j.kind = 'observe' AND j.state = 'done' AND e.quarantine IS NULL AND e.erased IS NULL
        AND NOT EXISTS (SELECT 1 FROM observations o WHERE o.tenant = e.tenant AND o.sha256 = e.sha256) ORDER BY j.id
    """,
    "job_dead": "SELECT kind, id FROM jobs WHERE state = 'dead' ORDER BY id",
}


def check_jobs(look: Look) -> Iterator[Fault]:
    """All of the above, and dead letters as notes."""
    for (count,) in look.rows.ask("SELECT count(*) FROM jobs"):
        look.counted["jobs"] += count
    for id, kind, lease_until in look.rows.ask(_RUNNING):
        if lease_until is None:
            yield fault("job_unheld", f"{kind} {id}")
        elif instant(lease_until) + OVERDUE < look.rows.now:
            yield fault("job_overdue", f"{kind} {id}")
    for code, asked in _QUERIES.items():
        yield from (fault(code, f"{kind} {id}") for kind, id in look.rows.ask(asked))
