"""Media time: exact presentation timestamps. Wall time is an aware UTC datetime and never mixes with it."""

from fractions import Fraction
from functools import total_ordering
from typing import Annotated

from pydantic import Field, model_validator

from sixfaces.domain.model import Model

_Ticks = Annotated[int, Field(ge=-(2**63), lt=2**63)]
_Base = Annotated[int, Field(ge=1, le=2**31)]


@total_ordering
class MediaTime(Model):
    """A presentation timestamp: `ticks` units of `num/den` seconds, as the container states it."""

    ticks: _Ticks
    num: _Base = 1
    den: _Base

    @property
    def exact(self) -> Fraction:
        """Seconds, exactly."""
        return Fraction(self.ticks * self.num, self.den)

    @property
    def seconds(self) -> float:
        """Seconds, for thresholds and people; never for equality."""
        return self.ticks * self.num / self.den

    def __lt__(self, other: "MediaTime") -> bool:
        return self.ticks * self.num * other.den < other.ticks * other.num * self.den

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, MediaTime):
            return NotImplemented
        return self.ticks * self.num * other.den == other.ticks * other.num * self.den

    def __hash__(self) -> int:
        return hash(self.exact)


class MediaSpan(Model):
    """A stretch of media time, both ends included. A moment has equal ends."""

    start: MediaTime
    end: MediaTime

    @model_validator(mode="after")
    def _ordered(self) -> "MediaSpan":
        start, end = self.start, self.end
        if end.ticks * end.num * start.den < start.ticks * start.num * end.den:  # `end < start`, without its detours
            raise ValueError("a span must not end before it starts")
        return self

    @property
    def seconds(self) -> tuple[float, float]:
        """Start and end in seconds, for thresholds and people; never for equality."""
        return self.start.seconds, self.end.seconds

    @property
    def duration_s(self) -> float:
        """Length in seconds."""
        return self.end.seconds - self.start.seconds

    @classmethod
    def at(cls, moment: MediaTime) -> "MediaSpan":
        """The span of a single moment."""
        return cls(start=moment, end=moment)
