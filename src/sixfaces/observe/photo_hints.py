"""Traces of earlier encoding in a photo; see `reencoding` for what their strength means."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from sixfaces.domain.facts import ReencodeHintFact
from sixfaces.domain.observation import Measured
from sixfaces.media.frames import Photo
from sixfaces.observe.tool_tags import device

# ITU-T T.81, table K.1: the luma table that the Independent JPEG Group's library scales by its quality setting.
_STANDARD_LUMA = (
    (16, 11, 10, 16, 24, 40, 51, 61), (12, 12, 14, 19, 26, 58, 60, 55), (14, 13, 16, 24, 40, 57, 69, 56),
    (14, 17, 22, 29, 51, 87, 80, 62), (18, 22, 37, 56, 68, 109, 103, 77), (24, 35, 55, 64, 81, 104, 113, 92),
    (49, 64, 78, 87, 103, 121, 120, 101), (72, 92, 95, 98, 112, 100, 103, 99),
)  # fmt: skip

LATER = timedelta(minutes=2)
"""Cameras finish a picture within seconds of the shutter; night modes and panoramas take longer."""


def standard_quality(table: tuple[int, ...]) -> int | None:
    """The quality setting 1..100 of the Independent JPEG Group's library that makes this luma table, if one does."""
    flat = [value for row in _STANDARD_LUMA for value in row]
    for quality in range(100, 0, -1):
        scale = 5000 // quality if quality < 50 else 200 - 2 * quality
        made = tuple(min(255, max(1, (value * scale + 50) // 100)) for value in flat)
        if made == table:
            return quality
    return None


def photo_hints(photo: Photo) -> Iterator[Measured]:
    """All hints of a photo."""
    maker = device(photo.exif)
    if maker is None and "DateTimeOriginal" not in photo.exif:
        yield _hint("exif_stripped", "no camera and no time of capture: messengers and editors drop them", 0.3)
    if maker and photo.quant_tables and (quality := standard_quality(photo.quant_tables[0])) is not None:
        yield _hint("standard_tables", f"saved with a library's own tables at quality {quality}, says {maker}", 0.3)
    taken, changed = (_local_time(photo.exif.get(field)) for field in ("DateTimeOriginal", "DateTime"))
    if taken and changed and changed - taken > LATER:
        yield _hint("modified_later", f"changed {(changed - taken).total_seconds():.0f} s after it was taken", 0.6)
    stated = _stated_size(photo)
    if stated is not None and sorted(stated) != sorted((photo.width, photo.height)):
        yield _hint("size_differs", f"{photo.width}x{photo.height}, but the camera wrote {stated[0]}x{stated[1]}", 0.7)


def _hint(hint: str, detail: str, strength: float) -> Measured:
    return Measured(fact=ReencodeHintFact(hint=hint, detail=detail, strength=strength))


def _local_time(text: str | None) -> datetime | None:
    try:
        return datetime.strptime(text or "", "%Y:%m:%d %H:%M:%S")  # noqa: DTZ007 EXIF's local times; only compared
    except ValueError:
        return None


def _stated_size(photo: Photo) -> tuple[int, int] | None:
    width, height = (photo.exif.get(field, "") for field in ("PixelXDimension", "PixelYDimension"))
    if width.isdecimal() and height.isdecimal() and int(width) and int(height):
        return int(width), int(height)
    return None
