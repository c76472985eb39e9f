"""The reference picture cut into cells: which of them are the product, and which carry print that tells it.

A product picture usually stands on a plain ground. Ground is what is joined to the rim and like it; the rest is the
product. Only cells with structure can be found again; a plain mug has none, and so is never recognised.
"""

from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from sixfaces.media.frames import Bgr, Gray
from sixfaces.observe.item.registration import Features, features

SIDE = 384
"""Long side in pixels to which a reference is brought: about what an item fills of a 1080p frame."""

CELL = 24
_RIM = 9
"""Twice the pixels plus one that cells keep away from the product's rim, where the room behind it shows through."""

_LIKE_RIM = 10
_PLAIN_RIM = 14.0
_LEAST_STRUCTURE = 10.0
"""Standard deviation in levels of any channel of a cell that carries print; noise and shading alone have 6."""


class Print(NamedTuple):
    """A reference: (h, w, 3) picture, its luma, (h, w) mask of the product, its features, and its cells.

    `product` and `printed` are (rows, columns): cells of the product, and those of them that carry print.
    """

    bgr: Bgr
    gray: Gray
    mask: NDArray[np.uint8]
    features: Features
    product: NDArray[np.bool_]
    printed: NDArray[np.bool_]


def print_of(picture: Bgr) -> Print:
    """The reference `picture` (height, width, 3) prepared for comparison."""
    bgr = fitted(picture, SIDE, enlarge=True)
    gray = np.asarray(cv2.cvtColor(bgr, cv2.COLOR_BGR2GRAY), np.uint8)
    mask = _product(bgr)
    rows, columns = gray.shape[0] // CELL, gray.shape[1] // CELL
    product = np.zeros((rows, columns), np.bool_)
    printed = np.zeros((rows, columns), np.bool_)
    smooth = cv2.GaussianBlur(bgr, (0, 0), 1.2)
    inner = cv2.erode(mask, np.ones((_RIM, _RIM), np.uint8))
    for row in range(rows):
        for column in range(columns):
            part = np.s_[row * CELL : (row + 1) * CELL, column * CELL : (column + 1) * CELL]
            product[row, column] = inner[part].all()
            spread = float(cv2.meanStdDev(smooth[part])[1].max())
            printed[row, column] = product[row, column] and spread >= _LEAST_STRUCTURE
    return Print(bgr, gray, mask, features(gray, mask), product, printed)


def fitted(picture: Bgr, side: int, *, enlarge: bool = False) -> Bgr:
    """The picture with its long side at most (or, if enlarged, exactly) `side` pixels."""
    factor = side / max(picture.shape[:2])
    if factor >= 1 and not enlarge:
        return picture
    size = (max(CELL, round(picture.shape[1] * factor)), max(CELL, round(picture.shape[0] * factor)))
    how = cv2.INTER_AREA if factor < 1 else cv2.INTER_CUBIC
    return np.asarray(cv2.resize(picture, size, interpolation=how), np.uint8)


def _product(bgr: Bgr) -> NDArray[np.uint8]:
    """255 where the product is: all but what is joined to a plain rim; everything where the rim is not plain."""
    rim = np.concatenate([bgr[:2].reshape(-1, 3), bgr[-2:].reshape(-1, 3), bgr[:, :2].reshape(-1, 3)])
    rim = np.concatenate([rim, bgr[:, -2:].reshape(-1, 3)])
    whole = np.full(bgr.shape[:2], 255, np.uint8)
    tone = np.median(rim, axis=0)
    if float(np.median(np.abs(rim - tone))) > _PLAIN_RIM:
        return whole
    like = (np.abs(bgr.astype(np.int16) - tone).max(axis=2) <= _LIKE_RIM).astype(np.uint8)
    _, parts = cv2.connectedComponents(like, connectivity=4)
    at_rim = np.unique(np.concatenate([parts[0], parts[-1], parts[:, 0], parts[:, -1]]))
    ground = np.isin(parts, at_rim[at_rim > 0])
    mask = np.where(ground, 0, 255).astype(np.uint8)
    mask = np.asarray(cv2.morphologyEx(mask, cv2.MORPH_OPEN, np.ones((5, 5), np.uint8)), np.uint8)
    return mask if mask.mean() > 0.05 * 255 else whole
