"""Perceptual hashes: what a picture looks like in 256 bits (docs/observers/fingerprints.md says how well)."""

import cv2
import numpy as np

from sixfaces.domain.fingerprint import SIDE
from sixfaces.media.frames import Gray

ALGORITHM = "dct-sign-256/1"

THUMB = 64

RICH_STEP = 6.0
"""Mean step in grey levels between neighbours of the 64 x 64 picture at which the quality reaches 1. Plain grey
walls have less than 1, a parcel on a plain table 1.5 to 4, a shelf or a street 6 to 15."""


def fingerprint(gray: Gray) -> tuple[str, float]:
    """The fingerprint of one picture as 64 hexadecimal digits, and its quality 0..1.

    `gray` is (height, width) luma, any size. Measured against the copies listed in docs/observers/fingerprints.md.
    """
    small = cv2.resize(gray, (THUMB, THUMB), interpolation=cv2.INTER_AREA).astype(np.float32)
    low = cv2.dct(small)[1 : SIDE + 1, 1 : SIDE + 1]
    bits = np.packbits((low > 0).reshape(-1))
    steps = float(np.abs(np.diff(small, axis=0)).mean() + np.abs(np.diff(small, axis=1)).mean()) / 2
    return bits.tobytes().hex(), round(min(1.0, steps / RICH_STEP), 4)
