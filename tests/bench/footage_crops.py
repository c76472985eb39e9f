"""Crops around labelled parcels: what the network is shown, and what it ought to say of it."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import av
import cv2
import numpy as np
from numpy.typing import NDArray

from fixtures.real_truth import Body, Label, projected
from sixfaces.media.frames import MEDIUM_LONG_SIDE, Bgr
from sixfaces.observe.parcel.look import GRID, INPUT, PADDING, Crop
from sixfaces.observe.parcel.turns import between

Real = NDArray[np.float64]
Floats = NDArray[np.float32]

ROOM = 1.3
"""Side of the plain crop in longer sides of the parcel's outline."""
JITTERED = 3
WIDEST, TIGHTEST = 1.9, 1.05
SHIFT = 0.08
"""Standard deviation of the jitter in crop sides: a tracker that is a little off."""
STATE_OF_STAGE = {"sealed": "closed", "showing": "closed", "opening": "opening", "open": "open", "item_out": "item_out"}


@dataclass(frozen=True, slots=True)
class Shot:
    """One crop. label: in pixels of the medium frame. image: (3, INPUT, INPUT) RGB, 0..1. mask: (GRID, GRID), what is
    visible of the parcel. plain: not jittered."""

    label: Label
    crop: Crop
    image: Floats
    mask: NDArray[np.bool_]
    plain: bool


def rendered(truth: Path, every: int = 4) -> tuple[Label, ...]:
    """Every n-th frame of a rendered take. The outline is the closed box's: flaps and hands are not in its truth."""
    told = json.loads(truth.read_text("utf-8"))
    size, edges = (told["width"], told["height"]), np.array(next(iter(told["parcels"].values()))["dims_m"])
    labels = []
    for frame in told["frames"][::every]:
        half = float(np.linalg.norm(edges)) / 2
        body = Body(told["intrinsics"]["fx"], np.array(frame["R_cam"]), np.array(frame["t_cam"]) / half, edges / half)
        corners = projected(body, size)
        hull = cv2.convexHull(corners.astype(np.float32))[:, 0]
        label = Label(truth.name.replace(".truth.json", ".mp4"), frame["time"], size, "render", "box",
                      STATE_OF_STAGE[frame["stage"]], dict(enumerate(corners)), body, hull.astype(float))  # fmt: skip
        labels.append(label)
    return tuple(labels)


def pictures(path: Path, labels: tuple[Label, ...]) -> Iterator[tuple[Bgr, Label]]:
    """Each labelled frame of a photo or video with its label. Raises FileNotFoundError, ValueError and
    av.error.FFmpegError."""
    if not path.exists():
        raise FileNotFoundError(path)
    if labels[0].time is None:
        photo = cv2.imread(str(path), cv2.IMREAD_COLOR | cv2.IMREAD_IGNORE_ORIENTATION)
        if photo is None:
            raise ValueError(f"{path} cannot be decoded")
        yield photo.astype(np.uint8), labels[0]
        return
    wanted = {round(label.time, 3): label for label in labels if label.time is not None}
    with av.open(str(path)) as media:
        for frame in media.decode(video=0):
            label = wanted.get(round(float(frame.time or 0.0), 3))
            if label is not None:
                yield frame.to_ndarray(format="bgr24").astype(np.uint8, copy=False), label


def medium(picture: Bgr, label: Label) -> tuple[Bgr, Label]:
    """Both at the size the observer works on."""
    scale = min(1.0, MEDIUM_LONG_SIDE / max(label.size))
    size = (round(label.size[0] * scale), round(label.size[1] * scale))
    body = None if label.body is None else replace(label.body, focal=label.body.focal * scale)
    smaller = replace(
        label,
        size=size,
        body=body,
        polygon=label.polygon * scale,
        corners={i: xy * scale for i, xy in label.corners.items()},
        covered=tuple(part * scale for part in label.covered),
    )
    return np.asarray(cv2.resize(picture, size, interpolation=cv2.INTER_AREA), np.uint8), smaller


def shots(picture: Bgr, label: Label, rng: np.random.Generator) -> list[Shot]:
    """The plain crop and JITTERED others of a medium frame."""
    crops = [_around(label)]
    for _ in range(JITTERED):
        side = crops[0].side / ROOM * float(np.exp(rng.uniform(np.log(TIGHTEST), np.log(WIDEST))))
        x, y = rng.normal(0, SHIFT, 2) * side
        crops.append(Crop(crops[0].x + float(x), crops[0].y + float(y), side))
    return [Shot(label, crop, _cut(picture, crop), _mask(label, crop), k == 0) for k, crop in enumerate(crops)]


def crop_axes(label: Label, crop: Crop, focal: float) -> Real:
    """(3, 3) directions of the crop's camera to those of the frame's, for the focal length the footage really had."""
    towards = np.array([crop.x - label.size[0] / 2, crop.y - label.size[1] / 2, focal])
    return between(np.array([0.0, 0.0, 1.0]), towards / float(np.linalg.norm(towards)))


def rotation_in_crop(shot: Shot) -> Real | None:
    """(3, 3) the box's orientation as seen along the crop's own axis."""
    body = shot.label.body
    return None if body is None else crop_axes(shot.label, shot.crop, body.focal).T @ body.rotation


def box_size(label: Label) -> float:
    """Longer side of the bounding box of all eight corners, in pixels."""
    if label.body is None:
        raise ValueError("only a box with a pose has eight corners")
    corners = projected(label.body, label.size)
    return float((corners.max(0) - corners.min(0)).max())


def _around(label: Label) -> Crop:
    if not len(label.polygon):
        return Crop(label.size[0] / 2, label.size[1] / 2, 0.6 * min(label.size))
    low, high = label.polygon.min(0), label.polygon.max(0)
    return Crop(float(low[0] + high[0]) / 2, float(low[1] + high[1]) / 2, ROOM * float((high - low).max()))


def _window(crop: Crop, cells: int) -> Real:
    """(2, 3) frame pixels to cells of the crop, both counted from the edge."""
    scale = cells / crop.side
    return np.array([[scale, 0, cells / 2 - scale * crop.x], [0, scale, cells / 2 - scale * crop.y]])


def _cut(picture: Bgr, crop: Crop) -> Floats:
    cells = INPUT * max(1, round(crop.side / INPUT))
    window = _window(crop, cells)
    window[:, 2] += window[0, 0] / 2 - 0.5  # warpAffine counts pixels from their middles
    cut = cv2.warpAffine(picture, window, (cells, cells), flags=cv2.INTER_LINEAR, borderValue=(PADDING,) * 3)
    small = cv2.resize(cut, (INPUT, INPUT), interpolation=cv2.INTER_AREA)
    return np.ascontiguousarray(small[..., ::-1].transpose(2, 0, 1)).astype(np.float32) / np.float32(255)


def _mask(label: Label, crop: Crop) -> NDArray[np.bool_]:
    cells = GRID * 8
    window = _window(crop, cells)
    drawn = np.zeros((cells, cells), np.uint8)
    for value, parts in ((255, (label.polygon,)), (0, label.covered)):
        for part in parts:
            if len(part):
                points = part @ window[:, :2].T + window[:, 2] - 0.5
                cv2.fillPoly(drawn, [np.round(points).astype(np.int32)], [value])
    share = cv2.resize(drawn, (GRID, GRID), interpolation=cv2.INTER_AREA)
    return np.asarray(share > 127)
