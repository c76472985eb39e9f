"""Two faces of boxes laid upon each other: what agrees, where they differ, and whether a label is the same sheet.

Unlike after a gap within one take (`observe.parcel.identity`), weeks lie between: tape was cut and laid anew, a label
was stuck on, the board was dented. So what differs is no proof of another box but a question, and is told with its
place.
"""

from dataclasses import dataclass
from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from sixfaces.domain.parcel_facts import Face
from sixfaces.domain.time import MediaTime
from sixfaces.media.frames import Bgr
from sixfaces.observe.outbound.pictures import FacePicture
from sixfaces.observe.parcel.atlas import View
from sixfaces.observe.parcel.atlas_faces import NamedView
from sixfaces.observe.parcel.identity_faces import Marks, Pairs, compare_tile, marks, registered
from sixfaces.observe.parcel.identity_label import Floats, LabelLikeness, band, compare_labels

Real = NDArray[np.float64]
Mask = NDArray[np.bool_]

TILE = 20
_MARGIN = 0.06
"""Share of the longer side left out along the edges: there a rectified face shows the room, as corners are a bit off.
"""

_PAPER_LIGHTER, _PAPER_CHROMA = 28, 20.0
"""Paper of a label: lighter than the board's median by so much of L (0..255), and nearly without colour."""

_BLOWN = 250
_MOSTLY = 0.9


@dataclass(frozen=True, slots=True)
class Prepared:
    """A face ready to be compared with any other."""

    bgr: Bgr
    marks: Marks
    paper: Mask

    @property
    def good(self) -> bool:
        """Whether the lack of something in the picture means anything."""
        return self.marks.good


def prepared(face: Face, picture: FacePicture) -> Prepared | None:
    """The face; None where the bytes are no picture."""
    bgr = cv2.imdecode(np.frombuffer(picture.jpeg, np.uint8), cv2.IMREAD_COLOR)
    if bgr is None or min(bgr.shape[:2]) < 16:
        return None
    chart = np.zeros((12, 12), np.uint8)
    view = View(
        MediaTime(ticks=0, den=1), 0, 0, picture.jpeg, 1.0, picture.cos, picture.sharpness, picture.share,
        picture.edge_px, chart, chart + 255,
    )  # fmt: skip
    shown = np.asarray(bgr, np.uint8)
    return Prepared(shown, marks(NamedView(face, 0, view)), paper(shown))


def paper(bgr: Bgr) -> Mask:
    """Where a face bears white paper; nowhere on a white box, as nobody could tell."""
    lab = cv2.cvtColor(cv2.GaussianBlur(bgr, (0, 0), 1.0), cv2.COLOR_BGR2LAB).astype(np.float32)
    light, chroma = lab[..., 0], np.hypot(lab[..., 1] - 128, lab[..., 2] - 128)
    found = (light > np.median(light) + _PAPER_LIGHTER) & (chroma < _PAPER_CHROMA)
    whole = np.ones((9, 9), np.uint8)
    closed = cv2.morphologyEx(found.astype(np.uint8), cv2.MORPH_CLOSE, whole)
    return np.asarray(cv2.morphologyEx(closed, cv2.MORPH_OPEN, whole), np.uint8) > 0


class Laid(NamedTuple):
    """Two faces in one frame: both pictures (height, width, 3), where both can be seen, and where there is paper."""

    here: Bgr
    there: Bgr
    usable: Mask
    paper: Mask
    both_paper: Mask
    inliers: int


def laid(one: Prepared, other: Prepared, pairs: Pairs, *, quarter: int) -> Laid | None:
    """The other face, turned by quarters anticlockwise, upon the one; None where nothing holds them together."""
    fit = registered(one.marks, other.marks, pairs, quarter=quarter)
    if fit is None:
        return None
    forth, inliers = fit
    height, width = one.bgr.shape[:2]
    longest = min(max(height, width), max(other.bgr.shape))
    size = (round(width * longest / max(width, height)), round(height * longest / max(width, height)))
    zoom = np.diag([float(longest), float(longest), 1.0])
    move = zoom @ forth @ np.linalg.inv(zoom)
    here = _sized(one.bgr, size)
    spun = _sized(np.ascontiguousarray(np.rot90(other.bgr, quarter)), size)
    there = np.asarray(cv2.warpPerspective(spun, move, size), np.uint8)
    room = np.full(spun.shape[:2], 255, np.uint8)
    seen = np.asarray(cv2.warpPerspective(room, move, size), np.uint8) > 254
    usable = seen & (here.min(axis=2) < _BLOWN) & (there.min(axis=2) < _BLOWN)
    mine = _sized(one.paper.astype(np.uint8) * 255, size) > 127
    turned = np.ascontiguousarray(np.rot90(other.paper, quarter)).astype(np.uint8) * 255
    theirs = cv2.warpPerspective(_sized(turned, size), move, size) > 127
    return Laid(here, there, usable, mine | theirs, seen & mine & theirs, inliers)


def _sized(picture: NDArray[np.uint8], size: tuple[int, int]) -> NDArray[np.uint8]:
    return np.asarray(cv2.resize(picture, size, interpolation=cv2.INTER_AREA), np.uint8)


class Agreement(NamedTuple):
    """What two faces that lie upon each other say. `alike`, `apart`: tiles off paper that match and that clearly
    differ. `label`: whether all small print of the paper fits. `grain`: correlation of what is faint, off print and
    paper, over `grain_px` pixels; `marked`: how strong that is, in grey levels."""

    inliers: int
    alike: int
    apart: int
    label: LabelLikeness
    grain: float
    grain_px: int
    marked: float


_FAINT_FINE, _FAINT_COARSE = 2.0, 10.0
"""Sigmas in pixels of the band of stains, creases and scuffs: finer is noise, coarser is light."""

_STRAIGHT = 61
"""Pixels: what is the same along so many is straight, and no stain."""

_PRINT = 3.0
_AROUND_PRINT = 21
"""Level of fine detail that is print, and pixels that faint marks keep away from it: ringing there repeats itself."""

LEAST_GRAIN_PX = 1500


def agreement(found: Laid) -> Agreement:
    """Ask the two faces."""
    bands = _bands(found)
    said = [(told, part) for told, part in tiles(found, bands) if found.paper[part].mean() < 0.3]
    grain, pixels, marked = _grain(found, bands)
    return Agreement(
        inliers=found.inliers,
        alike=sum(told is True for told, _ in said),
        apart=sum(told is False for told, _ in said),
        label=compare_labels(bands, found.both_paper),
        grain=grain,
        grain_px=pixels,
        marked=marked,
    )


def _bands(found: Laid) -> tuple[Floats, Floats]:
    here, there = (np.asarray(cv2.cvtColor(side, cv2.COLOR_BGR2GRAY), np.uint8) for side in (found.here, found.there))
    return band(here), band(there)


Part = tuple[slice, slice]


def tiles(found: Laid, bands: tuple[Floats, Floats] | None = None) -> list[tuple[bool | None, Part]]:
    """Tile by tile whether it matches (True), clearly differs (False), or cannot be told by (None)."""
    bands = bands or _bands(found)
    height, width = found.usable.shape
    edge = max(4, round(_MARGIN * max(height, width)))
    said = []
    for y in range(edge, height - edge - TILE + 1, TILE):
        for x in range(edge, width - edge - TILE + 1, TILE):
            part = slice(y, y + TILE), slice(x, x + TILE)
            if found.usable[part].mean() >= _MOSTLY:
                said.append((compare_tile(*bands, part), part))
    return said


def _grain(found: Laid, bands: tuple[Floats, Floats]) -> tuple[float, int, float]:
    """Correlation of what is faint on both, over how many pixels, and how strong it is on the fainter side; 0 where
    there is too little plain board."""
    here, there = (cv2.GaussianBlur(np.abs(side), (0, 0), 3.0) for side in bands)
    detail = np.maximum(here, there)
    print_near = cv2.dilate((detail > _PRINT).astype(np.uint8), np.ones((_AROUND_PRINT, _AROUND_PRINT), np.uint8)) > 0
    paper_near = cv2.dilate(found.paper.astype(np.uint8), np.ones((15, 15), np.uint8)) > 0
    height, width = found.usable.shape
    inner = np.zeros((height, width), np.bool_)
    edge = round(1.3 * _MARGIN * max(height, width))
    inner[edge : height - edge, edge : width - edge] = True
    plain = found.usable & inner & ~print_near & ~paper_near
    pixels = int(plain.sum())
    if pixels < LEAST_GRAIN_PX:
        return 0.0, pixels, 0.0
    one, other = (_faint(side, plain)[plain] for side in (found.here, found.there))
    one, other = one - one.mean(), other - other.mean()
    both = float(np.sqrt((one**2).sum() * (other**2).sum()))
    marked = round(min(float(one.std()), float(other.std())), 2)
    return (round(float((one * other).sum()) / both, 3) if both > 0 else 0.0), pixels, marked


def _faint(bgr: Bgr, plain: Mask) -> Floats:
    """What is faint, without all that runs along the face: the edges of tape, which machines lay on every box at the
    same place, flutes, and folds."""
    gray = cv2.cvtColor(bgr, cv2.COLOR_BGR2GRAY).astype(np.float32)
    weight = plain.astype(np.float32)
    marks = cv2.GaussianBlur(gray, (0, 0), _FAINT_FINE) - cv2.GaussianBlur(gray, (0, 0), _FAINT_COARSE)
    for window in ((_STRAIGHT, 1), (1, _STRAIGHT)):
        along = cv2.blur(marks * weight, window) / (cv2.blur(weight, window) + 1e-3)
        marks = marks - along
    return np.asarray(marks, np.float32)
