"""Clocks: how long what may take (D17, D22, D23), as dated data, and how a clock stands at an instant."""

from datetime import date, time, timedelta
from enum import StrEnum
from typing import Annotated

from pydantic import AwareDatetime, Field

from sixfaces.domain.case import ClaimKind, ClaimReason
from sixfaces.domain.chronicle import Party
from sixfaces.domain.model import Model, Say, Sha256, Text, Unit
from sixfaces.domain.people import Id

ClockCode = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{1,40}$")]


class Counting(StrEnum):
    """Which hours a clock counts."""

    ALWAYS = "always"
    """Every hour, as the marketplaces' own clocks do."""
    BUSINESS = "business"
    """Hours in which the calendar says that people work."""


class WorkingHours(Model):
    """When people work, in one place: `country` and `subdivision` choose its holidays and the weekends that are worked
    instead of them; `zone` is a name of the IANA time zone database."""

    zone: Text
    country: Annotated[str, Field(pattern=r"^[A-Z]{2}$")]
    subdivision: Text | None = None
    from_: time = Field(alias="from")
    until: time
    weekend: tuple[Annotated[int, Field(ge=0, le=6)], ...] = (5, 6)
    """Days of the week that are free, Monday is 0."""


class ClockRule(Model):
    """One clock: runs from the first entry of `starts` to the first of `ends` after it, stands still while paused if
    `pauses`. Entries are named as `kind` or `kind:field=value`, such as `parcel.signed:leg=return`."""

    code: ClockCode
    title: Say
    holder: Party
    """Who must act."""
    starts: tuple[Text, ...] = Field(min_length=1)
    ends: tuple[Text, ...] = Field(min_length=1)
    kinds: frozenset[ClaimKind] | None = None
    """Claims that it is for; None: all."""
    reasons: frozenset[ClaimReason] | None = None
    limit: timedelta
    warn: timedelta
    """So long before the end, a warning is due."""
    counting: Counting = Counting.ALWAYS
    pauses: bool = False
    target: Unit = 1.0
    """The share of cases in which it must be kept."""
    cites: tuple[Text, ...] = ()
    reason: Text


class ServiceTimes(Model):
    """All clocks of a platform, with the hours that business clocks count."""

    name: Text
    version: Text
    title: Say
    effective_from: date
    effective_until: date | None = None
    hours: WorkingHours
    clocks: tuple[ClockRule, ...]
    template: bool = False
    digest: Sha256


class ClockState(StrEnum):
    """How a clock stands."""

    RUNNING = "running"
    WARNED = "warned"
    """Running, and its end is near."""
    PAUSED = "paused"
    KEPT = "kept"
    BREACHED = "breached"
    """Its end has passed, whether or not what was due has come since."""


class ClockReading(Model):
    """A clock of a case at the instant that it was read. `used` and `left` count as the clock counts; `why` says in
    words why it is late, or what it waits for."""

    code: ClockCode
    title: Say
    holder: Party
    state: ClockState
    started_at: AwareDatetime
    entry: Id | None = None
    """The entry of the chronicle with which it began."""
    due_at: AwareDatetime | None
    """None while it is paused."""
    ended_at: AwareDatetime | None = None
    used: timedelta
    left: timedelta
    paused: timedelta = timedelta(0)
    why: Say
    cites: tuple[Text, ...] = ()
