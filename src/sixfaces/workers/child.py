"""First code of a killable child (`python -m sixfaces.workers.child ORDERS`): bind it, then run its target.

It dies with its parent, cannot lift its limits, and leaves the parent's signals to the parent: a machine that is shut
down signals every process, and a child that died of that would be held against its exhibit.
"""

import importlib
import os
import resource
import signal
import sys
from collections.abc import Callable
from typing import NoReturn, cast

from sixfaces.domain.model import Model
from sixfaces.media import lockdown
from sixfaces.media.cell import EXIT_MEMORY
from sixfaces.pipeline.work.children import Task

EXIT_FAILED = 83
"""Exit status after an exception, which stands on stderr."""

ORDERED = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)
_SPARE_CPU_S = 5


class Orders(Model):
    """What the parent wants: limits (`resource` names to values), the `module:function`, and its task."""

    parent: int
    progress: int
    limits: dict[str, int]
    import_from: tuple[str, ...]
    target: str
    task: Task


def main(argument: str) -> NoReturn:
    """Obey the orders, and leave without running any exit handler."""
    orders = Orders.model_validate_json(argument)
    lockdown.die_with_parent(orders.parent)
    lockdown.adopt_orphans()
    for number in ORDERED:
        signal.signal(number, signal.SIG_IGN)
    signal.signal(signal.SIGXFSZ, signal.SIG_DFL)
    for name, value in orders.limits.items():
        _limit(getattr(resource, name), value)
    sys.path[:0] = orders.import_from
    status = EXIT_FAILED
    try:
        module, _, function = orders.target.partition(":")
        target = cast(Callable[[Task, Callable[[float | None], None]], None], _named(module, function))
        target(orders.task, lambda share: _tell(orders.progress, share))
        status = 0
    except MemoryError:
        status = EXIT_MEMORY
    finally:
        if status == EXIT_FAILED:
            sys.excepthook(*sys.exc_info())  # an exception is on its way, or none is
        sys.stderr.flush()
        os._exit(status)


def _named(module: str, function: str) -> object:
    return getattr(importlib.import_module(module), function)


def _limit(what: int, value: int) -> None:
    """Soft and hard, never above what this process was given. CPU time has a hard limit that is a little later."""
    hard = resource.getrlimit(what)[1]
    last = value + _SPARE_CPU_S if what == resource.RLIMIT_CPU else value
    last = last if hard == resource.RLIM_INFINITY else min(hard, last)
    resource.setrlimit(what, (min(value, last), last))


def _tell(descriptor: int, share: float | None) -> None:
    if share is not None:
        os.write(descriptor, f"{share:.4f}\n".encode())


if __name__ == "__main__":
    main(sys.argv[1])
