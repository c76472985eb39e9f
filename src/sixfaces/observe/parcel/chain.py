"""A take's measurements as arrays, and how frames hang together: by followed points or by plain continuity.

Angles in radians. The network's tensor shrinks with its doubt: averaged over rotations that scatter by s radians about
each axis, a fourth-order tensor of this kind keeps exp(-10 s^2) of its length (diffusion on the rotations, degree 4).
So its length tells the scatter. Source: harmonic analysis on SO(3), eigenvalue l(l+1) = 20 of degree 4, halved.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sixfaces.observe.parcel.sight import Sight
from sixfaces.observe.parcel.spin import foretold
from sixfaces.observe.parcel.symmetric import GROUP
from sixfaces.observe.parcel.turns import exp, log

Real = NDArray[np.float64]
Numbers = NDArray[np.intp]

GAP_S = 0.6
"""Longest time without any evidence of motion that is still one handling: at 180 degrees a second, more may happen in
it than a quarter turn, and a hand can change the parcel."""
CARRY_S = 2.5
"""Longest time that followed points alone may carry the axes' names."""
SPEED = np.radians(60.0)
"""Typical turning speed about one axis while a parcel is shown, per second."""
_LEAST_NOISE = np.radians(3.5)
_CAUTION = 1.25
"""Networks are surer than they should be on pictures unlike their training."""
_CLEAR, _BLUR, _WORSE = 0.82, 0.12, 0.25
"""A tensor that falls this far short of a clear look's is wrong altogether more often than its length alone tells: a
quarter of such looks are more than 25 degrees off, and those of a fast turn all in the same way. So names rest on them
less: below _CLEAR trust falls by up to _WORSE within _BLUR."""

ORDER: Numbers = np.abs(GROUP).argmax(1)
"""(24, 3) which old axis each new axis is under a relabelling."""


def _products() -> Numbers:
    """(24, 24) the number of GROUP[l] @ GROUP[k].T at [k, l]."""
    product = np.einsum("lij,kmj->klim", GROUP, GROUP)
    return np.asarray(np.einsum("klim,gim->klg", product, GROUP).argmax(-1), dtype=np.intp)


STEP: Numbers = _products()
TIMES: Numbers = STEP[STEP[:, 0]].T
"""(24, 24) the number of GROUP[k] @ GROUP[l] at [k, l]."""


@dataclass(frozen=True, slots=True)
class Chain:
    """N sights in order.

    seconds: (N,). rotation: (N, 3, 3). place: (N, 3). share: (N, 3). trust: (N,) as `believed`. extra: (N, 24), zeros
    where none. turn: (N, 3, 3) the motion since the sight before, the unit matrix where unknown. sigma: (N,) its
    standard error, NaN where unknown.
    """

    seconds: Real
    rotation: Real
    place: Real
    share: Real
    trust: Real
    turn: Real
    sigma: Real
    extra: Real

    def noise(self) -> Real:
        """(N,) scatter of each rotation about one axis."""
        scatter = np.sqrt(-np.log(np.clip(self.trust, 0.05, 1.0)) / 10)
        made: Real = np.maximum(_CAUTION * scatter, _LEAST_NOISE)
        return made

    def part(self, chosen: Numbers) -> "Chain":
        """Only some consecutive sights."""
        return Chain(*(getattr(self, name)[chosen] for name in self.__slots__))


def chain(sights: Sequence[Sight]) -> Chain:
    """Sights, in order of time, as arrays. A turn only guessed, or over a gap longer than GAP_S, is not believed."""
    seconds = np.array([s.time.seconds for s in sights])
    turns = [s.turn if s.turn is not None and s.turn.followed else None for s in sights]
    known = [t is not None and i > 0 and seconds[i] - seconds[i - 1] <= GAP_S for i, t in enumerate(turns)]
    return Chain(
        seconds=seconds,
        rotation=np.array([s.rotation for s in sights]),
        place=np.array([s.place for s in sights]),
        share=np.array([s.share for s in sights]),
        trust=believed(np.array([s.trust for s in sights])),
        turn=np.array([t.rotation if t and ok else np.eye(3) for t, ok in zip(turns, known, strict=True)]),
        sigma=np.array([t.sigma if t and ok else np.nan for t, ok in zip(turns, known, strict=True)]),
        extra=np.array([np.zeros(24) if s.extra is None else s.extra for s in sights]),
    )


def believed(trust: Real) -> Real:
    """(N,) how far names may rest on looks of this trust."""
    lack: Real = np.clip((_CLEAR - trust) / _BLUR, 0.0, 1.0)
    return np.maximum(trust - _WORSE * lack, 0.0)


@dataclass(frozen=True, slots=True)
class Motion:
    """What is known of the motion from the first sight to each: `turned` (N, 3, 3) by followed points and, where there
    are none, by the turning before and after (`spin`); `variance` (N,) of it about one axis; `dark` (N,) seconds in
    which nothing was followed; all summed from the start."""

    turned: Real
    variance: Real
    dark: Real


def motion(given: Chain) -> Motion:
    """The running sums of a chain's motion."""
    steady, spread = foretold(given.seconds, given.rotation, given.noise(), turn=given.turn, sigma=given.sigma)
    lost = np.isnan(given.sigma)
    by_points = np.where(lost, 0.0, 1 / np.maximum(np.where(lost, 1.0, given.sigma), 1e-3) ** 2)
    by_spin = 1 / np.maximum(spread, 1e-3) ** 2
    share = by_points / (by_points + by_spin)
    between = exp(share[:, None] * log(given.turn @ np.swapaxes(steady, -1, -2))) @ steady
    turned = np.empty_like(given.turn)
    now = np.eye(3)
    for i, turn in enumerate(between):
        turned[i] = now = turn @ now
    passed = np.diff(given.seconds, prepend=given.seconds[:1])
    variance = np.cumsum(1 / (by_points + by_spin))
    return Motion(turned, variance, np.cumsum(np.where(lost, passed, 0.0)))
