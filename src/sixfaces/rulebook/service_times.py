"""Service times: `data/service_times/NAME-VERSION.toml`, refused where a clock names what there is not."""

from datetime import timedelta
from enum import Enum
from pathlib import Path
from types import NoneType
from typing import Literal, get_args, get_origin

from sixfaces.domain.chronicle import KINDS
from sixfaces.domain.model import Say
from sixfaces.domain.service_times import Counting, ServiceTimes
from sixfaces.rulebook.dated import Shelf
from sixfaces.rulebook.source import wrong
from sixfaces.rulebook.zones import check_zone

DATA = Path(__file__).parent / "data" / "service_times"
LONGEST = timedelta(days=400)
"""No limit is longer."""


def _checked(times: ServiceTimes, path: Path) -> None:
    check_zone(times.hours.zone, "hours.zone", path)
    if times.hours.until <= times.hours.from_:
        raise wrong(
            path, "hours.until", given=str(times.hours.until), zh="须晚于开始", en="must lie after the beginning"
        )
    codes = [clock.code for clock in times.clocks]
    for clock in times.clocks:
        field = f"clocks.{clock.code}"
        if codes.count(clock.code) > 1:
            raise wrong(path, field, given=clock.code, zh="重复", en="is there twice")
        if not clock.limit.total_seconds() > clock.warn.total_seconds() > 0:
            raise wrong(path, f"{field}.warn", given=str(clock.warn), zh="须在时限之内", en="must lie within the limit")
        if clock.limit > LONGEST:
            raise wrong(
                path, f"{field}.limit", given=str(clock.limit),
                zh=f"不能超过 {LONGEST.days} 天", en=f"is {LONGEST.days} days at most",
            )  # fmt: skip
        for pattern in (*clock.starts, *clock.ends):
            _check_pattern(pattern, f"{field}.{pattern}", path)


def _check_pattern(pattern: str, field: str, path: Path) -> None:
    kind, _, rest = pattern.partition(":")
    name, _, value = rest.partition("=")
    model = KINDS.get(kind)
    if model is None:
        raise wrong(path, field, given=kind, zh=f"没有这种事件（有：{sorted(KINDS)}）", en=f"known are {sorted(KINDS)}")
    if rest and (name not in model.model_fields or not value):
        raise wrong(path, field, given=rest, zh="没有这个字段", en="no such field")
    known = values_of(model.model_fields[name].annotation) if rest else frozenset()
    if known and value not in known:
        raise wrong(path, field, given=value, zh=f"可用的取值：{sorted(known)}", en=f"known are {sorted(known)}")


def values_of(kind: object) -> frozenset[str]:
    """The values that a happening's field may have, as rules write them; none where anything may stand there."""
    if isinstance(kind, type) and issubclass(kind, Enum):
        return frozenset(str(one.value) for one in kind)
    if kind is bool:
        return frozenset({"true", "false"})
    if get_origin(kind) is Literal:
        return frozenset(str(one) for one in get_args(kind))
    return frozenset().union(*(values_of(one) for one in get_args(kind) if one is not NoneType))


def check_calendar(times: ServiceTimes, path: Path) -> None:
    """Whether there is a calendar of the country, where clocks count working time. Reading calendars takes its time, so
    that it is asked of files that somebody has just written. Raises RulebookError."""
    import holidays  # takes its time

    hours = times.hours
    if not any(clock.counting is Counting.BUSINESS for clock in times.clocks):
        return
    known = holidays.list_supported_countries(include_aliases=True)
    if hours.country not in known:
        raise wrong(
            path, "hours.country", given=hours.country, zh="没有这个国家的日历", en="no calendar of this country"
        )
    if hours.subdivision is not None and hours.subdivision not in known[hours.country]:
        raise wrong(
            path, "hours.subdivision", given=hours.subdivision,
            zh=f"可用的取值：{sorted(known[hours.country])}", en=f"known are {sorted(known[hours.country])}",
        )  # fmt: skip


SERVICE_TIMES: Shelf[ServiceTimes] = Shelf(
    DATA, ServiceTimes, Say(zh="服务时限", en="set of service times"), check=_checked
)
"""All service times that are shipped."""
