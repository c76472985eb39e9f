"""A picture with its print covered by one flat colour. Nothing of what lay below is left in the pixels."""

from collections.abc import Collection

import cv2
import numpy as np

from sixfaces.media.frames import Bgr
from sixfaces.observe.cover.kept import Quad, ReadLines, codes_kept, lines_kept
from sixfaces.observe.cover.printed import Mask, printed

COLOUR = (205, 205, 205)
"""Light, so that bars beside it keep their quiet zone; grey, so that nobody takes it for paper."""

_GROWTH = 1.15
"""Lines that OCR found are covered with this margin: its quads cut ascenders."""

_LOOKED_AT = 2
"""Pictures are enlarged for OCR this many times: it was trained on larger print than small pictures have."""

_QUALITY = 85


def covered(bgr: Bgr, *, numbers: Collection[str] = (), read: ReadLines | None = None) -> Bgr:
    """The (h, w, 3) picture as everybody may see it. `numbers` are what codes of the exhibit say; with `read`, lines
    of a picture with a code are read, and those that are such a number or a carrier's name stay."""
    codes = codes_kept(bgr)
    mask = printed(bgr)
    stays = np.zeros(mask.shape, np.uint8)
    for code in codes:
        _fill(stays, code.quad)
    if read is not None and codes:
        large = cv2.resize(bgr, None, fx=_LOOKED_AT, fy=_LOOKED_AT, interpolation=cv2.INTER_CUBIC)
        lines = [line._replace(quad=line.quad / _LOOKED_AT) for line in read(np.asarray(large, np.uint8))]
        open_lines = lines_kept(lines, [*numbers, *(code.text for code in codes)])
        for line in lines:
            _fill(mask, line.quad.mean(axis=0) + (line.quad - line.quad.mean(axis=0)) * _GROWTH)
        for quad in open_lines:
            _fill(stays, quad)
    mask[stays == 1] = 0
    out = bgr.copy()
    out[mask == 1] = COLOUR
    return out


def _fill(mask: Mask, quad: Quad) -> None:
    cv2.fillConvexPoly(mask, np.round(quad).astype(np.int32), 1)


def jpeg_covered(data: bytes, *, numbers: Collection[str] = (), read: ReadLines | None = None) -> bytes | None:
    """The same of an encoded picture; None for one that is no picture."""
    picture = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR)
    if picture is None:
        return None
    out = covered(np.asarray(picture, np.uint8), numbers=numbers, read=read)
    done, encoded = cv2.imencode(".jpg", out, [cv2.IMWRITE_JPEG_QUALITY, _QUALITY])
    return encoded.tobytes() if done else None
