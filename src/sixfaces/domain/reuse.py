"""Pictures of earlier evidence that show the same as an exhibit's: what is found, and who finds it."""

from collections.abc import Collection
from typing import Annotated, Protocol

from pydantic import Field

from sixfaces.domain.model import Model, Sha256, Text, Unit
from sixfaces.domain.observation import Record

Box = tuple[Unit, Unit, Unit, Unit]
"""x, y, width and height of a part of a picture, as shares of the picture's own."""


class PictureMatch(Model):
    """A picture of one exhibit that shows what a picture of another shows, or a part of it.

    `regions`: how many of its regions agree; `rate`: of those that both pictures could have; `bits`: by how many of 256
    their hashes differ in the middle; `error`: how far they lie from where a plane map puts them, of the diagonal.
    `mirrored`, then `turn_deg` clockwise, then `scale` lead from this picture to the other. `exact`: it agrees as a
    copy does; else the same things may have been photographed anew. `common`: what agrees is in many cases' pictures.
    """

    picture: Text
    other: Sha256
    other_picture: Text
    regions: Annotated[int, Field(ge=0)]
    rate: Unit
    bits: float
    error: float
    box: Box
    other_box: Box
    scale: float
    turn_deg: float
    mirrored: bool
    exact: bool
    common: bool = False


class Found(Model):
    """What was found of one exhibit. `asked`: pictures that were looked for; `flat`: those of them that show too little
    for that. `held`: exhibits that were looked among."""

    matches: tuple[PictureMatch, ...] = ()
    asked: int = 0
    flat: int = 0
    held: int = 0


class ReuseSearch(Protocol):
    """Finds pictures among all that a tenant's exhibits show."""

    def find(self, tenant: str, record: Record, *, but: Collection[str] = ()) -> Found:
        """Matches of the record's pictures in other bytes than its own and those of `but`, the surest first. A
        tenant's pictures are looked for among that tenant's alone. Never raises for an index that is damaged or cannot
        be kept: it is made anew from what is on record."""
        ...
