"""One worker process (`python -m sixfaces.workers.process`): opens the installation by its settings, and works.

SIGTERM or SIGINT: no more jobs are taken, what runs may finish for a while, then it is handed back. The second one:
handed back at once. The third: gone, and the leases run out.
"""

import os
import signal
import sys
import threading
from collections.abc import Sequence
from contextlib import closing
from types import FrameType

from sixfaces import bootstrap
from sixfaces.domain.errors import SettingsError
from sixfaces.pipeline.service import Service
from sixfaces.pipeline.work.running import Runner
from sixfaces.pipeline.work.sweep import Duty
from sixfaces.workers.crew import GRACE_S, Crew, working
from sixfaces.workers.duties import duties_of

UNFIT = 2
"""Exit status where the settings cannot work: starting again will not help."""


class Ending:
    """Counts the signals that ask this process to end."""

    def __init__(self) -> None:
        self.asked = threading.Event()
        self.crew: Crew | None = None
        self._count = 0

    def __call__(self, number: int, frame: FrameType | None) -> None:
        """A signal has come."""
        self._count += 1
        self.asked.set()
        if self._count == 2 and self.crew is not None:
            self.crew.hurry()
        elif self._count > 2:
            os._exit(128 + number)


def work_until_told(
    service: Service, *, duties: Sequence[Duty] = (), runner: Runner | None = None, grace_s: float = GRACE_S
) -> None:
    """Work until a signal comes, or until whoever started this process has gone."""
    ending, parent = Ending(), os.getppid()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, ending)
    with working(service, threads=1, duties=duties, runner=runner, grace_s=grace_s) as crew:
        ending.crew = crew
        while not ending.asked.wait(1.0) and os.getppid() == parent:
            pass


def main() -> int:
    """Work until told to end; the exit status."""
    try:
        settings = bootstrap.started()
        service, duties = bootstrap.open_service(settings), duties_of(settings)
        with closing(bootstrap.tracer()), bootstrap.own_scratch(bootstrap.scratch_root(settings)):
            work_until_told(service, duties=duties)
    except SettingsError as exc:
        sys.stderr.write(f"{exc}\n")
        return UNFIT
    return 0


if __name__ == "__main__":
    sys.exit(main())
