"""What parent and child say to each other while groups are read and clips are cut (kinds: sixfaces.media.wire)."""

from typing import Literal

from sixfaces.domain.clip import ClipBudget
from sixfaces.domain.model import Model, Text
from sixfaces.domain.time import MediaSpan


class Told(Model):
    """Groups of a clip that stand together, and the time in the take of the first of them: numerator, denominator."""

    groups: int
    start: tuple[int, int]


class Order(Model):
    """REQUEST: read the groups of the file at `path`, or cut these stretches out of it.

    `stretches` are of a clip whose leaves are to be those of its take; `encode` forbids to copy packets, and says why.
    """

    do: Literal["groups", "cut"]
    path: Text
    form: Text
    stretches: tuple[Told, ...] = ()
    spans: tuple[MediaSpan, ...] = ()
    budget: ClipBudget | None = None
    encode: Text | None = None
