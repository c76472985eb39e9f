"""Drawn boxes as two records would have kept their faces."""

from dataclasses import dataclass

import cv2
import numpy as np

from sixfaces.domain.parcel_facts import Face
from sixfaces.media.frames import Bgr
from sixfaces.observe.outbound.pictures import FacePicture
from sixfaces.observe.parcel.symmetric import GROUP
from tests.unit.parcel.shipped_boxes import Filming, carton, filmed

EDGES = (340.0, 260.0, 190.0)
SHARP = Filming(px=(320, 520), angle_deg=25, blur_px=(0.4, 0.8), off=0.008, noise=2.0)


@dataclass(frozen=True)
class Drawn:
    """Seeds of the print (None: plain), of the label (None: without), and of what is the box's own."""

    printed: int | None = 3
    label: int | None = 3
    own: int = 3


def faces(box: Drawn, *, take: int, turn: int = 0, how: Filming = SHARP) -> dict[Face, FacePicture]:
    """The faces of a take; the label's is marked as read."""
    made = carton(np.array(EDGES), print_seed=box.printed, label_seed=box.label, tape_seed=box.own)
    side = filmed(made, seed=take, turn=GROUP[turn], how=how)
    found = {}
    for face, (view, *_) in side.pictures.items():
        seen = view.view
        found[face] = FacePicture(
            view.jpeg(), seen.edge_px, seen.cos, seen.sharpness, seen.share, waybill=bool(seen.label.any())
        )
    return found


def _decoded(picture: FacePicture) -> Bgr:
    found = cv2.imdecode(np.frombuffer(picture.jpeg, np.uint8), cv2.IMREAD_COLOR)
    assert found is not None
    return np.asarray(found, np.uint8)


def stained(pictures: dict[Face, FacePicture], *, own: int) -> dict[Face, FacePicture]:
    """The same faces with faint stains of the board's own, wherever the faces show it."""
    found = {}
    for number, (face, picture) in enumerate(pictures.items()):
        bgr = _decoded(picture)
        dice = np.random.default_rng([own, number])
        coarse = dice.normal(0, 9, (14, 14)).astype(np.float32)
        marks = cv2.resize(coarse, (bgr.shape[1], bgr.shape[0]), interpolation=cv2.INTER_CUBIC)
        marked = np.clip(bgr + marks[..., None], 0, 255).astype(np.uint8)
        jpeg = cv2.imencode(".jpg", marked, [cv2.IMWRITE_JPEG_QUALITY, 92])[1].tobytes()
        found[face] = picture._replace(jpeg=jpeg)
    return found


def stuck(picture: FacePicture, *, tone: int = 245) -> FacePicture:
    """A sheet of paper with lines, or a dark stain, over a part of the face."""
    bgr = _decoded(picture)
    height, width = bgr.shape[:2]
    left, top, right, low = (round(s) for s in (0.15 * width, 0.3 * height, 0.4 * width, 0.6 * height))
    cv2.rectangle(bgr, (left, top), (right, low), (tone, tone, tone), -1)
    for y in range(top + 6, low - 4, 9) if tone > 128 else ():
        cv2.putText(bgr, "SF 4471 0096", (left + 4, y + 6), cv2.FONT_HERSHEY_SIMPLEX, 0.3, (20, 20, 20), 1, cv2.LINE_AA)
    return picture._replace(jpeg=cv2.imencode(".jpg", bgr, [cv2.IMWRITE_JPEG_QUALITY, 92])[1].tobytes())
