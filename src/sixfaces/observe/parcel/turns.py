"""Small rotations as vectors: the axis times the angle in radians. Source: Rodrigues' formula and its inverse."""

import numpy as np
from numpy.typing import NDArray

Real = NDArray[np.float64]

_CROSS: Real = np.array(
    [[0, 0, 0, 0, 0, -1, 0, 1, 0], [0, 0, 1, 0, 0, 0, -1, 0, 0], [0, -1, 0, 1, 0, 0, 0, 0, 0]], float
)


def cross(vector: Real) -> Real:
    """(..., 3) -> (..., 3, 3) the matrix that takes the cross product with it from the left."""
    made: Real = (vector @ _CROSS).reshape(*vector.shape[:-1], 3, 3)
    return made


def exp(vector: Real) -> Real:
    """(..., 3) rotation vectors -> (..., 3, 3) rotations."""
    angle = np.sqrt((vector * vector).sum(-1))[..., None, None]
    turn = cross(vector)
    first = np.sinc(angle / np.pi)
    second = 0.5 * np.sinc(angle / (2 * np.pi)) ** 2
    made: Real = np.eye(3) + first * turn + second * (turn @ turn)
    return made


def log(rotation: Real) -> Real:
    """(..., 3, 3) rotations -> (..., 3) rotation vectors, by way of quaternions, which also hold at half turns."""
    m = rotation
    trace = m[..., 0, 0] + m[..., 1, 1] + m[..., 2, 2]
    # Four candidates for the quaternion (x, y, z, w), each scaled by four times one of its parts: the largest is safe.
    rows = np.empty((*m.shape[:-2], 4, 4))
    skew = np.stack([m[..., 2, 1] - m[..., 1, 2], m[..., 0, 2] - m[..., 2, 0], m[..., 1, 0] - m[..., 0, 1]], -1)
    rows[..., :3, :3] = m + np.swapaxes(m, -1, -2)
    for i in range(3):
        rows[..., i, i] = 1 - trace + 2 * m[..., i, i]
    rows[..., :3, 3] = rows[..., 3, :3] = skew
    rows[..., 3, 3] = 1 + trace
    best = np.diagonal(rows, axis1=-2, axis2=-1).argmax(-1)
    quaternion = np.take_along_axis(rows, best[..., None, None], -2)[..., 0, :]
    quaternion = quaternion / np.sqrt((quaternion**2).sum(-1, keepdims=True))
    quaternion = np.where(quaternion[..., 3:] < 0, -quaternion, quaternion)
    length = np.sqrt((quaternion[..., :3] ** 2).sum(-1))
    angle = 2 * np.arctan2(length, quaternion[..., 3])
    scale = np.where(length > 1e-9, angle / np.maximum(length, 1e-9), 2.0)
    vector: Real = quaternion[..., :3] * scale[..., None]
    return vector


def angle(rotation: Real) -> Real:
    """(..., 3, 3) -> (...) the angle of each rotation in radians, 0..pi."""
    trace = rotation[..., 0, 0] + rotation[..., 1, 1] + rotation[..., 2, 2]
    turned: Real = np.arccos(np.clip((trace - 1) / 2, -1.0, 1.0))
    return turned


def between(given: Real, wanted: Real) -> Real:
    """(3,), (3,) unit vectors -> (3, 3) the smallest rotation that takes the first to the second, not opposite, one."""
    axis = np.cross(given, wanted)
    turn = cross(axis)
    made: Real = np.eye(3) + turn + turn @ turn / (1 + float(given @ wanted))
    return made


def upright(rotation: Real) -> Real:
    """(3, 3) the rotation nearest to a matrix that rounding has taken away from being one: products of many drift."""
    u, _, v = np.linalg.svd(rotation)
    made: Real = u @ v
    return made
