"""Moments: a dozen small pictures that tell a person at a glance what happens in the take.

1. A few times a second a frame is offered. Its rank is its focus: the energy of its finest detail.
2. Each half second gives its best picture to a pool. When the pool is full, the picture goes that is missed least: one
   like its neighbours, and close to them in time. So memory stays the same however long the take is, short events stay,
   and no one needs to know the length before.
3. At the end the first and the last picture are taken, then, one by one, the picture that differs most from all
   those already taken, in what it shows and in time.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar

import cv2
import numpy as np
from numpy.typing import NDArray

from sixfaces.domain.facts import MomentFact
from sixfaces.domain.observation import Measured
from sixfaces.domain.time import MediaSpan, MediaTime
from sixfaces.media.frames import Bgr, Gray, MediumFrame, Photo
from sixfaces.observe.observer import KeepPicture, Observer, Tier

MOST_PICTURES = 12
LONG_SIDE = 480
JPEG_QUALITY = 80
OFFERS_PER_S = 4.0
SLOT_OFFERS = 2
"""Offers that compete for one place in the pool: half a second."""

POOL = 40

SIGNATURE = (16, 12)
TIME_WEIGHT = 24.0
"""Grey levels that the whole length of the take counts for: in a still take pictures are spread evenly over time, yet
a parcel turned in the hands (10 to 40 levels between signatures) or opened outweighs it."""

LEAST_DIFFERENCE = 1.5
"""Pictures that differ less from one already taken, time included, show nothing new."""


@dataclass(frozen=True, slots=True)
class _Candidate:
    time: MediaTime
    offer: int
    focus: float
    picture: Bgr
    signature: NDArray[np.float32]


def _fitted(bgr: Bgr) -> Bgr:
    height, width = bgr.shape[:2]
    scale = LONG_SIDE / max(height, width)
    if scale >= 1:
        return bgr.copy()
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    return cv2.resize(bgr, size, interpolation=cv2.INTER_AREA).astype(np.uint8, copy=False)


def _focus(gray: Gray) -> float:
    """Energy of the finest detail. Only compared between neighbours in time, which show nearly the same."""
    half = cv2.resize(gray, (max(1, gray.shape[1] // 2), max(1, gray.shape[0] // 2)), interpolation=cv2.INTER_AREA)
    return float(cv2.norm(cv2.Laplacian(half, cv2.CV_16S), cv2.NORM_L2SQR)) / half.size


def _candidate(frame: MediumFrame, offer: int, focus: float) -> _Candidate:
    signature = cv2.resize(frame.gray, SIGNATURE, interpolation=cv2.INTER_AREA).astype(np.float32)
    return _Candidate(frame.time, offer, focus, _fitted(frame.bgr), signature)


class Moments(Observer):
    """Keeps key pictures of a take, or a small version of a photo."""

    name: ClassVar[str] = "moments"
    version: ClassVar[str] = "1"
    wants: ClassVar[frozenset[Tier]] = frozenset({Tier.MEDIUM, Tier.PHOTO})
    measures: ClassVar[tuple[str, ...]] = ("moment",)

    def __init__(self, keep: KeepPicture) -> None:
        super().__init__(keep)
        self._pool: list[_Candidate] = []
        self._best: _Candidate | None = None
        self._first: _Candidate | None = None
        self._last: MediumFrame | None = None
        self._offer = -1
        self._photo: Bgr | None = None

    def medium(self, frame: MediumFrame) -> None:
        """Offer the frame to its half second, a few times a second."""
        self._last = frame
        if self._first is None:
            self._first = _candidate(frame, 0, 0.0)
        offer = int((frame.time.seconds - self._first.time.seconds) * OFFERS_PER_S)
        if offer <= self._offer:
            return
        self._offer = offer
        focus, standing = _focus(frame.gray), self._best
        if standing is not None and offer // SLOT_OFFERS > standing.offer // SLOT_OFFERS:
            self._enter(standing)
            standing = None
        if standing is None or focus > standing.focus:
            self._best = _candidate(frame, offer, focus)

    def _enter(self, candidate: _Candidate) -> None:
        """Take a picture into the pool and, if that is too many, let go of the one that is missed least."""
        self._pool.append(candidate)
        if len(self._pool) <= POOL:
            return
        length_s = self._pool[-1].time.seconds - self._pool[0].time.seconds
        losses = [
            min(_shown(one, before), _shown(one, after)) + TIME_WEIGHT * _apart(before, after, length_s)
            for before, one, after in zip(self._pool, self._pool[1:], self._pool[2:], strict=False)
        ]
        del self._pool[1 + int(np.argmin(losses))]

    def photo(self, photo: Photo) -> None:
        """A photo is its own moment."""
        self._photo = _fitted(photo.bgr)

    def finish(self) -> Iterable[Measured]:
        """Encode the chosen pictures, keep them in the order of time, and name each in a fact."""
        if self._photo is not None:
            yield self._kept(1, "photo", self._photo)
        if self._first is None or self._last is None:
            return
        between = [*self._pool, *([self._best] if self._best else [])]
        chosen = _chosen(self._first, between, _candidate(self._last, self._offer, 0.0))
        for number, (label, candidate) in enumerate(chosen, 1):
            kept = self._kept(number, label, candidate.picture)
            yield kept.model_copy(update={"span": MediaSpan.at(candidate.time)})

    def _kept(self, number: int, label: str, picture: Bgr) -> Measured:
        name = f"moments/{number:02d}.jpg"
        done, data = cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, JPEG_QUALITY])
        if not done:  # the encoder refuses only sizes that _fitted cannot make
            raise RuntimeError(f"a picture of shape {picture.shape} could not be encoded")
        self.keep(name, data.tobytes())
        return Measured(fact=MomentFact(label=label, image=name))


def _shown(one: _Candidate, other: _Candidate) -> float:
    """How much two pictures differ in what they show, in grey levels."""
    return float(np.abs(one.signature - other.signature).mean())


def _apart(one: _Candidate, other: _Candidate, length_s: float) -> float:
    """How far apart two pictures lie, as a share of the take."""
    return abs(one.time.seconds - other.time.seconds) / length_s if length_s > 0 else 0.0


def _difference(one: _Candidate, other: _Candidate, length_s: float) -> float:
    """How much two pictures differ, in grey levels: what they show, and how far apart in the take they lie."""
    return _shown(one, other) + TIME_WEIGHT * _apart(one, other, length_s)


def _chosen(first: _Candidate, between: list[_Candidate], last: _Candidate) -> list[tuple[str, _Candidate]]:
    """First and last, and of the others the farthest from all chosen so far, until little is new."""
    length_s = last.time.seconds - first.time.seconds
    taken = [("first", first)]
    if last.time > first.time:
        taken.append(("last", last))
    left = [candidate for candidate in between if first.time < candidate.time < last.time]
    while left and len(taken) < MOST_PICTURES:
        gains = [min(_difference(candidate, other, length_s) for _, other in taken) for candidate in left]
        best = int(np.argmax(gains))
        if gains[best] < LEAST_DIFFERENCE:
            break
        taken.append(("change", left.pop(best)))
    return sorted(taken, key=lambda labelled: labelled[1].time)
