"""What is compared: pictures of faces and of items, as two records kept them."""

from typing import NamedTuple


class FacePicture(NamedTuple):
    """A face's best picture, upright (JPEG), and how well it was seen: its shorter edge in full pixels, the cosine of
    the view, sharpness, the share of it in the frame and uncovered, and whether a waybill code was read on it."""

    jpeg: bytes
    edge_px: float
    cos: float
    sharpness: float
    share: float
    waybill: bool
