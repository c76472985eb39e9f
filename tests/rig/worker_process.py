"""A worker process on a workshop's folder: `python -m tests.rig.worker_process FOLDER QUEUE LEASE_S GRACE_S [URL]`.

It is the product's own, with short leases and children that do what a file's first word says.
"""

import sys
from datetime import timedelta
from pathlib import Path

import structlog

from sixfaces.adapters.hints import hints_by
from sixfaces.pipeline.work.running import Runner
from sixfaces.pipeline.work.steps import steps_of
from sixfaces.workers.crew import worker_name
from sixfaces.workers.process import work_until_told
from tests.rig.workshop import ACTING, SOON, Counted, open_workshop, tight


def main(folder: Path, queue: str, lease_s: float, *, grace_s: float, url: str | None) -> None:
    """Work until told to end. What it logs goes where nobody need read it, lest a full pipe stops it."""
    structlog.configure(logger_factory=structlog.PrintLoggerFactory(sys.stderr))
    service = open_workshop(folder, url=url, hints=hints_by(queue))
    steps = steps_of(Counted(ACTING, tight))
    runner = Runner(service, steps, worker_name(), lease=timedelta(seconds=lease_s), backoff=lambda failed: SOON)
    (folder / "ready").touch()
    work_until_told(service, runner=runner, grace_s=grace_s)
    sys.stdout.write(f"{runner.tally.counts()}\n")


if __name__ == "__main__":
    main(
        Path(sys.argv[1]),
        sys.argv[2],
        float(sys.argv[3]),
        grace_s=float(sys.argv[4]),
        url=next(iter(sys.argv[5:]), None),
    )
