"""What a decoded frame carries beside its pixels."""

from typing import Any

from av.sidedata.sidedata import Type
from av.video.frame import VideoFrame


def of(frame: VideoFrame, kind: Type) -> list[bytes]:
    """All side data of `kind`, as bytes. (PyAV's stubs describe a dictionary; it is a sequence of buffers.)"""
    data: Any = frame.side_data
    return [bytes(datum) for datum in data if datum.type == kind]
