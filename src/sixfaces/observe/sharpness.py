"""How wide are the edges of a picture? Sharpness that does not depend on contrast, texture or noise.

An edge of any height that was blurred by a Gaussian of `sigma` pixels has, integrated across, a gradient energy
proportional to 1 / sigma. Blur the picture once more by two known amounts and the ratio of both energies tells `sigma`
while the height of the edge cancels (the principle of Zhuo and Sim, "Defocus map estimation from a single image",
Pattern Recognition 44, 2011; here with energies instead of maxima, so that no edge has to be traced):

    E_fine / E_coarse = sqrt((sigma^2 + COARSE^2) / (sigma^2 + FINE^2))

1. Only pixels near edges are asked: where the coarse gradient stands out from what the noise alone would cause.
   Plain cardboard has few of them; those are asked, the plain part is not. With too few there is no answer.
2. The energy that noise adds to both is known from its sigma and is taken off.
3. Motion smears edges in one direction only. So the ratio is taken for four directions, and the widest of those
   that hold a fair part of the coarse energy counts.
"""

from dataclasses import dataclass
from functools import cache

import cv2
import numpy as np
from numpy.typing import NDArray

from sixfaces.media.frames import Gray

FINE = 0.8
COARSE = 1.6
"""Sigmas in pixels of the two added blurs. The fine one lies above a pixel's own width, so that sampling does not
matter; only twice as much for the coarse one, or the lines of small print run into each other and read as sharp."""

_HALF = 0.5
"""Variance in square pixels that halving the picture adds (a box of two pixels: 1/4, and the rounding's share)."""

LEAST_GRADIENT = 1.0
NOISE_GRADIENTS = 4.0
"""An edge rises by at least one grey level a pixel after the coarse blur, and four sigmas above the noise there."""

LEAST_EDGES = 0.002
"""Share of the picture that must lie near edges, else there is nothing to judge by."""

LEAST_ENERGY = 0.03
"""Directions with less than this part of the coarse energy have no edges of their own. Long smears leave little."""

USABLE_SIGMA = 1.6
"""The blur in pixels at which sharpness is one half; docs/observers/usability.md tells how it was found."""

STEEPNESS = 3.0

LEAST_SIDE = 16
"""Smaller pictures have no room for the filters."""

_SCALE = 16.0
_CLIPPED_LOW, _CLIPPED_HIGH = 4, 251
_NOISE_KERNEL = np.array([[1, -2, 1], [-2, 4, -2], [1, -2, 1]], np.float32)
_NOISE_GAIN = float(np.sqrt(np.pi / 2)) / 6

Kernel = NDArray[np.float32]
Gradients = NDArray[np.int16]


@dataclass(frozen=True, slots=True)
class Blur:
    """What the edges tell. `sigma` is in pixels of the picture given, None without edges to judge by.

    `noise` is the sigma of the luma's noise in grey levels; `edges` the share of pixels near edges.
    """

    sigma: float | None
    noise: float
    edges: float

    @property
    def sharpness(self) -> float | None:
        """1 crisp, 0.5 where fine print is about to be lost, 0 smeared; None without edges to judge by."""
        return None if self.sigma is None else 1.0 / (1.0 + (self.sigma / USABLE_SIGMA) ** STEEPNESS)


@cache
def _kernels(sigma: float) -> tuple[Kernel, Kernel]:
    """A Gaussian and its derivative, sampled and normalised so that a ramp of one level a pixel gives one."""
    radius = int(np.ceil(3 * sigma))
    x = np.arange(-radius, radius + 1, dtype=np.float64)
    bell = np.exp(-(x**2) / (2 * sigma**2))
    slope = x * bell
    return (bell / bell.sum()).astype(np.float32), (slope / (x * slope).sum()).astype(np.float32)


@cache
def _noise_energy(sigma: float) -> float:
    """Energy of one gradient component that white noise of variance one leaves after the filter of `sigma`."""
    bell, slope = _kernels(sigma)
    return float((bell**2).sum() * (slope**2).sum())


def _gradients(gray: Gray, sigma: float) -> tuple[Gradients, Gradients]:
    """Horizontal and vertical gradient after a blur of `sigma`, in 1/16 grey levels a pixel."""
    bell, slope = _kernels(sigma)
    across = cv2.sepFilter2D(gray, cv2.CV_16S, slope * _SCALE, bell)
    down = cv2.sepFilter2D(gray, cv2.CV_16S, bell, slope * _SCALE)
    return across.astype(np.int16, copy=False), down.astype(np.int16, copy=False)


def _energies(gradients: tuple[Gradients, Gradients], mask: Gray, noise: float) -> NDArray[np.float64]:
    """Mean squared gradient in four directions 45 degrees apart over the mask, less the noise's share."""
    across, down = gradients
    pixels = max(1, cv2.countNonZero(mask)) * _SCALE**2
    horizontal = cv2.norm(across, cv2.NORM_L2SQR, mask) / pixels
    vertical = cv2.norm(down, cv2.NORM_L2SQR, mask) / pixels
    diagonal = cv2.norm(cv2.add(across, down), cv2.NORM_L2SQR, mask) / pixels / 2
    other = horizontal + vertical - diagonal
    return np.array([horizontal, vertical, diagonal, other]) - noise


def _noise(gray: Gray, plain: Gray) -> float:
    """Sigma of the noise in grey levels: what is left of a picture when constants, slopes and ridges are taken out.

    J. Immerkaer, "Fast noise variance estimation", CVIU 64, 1996, over the pixels of the mask `plain`.
    """
    residue = cv2.convertScaleAbs(cv2.filter2D(gray, cv2.CV_16S, _NOISE_KERNEL))
    return float(cv2.mean(residue, mask=plain)[0]) * _NOISE_GAIN


def measure(gray: Gray) -> Blur:
    """The blur and noise of one picture. `gray` is (height, width) luma; one below LEAST_SIDE has no answer."""
    if min(gray.shape) < LEAST_SIDE:
        return Blur(sigma=None, noise=0.0, edges=0.0)
    gray = np.ascontiguousarray(gray[: gray.shape[0] & ~1, : gray.shape[1] & ~1])
    height, width = gray.shape
    half = cv2.resize(gray, (width // 2, height // 2), interpolation=cv2.INTER_AREA).astype(np.uint8, copy=False)
    coarse = _gradients(half, COARSE / 2)
    steepness: Kernel = cv2.magnitude(*(part.astype(np.float32) for part in coarse)).astype(np.float32, copy=False)
    steepness /= 2 * _SCALE
    noise = _noise(gray, _doubled(_plain(half, steepness)))
    # halving averages four pixels: the noise of the half picture has half the sigma; its pixel is two wide
    coarse_noise = noise**2 / 4 * _noise_energy(COARSE / 2)
    least = max(LEAST_GRADIENT, NOISE_GRADIENTS * float(np.sqrt(2 * coarse_noise)) / 2)
    near = cv2.dilate((steepness > least).astype(np.uint8), np.ones((3, 3), np.uint8)).astype(np.uint8, copy=False)
    edges = cv2.countNonZero(near) / near.size
    if edges < LEAST_EDGES:
        return Blur(sigma=None, noise=noise, edges=edges)
    fine = _energies(_gradients(gray, FINE), _doubled(near), noise**2 * _noise_energy(FINE))
    rough = _energies(coarse, near, coarse_noise) / 4
    return Blur(sigma=_sigma(fine, rough), noise=noise, edges=edges)


def _plain(half: Gray, steepness: NDArray[np.float32]) -> Gray:
    """The less structured half of the pixels that are not clipped: where noise can be seen alone."""
    middle = np.median(steepness[::4, ::4])
    plain = (steepness <= middle) & (half > _CLIPPED_LOW) & (half < _CLIPPED_HIGH)
    return plain.astype(np.uint8)


def _doubled(mask: Gray) -> Gray:
    height, width = mask.shape
    grown = cv2.resize(mask, (2 * width, 2 * height), interpolation=cv2.INTER_NEAREST)
    return grown.astype(np.uint8, copy=False)


def _sigma(fine: NDArray[np.float64], rough: NDArray[np.float64]) -> float:
    """Solve the ratio of energies for the edge's own sigma, in the direction where edges are widest."""
    judged = rough > LEAST_ENERGY * (rough[0] + rough[1])
    ratio = float(np.min(fine[judged] / rough[judged])) if judged.any() else 1.0
    ratio = max(1.0001, ratio)
    coarse_variance = COARSE**2 + _HALF
    return float(np.sqrt(max(0.0, (coarse_variance - ratio**2 * FINE**2) / (ratio**2 - 1))))
