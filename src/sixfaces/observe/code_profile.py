"""Reads a linear code from its profile: all rows of the rectified symbol averaged, then sharpened in one dimension.

Averaging along the bars takes the noise away, so the profile stands far stronger sharpening than a picture does.
That reads bars whose blur is as wide as a module, where a two-dimensional unsharp mask gives up. The sharpening is
a Wiener filter for Gaussian blur; its width is unknown, so a short list is tried.
"""

from collections.abc import Iterator

import cv2
import numpy as np
from numpy.typing import NDArray

from sixfaces.media.frames import Gray

Profile = NDArray[np.float64]

_STRIPS = 8
_SHEARS = np.linspace(-6.0, 6.0, 13)
"""Pixels of the upscaled crop by which the strips at its two ends may be displaced: the localiser's error."""

_BLURS = ((0.6, 1e-2), (1.2, 1e-2), (1.2, 1e-3), (1.8, 1e-2), (1.8, 1e-3), (2.4, 1e-2))
"""Blur in pixels of the frame and the noise-to-signal ratio, by how often each was the one that read."""

_EDGE = 64
_ROWS = 8


def profile(rectified: Gray) -> Profile:
    """The mean row of a crop whose bars stand upright, after undoing the shear that gives the crispest mean."""
    height = rectified.shape[0]
    band = rectified[int(height * 0.15) : max(int(height * 0.85), 1)].astype(np.float64)
    strips = np.stack([part.mean(axis=0) for part in np.array_split(band, min(_STRIPS, len(band)))])
    offsets = np.linspace(-0.5, 0.5, len(strips))
    at = np.arange(rectified.shape[1], dtype=np.float64)
    best, crispest = strips.mean(axis=0), -1.0
    for shear in _SHEARS:
        moved = [np.interp(at + shear * offset, at, strip) for offset, strip in zip(offsets, strips, strict=True)]
        mean = np.mean(moved, axis=0)
        crisp = float(np.abs(np.diff(mean)).sum())
        if crisp > crispest:
            best, crispest = mean, crisp
    return np.asarray(best, np.float64)


def sharpened(line: Profile, *, upscale: float) -> Iterator[Gray]:
    """The profile deblurred in several ways, each as a picture of a few equal rows."""
    padded = np.pad(line, _EDGE, mode="edge")
    spectrum = np.fft.rfft(padded)
    frequency = np.fft.rfftfreq(len(padded))
    for blur, noise in _BLURS:
        transfer = np.exp(-2.0 * (np.pi * frequency * blur * upscale) ** 2)
        restored = np.fft.irfft(spectrum * transfer / (transfer**2 + noise), len(padded))[_EDGE:-_EDGE]
        low, high = np.percentile(restored, [2, 98])
        levels = np.clip((restored - low) * (255.0 / max(float(high - low), 1e-6)), 0, 255).astype(np.uint8)
        yield np.asarray(cv2.repeat(levels[None, :], _ROWS, 1), np.uint8)
