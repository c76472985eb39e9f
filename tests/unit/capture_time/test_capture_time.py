"""Statements of time, each with the trust it deserves."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from fixtures.build import MEDIA, built
from sixfaces.domain.facts import CaptureTimeFact, TimeSource, TimeTrust
from sixfaces.media.container import probe_container
from sixfaces.media.probe import ContainerProbe
from sixfaces.media.stills import read_photo
from sixfaces.observe.capture_time import CREATION_DATE, CaptureTime

MORNING = datetime(2026, 5, 1, 2, 0, tzinfo=UTC)


def stated(name: str) -> list[CaptureTimeFact]:
    observer = CaptureTime(lambda _name, _data: None)
    if name.endswith(".jpg"):
        observer.photo(read_photo(built(name), format="jpeg"))
        return _facts(observer)
    return of_probe(probe(name))


def probe(name: str) -> ContainerProbe:
    return probe_container(MEDIA / name if name == "genuine.mp4" else built(name), demuxer="mp4")


def of_probe(container: ContainerProbe) -> list[CaptureTimeFact]:
    observer = CaptureTime(lambda _name, _data: None)
    observer.container(container)
    return _facts(observer)


def _facts(observer: CaptureTime) -> list[CaptureTimeFact]:
    return [m.fact for m in observer.finish() if isinstance(m.fact, CaptureTimeFact)]


def test_a_movie_header_states_the_time_weakly() -> None:
    [fact] = stated("genuine.mp4")
    assert fact.instant == datetime(2026, 6, 20, 13, 57, tzinfo=UTC)
    assert (fact.trust, fact.source, fact.zone_known) == (TimeTrust.WEAK, TimeSource.CONTAINER, True)


def test_a_phone_states_its_zone_and_is_believed_a_little_more() -> None:
    header, zoned = stated("tag_phone.mp4")
    assert header.trust is TimeTrust.WEAK
    assert (zoned.instant, zoned.trust, zoned.field) == (MORNING, TimeTrust.FAIR, CREATION_DATE)


def test_zero_is_no_statement_and_1970_is_none_worth_trust() -> None:
    assert stated("created_never.mp4") == []
    assert [fact.trust for fact in stated("created_1970.mp4")] == [TimeTrust.NONE]


def test_exif_with_its_zone_is_an_instant() -> None:
    [fact] = stated("photo_from_phone.jpg")
    assert (fact.instant, fact.zone_known, fact.trust) == (MORNING, True, TimeTrust.FAIR)


def test_exif_without_a_zone_is_local_time() -> None:
    [fact] = stated("photo_without_zone.jpg")
    assert (fact.instant.hour, fact.zone_known, fact.trust) == (10, False, TimeTrust.WEAK)


def test_satellites_tell_the_time_of_a_fix() -> None:
    [fact] = stated("photo_with_place.jpg")
    assert (fact.instant, fact.field) == (MORNING.replace(second=7), "GPSTimeStamp")


def test_a_photo_without_times_states_none() -> None:
    assert stated("photo_stripped.jpg") == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-05-01T10:00:00+0800", (MORNING, True, TimeTrust.FAIR)),
        ("2026-05-01 10:00:00+08:00", (MORNING, True, TimeTrust.FAIR)),
        ("2026-05-01T02:00:00.123Z", (MORNING, True, TimeTrust.FAIR)),
        ("2026-05-01T02:00", (MORNING, False, TimeTrust.WEAK)),
        ("1904-01-01T00:00:00Z", (datetime(1904, 1, 1, tzinfo=UTC), True, TimeTrust.NONE)),
        ("2026-02-30T00:00:00Z", None),
        ("0000-00-00T00:00:00Z", None),
        ("0001-01-01T00:00:00+14:00", None),
        ("2026-05-01T10:00:00+99:00", (MORNING.replace(hour=10), False, TimeTrust.WEAK)),
        ("yesterday", None),
        ("", None),
    ],
)
def test_forms_of_time(text: str, expected: tuple[datetime, bool, TimeTrust] | None) -> None:
    container = replace(probe("created_never.mp4"), tags={CREATION_DATE: text})
    facts = [(fact.instant, fact.zone_known, fact.trust) for fact in of_probe(container)]
    assert facts == ([] if expected is None else [expected])
