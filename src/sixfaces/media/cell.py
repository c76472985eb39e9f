"""First code of a jailed child: shut the doors, say which are shut, then run the module that reads foreign bytes.

`sixfaces.media.jail` starts Python in isolation and calls `main` here with its orders as JSON. Standard output
is the wire; whatever a library prints goes to standard error instead.
"""

import importlib
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn, cast

from pydantic import TypeAdapter

from sixfaces.domain.model import Model
from sixfaces.media import landlock, lockdown, wire
from sixfaces.media.share import Share
from sixfaces.media.wire import ChildEnd

EXIT_MEMORY = 82
"""Exit status for memory that ran out where Python could still say so."""


class Orders(Model):
    """How the parent wants the child confined, and the `module:function` to run."""

    parent: int
    own_network: bool
    import_from: tuple[str, ...]
    readable: tuple[str, ...]
    media: tuple[int, ...]
    target: str
    share: dict[str, float]


Target = Callable[[ChildEnd], None]


def _own_streams() -> ChildEnd:
    """Keep the wire to ourselves: descriptors 0 and 1 no longer reach it."""
    source, sink = os.dup(0), os.dup(1)
    null = os.open(os.devnull, os.O_RDONLY)
    os.dup2(null, 0)
    os.close(null)
    os.dup2(2, 1)
    return ChildEnd(os.fdopen(source, "rb"), os.fdopen(sink, "wb"))


def main(argument: str) -> NoReturn:
    """Confine this process as ordered, then run the target; on success leave without running any exit handler."""
    orders = Orders.model_validate_json(argument)
    lockdown.die_with_parent(orders.parent)
    alone = orders.own_network and lockdown.leave_network()
    line = _own_streams()
    sys.path[:0] = orders.import_from
    lockdown.apply_limits(TypeAdapter(Share).validate_python(orders.share))
    lockdown.gain_nothing()
    readable = (*landlock.SYSTEM, *orders.readable)
    walled = landlock.restrict(map(Path, readable), orders.media)
    powerless = lockdown.drop_capabilities()
    filtered = lockdown.filter_calls()
    line.send(wire.Kind.HELLO, {"alone": alone, "walled": walled, "powerless": powerless, "filtered": filtered})
    module, _, function = orders.target.partition(":")
    target = cast(Target, getattr(importlib.import_module(module), function))
    try:
        target(line)
    except MemoryError:
        os._exit(EXIT_MEMORY)
    sys.stderr.flush()
    os._exit(0)
