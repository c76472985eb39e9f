"""The fitting child: pictures come from a process that decoded foreign bytes, so they are decoded in a jail as well."""

import time

import cv2
import numpy as np

from sixfaces.media.frames import Bgr
from sixfaces.media.wire import ChildEnd, Kind, WireError, blob_of
from sixfaces.observe.cover.child import Sparing
from sixfaces.observe.cover.covered import covered
from sixfaces.observe.fitting.messages import Fitting, Size, picture_name
from sixfaces.observe.messages import Done


def main(line: ChildEnd) -> None:
    """Serve one request. Raises WireError if it is none."""
    started = time.perf_counter()
    cv2.setNumThreads(1)
    message = line.receive()
    if message is None or message.kind is not Kind.REQUEST:
        raise WireError("the first message must be a request")
    asked = Fitting.model_validate_json(message.payload)
    reader = Sparing()
    held = []
    while (message := line.receive()) is not None:
        if message.kind is not Kind.CROP:
            raise WireError("after the request only pictures may come")
        held.append(blob_of(message).data)
    for number, data in enumerate(held):
        bgr = _decoded(data)
        if bgr is None:
            continue
        if asked.cover:
            bgr = covered(bgr, numbers=asked.numbers, read=reader)
        for place, size in enumerate(asked.sizes):
            line.send_blob(Kind.PICTURE, picture_name(number, place), fitted(bgr, size, grey=asked.grey))
    line.send_model(Kind.DONE, Done(decode_s=time.perf_counter() - started))


def fitted(bgr: Bgr, size: Size, *, grey: bool) -> bytes:
    """The (h, w, 3) picture as JPEG in this size."""
    height, width = bgr.shape[:2]
    scale = min(1.0, size.longest / max(height, width))
    if scale < 1:
        smaller = (max(1, round(width * scale)), max(1, round(height * scale)))
        bgr = np.asarray(cv2.resize(bgr, smaller, interpolation=cv2.INTER_AREA), np.uint8)
    picture = cv2.cvtColor(bgr, cv2.COLOR_BGR2GRAY) if grey else bgr
    _, encoded = cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, size.quality])
    return encoded.tobytes()


def _decoded(data: bytes) -> Bgr | None:
    picture = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR)
    return None if picture is None else np.asarray(picture, np.uint8)
