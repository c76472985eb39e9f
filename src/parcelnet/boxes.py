"""A carton as surfaces: closed, its flaps at any angle, or its lid up; bulged and dented as parcels are."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.random import Generator

from parcelnet.cartons import FACES, Carton
from parcelnet.mesh import Mesh, Part, Real, grid, patch
from sixfaces.domain.parcel_facts import Face
from sixfaces.observe.parcel.pose import CORNERS, QUADS

THICK = 0.004
"""Of the board, in metres: inner walls stand off by it."""


@dataclass(frozen=True, slots=True)
class Opening:
    """How far a carton is open. flaps: front, back, left, right in degrees from closed (0) over upright (90) to hanging
    (up to 250); with a lid only the first counts. cut: the tape has been cut. bulge, dent: metres a face swells or is
    pushed in."""

    flaps: tuple[float, float, float, float] = (0.0, 0.0, 0.0, 0.0)
    cut: bool = False
    bulge: float = 0.0
    dent: float = 0.0

    @property
    def shut(self) -> bool:
        """Whether the top is still one flat face."""
        return max(self.flaps) < 3.0


def corners(edges: Real) -> Real:
    """(8, 3) corners of the body in the carton's own axes, in the order of CORNERS."""
    return np.asarray(np.array(CORNERS) * edges / 2, np.float64)


def meshes(carton: Carton, opening: Opening, *, first_texture: int, rng: Generator) -> list[Mesh]:
    """The carton about its own middle. Its faces' textures stand from `first_texture` on in the scene's."""
    points = corners(carton.edges)
    found = []
    for k, name in enumerate(FACES):
        if name == "top" and not opening.shut:
            continue
        number = first_texture + (6 if name == "top" and opening.cut else k)
        found.append(_face(points[list(QUADS[Face(name)])], number, opening, rng=rng))
    if not opening.shut:
        found += _inside(points, carton)
        found += _lid(carton, opening, first_texture) if carton.lid else _flaps(carton, opening, first_texture)
    return found


def _face(quad: Real, texture: int, opening: Opening, *, rng: Generator) -> Mesh:
    white = (1.0, 1.0, 1.0)
    if opening.bulge == 0.0 and opening.dent == 0.0:
        return patch(quad, Part.BODY, texture=texture, colour=white)
    v, u = np.meshgrid(np.linspace(0, 1, 6), np.linspace(0, 1, 6), indexing="ij")
    flat = (quad[0] * ((1 - u) * (1 - v))[..., None] + quad[1] * (u * (1 - v))[..., None]
            + quad[2] * (u * v)[..., None] + quad[3] * ((1 - u) * v)[..., None])  # fmt: skip
    normal = -np.cross(quad[1] - quad[0], quad[3] - quad[0])
    normal /= np.linalg.norm(normal)
    swell = opening.bulge * np.sin(np.pi * u) * np.sin(np.pi * v)
    if opening.dent > 0.0 and rng.random() < 0.5:
        away = (u - rng.uniform(0, 1)) ** 2 + (v - rng.uniform(0, 1)) ** 2
        swell = swell - opening.dent * np.exp(-away / 0.03)
    return grid(flat + normal * swell[..., None], Part.BODY, texture=texture, colour=white)


def _inside(points: Real, carton: Carton) -> list[Mesh]:
    """Walls and floor seen from within."""
    walls = points * (1 - THICK / carton.edges)
    walls[:, 2] = points[:, 2]
    floor = walls.copy()
    floor[:, 2] += THICK
    found = [
        patch(walls[list(QUADS[face])], Part.INSIDE, colour=carton.inside)
        for face in (Face.FRONT, Face.BACK, Face.LEFT, Face.RIGHT)
    ]
    return [*found, patch(floor[list(QUADS[Face.BOTTOM])], Part.INSIDE, colour=carton.inside)]


def _flaps(carton: Carton, opening: Opening, first_texture: int) -> list[Mesh]:
    x, y, z = (float(v) / 2 for v in carton.edges)
    front, back, left, right = (np.radians(a) for a in opening.flaps)
    short = min(x, y)
    low = z - THICK
    found = _leaf(
        np.array([[-x, -y, z], [x, -y, z]]), np.array([0, np.cos(front), np.sin(front)]) * y, carton,
        texture=first_texture, rows=(1.0, 0.5),
    )  # fmt: skip
    found += _leaf(
        np.array([[x, y, z], [-x, y, z]]), np.array([0, -np.cos(back), np.sin(back)]) * y, carton,
        texture=first_texture, rows=(0.0, 0.5),
    )  # fmt: skip
    found += _leaf(np.array([[-x, y, low], [-x, -y, low]]), np.array([np.cos(left), 0, np.sin(left)]) * short, carton)
    found += _leaf(np.array([[x, -y, low], [x, y, low]]), np.array([-np.cos(right), 0, np.sin(right)]) * short, carton)
    return found


def _lid(carton: Carton, opening: Opening, first_texture: int) -> list[Mesh]:
    x, y, z = (float(v) / 2 for v in carton.edges)
    angle = np.radians(opening.flaps[0])
    reach = np.array([0, -np.cos(angle), np.sin(angle)]) * 2 * y
    return _leaf(np.array([[x, y, z], [-x, y, z]]), reach, carton, texture=first_texture, rows=(0.0, 1.0))


def _leaf(
    hinge: Real, reach: Real, carton: Carton, *, texture: int = -1, rows: tuple[float, float] = (0.0, 1.0)
) -> list[Mesh]:
    """A flap on its hinge: printed outside (rows of the top's picture from hinge to tip), bare board inside."""
    tip = hinge + reach
    out = np.cross(hinge[1] - hinge[0], reach)
    out = out / max(float(np.linalg.norm(out)), 1e-9) * 0.0015
    inner = patch(np.stack([tip[0], tip[1], hinge[1], hinge[0]]) - out, Part.FLAP, colour=carton.inside)
    outer = patch(np.stack([tip[0], tip[1], hinge[1], hinge[0]]) + out, Part.FLAP, colour=carton.inside)
    if texture >= 0:
        right = hinge[:, 0] > 0  # the top's picture has its left at -x
        columns = np.where(right, 1.0, 0.0)
        uv = [[columns[0], rows[1]], [columns[1], rows[1]], [columns[1], rows[0]], [columns[0], rows[0]]]
        outer = replace(outer, texture=texture, colour=(1.0, 1.0, 1.0), uv=np.array(uv, np.float32) * 0.998 + 0.001)
    return [inner, outer]
