"""The best views of the item, cut from full frames while the take runs: for people and for the item rule.

1. Each full frame with an item near it in time competes for its half second, by size, sharpness and freedom from hands.
2. A pool of POOL views stays; when it is full the weaker of the two that are closest in time goes. Memory is bounded
   however long the take is.
3. At the end only views in episodes with the item out count. The best comes first, then, one by one, the view that is
   best and farthest in time and looks from those taken.
"""

from bisect import bisect_left
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from sixfaces.domain.observation import Measured
from sixfaces.domain.parcel_facts import ItemViewFact
from sixfaces.domain.time import MediaSpan, MediaTime
from sixfaces.media.frames import Bgr, FullFrame
from sixfaces.observe.observer import KeepPicture
from sixfaces.observe.parcel.glimpse import Glimpse, ItemGlimpse
from sixfaces.observe.parcel.inspection import Episode
from sixfaces.observe.parcel.item_look import apart, cut, signature

MOST_VIEWS = 8
POOL = 16
SLOT_S = 0.5
LONG_SIDE = 640
"""Pixels: the item rule reads print from these crops, and eight of them stay below a megabyte."""
LEAST_SIDE = 32
MARGIN = 0.12
JPEG_QUALITY = 92

_NEAR_S = 0.15
"""A full frame is matched with a glimpse this close to it: hands move an item little in one or two frames."""
_RECENT = 64
_PLAIN_FOCUS = 60.0
"""Variance of the Laplacian, at a fixed crop size, that counts as half sharp."""
_FOCUS_SIDE = 128


@dataclass(frozen=True, slots=True)
class ItemView:
    """One view: its time, score 0..1, picture (JPEG, long side at most LONG_SIDE) and signature."""

    time: MediaTime
    score: float
    picture: bytes
    look: bytes


class ItemViews:
    """Collects views: `glimpsed` each medium frame's glimpse, `offer` each full frame, `best` at the end."""

    def __init__(self) -> None:
        self._recent: deque[Glimpse] = deque(maxlen=_RECENT)
        self._pool: list[ItemView] = []

    def glimpsed(self, glimpse: Glimpse) -> None:
        """Remember where the item was; full frames come up to a few seconds after the medium ones around them."""
        self._recent.append(glimpse)

    def offer(self, frame: FullFrame, scale: float) -> None:
        """1. `scale`: full pixels per medium pixel."""
        item = self._item_near(frame.time)
        if item is None:
            return
        score = _score(frame, item, scale)
        standing = self._pool[-1] if self._pool else None
        if standing is not None and _slot(standing.time) == _slot(frame.time):
            if standing.score >= score:
                return
            self._pool.pop()
        crop = cut(frame.bgr(), item.box, scale, margin=MARGIN)
        if crop is None or min(crop.shape[:2]) < LEAST_SIDE:
            return
        done, data = cv2.imencode(".jpg", _fitted(crop), [cv2.IMWRITE_JPEG_QUALITY, JPEG_QUALITY])
        if done:
            self._pool.append(ItemView(frame.time, score, data.tobytes(), signature(crop)))
            self._let_go()

    def _item_near(self, time: MediaTime) -> ItemGlimpse | None:
        if not self._recent:
            return None
        nearest = min(self._recent, key=lambda g: abs(g.time.exact - time.exact))
        return nearest.item if abs(nearest.time.seconds - time.seconds) <= _NEAR_S else None

    def _let_go(self) -> None:
        """2."""
        if len(self._pool) <= POOL:
            return
        gaps = [b.time.seconds - a.time.seconds for a, b in zip(self._pool, self._pool[1:], strict=False)]
        at = int(np.argmin(gaps))
        del self._pool[at if self._pool[at].score < self._pool[at + 1].score else at + 1]

    def best(self, glimpses: Sequence[Glimpse], seen: Sequence[Episode]) -> tuple[ItemView, ...]:
        """3. At most MOST_VIEWS, in the order of time."""
        times = [g.time.seconds for g in glimpses]
        left = [v for v in self._pool if any(e.first <= bisect_left(times, v.time.seconds) <= e.after for e in seen)]
        taken: list[ItemView] = []
        while left and len(taken) < MOST_VIEWS:
            chosen = max(left, key=lambda v: v.score * min((_new(v, t) for t in taken), default=1.0))
            left.remove(chosen)
            taken.append(chosen)
        return tuple(sorted(taken, key=lambda v: v.time))


def keep_views(views: Sequence[ItemView], keep: KeepPicture, *, confidence: float) -> Iterator[Measured]:
    """Keep the views as `items/01.jpg` ... and tell each as a fact. `confidence`: of the stage with the item out."""
    for number, view in enumerate(views, 1):
        name = f"items/{number:02d}.jpg"
        keep(name, view.picture)
        yield Measured(fact=ItemViewFact(image=name), span=MediaSpan.at(view.time), confidence=confidence)


def _slot(time: MediaTime) -> int:
    return int(time.seconds / SLOT_S)


def _new(view: ItemView, other: ItemView) -> float:
    """How much a view adds to another, 0.1..1."""
    return min(1.0, 0.1 + abs(view.time.seconds - other.time.seconds) / 4 + 2 * apart(view.look, other.look))


def _score(frame: FullFrame, item: ItemGlimpse, scale: float) -> float:
    """1. 0..1: share of the frame's area, capped; sharpness at one size for all; the share free of hands."""
    height, width = frame.gray.shape
    x, y, w, h = (round(v * scale) for v in item.box)
    gray = frame.gray[max(0, y) : max(0, y + h), max(0, x) : max(0, x + w)]
    if min(gray.shape) < 8:
        return 0.0
    size = min(1.0, gray.size / (0.05 * width * height)) ** 0.5
    small = cv2.resize(gray, (_FOCUS_SIDE, _FOCUS_SIDE), interpolation=cv2.INTER_AREA)
    focus = float(cv2.Laplacian(small, cv2.CV_32F).var())
    inside = gray.size / max(1.0, float(w * h))
    return float(size * focus / (focus + _PLAIN_FOCUS) * (1 - min(0.9, item.held)) * inside)


def _fitted(crop: Bgr) -> Bgr:
    scale = LONG_SIDE / max(crop.shape[:2])
    if scale >= 1:
        return crop.copy()
    size = (max(1, round(crop.shape[1] * scale)), max(1, round(crop.shape[0] * scale)))
    return cv2.resize(crop, size, interpolation=cv2.INTER_AREA).astype(np.uint8, copy=False)
