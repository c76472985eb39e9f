"""Names of time zones that rulebooks state."""

from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sixfaces.rulebook.source import wrong


def check_zone(zone: str, field: str, path: Path) -> None:
    """Raises RulebookError where the database of time zones has none of this name."""
    try:
        ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise wrong(path, field, given=zone, zh="没有这个时区", en="no such time zone") from None
