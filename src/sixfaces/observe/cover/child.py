"""The covering child: a last short process that makes a masked twin of each derived picture.

It runs in the same jail: the pictures came from a process that decoded foreign bytes. What one picture costs is bounded
by its size; reading print is dearer by far, and so is done in a few pictures that show a code.
"""

import time
from collections.abc import Iterator

import cv2

from sixfaces.domain.twins import twin_of
from sixfaces.media.frames import Bgr
from sixfaces.media.wire import Blob, ChildEnd, Kind, WireError, blob_of
from sixfaces.observe.cover.covered import jpeg_covered
from sixfaces.observe.cover.kept import Line, ReadLines, line_reader
from sixfaces.observe.cover.messages import Covering
from sixfaces.observe.messages import Done

MOST_READ = 6
"""Pictures in which print is read: of a parcel's label there are seldom more."""

_MOST_LINES = 60
_LOOKED_AT = 960


def main(line: ChildEnd) -> None:
    """Serve one request. Raises WireError if it is none."""
    started = time.perf_counter()
    cv2.setNumThreads(1)
    message = line.receive()
    if message is None or message.kind is not Kind.REQUEST:
        raise WireError("the first message must be a request")
    asked = Covering.model_validate_json(message.payload)
    reader = Sparing()
    for picture in _pictures(line):
        twin = jpeg_covered(picture.data, numbers=asked.numbers, read=reader)
        if twin is not None:
            line.send_blob(Kind.PICTURE, twin_of(f"{picture.name}.jpg"), twin)
    line.send_model(Kind.DONE, Done(decode_s=time.perf_counter() - started))


def _pictures(line: ChildEnd) -> Iterator[Blob]:
    """All of them, in the order in which they were sent; whoever sends has the last word before the first answer."""
    held: list[Blob] = []
    while (message := line.receive()) is not None:
        if message.kind is not Kind.CROP:
            raise WireError("after the request only pictures may come")
        held.append(blob_of(message))
    yield from held


class Sparing:
    """Reads lines in the first few pictures that ask for it. The recogniser is loaded for the first of them; without
    the OCR extra no line is ever read, and so none stays."""

    def __init__(self, most: int = MOST_READ) -> None:
        self._left = most
        self._read: ReadLines | None = None

    def __call__(self, bgr: Bgr) -> list[Line]:
        if self._left == 0:
            return []
        if self._read is None:
            self._read = line_reader(_MOST_LINES, _LOOKED_AT) or (lambda picture: [])
        self._left -= 1
        return self._read(bgr)
