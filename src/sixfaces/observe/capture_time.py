"""When does the file say that it was recorded? Each statement on its own, with the trust it deserves.

1. The movie header's creation time counts seconds from 1904 in UTC. Recorders that do not know the time write zero or
   1970; some write local time as if it were UTC. Some write it when recording *ends*: then it is late by the length of
   the recording, which lies within what the rules allow a clock. -> weak
2. QuickTime's `creationdate` carries local time with its zone, written by phones at the start. -> fair
3. EXIF's DateTimeOriginal is local time, its zone only known with OffsetTimeOriginal. -> weak, with a zone fair
4. The date and time stamp of a photo's GPS fix comes from satellites, not from the device's clock. -> fair
All of them can be typed in by anyone: none is strong. A time that no recorder can mean is told with trust `none`.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime, timedelta, timezone
from typing import ClassVar

from sixfaces.domain.facts import CaptureTimeFact, TimeSource, TimeTrust
from sixfaces.domain.observation import Measured
from sixfaces.media.frames import Photo
from sixfaces.media.probe import ContainerProbe
from sixfaces.observe.observer import KeepPicture, Observer, Tier

CREATION_DATE = "com.apple.quicktime.creationdate"

FIRST_YEAR = 1995
"""Earlier times are clocks that were never set: epochs of 1904, 1970, 1980 and the like."""

_ISO = re.compile(
    r"^(\d{4})-(\d\d)-(\d\d)[T ](\d\d):(\d\d)(?::(\d\d)(?:\.\d+)?)?\s*(Z|[+-]\d\d:?\d\d)?$",
)
_EXIF = re.compile(r"^(\d{4}):(\d\d):(\d\d)[T ](\d\d):(\d\d):(\d\d)")
_OFFSET = re.compile(r"^([+-])(\d\d):?(\d\d)$")


class CaptureTime(Observer):
    """Statements of the time of capture in headers and EXIF."""

    name: ClassVar[str] = "capture_time"
    version: ClassVar[str] = "1"
    wants: ClassVar[frozenset[Tier]] = frozenset({Tier.CONTAINER, Tier.PHOTO})
    measures: ClassVar[tuple[str, ...]] = ("capture_time",)

    def __init__(self, keep: KeepPicture) -> None:
        super().__init__(keep)
        self._stated: list[CaptureTimeFact] = []

    def container(self, probe: ContainerProbe) -> None:
        """Tags of the movie, and of the picture's stream where the movie has none."""
        self._stated = list(_of_container(probe))

    def photo(self, photo: Photo) -> None:
        """EXIF's times."""
        self._stated = list(_of_exif(photo.exif))

    def finish(self) -> Iterable[Measured]:
        """One fact for each statement."""
        return [Measured(fact=fact) for fact in self._stated]


def _of_container(probe: ContainerProbe) -> Iterator[CaptureTimeFact]:
    created = probe.tags.get("creation_time") or probe.streams[probe.picture].tags.get("creation_time")
    yield from _statement("creation_time", created, TimeTrust.WEAK)
    yield from _statement(CREATION_DATE, probe.tags.get(CREATION_DATE), TimeTrust.FAIR)


def _statement(field: str, text: str | None, trust: TimeTrust) -> Iterator[CaptureTimeFact]:
    """A container's ISO 8601 time; without a zone it is local time, and not better than weak."""
    found = _ISO.match((text or "").strip())
    if found is None:
        return
    numbers = [int(part or 0) for part in found.groups()[:6]]
    zone = UTC if found[7] == "Z" else _zone(found[7])
    instant = _instant(numbers, zone)
    if instant is not None:
        known = zone is not None
        yield _fact(TimeSource.CONTAINER, field, instant, known=known, trust=trust if known else TimeTrust.WEAK)


def _of_exif(exif: Mapping[str, str]) -> Iterator[CaptureTimeFact]:
    for field, offset in (("DateTimeOriginal", "OffsetTimeOriginal"), ("DateTimeDigitized", "OffsetTimeDigitized")):
        found = _EXIF.match(exif.get(field, ""))
        if found is not None:
            zone = _zone(exif.get(offset) or exif.get("OffsetTime"))
            instant = _instant([int(part) for part in found.groups()], zone)
            if instant is not None:
                trust = TimeTrust.WEAK if zone is None else TimeTrust.FAIR
                yield _fact(TimeSource.EXIF, field, instant, known=zone is not None, trust=trust)
                break  # the time of digitising adds nothing to the time of the shutter
    stamp = _EXIF.match(f"{exif.get('GPSDateStamp', '')} {exif.get('GPSTimeStamp', '')}")
    if stamp is not None:
        instant = _instant([int(part) for part in stamp.groups()], UTC)
        if instant is not None:
            yield _fact(TimeSource.EXIF, "GPSTimeStamp", instant, known=True, trust=TimeTrust.FAIR)


def _fact(source: TimeSource, field: str, instant: datetime, *, known: bool, trust: TimeTrust) -> CaptureTimeFact:
    if instant.year < FIRST_YEAR:
        trust = TimeTrust.NONE
    return CaptureTimeFact(source=source, instant=instant, zone_known=known, trust=trust, field=field)


def _zone(text: str | None) -> timezone | None:
    found = _OFFSET.match((text or "").strip())
    if found is None:
        return UTC if (text or "").strip() == "Z" else None
    away = timedelta(hours=int(found[2]), minutes=int(found[3]))
    if away > timedelta(hours=14):
        return None
    return timezone(-away if found[1] == "-" else away)


def _instant(numbers: list[int], zone: timezone | None) -> datetime | None:
    """The instant in UTC; local time without a zone stands as if it were UTC. None for a date that does not exist."""
    year, month, day, hour, minute, second = numbers
    try:
        return datetime(year, month, day, hour, minute, min(second, 59), tzinfo=zone or UTC).astimezone(UTC)
    except (ValueError, OverflowError):
        return None
