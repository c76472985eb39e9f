"""A worker of `bench_work`, whose jobs compute for MS: `python -m tests.bench.work_process FOLDER URL QUEUE MS`."""

import sys
import time
from pathlib import Path

from sixfaces.adapters.hints import hints_by
from sixfaces.domain.job import JobKind
from sixfaces.pipeline.service import Service
from sixfaces.pipeline.work.hold import Hold
from sixfaces.pipeline.work.running import Runner
from sixfaces.workers.crew import worker_name
from sixfaces.workers.process import work_until_told
from tests.rig.workshop import open_workshop


def main(folder: Path, url: str, queue: str, *, ms: float) -> None:
    """Work until told to end."""

    def step(service: Service, hold: Hold) -> None:
        until = time.process_time() + ms / 1000
        while time.process_time() < until:
            pass
        hold.write(hold.ended)

    service = open_workshop(folder, url=url, hints=hints_by(queue))
    work_until_told(service, runner=Runner(service, {JobKind.JUDGE: step}, worker_name()))


if __name__ == "__main__":
    main(Path(sys.argv[1]), *sys.argv[2:4], ms=float(sys.argv[4]))
