"""Groups of pictures of a video's moving picture, and the hash of each: what a clip is proven by (docs/clips.md).

A group is a key frame with all packets up to the next one. Times are exact: whole ticks of `num/den` seconds, counted
from the presentation of the stream's first packet.
"""

from base64 import b64decode
from collections.abc import Iterable
from fractions import Fraction
from typing import Annotated, NamedTuple

from pydantic import Field, model_validator

from sixfaces.domain.model import Model, Sha256, Text

FORM = "sixfaces.group/1"
"""Names the bytes that a leaf is taken over; another form has another name."""

LEAF_BYTES = 32

_Base = Annotated[int, Field(ge=1, le=2**63 - 1)]


class Group(NamedTuple):
    """One group. `begins` is its key frame's time and `ends` that of the next, seconds from the take's first packet;
    `size` is of its packets, in bytes. `is_key`: it starts with a key frame, as all do but a first one that was cut.
    `leads`: it holds pictures that are shown before its key frame and were made from the group before."""

    number: int
    begins: Fraction
    ends: Fraction
    packets: int
    size: int
    is_key: bool
    leads: bool
    leaf: bytes


class Groups(Model):
    """All groups of a take, in order. `leaves` are their leaf hashes, one after the other, in base64.

    `parameters` is the SHA-256 of the codec's configuration record, `degrees` and `mirrored` say how pictures are to
    be turned: both are part of every leaf. `offset` is when the first packet is shown by players, in ticks; it is not.
    """

    codec: Text
    parameters: Sha256
    degrees: Annotated[int, Field(ge=0, lt=360)] = 0
    mirrored: bool = False
    num: _Base
    den: _Base
    offset: int = 0
    begins: tuple[int, ...]
    end: int
    packets: tuple[int, ...]
    sizes: tuple[int, ...]
    headless: bool = False
    leading: tuple[int, ...] = ()
    leaves: str

    @model_validator(mode="after")
    def _even(self) -> "Groups":
        count = len(self.begins)
        if not count or len(self.packets) != count or len(self.sizes) != count:
            raise ValueError("a take has groups, and the same of everything for each")
        if len(b64decode(self.leaves, validate=True)) != LEAF_BYTES * count:
            raise ValueError("a leaf has 32 bytes")
        return self

    def __len__(self) -> int:
        return len(self.begins)

    @property
    def base(self) -> Fraction:
        """Seconds of a tick."""
        return Fraction(self.num, self.den)

    def leaf_hashes(self) -> list[bytes]:
        """The leaves, 32 bytes each."""
        data = b64decode(self.leaves)
        return [data[at : at + LEAF_BYTES] for at in range(0, len(data), LEAF_BYTES)]

    def all(self) -> tuple[Group, ...]:
        """The groups one by one."""
        ends, leads = (*self.begins[1:], self.end), frozenset(self.leading)
        rows = zip(self.begins, ends, self.packets, self.sizes, self.leaf_hashes(), strict=True)
        return tuple(
            Group(n, begins * self.base, ends * self.base, packets, size, n > 0 or not self.headless, n in leads, leaf)
            for n, (begins, ends, packets, size, leaf) in enumerate(rows)
        )

    def shown_from(self, group: Group) -> Fraction:
        """When players show the group's key frame: seconds as observations count them."""
        return group.begins + self.offset * self.base

    def within(self, spans: Iterable[tuple[Fraction, Fraction]]) -> list[range]:
        """The groups that hold these stretches of players' time, as ranges of their numbers that do not touch."""
        offset, kept = self.offset * self.base, set[int]()
        groups = self.all()
        for begins, ends in spans:
            kept |= {g.number for g in groups if g.begins + offset <= ends and g.ends + offset > begins}
        found = list[range]()
        for number in sorted(kept):
            if found and found[-1].stop == number:
                found[-1] = range(found[-1].start, number + 1)
            else:
                found.append(range(number, number + 1))
        return found
