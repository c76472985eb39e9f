"""Measures of periods (D25): cases that were opened in each, as they stand now, read in pieces and added one by one."""

from collections.abc import Iterator, Sequence
from datetime import datetime, time, timedelta
from enum import StrEnum
from typing import NamedTuple
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sixfaces.decision.clocks import readings
from sixfaces.decision.course import course_of, opened_at
from sixfaces.decision.situation import claimed_items
from sixfaces.domain.chronicle import EvidenceAsked
from sixfaces.domain.filing import FiledCase
from sixfaces.domain.model import Say
from sixfaces.domain.people import Principal
from sixfaces.domain.records import Transaction
from sixfaces.domain.watching import PeriodFigures
from sixfaces.domain.watching_records import Between
from sixfaces.pipeline.claims.rules import ClaimRules
from sixfaces.pipeline.service import Service
from sixfaces.pipeline.visible import unsighted_cases
from sixfaces.pipeline.watching import errors
from sixfaces.pipeline.watching.counting import behind
from sixfaces.watching.tally import Seen, Tally

MOST_CASES = 20_000
"""They take some ten seconds."""
MOST_PERIODS = 400
AT_ONCE = 200


class By(StrEnum):
    """Parts of a period, as the calendar cuts them."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"


class Wanted(NamedTuple):
    """Which cases are measured: those that match everything given. `zone` is where days begin."""

    since: datetime
    until: datetime
    by: By | None = None
    zone: str = "UTC"
    platform: str | None = None
    category: str | None = None
    supplier: str | None = None
    station: str | None = None


def measured(service: Service, who: Principal, wanted: Wanted) -> list[PeriodFigures]:
    """Each part of the period, oldest first, without cases that who asks has to look at without knowing.

    Raises WatchingError `watching.period`, `watching.too_many`."""
    left = MOST_CASES
    found = []
    for since, until in periods(wanted):
        tally = Tally()
        for seen in _seen(service, who, wanted._replace(since=since, until=until)):
            left -= 1
            if left < 0:
                raise errors.too_many(MOST_CASES)
            if seen is not None:
                tally.add(seen)
        found.append(PeriodFigures.model_validate({"from": since, "until": until, "figures": tally.figures()}))
    return found


def periods(wanted: Wanted) -> list[tuple[datetime, datetime]]:
    """The parts; the first and the last as far as they are asked for."""
    if wanted.until <= wanted.since:
        raise errors.bad_period(Say(zh="结束不晚于开始", en="it ends before it begins"))
    zone = _zone(wanted.zone)
    found, start = [], wanted.since
    while start < wanted.until:
        end = wanted.until if wanted.by is None else min(_after(start, wanted.by, zone), wanted.until)
        found.append((start, end))
        start = end
        if len(found) > MOST_PERIODS:
            most = f"{MOST_PERIODS}"
            raise errors.bad_period(Say(zh=f"超过 {most} 段", en=f"it has more than {most} parts"))
    return found


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise errors.bad_period(Say(zh="没有这个时区", en="there is no such time zone")) from None


def _after(at: datetime, by: By, zone: ZoneInfo) -> datetime:
    """Midnight at which the part ends that this instant lies in. Weeks begin with Monday."""
    day = at.astimezone(zone).date()
    if by is By.DAY:
        day += timedelta(1)
    elif by is By.WEEK:
        day += timedelta(7 - day.weekday())
    else:
        day = (day.replace(day=1) + timedelta(32)).replace(day=1)
    return datetime.combine(day, time(), tzinfo=zone)


def _seen(service: Service, who: Principal, wanted: Wanted) -> Iterator[Seen | None]:
    """Every case of the period; None for those that are looked at and left out. One transaction for each piece, so
    that a long question holds up nobody."""
    between = Between(wanted.since, wanted.until, limit=AT_ONCE)
    while True:
        with service.records.begin(who.tenant, reading=True) as transaction:
            cases = transaction.watching.cases_opened(between)
            hidden = unsighted_cases(transaction, who, [case.id for case in cases])
            told = _told(transaction, [case for case in cases if case.id not in hidden], wanted, rules=service.rules)
        yield from told
        if len(cases) < AT_ONCE:
            return
        between = behind(between, cases[-1])


def _told(
    transaction: Transaction, cases: Sequence[FiledCase], wanted: Wanted, *, rules: ClaimRules
) -> list[Seen | None]:
    ids = [case.id for case in cases]
    stations = transaction.watching.stations(ids) if wanted.station else {}
    chosen = {case.id for case in cases if _matches(case, wanted, station=wanted.station in stations.get(case.id, ()))}
    entries, decisions = transaction.watching.chronicles(chosen), transaction.watching.decisions(chosen)
    looks = transaction.watching.looks(chosen)
    asked = {id for id, its in entries.items() if any(isinstance(one.what, EvidenceAsked) for one in its)}
    sealed = transaction.watching.sealed(asked)  # of others they change no clock
    found: list[Seen | None] = [None] * (len(cases) - len(chosen))
    for case in (case for case in cases if case.id in chosen):
        course = course_of(case.file, entries.get(case.id, ()), sealed.get(case.id, ()))
        made = opened_at(case.file, course) or case.created_at
        times = rules.times_of(case.file.platform, made)
        found.append(
            Seen(
                opened_at=opened_at(case.file, course),
                entries=course.entries,
                clocks=readings(case.file, course, times, now=transaction.now),
                targets={rule.code: rule.target for rule in times.clocks},
                decisions=decisions.get(case.id, ()),
                looks=looks.get(case.id, ()),
            )
        )
    return found


def _matches(case: FiledCase, wanted: Wanted, *, station: bool) -> bool:
    """What was erased tells nothing any more."""
    if case.erased_at is not None or (wanted.platform and case.file.platform != wanted.platform):
        return False
    items = claimed_items(case.file)
    is_category = not wanted.category or any(_is_in(item.category, wanted.category) for item in items)
    is_supplier = not wanted.supplier or any(item.supplier == wanted.supplier for item in items)
    return is_category and is_supplier and (not wanted.station or station)


def _is_in(category: str | None, wanted: str) -> bool:
    """Of the category, or of one below it."""
    return category is not None and (category == wanted or category.startswith(f"{wanted}."))
