"""Standing orders for judging the archive again: what is asked for, in which rhythm, and what came of it last."""

from collections.abc import Sequence
from datetime import timedelta
from enum import StrEnum
from typing import Annotated, Protocol, Self

from pydantic import AwareDatetime, Field, model_validator

from sixfaces.domain.filing import Quarantine
from sixfaces.domain.model import Model, Text
from sixfaces.domain.pages import Page
from sixfaces.domain.people import Id, TenantId
from sixfaces.domain.reverifying import Count, Selection


class Every(StrEnum):
    """How often."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"


class Weekday(StrEnum):
    """Days of the week in the order of ISO 8601."""

    MONDAY = "monday"
    TUESDAY = "tuesday"
    WEDNESDAY = "wednesday"
    THURSDAY = "thursday"
    FRIDAY = "friday"
    SATURDAY = "saturday"
    SUNDAY = "sunday"


class Rhythm(Model):
    """When: at a time of day (`at`, HH:MM) of a zone, every day, on days of the week (`on`), or on a day of the month
    (`day`; the last one where the month is shorter). What a clock that is put forward leaves out is as much later, what
    one that is put back shows twice is the first time. `zone`: a name of the IANA database."""

    every: Every
    at: Annotated[str, Field(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$")]
    zone: Annotated[Text, Field(min_length=1, max_length=60)] = "UTC"
    on: Annotated[tuple[Weekday, ...], Field(max_length=len(Weekday))] = ()
    day: Annotated[int, Field(ge=1, le=31)] | None = None

    @model_validator(mode="after")
    def _says_which_days(self) -> Self:
        if bool(self.on) != (self.every is Every.WEEK) or len(set(self.on)) != len(self.on):
            raise ValueError("`on` names days of the week, each once, where it is every week and only then")
        if (self.day is not None) != (self.every is Every.MONTH):
            raise ValueError("`day` names a day of the month where it is every month and only then")
        return self


class TurnCame(StrEnum):
    """What came of a turn."""

    STARTED = "started"
    SKIPPED = "skipped"
    """The run before was still under way."""
    FAILED = "failed"
    """No run could be begun."""


class ScheduleTurn(Model):
    """One time that a schedule was due. `missed`: how often it would have been due since, while nobody looked: those
    times are one with this. `run`: which it began, or on which it would have trodden."""

    due_at: AwareDatetime
    at: AwareDatetime
    came: TurnCame
    run: Id | None = None
    missed: Count = 0
    reason: Quarantine | None = None


class ScheduleTerms(Model):
    """What a schedule asks for each time. `policy`: name, or name@version; None: each case by what judges it then.
    `days`: only what was judged in so many days before the run. `rate`: exhibits a second at most."""

    name: Annotated[Text, Field(min_length=1, max_length=80)]
    rhythm: Rhythm
    policy: Annotated[str, Field(max_length=80)] | None = None
    selection: Selection = Selection()
    days: Annotated[int, Field(ge=1, le=36_500)] | None = None
    rate: Annotated[float, Field(gt=0, le=1_000_000)] | None = None
    enabled: bool = True

    @model_validator(mode="after")
    def _begins_once(self) -> Self:
        if self.days is not None and self.selection.since is not None:
            raise ValueError("either `days` or `selection.since` says where to begin")
        return self

    @property
    def window(self) -> timedelta | None:
        """How far back a run looks."""
        return None if self.days is None else timedelta(days=self.days)


class Schedule(Model):
    """A standing order of one tenant. `next_at`: None while it is off. `looked_at`: when that was reckoned. `run`: the
    last one it began."""

    id: Id
    tenant: TenantId
    revision: Annotated[int, Field(ge=1)] = 1
    terms: ScheduleTerms
    next_at: AwareDatetime | None
    looked_at: AwareDatetime
    run: Id | None = None
    last: ScheduleTurn | None = None
    by: Text
    made_at: AwareDatetime
    changed_at: AwareDatetime


class Schedules(Protocol):
    """Standing orders."""

    def add(self, schedule: Schedule) -> None:
        """A new one."""
        ...

    def get(self, id: str, *, lock: bool = False) -> Schedule | None:
        """One of them."""
        ...

    def find(self, page: Page) -> Sequence[Schedule]:
        """Newest first."""
        ...

    def change(self, schedule: Schedule) -> None:
        """Write all of it."""
        ...

    def remove(self, id: str) -> bool:
        """It is no more; its runs stay. False where there was none."""
        ...

    def due(self, *, limit: int) -> Sequence[Schedule]:
        """Those whose time has come, the longest ago first, and those that were reckoned by a clock ahead of now."""
        ...
