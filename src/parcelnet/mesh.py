"""Surfaces of triangles: what a scene is made of. All lengths in metres.

A mesh stands in its own axes until `placed` puts it before the camera (OpenCV axes: x right, y down, z forward).
"""

from dataclasses import dataclass, replace
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Ints = NDArray[np.int32]
Real = NDArray[np.float64]


class Part(IntEnum):
    """What a pixel shows: the scene's labels are made of it."""

    BACKGROUND = 0
    BODY = 1
    FLAP = 2
    INSIDE = 3
    HAND = 4
    SLEEVE = 5
    ITEM = 6
    OTHER_BOX = 7
    CLUTTER = 8
    FILLER = 9
    TOOL = 10


@dataclass(frozen=True, slots=True)
class Mesh:
    """One surface of one material.

    xyz, normal: (V, 3). uv: (V, 2) in 0..1, v down. tri: (T, 3) vertex numbers, seen from either side.
    texture: index among the scene's textures, or -1 for a plain `colour` (3 linear values, BGR, 0..1), which also
    tints a texture. gloss: 0 dull .. 1 shiny.
    """

    xyz: Floats
    normal: Floats
    uv: Floats
    tri: Ints
    part: Part
    texture: int = -1
    colour: tuple[float, float, float] = (0.5, 0.5, 0.5)
    gloss: float = 0.0

    def placed(self, rotation: Real, at: Real) -> "Mesh":
        """Turned by a (3, 3) rotation, then moved by (3,)."""
        turn = np.asarray(rotation, np.float32)
        return replace(
            self,
            xyz=self.xyz @ turn.T + np.asarray(at, np.float32),
            normal=np.asarray(self.normal @ turn.T, np.float32),
        )


def patch(
    corners: Real, part: Part, *, texture: int = -1, colour: tuple[float, float, float] = (0.5, 0.5, 0.5)
) -> Mesh:
    """A flat four-cornered patch: (4, 3) upper left, upper right, lower right, lower left of its texture."""
    xyz = np.asarray(corners, np.float32)
    (ax, ay, az), (bx, by, bz) = (
        (xyz[1] - xyz[0]).tolist(),
        (xyz[3] - xyz[0]).tolist(),
    )  # np.cross takes 60 times longer
    x, y, z = az * by - ay * bz, ax * bz - az * bx, ay * bx - ax * by
    length = max((x * x + y * y + z * z) ** 0.5, 1e-12)
    normal = np.empty((4, 3), np.float32)
    normal[:] = (x / length, y / length, z / length)
    return Mesh(xyz, normal, _CORNER_UV, _CORNER_TRI, part, texture, colour)


_CORNER_UV = np.array([[0, 0], [1, 0], [1, 1], [0, 1]], np.float32)
_CORNER_TRI = np.array([[0, 1, 2], [0, 2, 3]], np.int32)


def grid(points: Real, part: Part, *, texture: int = -1, colour: tuple[float, float, float] = (0.5, 0.5, 0.5)) -> Mesh:
    """A bent sheet through (rows, columns, 3) points with smooth normals; the texture spans it once."""
    rows, columns = points.shape[:2]
    across, down = np.gradient(points, axis=1), np.gradient(points, axis=0)
    normal = -np.cross(across, down)
    normal /= np.maximum(np.linalg.norm(normal, axis=-1, keepdims=True), 1e-9)
    number = np.arange(rows * columns, dtype=np.int32).reshape(rows, columns)
    a, b, c, d = number[:-1, :-1], number[:-1, 1:], number[1:, 1:], number[1:, :-1]
    tri = np.concatenate([np.stack([a, b, c], -1).reshape(-1, 3), np.stack([a, c, d], -1).reshape(-1, 3)])
    v, u = np.meshgrid(np.linspace(0, 1, rows), np.linspace(0, 1, columns), indexing="ij")
    flat = np.asarray(points.reshape(-1, 3), np.float32)
    uv = np.stack([u, v], -1).reshape(-1, 2).astype(np.float32)
    return Mesh(flat, normal.reshape(-1, 3).astype(np.float32), uv, tri, part, texture, colour)


def tube(
    path: Real, radius: Real, part: Part, *, sides: int = 8, colour: tuple[float, float, float] = (0.5, 0.5, 0.5)
) -> Mesh:
    """A round limb along (N, 3) points with (N,) radii, its ends rounded off."""
    steps = np.gradient(path, axis=0)
    steps /= np.maximum(np.linalg.norm(steps, axis=1, keepdims=True), 1e-9)
    aside = np.cross(steps, [0.31, 0.83, 0.46])
    aside /= np.maximum(np.linalg.norm(aside, axis=1, keepdims=True), 1e-9)
    above = np.cross(steps, aside)
    turn = np.linspace(0, 2 * np.pi, sides + 1)
    ring = np.cos(turn)[None, :, None] * aside[:, None] + np.sin(turn)[None, :, None] * above[:, None]
    body = path[:, None] + ring * radius[:, None, None]
    first, last = path[0] - steps[0] * radius[0] * 0.9, path[-1] + steps[-1] * radius[-1] * 0.9
    near = path[0] - steps[0] * radius[0] * 0.6 + ring[0] * radius[0] * 0.7
    far = path[-1] + steps[-1] * radius[-1] * 0.6 + ring[-1] * radius[-1] * 0.7
    ends = np.tile(first, (sides + 1, 1)), np.tile(last, (sides + 1, 1))
    rows = np.concatenate([ends[0][None], near[None], body, far[None], ends[1][None]])
    made = grid(rows, part, colour=colour)
    outward = rows - np.concatenate([path[[0, 0]], path, path[[-1, -1]]])[:, None]
    outward /= np.maximum(np.linalg.norm(outward, axis=-1, keepdims=True), 1e-9)
    return replace(made, normal=outward.reshape(-1, 3).astype(np.float32))


def ellipsoid(radii: Real, part: Part, *, rings: int = 8, colour: tuple[float, float, float] = (0.5, 0.5, 0.5)) -> Mesh:
    """An ellipsoid of (3,) radii about the origin, its texture wrapped around z."""
    up, round_ = np.meshgrid(np.linspace(0, np.pi, rings + 1), np.linspace(0, 2 * np.pi, 2 * rings + 1), indexing="ij")
    unit = np.stack([np.sin(up) * np.cos(round_), np.sin(up) * np.sin(round_), np.cos(up)], -1)
    normal = unit / radii
    normal /= np.linalg.norm(normal, axis=-1, keepdims=True)
    return replace(grid(unit * radii, part, colour=colour), normal=normal.reshape(-1, 3).astype(np.float32))
