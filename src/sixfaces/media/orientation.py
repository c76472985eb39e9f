"""Turns pictures upright: the display matrix of a container and the eight orientations of EXIF."""

import math
from dataclasses import dataclass

import cv2
import numpy as np
from av.sidedata.sidedata import Type
from av.video.frame import VideoFrame

from sixfaces.media import side_data
from sixfaces.media.frames import Gray

_TURNS = {90: cv2.ROTATE_90_CLOCKWISE, 180: cv2.ROTATE_180, 270: cv2.ROTATE_90_COUNTERCLOCKWISE}


@dataclass(frozen=True, slots=True)
class Orientation:
    """How to show stored pixels: first mirrored left to right, then turned clockwise by `degrees` (0, 90, 180, 270)."""

    degrees: int = 0
    mirrored: bool = False

    @property
    def swaps(self) -> bool:
        """Whether width and height change places."""
        return self.degrees in (90, 270)

    def upright(self, pixels: Gray) -> Gray:
        """The picture as it is to be seen; the same array where nothing is to be done."""
        if self.mirrored:
            pixels = np.asarray(cv2.flip(pixels, 1), np.uint8)
        if self.degrees:
            pixels = np.asarray(cv2.rotate(pixels, _TURNS[self.degrees]), np.uint8)
        return pixels


EXIF = {
    1: Orientation(),
    2: Orientation(0, True),
    3: Orientation(180),
    4: Orientation(180, True),
    5: Orientation(270, True),
    6: Orientation(90),
    7: Orientation(90, True),
    8: Orientation(270),
}
"""The orientations by the value of EXIF tag 0x0112."""


def of_matrix(matrix: tuple[int, ...]) -> Orientation:
    """The nearest right-angled orientation of a display matrix (nine fixed-point numbers, row by row).

    The matrix sends a stored point (x, y), y downwards, to (a x + c y, b x + d y) with a, b, c, d at places 0, 1, 3, 4.
    """
    a, b, c, d = matrix[0], matrix[1], matrix[3], matrix[4]
    mirrored = a * d - b * c < 0
    if mirrored:
        a, b = -a, -b
    degrees = round(math.degrees(math.atan2(b, a)) / 90) * 90 % 360
    return Orientation(degrees, mirrored)


def of_frame(frame: VideoFrame) -> Orientation:
    """The orientation a decoded frame carries; upright where it says nothing."""
    for matrix in side_data.of(frame, Type.DISPLAYMATRIX):
        if len(matrix) >= 36:
            return of_matrix(tuple(int(number) for number in np.frombuffer(matrix[:36], dtype=np.int32)))
    return Orientation()
