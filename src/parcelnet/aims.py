"""Where hands, flaps and faces point: small geometry of handling. World axes, metres."""

import numpy as np

from parcelnet.mesh import Real
from parcelnet.motion import eased


def when(share: float) -> float:
    """The share of a minimum-jerk move's time at which it has come that far."""
    times = np.linspace(0, 1, 101)
    return float(np.interp(share, [eased(float(u)) for u in times], times))


def palm_down(ahead: Real) -> Real:
    """(3, 3) hand axes with the fingers along `ahead` (3,) and the palm to the table."""
    y = ahead / (np.linalg.norm(ahead) + 1e-9)
    z = np.array([0, 0, -1.0]) - y * (-y[2])
    z /= np.linalg.norm(z) + 1e-9
    return np.column_stack([np.cross(y, z), y, z])


def levelled(rotation: Real, toward: Real) -> float:
    """The least roll about `toward` (3,) that brings one of the box's edges upright in the picture."""
    up = (
        np.array([0, 0, 1.0]) - toward * toward[2]
        if abs(toward[2]) < 0.9
        else np.array([0, 1.0, 0]) - toward * toward[1]
    )
    up /= np.linalg.norm(up)
    aside = np.cross(toward, up)
    flat = rotation.T @ up, rotation.T @ aside
    k = int(np.argmax(np.hypot(*flat)))
    angle = float(np.arctan2(flat[1][k], flat[0][k]))
    return float(np.round(angle / (np.pi / 2)) * np.pi / 2 - angle)


def flap_tip(edges: Real, flap: int, degrees: float, *, lid: bool) -> Real:
    """(3,) the middle of a flap's outer edge in the parcel's axes: front, back, left, right; or of the lid."""
    x, y, z = (float(v) / 2 for v in edges)
    c, s = float(np.cos(np.radians(degrees))), float(np.sin(np.radians(degrees)))
    if lid:
        return np.array([0, y - c * 2 * y, z + s * 2 * y])
    short = min(x, y)
    tips = ([0, -y + c * y, z + s * y], [0, y - c * y, z + s * y],
            [-x + c * short, 0, z + s * short], [x - c * short, 0, z + s * short])  # fmt: skip
    return np.array(tips[flap])
