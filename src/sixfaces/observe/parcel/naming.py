"""The faces' names: top, front and the others as the parcel first rests before the camera (DESIGN §3).

The picture does not tell how far the camera looks down. A parcel at rest has one axis upright, and the camera is not
rolled, so `up` lies in the plane of the camera's y and z: straight up in the picture for a level camera, towards the
camera for one that looks straight down. The top is the axis that fits such an `up` best; the front is the side face
turned most to the camera, and where it looks down on all of them alike, the one nearest to the picture's lower edge.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sixfaces.observe.parcel.symmetric import GROUP

Real = NDArray[np.float64]

_TILT = np.arange(0.0, 91.0, 2.0)
"""Degrees that the camera looks down."""
_RARE_BELOW = 20.0
_RARE_BY = 10.0
"""People film a parcel from above: each 10 degrees below 20 speak against a tilt like one standard error."""
_ERROR = 8.0
"""Standard error, in degrees, of an axis at rest: measurement, uneven table, rolled camera."""
_LEAN = 0.5
"""Weight of the picture's lower edge in choosing the front; it decides only where the camera looks straight down."""


@dataclass(frozen=True, slots=True)
class Naming:
    """turn: (3, 3) one of GROUP; a tracker's rotation times it has +x right, +y back, +z top.
    top_sure, front_sure: probabilities, 0..1, that these two names are the ones a person would give."""

    turn: Real
    top_sure: float
    front_sure: float


def named(rotation: Real, place: Real) -> Naming:
    """The true axes from a pose at the parcel's first rest: its (3, 3) rotation and (3,) place in camera axes."""
    tilt = np.radians(_TILT)
    up = np.column_stack([np.zeros_like(tilt), -np.cos(tilt), -np.sin(tilt)])
    axes = np.concatenate([rotation.T, -rotation.T])
    off = np.degrees(np.arccos(np.clip(axes @ up.T, -1.0, 1.0)))
    rare = np.maximum(_RARE_BELOW - _TILT, 0.0) / _RARE_BY
    cost = 0.5 * ((off / _ERROR) ** 2 + rare**2)
    of_axis = cost.min(1)
    top = axes[int(of_axis.argmin())]
    near = _near(place, tilt[int(cost[int(of_axis.argmin())].argmin())])
    sides = axes[np.abs(axes @ top) < 0.5]
    turned = sides @ (near - (near @ top) * top)
    front = sides[int(turned.argmax())]
    wanted = np.column_stack([np.cross(-front, top), -front, top])
    turn = GROUP[int(np.einsum("ij,gij->g", rotation.T @ wanted, GROUP).argmax())]
    return Naming(turn, _share(-of_axis), _share(_spread(turned)))


def _near(place: Real, tilt: float) -> Real:
    """(3,) what counts as "to the camera" for side faces."""
    towards = -place / np.sqrt(place @ place)
    made: Real = towards + _LEAN * np.array([0.0, np.sin(tilt), -np.cos(tilt)])
    return made


def _spread(turned: Real) -> Real:
    """Log likelihoods of the four sides: names flip where an error carries a side over 45 degrees."""
    length = np.sqrt((turned**2).sum() / 2)
    made: Real = -np.degrees(np.arccos(np.clip(turned / max(length, 1e-9), -1.0, 1.0))) / _ERROR
    return made


def _share(value: Real) -> float:
    chance = np.exp(value - value.max())
    return float(chance.max() / chance.sum())
