"""How fast the box turns at each moment, by all that was seen around it: hands turn a parcel smoothly.

A turn from one frame to the next is measured by followed points or, up to one of the 24 symmetries, by two looks. It
lies in the camera's axes, where no names matter. From the turns before and after a gap, that gap's own left out, a
line through time foretells it. So a quarter turn too fast to be followed is told from one the other way round.
"""

import numpy as np
from numpy.typing import NDArray

from sixfaces.observe.parcel.symmetric import GROUP
from sixfaces.observe.parcel.turns import exp, log

Real = NDArray[np.float64]

_REACH = 5
"""Gaps on either side that are asked."""
_WIDTH_S = 0.11
"""Their weight falls with time, as a Gaussian does."""
_LONGEST_S = 0.35
"""Two looks farther apart than this measure no turn: more than a symmetry may lie between them."""
_LEAST_SIGMA = np.radians(0.7)
_ROUNDS = 3
_UNSTEADY = np.radians(50.0)
_SHARE = 0.3
"""Typical change of a turning speed, per second, besides a share of the speed itself."""
_STILL = np.radians(300.0)
"""Per second: how fast it may turn where nothing around says anything."""
_OUTLIER = 6.0


def foretold(seconds: Real, rotation: Real, noise: Real, *, turn: Real, sigma: Real) -> tuple[Real, Real]:
    """The turn that leads to each sight from the one before, foretold: (N, 3, 3), and its standard error (N,) about one
    axis. seconds (N,), rotation (N, 3, 3) in any of 24 names, noise (N,) of it, turn (N, 3, 3) and sigma (N,) by
    followed points, NaN where unknown. The first entry leads from nowhere: no turn, no error."""
    count = len(seconds)
    if count < 2:
        return np.broadcast_to(np.eye(3), (count, 3, 3)).copy(), np.zeros(count)
    passed = np.maximum(np.diff(seconds), 1e-3)
    middle = (seconds[1:] + seconds[:-1]) / 2
    lost = np.isnan(sigma[1:])
    looks = rotation[1:, None] @ GROUP @ np.swapaxes(rotation[:-1], -1, -2)[:, None]
    ways = log(looks) / passed[:, None, None]
    by_points = log(turn[1:]) / passed[:, None]
    error = np.where(lost, np.hypot(noise[1:], noise[:-1]), np.maximum(sigma[1:], _LEAST_SIGMA)) / passed
    heard = np.where(lost & (passed > _LONGEST_S), 0.0, 1.0)
    speed, spread = np.zeros_like(by_points), np.full(len(passed), _STILL)
    for _ in range(_ROUNDS):
        away = ((ways - speed[:, None]) ** 2).sum(-1)
        nearest = ways[np.arange(len(passed)), away.argmin(-1)]
        measured = np.where(lost[:, None], nearest, by_points)
        miss = np.sqrt(((measured - speed) ** 2).sum(-1)) / np.hypot(error, spread)
        trust = heard / (1 + (miss / _OUTLIER) ** 2) / (error**2 + _UNSTEADY**2)
        speed, spread = _line(middle, measured, trust)
    made = np.concatenate([np.eye(3)[None], exp(speed * passed[:, None])])
    return made, np.concatenate([[0.0], spread * passed])


def _line(at: Real, value: Real, trust: Real) -> tuple[Real, Real]:
    """(M, 3) where the line through the neighbours of each value stands at its own time, and (M,) how far off that may
    be. Nothing known pulls towards rest."""
    count = len(at)
    s0, s1, s2 = np.full(count, 1 / _STILL**2), np.zeros(count), np.full(count, 1 / _STILL**2 * _WIDTH_S**2)
    t0, t1 = np.zeros((count, 3)), np.zeros((count, 3))
    for lag in [k for k in range(-_REACH, _REACH + 1) if k]:
        mine = np.arange(max(0, -lag), min(count, count - lag))
        theirs = mine + lag
        away = at[theirs] - at[mine]
        weight = trust[theirs] * np.exp(-((away / _WIDTH_S) ** 2) / 2)
        s0[mine] += weight
        s1[mine] += weight * away
        s2[mine] += weight * away**2
        t0[mine] += weight[:, None] * value[theirs]
        t1[mine] += (weight * away)[:, None] * value[theirs]
    flat = s0 * s2 - s1**2
    speed = (s2[:, None] * t0 - s1[:, None] * t1) / flat[:, None]
    own = np.sqrt((speed**2).sum(-1))
    spread = np.sqrt(s2 / flat + _UNSTEADY**2 + (_SHARE * own) ** 2)
    return speed, spread
