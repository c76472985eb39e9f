"""The product's worker process by the settings of its environment, with leases of `python -m tests.rig.acting_worker
LEASE_S` and children that do what a file's first word says. It says `ready`, and at its end what it counted."""

import sys
from contextlib import closing
from dataclasses import replace
from datetime import timedelta

from sixfaces import bootstrap
from sixfaces.pipeline.service import Service
from sixfaces.pipeline.work.running import Runner
from sixfaces.pipeline.work.steps import steps_of
from sixfaces.workers.crew import worker_name
from sixfaces.workers.duties import duties_of
from sixfaces.workers.process import work_until_told
from tests.rig.workshop import ACTING, SOON, Counted, NoComparer, NoObservatory, tight


def acting(service: Service) -> Service:
    """The service with nothing in it that decodes."""
    measuring = replace(service.measuring, observatory=NoObservatory(), comparer=NoComparer())
    return replace(service, measuring=measuring)


def main(lease_s: float) -> None:
    """Work until told to end."""
    settings = bootstrap.started()
    service, duties = acting(bootstrap.open_service(settings)), duties_of(settings)
    lease, steps = timedelta(seconds=lease_s), steps_of(Counted(ACTING, tight))
    runner = Runner(service, steps, worker_name(), lease=lease, backoff=lambda failed: SOON)
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    with closing(bootstrap.tracer()):
        work_until_told(service, duties=duties, runner=runner, grace_s=5.0)
    sys.stdout.write(f"{runner.tally.counts()}\n")


if __name__ == "__main__":
    main(float(sys.argv[1]))
