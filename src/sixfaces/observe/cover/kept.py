"""What stays visible although it is print: codes that name a thing and nobody, and lines that were surely read as such.

1. A code is looked for in the picture itself. It stays if all that it says is one number or one link without personal
   data; one that says more (a waybill's matrix code often holds a phone number) is covered like print.
2. A line stays if OCR read it with a score of at least 0.9 and all that it says is the number of a code of this
   exhibit, or a carrier's name. What was not read so surely is covered.
"""

import re
from collections.abc import Callable, Collection
from typing import Any, NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from sixfaces.domain.personal import masked_text
from sixfaces.media.frames import Bgr
from sixfaces.observe.code_reading import Effort, find_bars, new_localiser, read_region, same_place
from sixfaces.observe.ink import Region
from sixfaces.observe.masking import folded
from sixfaces.observe.recogniser import recogniser

Quad = NDArray[np.float64]

SURE = 0.9
_TOKEN = re.compile(r"[A-Za-z0-9][A-Za-z0-9./_-]{3,47}")
_LINK = re.compile(r"https?://[\x21-\x7e]{1,400}")
_LEAST_NUMBER = 6
_EDGE, _BESIDE = 0.12, 0.02
"""Of the outline's height, and of its length."""

CARRIERS = frozenset(
    (
        *(
            "顺丰速运",
            "顺丰",
            "中通快递",
            "中通",
            "圆通速递",
            "圆通",
            "申通快递",
            "申通",
            "韵达快递",
            "韵达",
            "极兔速递",
        ),
        *(
            "京东快递",
            "京东物流",
            "德邦快递",
            "邮政快递包裹",
            "中国邮政",
            "EMS",
            "SFEXPRESS",
            "SF",
            "ZTO",
            "YTO",
            "STO",
        ),
        *("DHL", "FEDEX", "UPS", "USPS", "DPD", "GLS", "FRAGILE", "易碎", "易碎品", "轻拿轻放", "向上"),
    )
)
"""As they are printed, without spaces and in capitals; among them what cartons say of how to handle them."""


class Line(NamedTuple):
    """A line as OCR read it: (4, 2) corners in pixels, its text, the score 0..1."""

    quad: Quad
    text: str
    score: float


ReadLines = Callable[[Bgr], list[Line]]


class Code(NamedTuple):
    """A code that stays: (4, 2) corners in pixels, and what it says."""

    quad: Quad
    text: str


def codes_kept(bgr: Bgr) -> list[Code]:
    """1."""
    gray = np.asarray(cv2.cvtColor(bgr, cv2.COLOR_BGR2GRAY), np.uint8)
    height, width = gray.shape
    whole, localiser = Region(0, 0, width, height, 0.0), new_localiser()
    found = read_region(gray, whole, localiser, effort=Effort.SEARCH)
    named = [code for code in found if _is_of_a_thing(code.text, code.format)]
    bars = [_inner(quad) for quad in find_bars(gray, localiser)] if named else []
    return [Code(_whole_of(code.quad, bars), code.text) for code in named]


def _whole_of(quad: Quad, bars: list[Quad]) -> Quad:
    """Bars may be read from a few rows: where the localiser outlined them, all that it outlined stays."""
    around = [one for one in bars if same_place(one, quad) and _height(one) > _height(quad)]
    return max(around, key=_height, default=quad)


def _inner(quad: Quad) -> Quad:
    """Less of the height than was outlined, and more of the length: print stands above and below bars, never beside."""
    top_left, top_right, bottom_right, bottom_left = quad
    left, right = (bottom_left - top_left) * _EDGE, (bottom_right - top_right) * _EDGE
    beside = (top_right - top_left) * _BESIDE
    return np.array([top_left + left - beside, top_right + right + beside, bottom_right - right + beside,
                     bottom_left - left - beside])  # fmt: skip


def _height(quad: Quad) -> float:
    return float(np.linalg.norm(quad[3] - quad[0]) + np.linalg.norm(quad[2] - quad[1]))


def lines_kept(lines: Collection[Line], numbers: Collection[str]) -> list[Quad]:
    """2. `numbers` are what codes of the exhibit say."""
    known = {_plain(number) for number in numbers if len(number) >= _LEAST_NUMBER}
    return [line.quad for line in lines if line.score >= SURE and _plain(line.text) in known | CARRIERS]


def _is_of_a_thing(text: str, format: str) -> bool:
    """A matrix code of one number may be a phone's as well; bars never are."""
    if _LINK.fullmatch(text):
        return masked_text(text) == text
    is_matrix = format in {"QRCode", "MicroQRCode", "DataMatrix", "Aztec", "PDF417"}
    return _TOKEN.fullmatch(text) is not None and (not is_matrix or masked_text(text) == text)


def _plain(text: str) -> str:
    return re.sub(r"[\s·-]+", "", folded(text)).upper()


def line_reader(most_lines: int, long_side: int) -> ReadLines | None:
    """The recogniser of the extra, on one thread, if it is installed."""
    engine = recogniser(most_lines=most_lines, long_side=long_side)
    if engine is None:
        return None

    def read(bgr: Bgr) -> list[Line]:
        found: Any = engine(bgr)
        boxes = () if found.boxes is None else found.boxes
        read_as = zip(boxes, found.txts or (), found.scores or (), strict=True)
        return [Line(np.asarray(box, np.float64).reshape(4, 2), text, float(score)) for box, text, score in read_as]

    return read
