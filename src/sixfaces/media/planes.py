"""The planes of a decoded frame as arrays, without copying where the pixel format allows."""

from dataclasses import dataclass
from fractions import Fraction
from functools import cache

import cv2
import numpy as np
from av.error import FFmpegError
from av.video.frame import VideoFrame
from av.video.plane import VideoPlane
from numpy.typing import NDArray

from sixfaces.media import refusals
from sixfaces.media.frames import Bgr, Gray

Plane = NDArray[np.uint8] | NDArray[np.uint16]

_DIRECT = {
    **dict.fromkeys(("yuv420p", "yuv422p", "yuv444p", "yuv440p", "yuv411p", "yuv410p", "yuva420p", "gray"), 8),
    **dict.fromkeys(("yuvj420p", "yuvj422p", "yuvj444p", "yuvj440p", "yuvj411p"), 8),
    **dict.fromkeys(("yuv420p10le", "yuv422p10le", "yuv444p10le", "gray10le"), 10),
    **dict.fromkeys(("yuv420p12le", "yuv422p12le", "yuv444p12le", "gray12le"), 12),
}
"""Pixel formats read in place, with their bits per sample; all others are converted to full-range yuv444p."""

_CONVERTED = "yuv444p"
_FULL_RANGE = 2
_BT601 = 5

_WEIGHTS = {
    1: (0.2126, 0.0722),
    4: (0.30, 0.11),
    5: (0.299, 0.114),
    6: (0.299, 0.114),
    7: (0.212, 0.087),
    9: (0.2627, 0.0593),
    10: (0.2627, 0.0593),
}
"""Kr and Kb by the number of the matrix in ITU-T H.273."""

_HD_ROWS = 720
"""Unlabelled pictures are taken as BT.709 from this height on, as BT.601 below: what recorders mean by silence."""


@dataclass(frozen=True, slots=True)
class Picture:
    """One decoded picture as stored: luma, chroma (None for gray) and the way to colours.

    An interlaced picture keeps the rows of one field only, so that nothing is combed; `width` and `height` are
    those of the whole picture with square pixels. Arrays are views on the decoder's memory and must not be written.
    """

    luma: Plane
    chroma: tuple[Plane, Plane] | None
    shift: int
    to_bgr: NDArray[np.float32]
    width: int
    height: int

    def eight(self, plane: Plane) -> Gray:
        """A plane (or a reduction of one) in 8 bits."""
        return (plane >> self.shift).astype(np.uint8) if self.shift else plane.astype(np.uint8, copy=False)

    def gray(self) -> Gray:
        """The luma at full size, (height, width). A view on the decoder's memory where no scaling is due."""
        return sized(self.eight(self.luma), (self.width, self.height))

    def bgr(self, size: tuple[int, int], luma: Gray | None = None) -> Bgr:
        """The picture in colour at `size` (width, height); `luma` may be given if it exists at that size already."""
        y = sized(self.eight(self.luma), size) if luma is None else luma
        if self.chroma is None:
            return np.asarray(cv2.cvtColor(y, cv2.COLOR_GRAY2BGR), np.uint8)
        u, v = (sized(self.eight(shrink(plane, size)), size) for plane in self.chroma)
        return np.asarray(cv2.transform(cv2.merge((y, u, v)), self.to_bgr), np.uint8)


def picture(frame: VideoFrame, aspect: Fraction) -> Picture:
    """The planes of `frame`, with pixels `aspect` times as wide as high. The caller has checked its pixel count."""
    fields = 2 if frame.interlaced_frame and frame.height >= 4 else 1
    width, height = shown_size(frame, aspect)
    name = frame.format.name
    if name not in _DIRECT or any(plane.line_size <= 0 for plane in frame.planes):
        frame = _converted(frame)
        name = _CONVERTED
        to_bgr = _to_bgr(_BT601, full=True)
    else:
        to_bgr = _to_bgr(_matrix(frame), full=frame.color_range == _FULL_RANGE or name.startswith("yuvj"))
    bits = _DIRECT[name]
    views = [_view(plane, bits)[::fields] for plane in frame.planes[:3]]
    chroma = (views[1], views[2]) if len(views) == 3 else None
    return Picture(views[0], chroma, bits - 8, to_bgr, width, height)


def shown_size(frame: VideoFrame, aspect: Fraction) -> tuple[int, int]:
    """(width, height) of `frame` in square pixels, not yet upright."""
    return (frame.width if aspect == 1 else max(1, round(frame.width * aspect))), frame.height


def _converted(frame: VideoFrame) -> VideoFrame:
    try:
        return frame.reformat(format=_CONVERTED, dst_colorspace=_BT601, dst_color_range=_FULL_RANGE)
    except (FFmpegError, ValueError) as exc:
        raise refusals.undecodable(f"pixel format {frame.format.name}") from exc


def shrink(plane: Plane, size: tuple[int, int]) -> Plane:
    """Halve `plane` by area averaging as long as it stays at least `size` (width, height) both ways.

    Halving has a fast path in OpenCV (any other ratio costs three to five times as much); an odd last row
    or column is left out.
    """
    width, height = size
    while plane.shape[1] // 2 >= width and plane.shape[0] // 2 >= height:
        rows, columns = plane.shape[0] // 2, plane.shape[1] // 2
        plane = cv2.resize(plane[: rows * 2, : columns * 2], (columns, rows), interpolation=cv2.INTER_AREA)  # type: ignore[assignment]  # keeps the plane's type
    return plane


def fit(plane: Gray, size: tuple[int, int]) -> Gray:
    """`plane` at `size` (width, height), area-averaged where it shrinks."""
    width, height = size
    if plane.shape == (height, width):
        return plane
    shrinks = plane.shape[0] >= height and plane.shape[1] >= width
    way = cv2.INTER_AREA if shrinks else cv2.INTER_LINEAR
    return np.asarray(cv2.resize(plane, size, interpolation=way), np.uint8)


def sized(plane: Gray, size: tuple[int, int]) -> Gray:
    """`plane` at `size`: bilinear up to a ratio of two, where it is as good as area averaging and five times faster."""
    width, height = size
    if plane.shape[0] > 2 * height or plane.shape[1] > 2 * width:
        return fit(plane, size)
    if plane.shape == (height, width):
        return plane
    return np.asarray(cv2.resize(plane, size, interpolation=cv2.INTER_LINEAR), np.uint8)


def _view(plane: VideoPlane, bits: int) -> Plane:
    held = memoryview(plane)
    whole: Plane = np.frombuffer(held, np.uint8) if bits == 8 else np.frombuffer(held, np.uint16)
    rows: Plane = whole.reshape(plane.height, -1)[:, : plane.width]
    rows.flags.writeable = False
    return rows


def _matrix(frame: VideoFrame) -> int:
    if frame.colorspace in _WEIGHTS:
        return frame.colorspace
    return 1 if frame.height >= _HD_ROWS else 6


@cache
def _to_bgr(matrix: int, *, full: bool) -> NDArray[np.float32]:
    """Rows B, G, R over (Y, U, V, 1) for 8-bit values."""
    red, blue = _WEIGHTS[matrix]
    green = 1 - red - blue
    gain, spread, black = (1.0, 1.0, 0.0) if full else (255 / 219, 255 / 224, 16.0)
    from_u, from_v = 2 * (1 - blue) * spread, 2 * (1 - red) * spread
    rows = np.array([[gain, from_u, 0.0], [gain, -blue / green * from_u, -red / green * from_v], [gain, 0.0, from_v]])
    offset = -rows @ np.array([black, 128.0, 128.0])
    table = np.hstack([rows, offset[:, None]]).astype(np.float32)
    table.flags.writeable = False
    return table
