"""`sixfaces worker`: checks the settings, then keeps worker processes alive."""

import os

from sixfaces import bootstrap
from sixfaces.cli.telling import telling
from sixfaces.report.page import Language
from sixfaces.workers.supervisor import supervise


def run_workers(processes: int | None, language: Language) -> int:
    """Work until told to end; the exit status. What is missing is made: tables and keys."""
    with telling(language):
        bootstrap.prepare(bootstrap.started())
    return supervise(processes or len(os.sched_getaffinity(0)))
