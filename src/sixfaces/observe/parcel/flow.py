"""How the parcel turned from one medium frame to the next, by points followed on its surface.

A second kind of evidence beside the network's orientation: it knows nothing of boxes, faces or prints, only that points
on the parcel move as one rigid body. Points are followed there and back (Lucas and Kanade), put on the surface of the
box of the first frame, and the box is moved until they fall on where they went. Its turn is good to a few degrees even
where the box itself stands ten degrees wrong, because the same wrong box is used on both sides.
"""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from sixfaces.media.frames import Gray
from sixfaces.observe.parcel.cuboid import Size, focal
from sixfaces.observe.parcel.look import MAPS, Look
from sixfaces.observe.parcel.turns import angle, cross, exp, upright

Real = NDArray[np.float64]

_MOST_POINTS = 90
_FEWEST_POINTS = 12
_FEWEST_AGREEING = 10
_LEAST_SHARE = 0.4
"""A smaller share of points that move as one is not the parcel's motion but someone's hand or the background."""
_LARGEST_RESIDUAL = 2.0
_THERE_AND_BACK = 1.0
"""Pixels by which a point may miss its start when followed back."""
_WINDOW = (15, 15)
_FINE_SIDE = 260
"""Crops wider than this many pixels are followed at half size: as good, a quarter of the time."""
_COARSE, _FINE = (0.01, 0.025), (0.003, 0.018)
"""How strong a point must be beside the strongest, and how far apart two of them, in widths of the crop."""
_SCALES = (8.0, 5.0, 3.0, 2.0, 1.5, 1.0, 1.0, 1.0, 1.0)
"""Pixels at which a point counts half, step by step: wide first, so that a fast turn is not taken for outliers."""
_PIXEL_NOISE = 0.5
_SPREAD = 0.25
"""Doubt about a turn as a share of it: a box of wrong depth or direction turns a little too far or too little."""


@dataclass(frozen=True, slots=True)
class Turn:
    """The parcel's motion from one medium frame to the next.

    rotation: (3, 3), the later rotation is this times the earlier one. place: (3,) the middle in the later frame.
    points: how many were followed. share: of them, those that agree. residual: their median miss in pixels.
    sigma: standard error of the rotation in radians about its least certain axis.
    """

    rotation: Real
    place: Real
    points: int
    share: float
    residual: float
    sigma: float

    @property
    def followed(self) -> bool:
        """Whether it was seen, by points or by nothing having changed, and not only guessed."""
        return self.share > 0


@dataclass(frozen=True, slots=True)
class Box:
    """A box as it stands in the earlier frame: the parts of a pose that flow needs."""

    rotation: Real
    place: Real
    edges: Real


def turned(
    frames: tuple[Gray, Gray], look: Look, *, box: Box, expected: Box | None = None, fine: bool = False
) -> Turn | None:
    """The motion of the parcel that `look` and `box` give for the earlier frame; None where evidence is too thin.

    expected: where the box may stand in the later frame. In a fast turn points are followed only if looked for there.
    """
    size = (frames[0].shape[1], frames[0].shape[0])
    start, end = _followed(frames, look, box=box, expected=expected, fine=fine)
    if len(start) < _FEWEST_POINTS:
        return None
    on_box, hit = surface(start, box, size)
    if int(hit.sum()) < _FEWEST_POINTS:
        return None
    return _moved(on_box[hit], start[hit], end[hit], known=(box, expected, size))


def _followed(
    frames: tuple[Gray, Gray], look: Look, *, box: Box, expected: Box | None, fine: bool
) -> tuple[Real, Real]:
    """(n, 2), (n, 2) pixels of points on the bare parcel, in both frames."""
    before, after = frames
    none = np.zeros((0, 2))
    crop = look.crop
    reach = 0.6 * crop.side
    left, right = (int(np.clip(crop.x + s * reach, 0, before.shape[1])) for s in (-1, 1))
    top, bottom = (int(np.clip(crop.y + s * reach, 0, before.shape[0])) for s in (-1, 1))
    if min(right - left, bottom - top) < 24:
        return none, none
    scale = 2 if crop.side > _FINE_SIDE and not fine else 1
    wide, high = (right - left) // scale, (bottom - top) // scale
    first, second = (_shrunk(frame[top:bottom, left:right], (wide, high)) for frame in (before, after))
    mask = _bare(look, (left, top, scale), (wide, high))
    found = cv2.goodFeaturesToTrack(
        first,
        _MOST_POINTS,
        0.003 if fine else 0.01,
        max(4.0, (0.018 if fine else 0.025) * wide),
        mask=mask,
        blockSize=5,
    )
    if found is None:
        return none, none
    grow = np.array([(right - left) / wide, (bottom - top) / high])
    aim = found.copy()
    if expected is not None:
        pixels = (found.reshape(-1, 2) + 0.5) * grow + (left, top)
        carried = _carried(pixels, box, expected, size=(before.shape[1], before.shape[0]))
        aim = np.asarray(((carried - (left, top)) / grow - 0.5).reshape(-1, 1, 2), np.float32)
    use = cv2.OPTFLOW_USE_INITIAL_FLOW
    there, ok, _ = cv2.calcOpticalFlowPyrLK(first, second, found, aim, winSize=_WINDOW, maxLevel=3, flags=use)
    start_again = found.copy()
    back, good, _ = cv2.calcOpticalFlowPyrLK(second, first, there, start_again, winSize=_WINDOW, maxLevel=3, flags=use)
    miss = np.abs(back - found).reshape(-1, 2).max(-1)
    kept = (ok.ravel() > 0) & (good.ravel() > 0) & (miss < _THERE_AND_BACK / scale)
    start, end = ((p.reshape(-1, 2)[kept] + 0.5) * grow + (left, top) for p in (found, there))
    return start, end


def _carried(pixels: Real, box: Box, expected: Box, *, size: Size) -> Real:
    """(n, 2) where points on the box stand once it has moved as expected; those beside it stay."""
    on_box, hit = surface(pixels, box, size)
    moved = on_box @ expected.rotation.T + expected.place
    there = moved[:, :2] / np.maximum(moved[:, 2:], 0.05) * focal(size) + (size[0] / 2, size[1] / 2)
    carried: Real = np.where(hit[:, None], there, pixels)
    return carried


def _shrunk(part: Gray, size: Size) -> Gray:
    same = (part.shape[1], part.shape[0]) == size
    shrunk: Gray = np.ascontiguousarray(
        part if same else cv2.resize(part, size, interpolation=cv2.INTER_AREA), np.uint8
    )
    return shrunk


def _bare(look: Look, corner: tuple[int, int, int], size: Size) -> NDArray[np.uint8]:
    """Where the parcel's rigid surface is bare: no hands, no flaps, no item."""
    parcel, hand, item, flap = (look.maps[MAPS.index(name)] for name in ("parcel", "hand", "item", "flap"))
    cells = ((parcel > 0.5) & (hand < 0.3) & (item < 0.5) & (flap < 0.5)).astype(np.uint8) * 255
    left, top, scale = corner
    crop = look.crop
    cell = crop.side / cells.shape[0]
    x = ((np.arange(size[0]) + 0.5) * scale + left - crop.x + crop.side / 2) / cell
    y = ((np.arange(size[1]) + 0.5) * scale + top - crop.y + crop.side / 2) / cell
    column, row = np.floor(x).astype(np.intp), np.floor(y).astype(np.intp)
    last = cells.shape[0] - 1
    mask: NDArray[np.uint8] = cells[np.clip(row, 0, last)[:, None], np.clip(column, 0, last)]
    mask[(row < 0) | (row > last)] = 0
    mask[:, (column < 0) | (column > last)] = 0
    return mask


def surface(pixels: Real, box: Box, size: Size) -> tuple[Real, NDArray[np.bool_]]:
    """(n, 3) where rays through (n, 2) pixels meet the box, in its own axes, and (n,) whether they do."""
    towards = np.column_stack([(pixels - (size[0] / 2, size[1] / 2)) / focal(size), np.ones(len(pixels))])
    way = towards @ box.rotation
    way = np.where(np.abs(way) < 1e-9, 1e-9, way)
    eye = -box.place @ box.rotation
    half = box.edges / 2
    near, far = (-half - eye) / way, (half - eye) / way
    enter, leave = np.minimum(near, far).max(-1), np.maximum(near, far).min(-1)
    return eye + enter[:, None] * way, (enter < leave) & (enter > 0)


def _moved(points: Real, start: Real, end: Real, *, known: tuple[Box, Box | None, Size]) -> Turn | None:
    """The box's motion that takes its surface points to where they went: Gauss and Newton with ever fewer outliers."""
    box, expected, size = known
    lens = focal(size)
    wanted = (end - (size[0] / 2, size[1] / 2)) / lens
    arms = points @ box.rotation.T
    rotation = np.eye(3) if expected is None else upright(expected.rotation @ box.rotation.T)
    place = box.place + np.append(np.median(end - start, axis=0) / lens * box.place[2], 0.0)
    for scale in _SCALES:
        miss, slopes = _misses((rotation, place), arms, wanted)
        weight = 1 / (1 + (miss**2).sum(-1) * (lens / scale) ** 2) ** 2
        normal = np.einsum("n,nij,nik->jk", weight, slopes, slopes)
        step = np.linalg.solve(
            normal + 1e-9 * np.trace(normal) * np.eye(6), np.einsum("n,nij,ni->j", weight, slopes, miss)
        )
        rotation, place = exp(step[:3]) @ rotation, place + step[3:]
        if place[2] < 0.3:
            return None
    miss, slopes = _misses((rotation, place), arms, wanted)
    error = np.sqrt((miss**2).sum(-1)) * lens
    agree = error < _LARGEST_RESIDUAL
    count, share = int(agree.sum()), float(agree.mean())
    if count < _FEWEST_AGREEING or share < _LEAST_SHARE:
        return None
    residual = float(np.median(error[agree]))
    sure = np.linalg.inv(np.einsum("nij,nik->jk", slopes[agree], slopes[agree]) + 1e-9 * np.eye(6))
    noise = max(residual, _PIXEL_NOISE) / lens
    sigma = noise * float(np.sqrt(np.linalg.eigvalsh(sure[:3, :3])[-1])) + _SPREAD * float(angle(rotation))
    return Turn(rotation, place, len(points), share, residual, sigma)


def _misses(moved: tuple[Real, Real], arms: Real, wanted: Real) -> tuple[Real, Real]:
    """(n, 2) what is missing to the wanted points, and (n, 2, 6) their slopes by turn and shift."""
    rotation, place = moved
    at = arms @ rotation.T
    where = at + place
    depth = np.maximum(where[:, 2], 0.05)
    seen = where[:, :2] / depth[:, None]
    lens = np.zeros((len(arms), 2, 3))
    lens[:, 0, 0] = lens[:, 1, 1] = 1 / depth
    lens[:, :, 2] = -seen / depth[:, None]
    slopes = np.concatenate([-lens @ cross(at), lens], -1)
    return wanted - seen, slopes
