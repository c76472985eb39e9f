"""What changed from one small frame to the next, block by block, and how much of it motion explains.

1. Dense optical flow (DIS, Kroeger et al. 2016) from each frame to the next; a robust affine fit to it is the
   camera's own motion.
2. Five maps of blocks of 8 x 8 pixels: the plain difference; what camera motion leaves unexplained; what neither
   extrapolating the motion before nor the motion after explains; and, of the flow, the acceleration and the speed.
   Real motion is predictable from at least one side, a splice is not: so the smaller of both errors counts.
3. Errors are distances to the range of the 3 x 3 neighbourhood, so that a pixel of misregistration is no error.
"""

from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from sixfaces.media.frames import Gray

Real = NDArray[np.float32]

BLOCK = 8
LEAST_SIDE = 24
"""Below it neither flow nor blocks mean anything."""

CHANGE, CAMERA, FORESEEN, ACCELERATION, SPEED = range(5)
MAPS = 5
MOST_SPEED = 12.0
"""Pixels a frame: beyond this, flow on small frames is a guess, and one guess should not outweigh the rest."""

MOVING = 3.0
"""Grey levels of change below which a block's flow is noise."""

_DARK = 8.0
"""Grey levels added before comparing tones: ratios of black are noise."""

_STEADY_LIGHT = 0.003

_NEAR = np.ones((3, 3), np.uint8)
_FIT_STEP = 6
_FIT_ROUNDS = 3
_SLACK = 0.3
"""Pixels of flow error that the affine fit forgives, besides the median one."""


@dataclass(slots=True)
class Look:
    """One smoothed frame, when it was taken, whether it is coded on its own, and the mean of each of its blocks."""

    at_s: float
    gray: Gray
    key: bool
    tones: Real


@dataclass(slots=True)
class Motion:
    """Flow from a frame to the next (h, w, 2) in pixels, and the camera's share of it (3, 2)."""

    flow: Real
    camera: Real
    step_s: float


@dataclass(slots=True)
class Change:
    """The plain difference of two consecutive frames by blocks, the same with each block's neighbours.

    `light` is the factor by which the picture as a whole became brighter, already taken out of the difference.
    """

    blocks: Real
    wide: Real
    light: float
    step_s: float
    key: bool


@dataclass(slots=True)
class Step:
    """A step measured in full: MAPS maps (MAPS, rows, columns), the same with neighbours, the camera's shift."""

    maps: Real
    wide: Real
    shift: Real
    step_s: float
    key: bool


class Field:
    """Everything that depends on the size of the frames only."""

    def __init__(self, height: int, width: int) -> None:
        self.size = (width // BLOCK, height // BLOCK)
        self._whole = (slice(0, self.size[1] * BLOCK), slice(0, self.size[0] * BLOCK))
        self._flow = cv2.DISOpticalFlow.create(cv2.DISOPTICAL_FLOW_PRESET_ULTRAFAST)
        xs, ys = np.meshgrid(np.arange(width, dtype=np.float32), np.arange(height, dtype=np.float32))
        self._xs, self._ys = xs, ys
        basis = np.stack([np.ones_like(xs), (xs - width / 2) / width, (ys - height / 2) / width], -1)
        self._basis = np.ascontiguousarray(basis.reshape(-1, 3))
        self._shape = (height, width, 2)
        self._spots = (slice(_FIT_STEP // 2, None, _FIT_STEP), slice(_FIT_STEP // 2, None, _FIT_STEP))
        self._spot_basis = np.ascontiguousarray(basis[self._spots].reshape(-1, 3))

    def motion(self, a: Look, b: Look) -> Motion:
        """Flow from `a` to `b` and the camera's share."""
        flow = np.asarray(self._flow.calc(a.gray, relit(b.gray, brightening(a, b)), None), np.float32)  # type: ignore[call-overload]  # None asks for a new array: the stub forgets it
        return Motion(flow, self._camera(flow), max(b.at_s - a.at_s, 1e-3))

    def _camera(self, flow: Real) -> Real:
        """Affine model of the flow by iteratively reweighted least squares: hands and parcel are outliers."""
        seen, basis = flow[self._spots].reshape(-1, 2), self._spot_basis
        weight = np.ones(len(seen), np.float32)
        model = np.zeros((3, 2), np.float32)
        for _ in range(_FIT_ROUNDS):
            weighted = basis * weight[:, None]
            model = np.linalg.solve(weighted.T @ basis + 1e-4 * np.eye(3, dtype=np.float32), weighted.T @ seen)
            miss = np.abs(seen - basis @ model).sum(1)
            weight = 1 / (1 + np.square(miss / (_SLACK + np.median(miss))))
        return model.astype(np.float32)

    def change(self, a: Look, b: Look) -> Change:
        """The cheap comparison, made for every frame."""
        light = brightening(a, b)
        blocks = self._blocks(np.asarray(cv2.absdiff(a.gray, relit(b.gray, light)), np.uint8))
        wide = np.asarray(cv2.dilate(blocks, _NEAR), np.float32)
        return Change(blocks, wide, light, max(b.at_s - a.at_s, 1e-3), b.key)

    def look(self, gray: Gray, at_s: float, *, key: bool) -> Look:
        """Prepare a frame as it comes."""
        smoothed = cv2.GaussianBlur(gray, (3, 3), 0).astype(np.uint8, copy=False)
        return Look(at_s, smoothed, key, self._blocks(smoothed))

    def step(self, a: Look, b: Look, *, before: Motion | None, own: Motion, after: Motion | None) -> Step:
        """Compare `a` and `b`, given the motion up to `a`, from `a` to `b`, and on from `b`."""
        ahead = self._drift(own.camera)
        b = replace(b, gray=relit(b.gray, brightening(a, b)))
        maps = np.empty((MAPS, self.size[1], self.size[0]), np.float32)
        maps[CHANGE] = self._blocks(np.asarray(cv2.absdiff(a.gray, b.gray), np.uint8))
        still_b = self._error(a.gray, -ahead, b.gray)
        still_a = self._error(b.gray, ahead, a.gray)
        maps[CAMERA] = np.minimum(self._blocks(still_b), self._blocks(still_a))
        past, future = self._foreign(before, own.step_s), self._foreign(after, own.step_s)
        ahead_error = self._blocks(self._error(a.gray, -ahead - past, b.gray)) if past is not None else maps[CAMERA]
        back_error = self._blocks(self._error(b.gray, ahead + future, a.gray)) if future is not None else maps[CAMERA]
        maps[FORESEEN] = np.minimum(ahead_error, back_error)
        self._speeds(maps, own.flow - ahead, past=past, future=future)
        wide = np.stack([cv2.dilate(m, _NEAR) for m in maps]).astype(np.float32)
        return Step(maps, wide, own.camera[0], own.step_s, b.key)

    def _speeds(self, maps: Real, moved: Real, *, past: Real | None, future: Real | None) -> None:
        moving = maps[CHANGE] > MOVING
        own = self._blocks(moved)
        sides = [np.linalg.norm(own - (0 if side is None else self._blocks(side)), axis=-1) for side in (past, future)]
        maps[ACCELERATION] = np.where(moving, np.minimum(np.minimum(*sides), MOST_SPEED), 0)
        maps[SPEED] = np.where(moving, np.minimum(np.linalg.norm(own, axis=-1), MOST_SPEED), 0)

    def _drift(self, camera: Real) -> Real:
        return (self._basis @ camera).reshape(self._shape)

    def _foreign(self, motion: Motion | None, step_s: float) -> Real | None:
        """Flow that is not the camera's, scaled to a step of `step_s`."""
        if motion is None:
            return None
        scale = np.float32(min(max(step_s / motion.step_s, 0.25), 4.0))
        return (motion.flow - self._drift(motion.camera)) * scale

    def _error(self, source: Gray, flow: Real, target: Gray) -> Gray:
        """How far `target` lies outside of what `source`, warped, shows around each pixel."""
        moved = cv2.remap(source, self._xs + flow[..., 0], self._ys + flow[..., 1], cv2.INTER_LINEAR,
                          borderMode=cv2.BORDER_REPLICATE)  # fmt: skip
        over = cv2.subtract(target, cv2.dilate(moved, _NEAR))
        under = cv2.subtract(cv2.erode(moved, _NEAR), target)
        return np.maximum(over, under).astype(np.uint8, copy=False)

    def _blocks(self, picture: Gray | Real) -> Real:
        """Means of whole blocks; what is left over at the right and lower edge does not count."""
        return block_means(picture[self._whole])


def block_means(picture: Gray | Real) -> Real:
    """Means of blocks of BLOCK x BLOCK pixels; the sides are multiples of it, which is several times faster."""
    size = (max(1, picture.shape[1] // BLOCK), max(1, picture.shape[0] // BLOCK))
    return np.asarray(cv2.resize(picture.astype(np.float32, copy=False), size, interpolation=cv2.INTER_AREA))


def brightening(a: Look, b: Look) -> float:
    """How much brighter `b` is as a whole: the median over blocks, so that moving things do not count."""
    ratio = ((b.tones + _DARK) / (a.tones + _DARK)).ravel()
    middle = len(ratio) // 2
    return float(np.partition(ratio, middle)[middle])


def relit(gray: Gray, light: float) -> Gray:
    """The picture with a brightening undone: lamps, flicker and automatic exposure are no motion."""
    if abs(light - 1) < _STEADY_LIGHT:
        return gray
    return np.asarray(cv2.convertScaleAbs(gray, alpha=1 / light), np.uint8)
