"""Draws a sample clip: a labelled box that is turned before the camera, for a first try without footage at hand.

It is a drawing and says so in its own picture: no hands, no tape, nothing is opened. The rules will miss that.
"""

import itertools
import math
from fractions import Fraction
from pathlib import Path

import av
import cv2
import numpy as np
import zxingcpp
from numpy.typing import NDArray

from sixfaces.media.frames import Bgr

WIDTH, HEIGHT, FPS = 960, 540, 12
BOX = (1.5, 1.0, 1.1)
"""Width, height and depth of the box; the camera stands DISTANCE before its middle."""

DISTANCE, FOCAL = 4.6, 1350.0
TEXTURE_PX = 360
CARDBOARD, EDGE, TABLE = (112, 158, 190), (70, 104, 130), (172, 176, 178)

Points = NDArray[np.float64]

FACES: tuple[tuple[str, tuple[int, int, int, int]], ...] = (
    ("FRONT", (0, 1, 2, 3)),
    ("BACK", (5, 4, 7, 6)),
    ("LEFT", (4, 0, 3, 7)),
    ("RIGHT", (1, 5, 6, 2)),
    ("TOP", (4, 5, 1, 0)),
    ("BOTTOM", (3, 2, 6, 7)),
)
"""Corners of each face, clockwise from its top left as seen from outside."""

VIEWS = ((0, 0), (0, 0), (-90, 0), (-180, 0), (-270, 0), (-360, 0), (-360, 90), (-360, 0), (-360, -90), (-360, 0))
"""Turn and tilt in degrees, one after the other: every face once, the labelled front first and last."""

HOLD_S, TURN_S = 0.9, 0.7


def draw_sample_clip(path: Path, waybill: str) -> None:
    """Write an H.264 MP4 of about 16 s with the waybill's barcode on the box's front."""
    textures = {name: _texture(name, waybill if name == "FRONT" else None) for name, _ in FACES}
    with av.open(str(path), "w", format="mp4") as container:
        stream = container.add_stream("libx264", rate=FPS, options={"crf": "23", "preset": "veryfast", "threads": "1"})
        stream.width, stream.height, stream.pix_fmt = WIDTH, HEIGHT, "yuv420p"
        stream.time_base = Fraction(1, FPS)
        grain = np.random.default_rng(6).normal(0, 2.0, (HEIGHT, WIDTH, 1)).astype(np.int16)
        for index, (turn, tilt) in enumerate(_path()):
            picture = _picture(textures, turn, tilt)
            rolled = np.roll(grain, (37 * index, 101 * index), (0, 1))
            frame = np.clip(picture + rolled, 0, 255).astype(np.uint8)
            container.mux(stream.encode(av.VideoFrame.from_ndarray(frame, format="bgr24")))
        container.mux(stream.encode(None))


def _path() -> list[tuple[float, float]]:
    """Turn and tilt of every frame: held at each view, eased between them."""
    poses: list[tuple[float, float]] = []
    for (turn, tilt), (next_turn, next_tilt) in itertools.pairwise(VIEWS):
        poses += [(turn, tilt)] * round(HOLD_S * FPS)
        steps = round(TURN_S * FPS)
        for step in range(steps):
            share = (1 - math.cos(math.pi * step / steps)) / 2
            poses.append((turn + share * (next_turn - turn), tilt + share * (next_tilt - tilt)))
    return poses


def _picture(textures: dict[str, Bgr], turn: float, tilt: float) -> Bgr:
    frame = np.full((HEIGHT, WIDTH, 3), TABLE, np.uint8)
    frame[: HEIGHT // 3] = (140, 146, 150)
    corners, depth = _projected(turn, tilt)
    for name, index in sorted(FACES, key=lambda face: -float(depth[list(face[1])].mean())):
        quad = corners[list(index)].astype(np.float32)
        if _signed_area(quad) <= 0:
            continue
        _lay(frame, textures[name], quad)
    cv2.putText(frame, "sixfaces sample - drawn, not filmed", (16, HEIGHT - 16), 0, 0.5, (90, 90, 90), 1, cv2.LINE_AA)
    return frame


def _projected(turn: float, tilt: float) -> tuple[Points, Points]:
    """The box's eight corners in pixels, (8, 2), and their depths, (8,)."""
    x, y, z = (side / 2 for side in BOX)
    corners = np.array(
        [(-x, -y, -z), (x, -y, -z), (x, y, -z), (-x, y, -z), (-x, -y, z), (x, -y, z), (x, y, z), (-x, y, z)]
    )
    a, b = math.radians(turn + 8), math.radians(tilt - 9)
    around = np.array([(math.cos(a), 0, math.sin(a)), (0, 1, 0), (-math.sin(a), 0, math.cos(a))])
    over = np.array([(1, 0, 0), (0, math.cos(b), math.sin(b)), (0, -math.sin(b), math.cos(b))])
    placed = corners @ around.T @ over.T + (0, 0, DISTANCE)
    return placed[:, :2] / placed[:, 2:] * FOCAL + (WIDTH / 2, HEIGHT / 2), placed[:, 2]


def _signed_area(quad: NDArray[np.float32]) -> float:
    x, y = quad[:, 0], quad[:, 1]
    return float(np.dot(x, np.roll(y, -1)) - np.dot(y, np.roll(x, -1)))


def _lay(frame: Bgr, texture: Bgr, quad: NDArray[np.float32]) -> None:
    """Lay a face's texture onto its place in the frame, touching no more of it than the face covers."""
    left, top, wide, high = cv2.boundingRect(quad)
    left, top, right, bottom = max(left, 0), max(top, 0), min(left + wide, WIDTH), min(top + high, HEIGHT)
    part = frame[top:bottom, left:right]
    quad = quad - np.array((left, top), np.float32)
    height, width = texture.shape[:2]
    flat = np.array([(0, 0), (width, 0), (width, height), (0, height)], np.float32)
    size = (right - left, bottom - top)
    laid = cv2.warpPerspective(texture, cv2.getPerspectiveTransform(flat, quad), size, borderMode=cv2.BORDER_REPLICATE)
    mask = np.zeros(part.shape[:2], np.uint8)
    cv2.fillConvexPoly(mask, quad.astype(np.int32), 255)
    part[mask > 0] = laid[mask > 0]


def _texture(name: str, waybill: str | None) -> Bgr:
    face = np.full((TEXTURE_PX, round(TEXTURE_PX * BOX[0]), 3), CARDBOARD, np.uint8)
    grain = np.random.default_rng(len(name)).normal(0, 5, face.shape[:2])[..., None]
    face = np.clip(face + grain, 0, 255).astype(np.uint8)
    cv2.rectangle(face, (0, 0), (face.shape[1] - 1, TEXTURE_PX - 1), EDGE, 5)
    cv2.putText(face, name, (24, TEXTURE_PX - 28), 0, 1.6, EDGE, 4, cv2.LINE_AA)
    if waybill is not None:
        _stick_label(face, waybill)
    return face


def _stick_label(face: Bgr, waybill: str) -> None:
    """A white label with the waybill as Code128 and in print."""
    bars = np.asarray(zxingcpp.create_barcode(waybill, zxingcpp.BarcodeFormat.Code128).to_image(scale=2))
    height, width = 120, bars.shape[1]
    bars = np.repeat(bars[:1], height, axis=0)
    top, left = 30, (face.shape[1] - width) // 2
    face[top - 16 : top + height + 60, left - 20 : left + width + 20] = 250
    face[top : top + height, left : left + width] = bars[..., None]
    cv2.putText(face, waybill, (left + 20, top + height + 38), 0, 1.0, (20, 20, 20), 2, cv2.LINE_AA)
