"""Reads one photo: upright, within limits, with the little of its EXIF that observers use."""

import struct
import warnings
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from io import BytesIO
from math import ceil
from pathlib import Path

import cv2
import numpy as np
import pi_heif
from PIL import Image, ImageFile

from sixfaces.media import exif, refusals
from sixfaces.media.frames import Bgr, Photo
from sixfaces.media.limits import (
    DECODED_PHOTO_PIXELS,
    MAX_PHOTO_BYTES,
    MAX_PHOTO_PIXELS,
    MAX_PROGRESSIVE_PIXELS,
    MAX_WHOLE_PHOTO_PIXELS,
)
from sixfaces.media.orientation import EXIF, Orientation
from sixfaces.media.photo_bytes import PhotoBytes, structure

_PILLOW = {"jpeg": "JPEG", "png": "PNG", "webp": "WEBP", "avif": "AVIF"}
FORMATS = (*_PILLOW, "heic")
"""Photo formats by the names that sniffing gives them. Only the named decoder is tried."""

_PARSER_ERRORS = (
    OSError,
    SyntaxError,
    ValueError,
    EOFError,
    RuntimeError,
    LookupError,
    TypeError,
    OverflowError,
    struct.error,
    zlib.error,
    Image.DecompressionBombError,
)
"""What the parsers of Pillow and libheif raise on foreign bytes (Pillow's own `open` catches much the same list)."""

_ORIENTATION = 0x0112
_ANIMATED, _REDUCED, _TRUNCATED = "animated", "reduced", "truncated"


@dataclass(frozen=True, slots=True)
class _Pixels:
    """Decoded pixels, not yet upright, and what came with them. `size` is the file's own, (width, height)."""

    bgr: Bgr
    size: tuple[int, int]
    orientation: Orientation
    exif: dict[str, str]
    quant_tables: tuple[tuple[int, ...], ...] = ()
    notes: tuple[str, ...] = ()


def read_photo(path: Path, *, format: str) -> Photo:
    """The still in `path`, which was sniffed as `format` (one of FORMATS).

    A JPEG of more than DECODED_PHOTO_PIXELS is decoded at a half, a quarter or an eighth; a truncated photo is kept
    as far as it goes and noted. Raises MediaError: `media.format` for another format, `media.limits` for more bytes
    or pixels than one photo may have, `media.undecodable` for bytes that are no such photo.
    """
    if format not in FORMATS:
        raise refusals.refused_format(format)
    if (length := path.stat().st_size) > MAX_PHOTO_BYTES:
        raise refusals.over_limits("bytes", length, MAX_PHOTO_BYTES)
    return photo_of(path.read_bytes(), format=format)


def photo_of(data: bytes, *, format: str) -> Photo:
    """The still in `data`, at most MAX_PHOTO_BYTES long; else as `read_photo`."""
    if format not in FORMATS:
        raise refusals.refused_format(format)
    layout = structure(data, format)
    if layout.size is not None:
        _check(layout.size, MAX_PHOTO_PIXELS if format == "jpeg" else MAX_WHOLE_PHOTO_PIXELS)
    with warnings.catch_warnings():
        # Pillow warns of odd bytes in passing; what matters of it is in the notes.
        warnings.simplefilter("ignore")
        try:
            pixels = _heif(data) if format == "heic" else _pillow(data, format)
        except _PARSER_ERRORS as exc:
            raise refusals.undecodable(f"{format}, {type(exc).__name__}") from exc
    return _photo(pixels, format, layout)


def _photo(pixels: _Pixels, format_: str, layout: PhotoBytes) -> Photo:
    bgr = np.ascontiguousarray(pixels.orientation.upright(pixels.bgr))
    width, height = pixels.size[::-1] if pixels.orientation.swaps else pixels.size
    notes = list(pixels.notes)
    if not layout.complete:
        notes.append(_TRUNCATED)
    if bgr.shape[0] * bgr.shape[1] < width * height:
        notes.append(_REDUCED)
    return Photo(
        bgr=bgr,
        gray=np.asarray(cv2.cvtColor(bgr, cv2.COLOR_BGR2GRAY), np.uint8),
        format=format_,
        exif=pixels.exif,
        quant_tables=pixels.quant_tables,
        embedded=layout.embedded,
        trailing_bytes=layout.trailing_bytes,
        width=width,
        height=height,
        notes=tuple(dict.fromkeys(notes)),
    )


def _pillow(data: bytes, format_: str) -> _Pixels:
    """Header, limits, then pixels: first strictly, then, if the end is missing, as far as they go."""
    with _opened(data, format_) as image:
        size, notes = image.size, [_ANIMATED] if getattr(image, "is_animated", False) and image.format != "MPO" else []
        _check(size, _allowed(image))
        tables = tuple(tuple(table) for _, table in sorted(getattr(image, "quantization", {}).items()))
        try:
            bgr = _pixels(image)
        except (OSError, SyntaxError, ValueError, EOFError):
            bgr = _despite_damage(data, format_)
            notes.append(_TRUNCATED)
        found = _exif(image.getexif)  # after the pixels, because PNG reads to its end for it
    turned = EXIF.get(int(found["Orientation"]), Orientation()) if found.get("Orientation", "").isdigit() else EXIF[1]
    return _Pixels(bgr, size, turned, found, tables, tuple(notes))


def _opened(data: bytes, format_: str) -> ImageFile.ImageFile:
    """Only the decoder of `format_` sees the bytes. Pillow's own bomb check is left on, at our figure."""
    Image.MAX_IMAGE_PIXELS = MAX_PHOTO_PIXELS
    return Image.open(BytesIO(data), formats=[_PILLOW[format_]])


def _allowed(image: Image.Image) -> int:
    if image.format not in ("JPEG", "MPO"):
        return MAX_WHOLE_PHOTO_PIXELS
    return MAX_PROGRESSIVE_PIXELS if image.info.get("progressive") else MAX_PHOTO_PIXELS


def _check(size: tuple[int, int], allowed: int) -> None:
    if size[0] * size[1] > allowed:
        raise refusals.over_limits("pixels", size[0] * size[1], allowed)


def _pixels(image: ImageFile.ImageFile) -> Bgr:
    """Decode, scaled where the format can, reduced where it cannot."""
    scale = next((n for n in (1, 2, 4, 8) if image.width * image.height <= DECODED_PHOTO_PIXELS * n * n), 16)
    if scale > 1:
        image.draft(None, (ceil(image.width / scale), ceil(image.height / scale)))
    image.load()
    plain: Image.Image = image
    if image.mode.startswith("I;16") or image.mode == "I":
        deep = np.asarray(image, dtype=np.int32)
        plain = Image.fromarray(np.clip(deep >> 8, 0, 255).astype(np.uint8))
    elif image.has_transparency_data:
        plain = Image.alpha_composite(Image.new("RGBA", image.size, "white"), image.convert("RGBA"))
    over = plain.width * plain.height > DECODED_PHOTO_PIXELS
    rgb = np.asarray((plain.reduce(2) if over else plain).convert("RGB"))
    return np.asarray(cv2.cvtColor(rgb, cv2.COLOR_RGB2BGR), np.uint8)


def _despite_damage(data: bytes, format_: str) -> Bgr:
    before = ImageFile.LOAD_TRUNCATED_IMAGES
    ImageFile.LOAD_TRUNCATED_IMAGES = True
    try:
        with _opened(data, format_) as image:
            return _pixels(image)
    finally:
        ImageFile.LOAD_TRUNCATED_IMAGES = before


def _heif(data: bytes) -> _Pixels:
    """libheif turns the picture upright itself, by the file's own transformations; EXIF's orientation is then moot."""
    pi_heif.options.DECODE_THREADS = 1
    pi_heif.options.THUMBNAILS = pi_heif.options.DEPTH_IMAGES = pi_heif.options.AUX_IMAGES = False
    file = pi_heif.open_heif(BytesIO(data), convert_hdr_to_8bit=True, bgr_mode=True)
    size: tuple[int, int] = file.size
    _check(size, MAX_WHOLE_PHOTO_PIXELS)
    pixels = np.array(file)  # a copy: the array interface of pi_heif does not keep its memory alive
    notes = (_ANIMATED,) if len(file) > 1 else ()
    return _Pixels(
        _reduced(_three_channels(pixels)), size, Orientation(), _exif(lambda: _directory(file.info)), notes=notes
    )


def _three_channels(pixels: Bgr) -> Bgr:
    if pixels.ndim == 2:
        return np.asarray(cv2.cvtColor(pixels, cv2.COLOR_GRAY2BGR), np.uint8)
    return pixels[:, :, :3]


def _reduced(bgr: Bgr) -> Bgr:
    height, width = bgr.shape[:2]
    if height * width <= DECODED_PHOTO_PIXELS:
        return bgr
    return np.asarray(cv2.resize(bgr, (width // 2, height // 2), interpolation=cv2.INTER_AREA), np.uint8)


def _directory(info: Mapping[str, bytes | None]) -> Image.Exif:
    directory = Image.Exif()
    directory.load(info.get("exif") or b"")
    return directory


def _exif(directory: Callable[[], Image.Exif]) -> dict[str, str]:
    """A damaged EXIF directory must not cost the picture: it counts as absent."""
    try:
        return exif.fields(directory())
    except _PARSER_ERRORS:
        return {}
