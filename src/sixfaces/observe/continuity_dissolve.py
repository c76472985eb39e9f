"""Dissolves: for some tenths of a second each picture is a mixture of an older and a later one.

Motion does not mix pictures, and a lamp changes tones but not what is where; so three intermediate pictures that
are mixtures of two unlike ends, in rising proportion, prove a dissolve.
"""

from collections import deque
from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from sixfaces.domain.facts import BreakCause
from sixfaces.domain.time import MediaTime
from sixfaces.media.frames import Gray
from sixfaces.observe.continuity_break import Break

_SIZE = (40, 24)
_LENGTHS_S = (0.35, 0.7, 1.4)
_EVERY_S = 0.06
_UNMIXED = 0.12
_OTHER_UNMIXED = 0.2
_OTHER_SCENE = 0.5
_PLAIN = 0.9
_SURE_SHARE = 0.5
"""A dissolve of most of the picture is certain; one of a part may be a shadow or a lens finding its focus."""

_LEAST_STEP = 0.06
"""By how much the share of the later picture must rise from one look to the next."""

_FLAT = 4.0
_CHANGED = 15.0
_LEAST_SHARE = 0.3
_PURE = 0.06
_DARKEST = 0.2
_INSIDE, _LEAST_INSIDE = 0.1, 2
_SAME_SHAPES = 0.85


@dataclass(slots=True)
class _Picture:
    time: MediaTime
    at_s: float
    tones: NDArray[np.float32]


class Dissolves:
    """Keeps tiny pictures of the last one and a half seconds."""

    def __init__(self) -> None:
        self._held: deque[_Picture] = deque()
        self._looked_s = -1e9
        self._found: list[Break] = []

    def add(self, time: MediaTime, gray: Gray) -> None:
        """The next frame."""
        tones = cv2.resize(gray, _SIZE, interpolation=cv2.INTER_AREA).astype(np.float32).ravel()
        now = time.seconds
        self._held.append(_Picture(time, now, tones))
        while now - self._held[0].at_s > _LENGTHS_S[-1] + 0.3:
            self._held.popleft()
        if now - self._looked_s >= _EVERY_S:
            self._looked_s = now
            for length in _LENGTHS_S:
                self._look(now, length)

    def breaks(self) -> list[Break]:
        """Dissolves in order: plain ones, or seen by at least two overlapping looks, which are joined."""
        groups: list[list[Break]] = []
        for found in self._found:
            if groups and found.start <= max(look.end for look in groups[-1]):
                groups[-1].append(found)
            else:
                groups.append([found])
        return [_joined(group) for group in groups if len(group) > 1 or group[0].score > _PLAIN]

    def _look(self, now: float, length: float) -> None:
        looks = [p for k in range(5) if (p := self._at(now - length * (4 - k) / 4)) is not None]
        if len(looks) < 5:
            return
        first, last = looks[0].tones, looks[-1].tones
        mixed = _unmixed(first, [p.tones for p in looks[1:-1]], last)
        if mixed is None:
            return
        worst, shares = mixed
        other = float(np.corrcoef(first, last)[0, 1]) < _OTHER_SCENE
        if worst < (_OTHER_UNMIXED if other else _UNMIXED):
            certain = other and float((np.abs(last - first) > _CHANGED).mean()) > _SURE_SHARE
            start = max(k for k in range(5) if shares[k] < _PURE)
            end = min(k for k in range(5) if shares[k] > 1 - _PURE)
            self._found.append(Break(BreakCause.DISSOLVE, looks[start].time, looks[end].time, certain,
                                     1 - worst, 1 - _OTHER_UNMIXED))  # fmt: skip

    def _at(self, at_s: float) -> _Picture | None:
        nearest = min(self._held, key=lambda p: abs(p.at_s - at_s))
        return nearest if abs(nearest.at_s - at_s) < 0.06 else None


def _joined(looks: list[Break]) -> Break:
    """Several looks at one dissolve: it begins and ends where half of them say so."""
    best = max(looks, key=lambda found: found.score)
    start = sorted(look.start for look in looks)[len(looks) // 2]
    end = sorted(look.end for look in looks)[len(looks) // 2]
    return replace(best, start=min(start, end), end=end, certain=any(look.certain for look in looks))


def _unmixed(
    first: NDArray[np.float32], between: list[NDArray[np.float32]], last: NDArray[np.float32]
) -> tuple[float, list[float]] | None:
    """Largest share of a picture's difference that mixing does not explain (the median over what changed, because
    hands go on moving in a dissolve), and the share of the later picture at
    each look; None if this is no dissolve."""
    relit = last / np.float32(np.median((last + 1) / (first + 1)))
    way = relit - first
    changed = np.abs(way) > _CHANGED
    if changed.mean() < _LEAST_SHARE or _only_light(first, last):
        return None
    size = float(np.abs(last - first)[changed].mean())
    mixtures = [_mixed(first[changed], last[changed], tones[changed]) for tones in between]
    shares, misses = [share for share, _ in mixtures], [float(np.median(rest)) / size for _, rest in mixtures]
    inside = sum(_INSIDE < share < 1 - _INSIDE for share in shares)
    rises = min(np.diff(shares)) > _LEAST_STEP and shares[0] > -_LEAST_STEP and shares[-1] < 1 + _LEAST_STEP
    return (max(misses), [0.0, *shares, 1.0]) if rises and inside >= _LEAST_INSIDE else None


def _mixed(
    a: NDArray[np.float32], b: NDArray[np.float32], tones: NDArray[np.float32]
) -> tuple[float, NDArray[np.float32]]:
    """The share of `b` in the best mixture of both, at any brightness, and what it leaves unexplained."""
    basis = np.stack([a, b], 1)
    parts = np.linalg.lstsq(basis, tones, rcond=None)[0]
    total = float(parts.sum())
    return (float(parts[1]) / total if total > _DARKEST else 0.0), np.abs(tones - basis @ parts)


def _only_light(first: NDArray[np.float32], last: NDArray[np.float32]) -> bool:
    """Whether the later picture shows the same shapes as the earlier one, brighter or darker, or none at all."""
    if min(float(first.std()), float(last.std())) < _FLAT:
        return True
    return float(np.corrcoef(first, last)[0, 1]) > _SAME_SHAPES
