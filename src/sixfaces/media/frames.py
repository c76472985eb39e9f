"""What one pass over a video hands to observers: each frame small, some medium, a few full, sound as levels."""

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from sixfaces.domain.time import MediaTime

Gray = NDArray[np.uint8]
"""(height, width) luma, 0..255 as decoded."""

Bgr = NDArray[np.uint8]
"""(height, width, 3) in OpenCV's channel order."""

SMALL_LONG_SIDE = 160
MEDIUM_LONG_SIDE = 640


@dataclass(frozen=True, slots=True)
class SmallFrame:
    """Every decoded frame, upright, its long side SMALL_LONG_SIDE pixels (area-averaged luma)."""

    index: int
    time: MediaTime
    gray: Gray
    key: bool
    corrupt: bool


@dataclass(frozen=True, slots=True)
class MediumFrame:
    """8 to 15 frames a second, upright, the long side MEDIUM_LONG_SIDE pixels or the video's own if smaller."""

    index: int
    time: MediaTime
    bgr: Bgr
    gray: Gray


@dataclass(frozen=True, slots=True)
class FullFrame:
    """A frame chosen by sharpness, upright, at full size. Colour is made on demand: most users read luma only."""

    index: int
    time: MediaTime
    gray: Gray
    _colour: Callable[[], Bgr] = field(repr=False)

    def bgr(self) -> Bgr:
        """The frame in colour at full size."""
        return self._colour()


@dataclass(frozen=True, slots=True)
class AudioBlock:
    """Sound levels from `start`: one RMS and one peak (linear, 0..1) per `step_s`."""

    start: MediaTime
    step_s: float
    rms: NDArray[np.float32]
    peak: NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Photo:
    """A still, upright, decoded within limits; `exif` has only fields that an observer reads, as text.

    `width` and `height` are those of the file, upright; the arrays are smaller where a limit asked for it. `notes`
    holds `truncated` if the end is missing, `reduced` if the arrays are smaller, `animated` if there is more to see.
    """

    bgr: Bgr
    gray: Gray
    format: str
    exif: dict[str, str]
    quant_tables: tuple[tuple[int, ...], ...]
    embedded: tuple[str, ...]
    trailing_bytes: int
    width: int = 0
    height: int = 0
    notes: tuple[str, ...] = ()
