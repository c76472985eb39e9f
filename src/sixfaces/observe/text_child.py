"""The reading child: a second short process that reads by OCR the crops which the first one kept.

It runs in the same jail, after decoding has given its memory back. What it takes is bounded by the size at which print
is looked for and by the lines that are read, whatever a crop shows: `docs/observers/text.md` has the figures.
"""

import time
from collections.abc import Callable, Iterator

import cv2
import numpy as np
from numpy.typing import NDArray

from sixfaces.domain.facts import UnmeasuredFact
from sixfaces.domain.observation import Measured
from sixfaces.media.wire import Blob, ChildEnd, Kind, WireError, blob_of
from sixfaces.observe.messages import Done, Plan, Planned, Told
from sixfaces.observe.recogniser import recogniser
from sixfaces.observe.text import MEASURES, NAME, VERSION, Line, settles, voted
from sixfaces.observe.text_crops import time_of

Reader = Callable[[NDArray[np.uint8]], list[tuple[str, float]]]
"""From a (height, width, 3) picture to its lines of print with scores."""

_LOOKED_AT = 960
"""Long side in pixels at which lines are looked for: the detector's memory grows with the area it is shown."""

_LEAST_SIDE = 736
"""Small crops are enlarged towards this short side, at which the detector was trained; never beyond `_LOOKED_AT`."""

_MOST_LINES = 160
"""Lines read in one crop: a waybill has some sixty; a carpet or a page of small print can have a thousand."""


def main(line: ChildEnd) -> None:
    """Serve one request: crops in, facts out. Raises WireError if it is none."""
    message = line.receive()
    if message is None or message.kind is not Kind.REQUEST:
        raise WireError("the first message must be a request")
    started = time.perf_counter()
    cv2.setNumThreads(1)
    line.send_model(Kind.PLAN, Plan(observers=(Planned(name=NAME, version=VERSION),)))
    for measured in read_text(list(_crops(line))):
        line.send_model(Kind.FACT, Told(observer=NAME, measured=measured))
    line.send_model(Kind.DONE, Done(decode_s=time.perf_counter() - started))


def read_text(crops: list[Blob], reader: Reader | None = None) -> list[Measured]:
    """The facts in the crops, best crop first; one hole if the OCR extra is not installed."""
    read = reader or _rapidocr()
    if read is None:
        detail = "the OCR extra is not installed: pip install 'sixfaces[ocr]'"
        return [Measured(fact=UnmeasuredFact(of=MEASURES, code="ocr_missing", detail=detail))]
    lines: list[Line] = []
    for crop in sorted(crops, key=lambda crop: crop.name):
        picture = cv2.imdecode(np.frombuffer(crop.data, np.uint8), cv2.IMREAD_COLOR)
        if picture is None:
            continue
        lines += [Line(text, score, time_of(crop.name)) for text, score in read(np.asarray(picture, np.uint8))]
        if settles(lines):
            break
    return voted(lines)


def _crops(line: ChildEnd) -> Iterator[Blob]:
    while (message := line.receive()) is not None:
        if message.kind is not Kind.CROP:
            raise WireError("after the request only crops may come")
        yield blob_of(message)


def _rapidocr() -> Reader | None:
    """The lines and scores of the recogniser, if it is installed."""
    engine = recogniser(most_lines=_MOST_LINES, long_side=_LOOKED_AT)
    if engine is None:
        return None

    def read(picture: NDArray[np.uint8]) -> list[tuple[str, float]]:
        found = engine(_enlarged(picture))
        return list(zip(found.txts or (), (float(score) for score in found.scores or ()), strict=True))

    return read


def _enlarged(picture: NDArray[np.uint8]) -> NDArray[np.uint8]:
    factor = min(_LEAST_SIDE / min(picture.shape[:2]), _LOOKED_AT / max(picture.shape[:2]))
    if factor <= 1:
        return picture
    return np.asarray(cv2.resize(picture, None, fx=factor, fy=factor, interpolation=cv2.INTER_CUBIC), np.uint8)
