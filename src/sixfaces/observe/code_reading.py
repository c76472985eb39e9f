"""Reads codes from a full-size frame: localise, rectify, sharpen, decode. No state, no time: see `codes`.

Linear codes are found by OpenCV's bar localiser in each inky region and rectified from the full-size pixels before
the decoder sees them, which makes the angle irrelevant. Matrix codes are decoded in the enlarged region.
"""

from collections.abc import Iterable, Iterator
from enum import IntEnum
from typing import NamedTuple

import cv2
import numpy as np
import zxingcpp
from numpy.typing import NDArray
from zxingcpp import BarcodeFormat, BarcodeFormats

from sixfaces.media.frames import Gray
from sixfaces.observe import code_profile
from sixfaces.observe.code_size import modules_across
from sixfaces.observe.ink import Region

Quad = NDArray[np.float64]
"""(4, 2) corners in pixels of the full frame: the symbol's own top left, top right, bottom right, bottom left."""

LINEAR = (BarcodeFormat.Code128, BarcodeFormat.EANUPC, BarcodeFormat.Code39, BarcodeFormat.ITF)
WHOLE = (BarcodeFormat.QRCode, BarcodeFormat.DataMatrix, BarcodeFormat.Code128, BarcodeFormat.EANUPC)
STILL_WHOLE = (*WHOLE, BarcodeFormat.Aztec, BarcodeFormat.PDF417)
"""A photo has one chance and no clock, so it is searched for the rarer formats too."""

STRONG = (BarcodeFormat.Code128, *STILL_WHOLE[:2], *STILL_WHOLE[4:])
"""Symbologies with checks strong enough that one decode is believed: error correction, or Code 128's modulo 103."""

LONGEST_TEXT = 1024
"""Longer contents are dropped: no number, address or link on a parcel needs them, and a hostile code may."""

_QUIET = 0.1
_WIDEST, _TALLEST = 3000, 240
_UPSCALE = 2.0
_PROFILE_UPSCALE = 4.0
_SHARPENINGS = ((2.0, 2.0), (3.0, 4.0))
_ENLARGED = 700_000
"""Most pixels of an enlarged crop: about 4 ms of decoding; photos may take three times as much."""
_SMALL = 500_000
"""Crops up to this many pixels are also searched at reduced sizes: under 2 ms."""
_QUADS = 8


class Effort(IntEnum):
    """How hard a region is searched. NEAR: where a code was just read. GLANCE: bars thoroughly, matrix codes as they
    are. SEARCH: enlarged too. PHOTO: every preparation and format, for there is no second frame."""

    NEAR = 0
    GLANCE = 1
    SEARCH = 2
    PHOTO = 3


class Reading(NamedTuple):
    """One code as read in one frame. `confirmed`: two different preparations of the pixels gave the same text."""

    format: str
    text: str
    gs1: bool
    quad: Quad
    module_px: float | None
    confirmed: bool


def new_localiser() -> cv2.barcode.BarcodeDetector:
    """OpenCV's bar localiser; it shrinks pictures whose shorter side is over 512, regions seldom are."""
    return cv2.barcode.BarcodeDetector()


def find_bars(gray: Gray, localiser: cv2.barcode.BarcodeDetector) -> list[Quad]:
    """Quads around groups of parallel bars, in pixels of `gray`, at most eight."""
    if min(gray.shape) < 24:
        return []
    found, corners = localiser.detectMulti(gray)
    if not found or corners is None:
        return []
    # The localiser starts at the bottom left; ours starts at the top left.
    return [np.asarray(quad, np.float64).reshape(4, 2)[[1, 2, 3, 0]] for quad in corners[:_QUADS]]


def read_region(gray: Gray, region: Region, localiser: cv2.barcode.BarcodeDetector, *, effort: Effort) -> list[Reading]:
    """All codes in one region of the frame, each once."""
    crop = region.cut(gray)
    origin = np.array([region.x0, region.y0], np.float64)
    quads = find_bars(crop, localiser)
    bars = (read_bars(gray, quad + origin, thorough=effort > Effort.NEAR) for quad in quads)
    readings = [reading for reading in bars if reading is not None]
    return _each_once([*readings, *read_whole(crop, origin, effort=effort)])


def _each_once(readings: list[Reading]) -> list[Reading]:
    """Without second readings of the same symbol; the first, which the surer way gave, stays."""
    kept: list[Reading] = []
    for reading in readings:
        if not any(reading[:2] == other[:2] and same_place(reading.quad, other.quad) for other in kept):
            kept.append(reading)
    return kept


def same_place(one: Quad, other: Quad) -> bool:
    """Whether the centre of either quad lies in the other; quads read from a few rows count as a tenth as high."""
    return _holds(one, other.mean(axis=0)) or _holds(other, one.mean(axis=0))


def _holds(quad: Quad, point: NDArray[np.float64]) -> bool:
    along = (quad[1] + quad[2] - quad[0] - quad[3]) / 4
    down = (quad[2] + quad[3] - quad[0] - quad[1]) / 4
    half = float(np.linalg.norm(along)) or 1.0
    depth = float(np.linalg.norm(down))
    if depth < half / 10:
        down, depth = np.array([-along[1], along[0]]) / 10, half / 10
    way = point - quad.mean(axis=0)
    return abs(float(way @ along)) <= half**2 and abs(float(way @ down)) <= max(depth, 1e-9) ** 2


def read_bars(gray: Gray, quad: Quad, *, thorough: bool) -> Reading | None:
    """The linear code in `quad`, by sharpened picture first, by profile if that fails and `thorough`."""
    attempts = _attempts(gray, quad, thorough=thorough)
    for code, back in attempts:
        if _fit(code.text):
            return _reading(code, back, confirmed=_agree(code, (other for other, _ in attempts)))
    return None


def read_whole(crop: Gray, origin: NDArray[np.float64], *, effort: Effort) -> list[Reading]:
    """Codes in a crop that lies at `origin` of the frame, without localising; small crops are enlarged if need be."""
    formats = STILL_WHOLE if effort is Effort.PHOTO else WHOLE
    for scale, binarizer in _passes(crop.size, effort):
        enlarged = crop if scale == 1 else _sharp(_enlarged(crop, scale), scale * 0.8, 1.0)
        codes = zxingcpp.read_barcodes(
            enlarged,
            formats=BarcodeFormats(formats),
            text_mode=zxingcpp.TextMode.Plain,
            binarizer=binarizer,
            try_downscale=crop.size <= _SMALL,
            try_invert=effort is Effort.PHOTO,
        )
        kept = [code for code in codes if _fit(code.text)]
        if kept:
            return [_reading(code, _shift(scale, origin), confirmed=_self_evident(code)) for code in kept]
    return []


def _passes(pixels: int, effort: Effort) -> Iterator[tuple[int, zxingcpp.Binarizer]]:
    yield 1, zxingcpp.Binarizer.LocalAverage
    most = _ENLARGED * (3 if effort is Effort.PHOTO else 1)
    fitting = [scale for scale in (3, 2) if pixels * scale * scale <= most]
    if effort >= Effort.SEARCH and fitting:
        yield fitting[0], zxingcpp.Binarizer.LocalAverage
    if effort is Effort.PHOTO:
        yield 1, zxingcpp.Binarizer.GlobalHistogram


def _attempts(gray: Gray, quad: Quad, *, thorough: bool) -> Iterator[tuple[zxingcpp.Barcode, NDArray[np.float64]]]:
    """Each decode of the quad by another preparation, with the matrix from prepared pixels back to the frame."""
    for upscale, amount in _SHARPENINGS:
        crop, back = _rectified(gray, quad, upscale, height=None)
        code = _decode(_sharp(crop, upscale * 0.7, amount))
        if code is not None:
            yield code, back
    if thorough:
        crop, back = _rectified(gray, quad, _PROFILE_UPSCALE, height=90)
        for picture in code_profile.sharpened(code_profile.profile(crop), upscale=_PROFILE_UPSCALE):
            code = _decode(picture, flat=True)
            if code is not None:
                yield code, back @ np.diag([1.0, crop.shape[0] / picture.shape[0], 1.0])


def _agree(first: zxingcpp.Barcode, others: Iterable[zxingcpp.Barcode]) -> bool:
    """Whether the next preparation that reads anything reads the same."""
    return next((other.text for other in others), None) == first.text


def _self_evident(code: zxingcpp.Barcode) -> bool:
    """Matrix codes correct errors; a Code 128 counts if many rows agreed: from two or three it has been misread."""
    if code.symbology not in STRONG:
        return False
    if code.symbology != BarcodeFormat.Code128:
        return True
    spot = code.position
    width = np.hypot(spot.top_right.x - spot.top_left.x, spot.top_right.y - spot.top_left.y)
    depth = np.hypot(spot.bottom_left.x - spot.top_left.x, spot.bottom_left.y - spot.top_left.y)
    return bool(depth >= width / 10)


def _rectified(gray: Gray, quad: Quad, upscale: float, *, height: int | None) -> tuple[Gray, NDArray[np.float64]]:
    """The quad with a tenth of quiet zone at both ends, bars upright, and the matrix back to the frame."""
    top_left, top_right, bottom_right, bottom_left = quad
    along = ((top_right - top_left) + (bottom_right - bottom_left)) / 2
    down = ((bottom_left - top_left) + (bottom_right - top_right)) / 2
    quiet = along * _QUIET
    corners = np.array([top_left - quiet, top_right + quiet, bottom_right + quiet, bottom_left - quiet], np.float32)
    width = int(np.clip(np.linalg.norm(along) * (1 + 2 * _QUIET) * upscale, 32, _WIDEST))
    deep = float(np.linalg.norm(down))
    tall = int(np.clip(deep, 8, height) if height else np.clip(deep * upscale, 24, _TALLEST))
    target = np.array([[0, 0], [width, 0], [width, tall], [0, tall]], np.float32)
    forth = cv2.getPerspectiveTransform(corners, target)
    crop = cv2.warpPerspective(gray, forth, (width, tall), flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(crop, np.uint8), np.asarray(np.linalg.inv(forth))


def _decode(picture: Gray, *, flat: bool = False) -> zxingcpp.Barcode | None:
    codes = zxingcpp.read_barcodes(
        picture,
        formats=BarcodeFormats(LINEAR),
        text_mode=zxingcpp.TextMode.Plain,
        try_rotate=not flat,
        try_downscale=False,
        try_invert=False,
    )
    return codes[0] if codes else None


def _reading(code: zxingcpp.Barcode, back: NDArray[np.float64], *, confirmed: bool) -> Reading:
    spot = code.position
    corners = [spot.top_left, spot.top_right, spot.bottom_right, spot.bottom_left]
    points = np.array([[[corner.x, corner.y]] for corner in corners], np.float64)
    quad = cv2.perspectiveTransform(points, back).reshape(4, 2)
    across = modules_across(code)
    sides = (np.linalg.norm(quad[1] - quad[0]) + np.linalg.norm(quad[2] - quad[3])) / 2
    gs1 = code.symbology_identifier in ("]C1", "]d2", "]Q3")
    module = round(float(sides) / across, 2) if across else None
    return Reading(code.format.name, code.text, gs1, np.asarray(quad), module, confirmed)


def _fit(text: str) -> bool:
    return 0 < len(text) <= LONGEST_TEXT and "\x00" not in text


def _shift(scale: int, origin: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.array([[1 / scale, 0, origin[0]], [0, 1 / scale, origin[1]], [0, 0, 1]], np.float64)


def _enlarged(crop: Gray, scale: int) -> Gray:
    return np.asarray(cv2.resize(crop, None, fx=scale, fy=scale, interpolation=cv2.INTER_CUBIC), np.uint8)


def _sharp(picture: Gray, sigma: float, amount: float) -> Gray:
    soft = cv2.GaussianBlur(picture, (0, 0), sigma)
    return np.asarray(cv2.addWeighted(picture, 1 + amount, soft, -amount, 0), np.uint8)
