"""Whether views of the item show the thing on a reference picture. It says yes or nothing, never no.

The score is the share of the reference's printed cells that are found again in shape and colour, in one view or
another. `met` needs more than a score: enough print to be told by, and no patch of it that every view lacks.
"""

from collections.abc import Sequence
from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from sixfaces.domain.answer import Answer
from sixfaces.media.frames import Bgr
from sixfaces.observe.item.agreement import laid_over
from sixfaces.observe.item.print_cells import Print, fitted
from sixfaces.observe.item.registration import Features, features, sheets

FEWEST_CELLS = 24
"""Printed cells below which a reference tells nothing apart: a plain mug, or one with a logo."""

LEAST_PRINTED = 0.3
"""Least share of the product's cells that are printed, for the same reason."""

LEAST_SCORE = 0.8
"""Below it no policy can make a match: a brand's shared frame and logo reach up to 0.5, turned colours 0.7."""

LARGEST_LACK = 0.06
"""Largest patch of joined printed cells that no view shows, as a share of all. It lies at the rim, where a can turns
out of sight and fingers hold: away from the rim nothing may be missing, for another name on the same art may lack
no more than a single cell."""

VIEW_SIDE = 720


class View(NamedTuple):
    """One view of the item: (h, w, 3), at most VIEW_SIDE a side, with its features."""

    bgr: Bgr
    features: Features


def view_of(picture: Bgr) -> View:
    """A crop of the item prepared for comparison with any number of references."""
    bgr = fitted(picture, VIEW_SIDE)
    return View(bgr, features(np.asarray(cv2.cvtColor(bgr, cv2.COLOR_BGR2GRAY), np.uint8)))


class Likeness(NamedTuple):
    """What the comparison came to. `view` is the place of the view that shows most of the reference, None if none."""

    same: Answer
    score: float
    view: int | None


def likeness(reference: Print, views: Sequence[View]) -> Likeness:
    """Compare views of one item with the reference."""
    count = int(np.count_nonzero(reference.printed))
    if count == 0:
        return Likeness(Answer.CANNOT_TELL, 0.0, None)
    found = np.zeros(reference.printed.shape, np.bool_)
    best: tuple[int, int | None] = (0, None)
    for place, view in enumerate(views):
        shown = _found(reference, view)
        found |= shown
        cells = int(np.count_nonzero(shown))
        if cells > best[0]:
            best = (cells, place)
    score = np.count_nonzero(found) / count
    told = bool(
        count >= FEWEST_CELLS
        and count >= LEAST_PRINTED * np.count_nonzero(reference.product)
        and score >= LEAST_SCORE
        and not lacks(reference, found)
    )
    return Likeness(Answer.MET if told else Answer.CANNOT_TELL, float(np.floor(score * 1000) / 1000), best[1])


def _found(reference: Print, view: View) -> NDArray[np.bool_]:
    placed = sheets(reference.features, view.features)
    if not placed:
        return np.zeros(reference.printed.shape, np.bool_)
    return laid_over(reference, view.bgr, placed).coloured


def lacks(reference: Print, found: NDArray[np.bool_]) -> bool:
    """Whether print is nowhere that should be: what tells one variety from another is often no larger than a name."""
    missing = reference.printed & ~found
    cross = cv2.getStructuringElement(cv2.MORPH_CROSS, (3, 3))
    inner = cv2.erode(np.pad(reference.product, 1).astype(np.uint8), cross)[1:-1, 1:-1].astype(bool)
    allowed = LARGEST_LACK * np.count_nonzero(reference.printed)
    return bool((missing & inner).any() or _largest_patch(missing) > allowed)


def _largest_patch(cells: NDArray[np.bool_]) -> int:
    _, _, sizes, _ = cv2.connectedComponentsWithStats(cells.astype(np.uint8), connectivity=8)
    return int(sizes[1:, cv2.CC_STAT_AREA].max(initial=0))
