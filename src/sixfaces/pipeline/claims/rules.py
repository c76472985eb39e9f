"""Which decision table and which service times are for a claim: those of its platform that were in force on the day on
which it was made, where the platform is. Editions of an installation's own go before those that come along."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import TypeVar
from zoneinfo import ZoneInfo

from sixfaces.domain.decision import DecisionTable
from sixfaces.domain.model import Model
from sixfaces.domain.service_times import ServiceTimes
from sixfaces.rulebook.check import checked_own
from sixfaces.rulebook.dated import Shelf
from sixfaces.rulebook.decisions import TABLES
from sixfaces.rulebook.service_times import SERVICE_TIMES

DEFAULT = "default"

M = TypeVar("M", bound=Model)


@dataclass(frozen=True, slots=True)
class ClaimRules:
    """Where tables and service times stand. What was found once is kept: files are read when the product starts."""

    tables: Shelf[DecisionTable] = TABLES
    times: Shelf[ServiceTimes] = SERVICE_TIMES
    _known: dict[tuple[str, str | None, date], Model] = field(default_factory=dict, repr=False, compare=False)

    def table_of(self, platform: str | None, at: datetime) -> DecisionTable:
        """The table for a claim that was made at an instant."""
        return self._edition(self.tables, platform, at, zone=lambda table: table.zone)

    def times_of(self, platform: str | None, at: datetime) -> ServiceTimes:
        """The service times for a claim that was made at an instant."""
        return self._edition(self.times, platform, at, zone=lambda times: times.hours.zone)

    def _edition(self, shelf: Shelf[M], platform: str | None, at: datetime, *, zone: Callable[[M], str]) -> M:
        """The day is that of the newest edition's zone: an edition is found by the day on which it begins there."""
        name = platform if platform is not None and platform in shelf.names() else DEFAULT
        day = at.astimezone(ZoneInfo(zone(shelf.load(name)))).date()
        key = (shelf.model.__name__, name, day)
        if key not in self._known:
            self._known[key] = shelf.in_force(name, day)
        found: M = self._known[key]  # type: ignore[assignment]  # of the model that the key names
        return found


SHIPPED = ClaimRules()


def claim_rules(own: Path | None) -> ClaimRules:
    """The shipped rules, with those in the folders `decisions` and `service_times` of a folder of one's own. Raises
    RulebookError for a file that is not fit, before anything is decided by it."""
    if own is None:
        return SHIPPED
    checked_own(own)
    return ClaimRules(TABLES._replace(own=own / "decisions"), SERVICE_TIMES._replace(own=own / "service_times"))
