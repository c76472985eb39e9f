"""The few EXIF fields that observers read, as text. Places are not kept, only that there is one."""

from collections.abc import Mapping
from typing import Any

from PIL import Image

from sixfaces.media.limits import MAX_TAG_LENGTH

_EXIF_IFD, _GPS_IFD = 0x8769, 0x8825

_MAIN = {0x010F: "Make", 0x0110: "Model", 0x0112: "Orientation", 0x0131: "Software", 0x0132: "DateTime"}
_EXIF = {
    0x9003: "DateTimeOriginal",
    0x9004: "DateTimeDigitized",
    0x9010: "OffsetTime",
    0x9011: "OffsetTimeOriginal",
    0x9012: "OffsetTimeDigitized",
    0x9290: "SubSecTime",
    0x9291: "SubSecTimeOriginal",
    0x9292: "SubSecTimeDigitized",
    0xA002: "PixelXDimension",
    0xA003: "PixelYDimension",
}
_GPS_TIME, _GPS_DATE = 0x07, 0x1D
_GPS_PLACE = (0x02, 0x04)

GPS = "GPS"
"""Key whose presence (value `present`) says that the photo names a place."""


def fields(exif: Image.Exif) -> dict[str, str]:
    """The fields above that the photo carries, by their EXIF names.

    Damaged directories raise what the parser raises.
    """
    found = {**_named(exif, _MAIN), **_named(exif.get_ifd(_EXIF_IFD), _EXIF)}
    gps = exif.get_ifd(_GPS_IFD)
    if any(tag in gps for tag in _GPS_PLACE):
        found[GPS] = "present"
    if _GPS_DATE in gps:
        found["GPSDateStamp"] = _text(gps[_GPS_DATE])
    clock = gps.get(_GPS_TIME)
    if isinstance(clock, tuple) and len(clock) == 3:
        hours, minutes, seconds = (float(part) for part in clock)
        found["GPSTimeStamp"] = f"{hours:02.0f}:{minutes:02.0f}:{seconds:02.0f}"
    return {name: text for name, text in found.items() if text}


def _named(directory: Mapping[int, Any], names: Mapping[int, str]) -> dict[str, str]:
    return {name: _text(directory[tag]) for tag, name in names.items() if tag in directory}


def _text(value: object) -> str:
    if isinstance(value, bytes):
        value = value.decode("utf-8", "replace")
    return str(value).replace("\x00", "").strip()[:MAX_TAG_LENGTH]
