"""A box painted by warping pictures of its faces into a frame: exact poses and maps for tests about faces."""

from collections.abc import Mapping

import cv2
import numpy as np
from numpy.typing import NDArray

from sixfaces.domain.parcel_facts import Face
from sixfaces.domain.time import MediaTime
from sixfaces.media.frames import Bgr, FullFrame, MediumFrame
from sixfaces.observe.parcel.cuboid import FACES
from sixfaces.observe.parcel.look import GRID, MAPS, Crop, Look
from sixfaces.observe.parcel.pose import CORNERS, Pose
from sixfaces.observe.parcel.slots import facing, quads

Real = NDArray[np.float64]

WIDTH, HEIGHT = 640, 360
FOCAL_PX = 544.0
EDGES: Real = np.array([0.34, 0.25, 0.19]) / (np.linalg.norm([0.34, 0.25, 0.19]) / 2)
IDENTITY: Real = np.eye(3)

SHOWING: dict[Face, tuple[float, float]] = {
    Face.TOP: (0.0, 90.0), Face.BOTTOM: (0.0, -90.0), Face.FRONT: (0.0, 0.0), Face.BACK: (180.0, 0.0),
    Face.RIGHT: (90.0, 0.0), Face.LEFT: (-90.0, 0.0),
}  # fmt: skip
"""Turns in degrees (about the parcel's upright axis, then towards the camera) that show a face frontally, upright."""


def at(seconds: float) -> MediaTime:
    """A moment in milliseconds."""
    return MediaTime(ticks=round(seconds * 1000), den=1000)


def turned(face: Face, aside_deg: float = 0.0) -> Real:
    """(3, 3) parcel axes to camera axes with a face towards the camera, then turned aside by some degrees."""
    upright = np.array([[1.0, 0, 0], [0, 0, -1], [0, 1, 0]])  # x right, z up, y away from the camera
    about, towards = (np.radians(angle) for angle in SHOWING[face])
    spin = _about(2, -about)
    tip = _about(0, towards)
    aside = _about(1, np.radians(aside_deg))
    rotation: Real = aside @ tip @ upright @ spin
    return rotation


def _about(axis: int, angle: float) -> Real:
    cos, sin = np.cos(angle), np.sin(angle)
    first, second = (axis + 1) % 3, (axis + 2) % 3
    turn = np.eye(3)
    turn[first, first] = turn[second, second] = cos
    turn[second, first], turn[first, second] = sin, -sin
    return turn


def pose(rotation: Real, *, time_s: float = 0.0, index: int = 0, away: float = 5.0, turn: Real = IDENTITY) -> Pose:
    """The box before the camera, as a tracker sees it whose axes are off by `turn` (true = tracked @ turn)."""
    tracked, edges = rotation @ turn.T, np.abs(turn) @ EDGES
    place = np.array([0.0, 0.0, away])
    space = (np.array(CORNERS) * edges / 2) @ tracked.T + place
    corners = space[:, :2] / space[:, 2:] * FOCAL_PX + (WIDTH / 2, HEIGHT / 2)
    return Pose(at(time_s), index, tracked, place, edges, corners, 0.9)


def painted(true: Pose, faces: Mapping[Face, Bgr], *, scale: int = 1) -> Bgr:
    """(height, width, 3) the box with these pictures upon its faces before a grey wall."""
    frame = np.full((HEIGHT * scale, WIDTH * scale, 3), 90, np.uint8)
    for slot in np.flatnonzero(facing(true) > 0.02):
        picture = faces[FACES[slot]]
        height, width = picture.shape[:2]
        flat = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
        forth = cv2.getPerspectiveTransform(flat, (quads(true.corners)[slot] * scale).astype(np.float32))
        size = (WIDTH * scale, HEIGHT * scale)
        cover = cv2.warpPerspective(np.full((height, width), 255, np.uint8), forth, size)
        frame[cover > 127] = cv2.warpPerspective(picture, forth, size)[cover > 127]
    return frame


def look(seen: Pose, *, label: int | None = None, hand: NDArray[np.float32] | None = None) -> Look:
    """What a perfect network says of the box: its outline, and one slot wholly under the label if asked for."""
    middle = (seen.corners.max(axis=0) + seen.corners.min(axis=0)) / 2
    side = float((seen.corners.max(axis=0) - seen.corners.min(axis=0)).max() * 1.3)
    maps = np.zeros((len(MAPS), GRID, GRID), np.float32)
    for slot in np.flatnonzero(facing(seen) > 0):
        cells = (quads(seen.corners)[slot] - middle) / side * GRID + (GRID - 1) / 2
        for chart in ("parcel", "label") if slot == label else ("parcel",):
            cv2.fillConvexPoly(maps[MAPS.index(chart)], np.round(cells * 16).astype(np.int32), 1.0, shift=4)
    if hand is not None:
        maps[MAPS.index("hand")] = hand
        maps[MAPS.index("parcel")] *= 1 - hand
    crop = Crop(float(middle[0]), float(middle[1]), side)
    none = np.zeros(4)
    return Look(crop, np.zeros(15), np.zeros(6), np.zeros(2), 0.0, none, none, np.zeros(3), maps)


def medium(picture: Bgr, *, time_s: float = 0.0, index: int = 0) -> MediumFrame:
    """A medium frame of a picture."""
    return MediumFrame(index, at(time_s), picture, np.asarray(cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY), np.uint8))


def full(picture: Bgr, *, time_s: float = 0.0, index: int = 0) -> FullFrame:
    """A full frame of a picture."""
    gray = np.asarray(cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY), np.uint8)
    return FullFrame(index, at(time_s), gray, lambda: picture)


def lettered() -> dict[Face, Bgr]:
    """Six faces with their names upon them, upright."""
    faces = {}
    for face, size in zip(FACES, ((340, 250), (340, 250), (340, 190), (340, 190), (250, 190), (250, 190)), strict=True):
        picture = np.full((size[1], size[0], 3), (110, 160, 200), np.uint8)
        cv2.rectangle(picture, (12, 12), (70, 40), (30, 30, 40), -1)
        cv2.putText(picture, face.value, (30, 120), cv2.FONT_HERSHEY_SIMPLEX, 1.6, (20, 20, 30), 4)
        faces[face] = picture
    return faces
