"""A z-buffer rasteriser with textures, soft shadows and per-pixel light, compiled by numba.

Some two thousand triangles at 288 x 288 pixels take about two milliseconds: fast enough that training never sees the
same picture twice. `render` is all that others need.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numba
import numpy as np
from numpy.typing import NDArray

from parcelnet.mesh import Floats, Ints, Mesh, Real

Bytes = NDArray[np.uint8]

NEAR = 0.03
SHADOW = 160
"""Side of the shadow map in texels."""
LEVELS = 5
"""Mip levels of every texture; the largest has TEXTURE pixels a side."""
TEXTURE = 256


@dataclass(frozen=True, slots=True)
class Camera:
    """A pinhole: focal length and principal point in pixels of a picture of width x height. It may be a window of a
    larger picture: then the principal point lies wherever that picture's is."""

    focal: float
    cx: float
    cy: float
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Light:
    """One lamp far away and what the room gives back, in camera axes.

    toward: (3,) unit vector to the lamp. key: (3,) BGR strength of the lamp. sky, ground: (3,) BGR light from `up` and
    from below. blur: how soft shadows are, in texels of the shadow map. up: (3,) unit vector away from the table.
    """

    toward: Real
    key: Real
    sky: Real
    ground: Real
    up: Real
    blur: float = 1.5


@dataclass(frozen=True, slots=True)
class Rendered:
    """Linear light (H, W, 3) BGR, depth in metres (H, W; inf where nothing is), part and texture region (H, W)."""

    light: Floats
    depth: Floats
    part: Bytes
    region: Bytes


def render(
    meshes: Sequence[Mesh], camera: Camera, light: Light, *, textures: tuple[Bytes, ...], focus: Real
) -> Rendered:
    """The scene as the camera sees it. `focus` is (4,): the middle and radius of the ball that casts sharp shadows."""
    corners, normals, uv, kind, look = _soup(meshes)
    size = (camera.height, camera.width)
    depth = np.full(size, np.inf, np.float32)
    number = np.full(size, -1, np.int32)
    weights = np.zeros((*size, 3), np.float32)
    lens = np.array([camera.focal, camera.cx, camera.cy], np.float32)
    _fill(corners, lens, depth, number, weights)
    frame = _light_frame(light.toward, focus)
    shadow = np.full((SHADOW, SHADOW), np.inf, np.float32)
    _fill_shadow(corners, kind, frame, shadow)
    out, part, region = np.zeros((*size, 3), np.float32), np.zeros(size, np.uint8), np.zeros(size, np.uint8)
    lamps = np.asarray(np.stack([light.toward, light.key, light.sky, light.ground, light.up]), np.float32)
    _shade((corners, normals, uv), (kind, look), (depth, number, weights), (lens, lamps, np.float32(light.blur)),
           (frame, shadow), textures, (out, part, region))  # fmt: skip
    return Rendered(out, depth, part, region)


def _soup(meshes: Sequence[Mesh]) -> tuple[Floats, Floats, Floats, Ints, Floats]:
    """Triangles of all meshes: corners, normals (T, 3, 3), uv (T, 3, 2), texture and part (T, 2), tint and gloss."""
    counts = [len(m.tri) for m in meshes]
    corners = np.concatenate([m.xyz[m.tri] for m in meshes]).astype(np.float32)
    normals = np.concatenate([m.normal[m.tri] for m in meshes]).astype(np.float32)
    uv = np.concatenate([m.uv[m.tri] for m in meshes]).astype(np.float32)
    kind = np.repeat(np.array([(m.texture, int(m.part)) for m in meshes], np.int32), counts, axis=0)
    look = np.repeat(np.array([(*m.colour, m.gloss) for m in meshes], np.float32), counts, axis=0)
    return corners, normals, uv, kind, look


def _light_frame(toward: Real, focus: Real) -> Floats:
    """(4, 3): axes across, along and towards the lamp divided by the ball's radius, then its middle."""
    toward = toward / np.linalg.norm(toward)
    aside = np.cross(toward, [0.3, 0.1, 0.95])
    aside /= np.linalg.norm(aside)
    axes = np.stack([aside, np.cross(toward, aside), toward]) / float(focus[3])
    return np.concatenate([axes, focus[None, :3]]).astype(np.float32)


@numba.njit(cache=True, fastmath=True)
def _fill(corners, lens, depth, number, weights):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202 compiled
    """Visible triangle and its perspective-correct weights at every pixel."""
    height, width = depth.shape
    poly = np.zeros((4, 3), np.float32)
    share = np.zeros((4, 3), np.float32)
    for t in range(corners.shape[0]):
        # clip at the near plane: a triangle becomes none, a triangle or a quadrilateral
        count = 0
        for k in range(3):
            a, b = corners[t, k], corners[t, (k + 1) % 3]
            if a[2] >= NEAR:
                poly[count] = a
                share[count] = 0.0
                share[count, k] = 1.0
                count += 1
            if (a[2] >= NEAR) != (b[2] >= NEAR):
                along = (NEAR - a[2]) / (b[2] - a[2])
                for c in range(3):
                    poly[count, c] = a[c] + along * (b[c] - a[c])
                share[count] = 0.0
                share[count, k] = 1.0 - along
                share[count, (k + 1) % 3] = along
                count += 1
        for piece in range(count - 2):
            i1, i2 = piece + 1, piece + 2
            z0, z1, z2 = 1.0 / poly[0, 2], 1.0 / poly[i1, 2], 1.0 / poly[i2, 2]
            x0, y0 = lens[1] + lens[0] * poly[0, 0] * z0, lens[2] + lens[0] * poly[0, 1] * z0
            x1, y1 = lens[1] + lens[0] * poly[i1, 0] * z1, lens[2] + lens[0] * poly[i1, 1] * z1
            x2, y2 = lens[1] + lens[0] * poly[i2, 0] * z2, lens[2] + lens[0] * poly[i2, 1] * z2
            area = (x1 - x0) * (y2 - y0) - (x2 - x0) * (y1 - y0)
            if abs(area) < 1e-6:
                continue
            left, right = max(0, int(np.floor(min(x0, x1, x2)))), min(width - 1, int(np.ceil(max(x0, x1, x2))))
            top, bottom = max(0, int(np.floor(min(y0, y1, y2)))), min(height - 1, int(np.ceil(max(y0, y1, y2))))
            inverse = 1.0 / area
            for py in range(top, bottom + 1):
                y = py + 0.5
                for px in range(left, right + 1):
                    x = px + 0.5
                    w1 = ((x - x0) * (y2 - y0) - (x2 - x0) * (y - y0)) * inverse
                    w2 = ((x1 - x0) * (y - y0) - (x - x0) * (y1 - y0)) * inverse
                    w0 = 1.0 - w1 - w2
                    if w0 < 0.0 or w1 < 0.0 or w2 < 0.0:
                        continue
                    z = 1.0 / (w0 * z0 + w1 * z1 + w2 * z2)
                    if z < depth[py, px]:
                        depth[py, px] = z
                        number[py, px] = t
                        p0, p1, p2 = w0 * z0 * z, w1 * z1 * z, w2 * z2 * z
                        for c in range(3):
                            weights[py, px, c] = p0 * share[0, c] + p1 * share[i1, c] + p2 * share[i2, c]


@numba.njit(cache=True, fastmath=True)
def _fill_shadow(corners, kind, frame, shadow):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202 compiled
    """Distance below the lamp of what it sees first, over the ball in focus."""
    size = shadow.shape[0]
    p = np.zeros((3, 3), np.float32)
    for t in range(corners.shape[0]):
        if kind[t, 1] == 0:
            continue  # the room itself only receives shadows
        for k in range(3):
            for a in range(3):
                p[k, a] = 0.0
                for c in range(3):
                    p[k, a] += frame[a, c] * (corners[t, k, c] - frame[3, c])
            p[k, 0] = (p[k, 0] * 0.5 + 0.5) * size
            p[k, 1] = (p[k, 1] * 0.5 + 0.5) * size
        area = (p[1, 0] - p[0, 0]) * (p[2, 1] - p[0, 1]) - (p[2, 0] - p[0, 0]) * (p[1, 1] - p[0, 1])
        if abs(area) < 1e-6:
            continue
        left, right = max(0, int(np.floor(p[:, 0].min()))), min(size - 1, int(np.ceil(p[:, 0].max())))
        top, bottom = max(0, int(np.floor(p[:, 1].min()))), min(size - 1, int(np.ceil(p[:, 1].max())))
        for py in range(top, bottom + 1):
            for px in range(left, right + 1):
                x, y = px + 0.5, py + 0.5
                w1 = ((x - p[0, 0]) * (p[2, 1] - p[0, 1]) - (p[2, 0] - p[0, 0]) * (y - p[0, 1])) / area
                w2 = ((p[1, 0] - p[0, 0]) * (y - p[0, 1]) - (x - p[0, 0]) * (p[1, 1] - p[0, 1])) / area
                if w1 < 0.0 or w2 < 0.0 or w1 + w2 > 1.0:
                    continue
                below = -((1.0 - w1 - w2) * p[0, 2] + w1 * p[1, 2] + w2 * p[2, 2])
                shadow[py, px] = min(shadow[py, px], below)


@numba.njit(cache=True, fastmath=True)
def _level(corners, uv, side, facing, pixel):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202 compiled
    """The mip level: texels a pixel covers, from the triangle's size in texture and space, and the slant."""
    e1u, e1v = uv[1, 0] - uv[0, 0], uv[1, 1] - uv[0, 1]
    e2u, e2v = uv[2, 0] - uv[0, 0], uv[2, 1] - uv[0, 1]
    texels = abs(e1u * e2v - e2u * e1v) * side**2
    a, b, d = corners[0], corners[1], corners[2]
    c0 = (b[1] - a[1]) * (d[2] - a[2]) - (b[2] - a[2]) * (d[1] - a[1])
    c1 = (b[2] - a[2]) * (d[0] - a[0]) - (b[0] - a[0]) * (d[2] - a[2])
    c2 = (b[0] - a[0]) * (d[1] - a[1]) - (b[1] - a[1]) * (d[0] - a[0])
    space = np.sqrt(c0 * c0 + c1 * c1 + c2 * c2) + 1e-12
    covers = texels / space * pixel**2 / max(0.2, abs(facing))
    level = 0
    while level < LEVELS - 1 and covers > 2.0:
        covers *= 0.25
        level += 1
    return level


@numba.njit(cache=True, fastmath=True)
def _texel(textures, k, u, v, level, tint):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202 compiled
    """Multiplies the tint by the texture's colour, the display's curve taken as a square; returns the region."""
    base = textures[0].shape[1]
    side = base >> level
    u, v = u - np.floor(u), v - np.floor(v)
    tx, ty = min(int(u * side), side - 1), min(int(v * side), side - 1)
    for c in range(3):
        value = 0.0
        if level == 0:
            value = textures[0][k, ty, tx, c]
        elif level == 1:
            value = textures[1][k, ty, tx, c]
        elif level == 2:
            value = textures[2][k, ty, tx, c]
        elif level == 3:
            value = textures[3][k, ty, tx, c]
        else:
            value = textures[4][k, ty, tx, c]
        tint[c] *= (value / 255.0) ** 2
    return textures[0][k, min(int(v * base), base - 1), min(int(u * base), base - 1), 3]


@numba.njit(cache=True, fastmath=True)
def _lit(x, y, z, frame, shadow, blur):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202 compiled
    """The share of a spread of texels of the shadow map that see the lamp."""
    size = shadow.shape[0]
    sx, sy, below = 0.0, 0.0, 0.0
    for c in range(3):
        q = x if c == 0 else (y if c == 1 else z)
        q -= frame[3, c]
        sx += frame[0, c] * q
        sy += frame[1, c] * q
        below -= frame[2, c] * q
    sx, sy = (sx * 0.5 + 0.5) * size, (sy * 0.5 + 0.5) * size
    lit = 0.0
    for oy in range(-1, 2):
        for ox in range(-1, 2):
            ix, iy = int(sx + ox * blur), int(sy + oy * blur)
            if ix < 0 or iy < 0 or ix >= size or iy >= size or below < shadow[iy, ix] + 0.035 + 0.01 * blur:
                lit += 1.0
    return lit / 9.0


@numba.njit(cache=True, fastmath=True)
def _shade(mesh, material, seen, optics, shadowing, textures, out):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202 compiled
    corners, normals, uv = mesh
    kind, look = material
    depth, number, weights = seen
    lens, lamps, blur = optics
    frame, shadow = shadowing
    light, part, region = out
    height, width = depth.shape
    tint, n = np.zeros(3, np.float32), np.zeros(3, np.float32)
    for py in range(height):
        for px in range(width):
            t = number[py, px]
            if t < 0:
                continue
            w = weights[py, px]
            z = depth[py, px]
            x, y = (px + 0.5 - lens[1]) / lens[0] * z, (py + 0.5 - lens[2]) / lens[0] * z
            for c in range(3):
                n[c] = w[0] * normals[t, 0, c] + w[1] * normals[t, 1, c] + w[2] * normals[t, 2, c]
            length = np.sqrt(n[0] ** 2 + n[1] ** 2 + n[2] ** 2) + 1e-9
            away = np.sqrt(x * x + y * y + z * z)
            facing = (n[0] * x + n[1] * y + n[2] * z) / (length * away)
            sign = -1.0 if facing > 0 else 1.0  # both sides of a sheet are lit
            for c in range(3):
                n[c] *= sign / length
            part[py, px] = kind[t, 1]
            for c in range(3):
                tint[c] = look[t, c]
            k = kind[t, 0]
            if k >= 0:
                u = w[0] * uv[t, 0, 0] + w[1] * uv[t, 1, 0] + w[2] * uv[t, 2, 0]
                v = w[0] * uv[t, 0, 1] + w[1] * uv[t, 1, 1] + w[2] * uv[t, 2, 1]
                level = _level(corners[t], uv[t], textures[0].shape[1], facing=facing, pixel=z / lens[0])
                region[py, px] = _texel(textures, k, u, v, level, tint)
            lit = _lit(x, y, z, frame, shadow, blur)
            lambert = n[0] * lamps[0, 0] + n[1] * lamps[0, 1] + n[2] * lamps[0, 2]
            lambert = max(0.0, lambert) * lit
            up = 0.5 + 0.5 * (n[0] * lamps[4, 0] + n[1] * lamps[4, 1] + n[2] * lamps[4, 2])
            shine = 0.0
            gloss = look[t, 3]
            if gloss > 0:
                hx, hy, hz = lamps[0, 0] - x / away, lamps[0, 1] - y / away, lamps[0, 2] - z / away
                hl = np.sqrt(hx * hx + hy * hy + hz * hz) + 1e-9
                shine = max(0.0, (n[0] * hx + n[1] * hy + n[2] * hz) / hl) ** (8.0 + 60.0 * gloss) * gloss * lit
            for c in range(3):
                ambient = lamps[2, c] * up + lamps[3, c] * (1.0 - up)
                light[py, px, c] = tint[c] * (lamps[1, c] * lambert + ambient) + lamps[1, c] * shine
