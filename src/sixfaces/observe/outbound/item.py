"""Does the item that came out look like the one that was packed? By print that both sides show; never "another".

Hands hold other parts in each view and a box has six sides, so that nothing agrees says little. What agrees must lie in
the middle of both crops: around the item both takes may show the same bench.
"""

from collections.abc import Callable, Mapping
from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from sixfaces.domain.answer import Answer
from sixfaces.media.frames import Bgr
from sixfaces.observe.item.agreement import laid_over
from sixfaces.observe.item.appearance import FEWEST_CELLS, LEAST_PRINTED, LEAST_SCORE, lacks
from sixfaces.observe.item.print_cells import CELL, SIDE, Print, fitted
from sixfaces.observe.item.registration import features, sheets

FOUND, SHARE = 16, 0.6
"""Cells of print that one pair of views must have in common to look alike, and their share of those both show."""

LIKELY = {"item_print": 0.95, "item_looks": 0.75, "item_other_print": 0.35, "not_comparable": 0.5}
"""How likely it is the same article by what was found, where as many are as are not."""

_PRINTED = 24
_MIDDLE = 0.42
"""Half axes of the ellipse that counts as the item, in shares of the crop: crops have a margin of an eighth."""

_STRUCTURE = 10.0


class ItemLikeness(NamedTuple):
    """As of PackedItemFact; `pair` are the names of the return's and the packing's view that show most together."""

    same: Answer
    by: str
    likely: float
    pair: tuple[str, str] | None
    cells: int


class _Best(NamedTuple):
    """The pair of views with most in common: cells, their share of those inside both, and the names."""

    cells: int
    share: float
    pair: tuple[str, str]


def item_likeness(returned: Mapping[str, bytes], packed: Mapping[str, bytes]) -> ItemLikeness:
    """Compare views (JPEG by name) of both items."""
    ours, theirs = _all(returned), _all(packed)
    best: _Best | None = None
    whole = False
    for other, reference in theirs.items():
        found = np.zeros(reference.printed.shape, np.bool_)
        for name, view in ours.items():
            shown, inside = _together(reference, view)
            found |= shown
            cells = int(shown.sum())
            one = _Best(cells, cells / max(1, inside), (name, other))
            best = one if best is None or one > best else best
        whole = whole or _is_whole(reference, found)
    if best is None:
        return ItemLikeness(Answer.CANNOT_TELL, "not_comparable", LIKELY["not_comparable"], None, 0)
    if whole:
        return ItemLikeness(Answer.MET, "item_print", LIKELY["item_print"], best.pair, best.cells)
    printed = min(max(int(one.printed.sum()) for one in side.values()) for side in (ours, theirs))
    by = "item_looks" if best.cells >= FOUND and best.share >= SHARE else "not_comparable"
    by = "item_other_print" if printed >= _PRINTED and best.cells == 0 else by
    return ItemLikeness(Answer.CANNOT_TELL, by, LIKELY[by], best.pair, best.cells)


def _is_whole(reference: Print, found: NDArray[np.bool_]) -> bool:
    """Whether all print of a view is found again, as `item.appearance` asks of a reference picture: another variety may
    differ by no more than a name."""
    count = int(reference.printed.sum())
    return bool(
        count >= FEWEST_CELLS
        and count >= LEAST_PRINTED * np.count_nonzero(reference.product)
        and np.count_nonzero(found) >= LEAST_SCORE * count
        and not lacks(reference, found)
    )


def _all(views: Mapping[str, bytes]) -> dict[str, Print]:
    made = {}
    for name in sorted(views):
        picture = cv2.imdecode(np.frombuffer(views[name], np.uint8), cv2.IMREAD_COLOR)
        if picture is not None and min(picture.shape[:2]) >= CELL:
            made[name] = _print(np.asarray(picture, np.uint8))
    return made


def _print(picture: Bgr) -> Print:
    """The view with the ellipse in its middle as the product."""
    bgr = fitted(picture, SIDE, enlarge=True)
    gray = np.asarray(cv2.cvtColor(bgr, cv2.COLOR_BGR2GRAY), np.uint8)
    height, width = gray.shape
    mask = np.zeros((height, width), np.uint8)
    axes = (round(_MIDDLE * width), round(_MIDDLE * height))
    cv2.ellipse(mask, (width // 2, height // 2), axes, 0, 0, 360, 255, -1)
    product = _cells(mask, lambda part: bool(mask[part].all()))
    smooth = cv2.GaussianBlur(bgr, (0, 0), 1.2)
    spread = _cells(mask, lambda part: float(cv2.meanStdDev(smooth[part])[1].max()) >= _STRUCTURE)
    return Print(bgr, gray, mask, features(gray, mask), product, product & spread)


def _cells(mask: NDArray[np.uint8], ask: Callable[[tuple[slice, slice]], bool]) -> NDArray[np.bool_]:
    rows, columns = mask.shape[0] // CELL, mask.shape[1] // CELL
    parts = [[np.s_[r * CELL : (r + 1) * CELL, c * CELL : (c + 1) * CELL] for c in range(columns)] for r in range(rows)]
    return np.array([[ask(part) for part in row] for row in parts], np.bool_).reshape(rows, columns)


def _together(reference: Print, view: Print) -> tuple[NDArray[np.bool_], int]:
    """Which printed cells of the reference are found in the view's middle, and how many of them lie inside it."""
    placed = sheets(reference.features, view.features)
    if not placed:
        return np.zeros(reference.printed.shape, np.bool_), 0
    middle = cv2.bitwise_and(view.bgr, view.bgr, mask=view.mask)
    found = laid_over(reference, np.asarray(middle, np.uint8), placed)
    return found.coloured & reference.printed, int((found.inside & reference.printed).sum())
