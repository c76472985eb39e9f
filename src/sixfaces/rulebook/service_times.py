"""Service times: `data/service_times/NAME-VERSION.toml`, refused where a clock names what there is not."""

from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sixfaces.domain.chronicle import KINDS
from sixfaces.domain.model import Say
from sixfaces.domain.service_times import ServiceTimes
from sixfaces.rulebook.dated import Shelf
from sixfaces.rulebook.source import wrong

DATA = Path(__file__).parent / "data" / "service_times"


def _checked(times: ServiceTimes, path: Path) -> None:
    try:
        ZoneInfo(times.hours.zone)
    except (ZoneInfoNotFoundError, ValueError):
        raise wrong(path, "hours.zone", given=times.hours.zone, zh="没有这个时区", en="no such time zone") from None
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


SERVICE_TIMES: Shelf[ServiceTimes] = Shelf(
    DATA, ServiceTimes, Say(zh="服务时限", en="set of service times"), check=_checked
)
"""All service times that are shipped."""
