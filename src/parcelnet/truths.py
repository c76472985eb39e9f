"""What is true of a rendered frame of a take, in numbers: pose, corners, how much of each face can be seen."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from parcelnet.mesh import Floats, Part, Real
from parcelnet.raster import Camera, Rendered
from sixfaces.domain.parcel_facts import Face
from sixfaces.observe.parcel.pose import CORNERS, NORMALS, QUADS

CORNER_ORDER = tuple((x, y, z) for z in (-1, 1) for y in (-1, 1) for x in (-1, 1))
"""How files of truth order the corners; `pose.CORNERS` runs the other way."""
_FILED = tuple(CORNERS.index(corner) for corner in CORNER_ORDER)
_PARCEL = (Part.BODY, Part.FLAP, Part.INSIDE, Part.FILLER)
_NEAR = 0.03
"""Metres before the camera that count as behind it."""


@dataclass(frozen=True, slots=True)
class FaceTruth:
    """cos: between the face's normal and the way to the camera. area_px: of the face's visible pixels. in_frame: share
    of the face inside the picture. unoccluded: share of that which nothing covers."""

    cos: float
    area_px: float
    in_frame: float
    unoccluded: float


@dataclass(frozen=True, slots=True)
class FrameTruth:
    """One frame. rotation, place: parcel axes to camera axes, metres; None where there is no box. corners: (8, 2) in
    pixels, in the order of `pose.CORNERS`. in_frame: share of the parcel's outline inside the picture."""

    time: float
    stage: str
    parcel: str
    rotation: Real | None
    place: Real | None
    corners: Real | None
    faces: dict[Face, FaceTruth]
    parcel_px: int
    in_frame: float
    present: bool
    item_px: int
    edges: Real

    def filed(self, number: int) -> dict[str, object]:
        """As a file of truth has it."""
        made: dict[str, object] = {"frame": number, "time": round(self.time, 4), "stage": self.stage,
                                   "parcel_id": self.parcel, "parcel_px": self.parcel_px, "item_px": self.item_px,
                                   "in_frame": round(self.in_frame, 3), "present": self.present}  # fmt: skip
        if self.rotation is not None and self.place is not None and self.corners is not None:
            made["R_cam"] = np.round(self.rotation, 5).tolist()
            made["t_cam"] = np.round(self.place, 4).tolist()
            made["corners_2d"] = np.round(self.corners[list(_FILED)], 1).tolist()
        made["faces"] = {
            str(face): {"cos": round(f.cos, 3), "area_px": f.area_px, "in_frame": round(f.in_frame, 3),
                        "unoccluded": round(f.unoccluded, 3)} for face, f in self.faces.items()
        }  # fmt: skip
        return made


@dataclass(frozen=True, slots=True)
class Body:
    """A parcel before the camera: (3, 3), (3,), (3,) as FrameTruth has them; open: its top is no face any more."""

    rotation: Real
    place: Real
    edges: Real
    open: bool


def projected(points: Real, camera: Camera) -> Real:
    """(..., 3) -> (..., 2) pixels."""
    depth = np.maximum(points[..., 2:], 1e-3)
    return np.asarray(points[..., :2] / depth * camera.focal + [camera.cx, camera.cy])


def corners_of(body: Body) -> Real:
    """(8, 3) in camera axes, in the order of CORNERS."""
    return np.asarray(body.place + (np.array(CORNERS) * body.edges / 2) @ body.rotation.T)


def parcel_pixels(seen: Rendered) -> NDArray[np.bool_]:
    """(H, W) where the parcel is seen, flaps and inside too."""
    return np.isin(seen.part, _PARCEL)


def faces_of(body: Body, seen: Rendered, camera: Camera) -> dict[Face, FaceTruth]:
    """Every face turned to the camera."""
    points = corners_of(body)
    found = {}
    for face in Face:
        if face is Face.TOP and body.open:
            continue
        quad = points[list(QUADS[face])]
        normal = body.rotation @ np.array(NORMALS[face], float)
        middle = quad.mean(0)
        cos = float(normal @ -middle / np.linalg.norm(middle))
        if cos <= 0.01 or quad[:, 2].min() < _NEAR:
            continue
        found[face] = _face(quad, normal, seen, camera=camera, cos=cos)
    return found


def _face(quad: Real, normal: Real, seen: Rendered, *, camera: Camera, cos: float) -> FaceTruth:
    flat = projected(quad, camera).astype(np.float32)
    whole = float(cv2.contourArea(flat))
    low = np.clip(np.floor(flat.min(0)).astype(int), 0, [camera.width, camera.height])
    high = np.clip(np.ceil(flat.max(0)).astype(int) + 1, 0, [camera.width, camera.height])
    if (high <= low).any() or whole < 1:
        return FaceTruth(cos, 0.0, 0.0, 0.0)
    mask = np.zeros((high[1] - low[1], high[0] - low[0]), np.uint8)
    cv2.fillConvexPoly(mask, np.round((flat - low) * 16).astype(np.int32), 1, cv2.LINE_8, 4)
    inside = mask.astype(bool)
    count = int(inside.sum())
    if count == 0:
        return FaceTruth(cos, 0.0, 0.0, 0.0)
    y, x = np.nonzero(inside)
    rays = np.stack([(x + low[0] + 0.5 - camera.cx) / camera.focal, (y + low[1] + 0.5 - camera.cy) / camera.focal], -1)
    along = rays @ normal[:2] + normal[2]
    plane = float(normal @ quad[0]) / np.where(np.abs(along) < 1e-6, 1e-6, along)
    part = seen.part[y + low[1], x + low[0]]
    near = np.abs(seen.depth[y + low[1], x + low[0]] - plane) * max(cos, 0.2) < 0.016
    visible = int(((part == Part.BODY) & near).sum())
    return FaceTruth(cos, float(visible), min(1.0, _inside_share(flat, camera)), min(1.0, visible / count))


def _inside_share(outline: Floats, camera: Camera) -> float:
    """Share of a convex outline (N, 2) inside the picture."""
    frame = np.array([[0, 0], [camera.width, 0], [camera.width, camera.height], [0, camera.height]], np.float32)
    hull = cv2.convexHull(outline)
    whole = float(cv2.contourArea(hull))
    if whole < 1e-3:
        return 0.0
    common, _ = cv2.intersectConvexConvex(hull, frame)
    return float(common) / whole


def outline_share(body: Body, camera: Camera) -> tuple[float, float]:
    """Share of the parcel's outline inside the picture, and its area in pixels."""
    points = corners_of(body)
    if points[:, 2].min() < _NEAR:
        return 0.0, 0.0
    flat = projected(points, camera).astype(np.float32)
    return _inside_share(flat, camera), float(cv2.contourArea(cv2.convexHull(flat)))
