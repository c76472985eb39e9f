"""Regions of pictures, each in 256 bits, for finding a picture again of which only a part was used.

1. Of a photo the picture itself is looked at; of a video only what was cut out of it: the parcel's faces and the views
   of the item. What stands around them is the station's, and alike in all that it films.
2. Keypoints that move with the picture when it is scaled and turned (SIFT) are found, and so many of each size kept
   that a copy of a third of the size still has enough of them, spread over the picture.
3. Each keypoint's surroundings, twice as wide as SIFT takes them, are described by its 128 gradient sums: two bits
   each, against a low and a high limit. In a mirrored picture the same bits stand in other places (`domain.regions`).
"""

from base64 import b64encode
from collections.abc import Iterable, Sequence
from typing import ClassVar, NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from sixfaces.domain.facts import RegionsFact
from sixfaces.domain.observation import Measured
from sixfaces.domain.regions import ALGORITHM
from sixfaces.media.frames import Gray, Photo
from sixfaces.observe.observer import KeepPicture, Observer, Tier

LONG_SIDE = 768
"""Enough to find a picture again in the screenshot of a phone, where it is a third of that."""

MOST_OF_PHOTO = 240
MOST_OF_CUT = 60
MOST_OF_VIDEO = 480
"""Regions kept of a photo, of one crop of a video and of a whole video: a record grows by 55 bytes for each."""

LEAST_SIZE = 3.2
"""Pixels across. Smaller ones do not outlive compression, and are most of what SIFT finds."""

SIZES = (LEAST_SIZE, 5.5, 10.0)
"""Where classes of size begin; each has an equal share of the regions."""

CONTRAST = 0.012
"""Of SIFT's detector; a third of its usual value, as board and tape have little."""
EDGE = 12.0
CELLS = 8
"""Along each side: regions are taken from all cells of this grid in turn."""

WIDER = 2.0
"""Of SIFT's own surroundings hashes are often alike; of twice as wide ones seldom, and small shifts still count little
(docs/observers/regions.md)."""

LIMITS = (10, 40)
"""Of a gradient sum, 0..255: about half of all are above the one, a quarter above the other."""

PHOTO_PICTURE = "moments/01.jpg"
"""What is kept of a photo for people."""

CUTS = ("faces/", "items/")


class Found(NamedTuple):
    """Regions of one picture: bits (n, 32), anchors (n, 4) of x, y, diameter in pixels and direction in degrees;
    the shape (height, width) of the picture in whose pixels they are."""

    bits: NDArray[np.uint8]
    anchors: NDArray[np.float32]
    shape: tuple[int, int]


def regions(gray: Gray, most: int = MOST_OF_PHOTO) -> Found:
    """The regions of a picture, at most so many; `gray` is (height, width) luma, any size."""
    fitted = _fitted(gray)
    shape = (fitted.shape[0], fitted.shape[1])
    sift = cv2.SIFT.create(nfeatures=0, contrastThreshold=CONTRAST, edgeThreshold=EDGE)
    found = [point for point in sift.detect(fitted, None) if point.size >= LEAST_SIZE]
    chosen = _chosen(found, shape, most)
    if not chosen:
        return Found(np.zeros((0, 32), np.uint8), np.zeros((0, 4), np.float32), shape)
    wide = [cv2.KeyPoint(p.pt[0], p.pt[1], p.size * WIDER, p.angle, p.response, p.octave, p.class_id) for p in chosen]
    _, sums = sift.compute(fitted, wide)
    bits = np.concatenate([sums > limit for limit in LIMITS], axis=1)
    anchors = np.array([(*p.pt, p.size, p.angle) for p in chosen], np.float32)
    return Found(np.packbits(bits, axis=1), anchors, shape)


def _fitted(gray: Gray) -> Gray:
    scale = LONG_SIDE / max(gray.shape)
    if scale >= 1:
        return gray
    size = (max(1, round(gray.shape[1] * scale)), max(1, round(gray.shape[0] * scale)))
    return np.asarray(cv2.resize(gray, size, interpolation=cv2.INTER_AREA), np.uint8)


def _chosen(found: Sequence[cv2.KeyPoint], shape: tuple[int, int], most: int) -> list[cv2.KeyPoint]:
    """2. What a class of size lacks goes to the others."""
    classes = [
        [p for p in found if low <= p.size < high] for low, high in zip(SIZES, (*SIZES[1:], np.inf), strict=True)
    ]
    chosen: list[cv2.KeyPoint] = []
    for left, of_size in zip((3, 2, 1), sorted(classes, key=len), strict=True):
        chosen += _spread(of_size, shape, (most - len(chosen)) // left)
    return chosen


def _spread(found: Sequence[cv2.KeyPoint], shape: tuple[int, int], most: int) -> list[cv2.KeyPoint]:
    """The strongest of each cell, then the second ones, and so on."""
    cells: dict[tuple[int, int], list[cv2.KeyPoint]] = {}
    for p in sorted(found, key=lambda p: (-p.response, p.pt, p.angle)):
        cells.setdefault((int(p.pt[1] * CELLS / shape[0]), int(p.pt[0] * CELLS / shape[1])), []).append(p)
    taken: list[cv2.KeyPoint] = []
    for turn in range(max(map(len, cells.values()), default=0)):
        row = sorted((c[turn] for c in cells.values() if len(c) > turn), key=lambda p: (-p.response, p.pt, p.angle))
        taken += row[: most - len(taken)]
        if len(taken) >= most:
            break
    return taken


def told(found: Found, picture: str) -> RegionsFact:
    """As a fact; places to an eighth of a pixel."""
    x, y, size, angle = found.anchors.astype(np.float64).T
    numbers = np.stack([x * 8, y * 8, size * 8, (angle % 360) * 65536 / 360], axis=1).round() % 65536
    return RegionsFact(
        algorithm=ALGORITHM,
        picture=picture,
        width=found.shape[1],
        height=found.shape[0],
        regions=len(found.bits),
        hashes=b64encode(found.bits.tobytes()).decode(),
        anchors=b64encode(numbers.astype(">u2").tobytes()).decode(),
    )


class Regions(Observer):
    """Regions of a photo, or of what a video's observers cut out of it."""

    name: ClassVar[str] = "regions"
    version: ClassVar[str] = "1"
    wants: ClassVar[frozenset[Tier]] = frozenset({Tier.PHOTO, Tier.KEPT})
    measures: ClassVar[tuple[str, ...]] = ("regions",)

    def __init__(self, keep: KeepPicture) -> None:
        super().__init__(keep)
        self._told: list[RegionsFact] = []
        self._is_photo = False

    def photo(self, photo: Photo) -> None:
        """1."""
        self._is_photo = True
        self._told.append(told(regions(photo.gray), PHOTO_PICTURE))

    def kept(self, name: str, picture: bytes) -> None:
        """1."""
        left = MOST_OF_VIDEO - sum(fact.regions for fact in self._told)
        if self._is_photo or not name.startswith(CUTS) or left <= 0:
            return
        gray = cv2.imdecode(np.frombuffer(picture, np.uint8), cv2.IMREAD_GRAYSCALE)
        if gray is not None:
            self._told.append(told(regions(np.asarray(gray, np.uint8), min(MOST_OF_CUT, left)), name))

    def finish(self) -> Iterable[Measured]:
        """One fact for each picture, flat ones too: that nothing can be found of it is known from it."""
        return [Measured(fact=fact) for fact in self._told]
