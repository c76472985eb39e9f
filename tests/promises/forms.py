"""How large promises are tested, and what can be broken."""

import os
import random
import sys
from typing import NamedTuple

from tests.rig.product import Parts
from tests.servers.postgres import Postgres
from tests.servers.redis import RedisServer

SCALE = float(os.environ.get("SIXFACES_PROMISE_SCALE", "0.02"))
"""Of the full figures, which take hours."""


class Broken(NamedTuple):
    """The servers that a form stands on, if it stands on any."""

    database: Postgres | None
    broker: RedisServer | None


def embedded() -> Parts:
    """Nothing but the folder."""
    return Parts()


def scaled(full: int, *, least: int = 1) -> int:
    """So many of the full figure."""
    return max(least, round(full * SCALE))


def chance_of(promise: str) -> random.Random:
    """A source of chance whose seed is printed, and taken from SIXFACES_SEED to repeat a failure."""
    seed = os.environ.get("SIXFACES_SEED") or str(random.SystemRandom().randrange(1 << 32))
    sys.stderr.write(f"{promise}: SIXFACES_SEED={seed}\n")
    return random.Random(f"{promise} {seed}")
