"""The moving picture of a container as it was recorded: which stream it is, and its packets. Runs in the jail."""

from __future__ import annotations  # av.packet.Packet is generic for type checkers only

import hashlib
from collections import Counter
from collections.abc import Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from fractions import Fraction
from itertools import islice
from pathlib import Path
from typing import Any

from av.container import InputContainer
from av.packet import Packet
from av.video.stream import VideoStream

from sixfaces.media import refusals
from sixfaces.media.container import first_frame, pick_picture
from sixfaces.media.limits import MAX_PACKETS
from sixfaces.media.opening import VIDEO_CODECS, codec_name, opened
from sixfaces.media.orientation import Orientation, of_frame

AS_RECORDED = {"ignore_editlist": "1"}
"""Option of the demuxer of ISO files: an edit list hides no packet and moves none. Others know no edit lists."""

SELF_DESCRIBING = frozenset({"vp8", "vp9"})
"""Codecs whose frames say everything themselves: what some containers add beside them counts for nothing."""

_LOOKED_INTO = 24


@dataclass(frozen=True, slots=True)
class Chosen:
    """The stream that shows most. `parameters` is the SHA-256 of its codec's configuration record."""

    path: Path
    demuxer: str | None
    index: int
    codec: str
    parameters: str
    turned: Orientation
    base: Fraction
    width: int
    height: int

    def opened(self, *, as_recorded: bool = True) -> AbstractContextManager[InputContainer]:
        """The container opened anew; unless `as_recorded`, its packets and times are those that players show."""
        return opened(self.path, self.demuxer, options=AS_RECORDED if as_recorded else None)

    def stream(self, container: InputContainer) -> VideoStream:
        """The stream in a container opened anew."""
        found = container.streams[self.index]
        assert isinstance(found, VideoStream)
        return found

    def packets(self, container: InputContainer) -> Iterator[Packet[Any]]:
        """All its packets in file order. Raises MediaError `media.limits` for too many."""
        for count, packet in enumerate(container.demux(self.stream(container))):
            if count > MAX_PACKETS:
                raise refusals.over_limits("packets", count, MAX_PACKETS)
            if packet.size:
                yield packet


def chosen(path: Path, demuxer: str | None) -> Chosen:
    """The moving picture that `probe_container` chooses too. Raises MediaError as that does.

    Opening a file costs more than reading its packets: it is done once, unless packets must be counted to choose.
    """
    with opened(path, demuxer, options=AS_RECORDED) as container:
        pictures = [one for one in container.streams.video if one.codec_context and codec_name(one) in VIDEO_CODECS]
        if len(pictures) <= 1:
            stream = pick_picture(container, Counter(one.index for one in pictures))
            return _described(path, demuxer, stream, container=container)
        counted = Counter(packet.stream_index for packet in islice(container.demux(), MAX_PACKETS) if packet.size)
        index = pick_picture(container, counted).index
    with opened(path, demuxer, options=AS_RECORDED) as container:
        stream = container.streams.video[[one.index for one in container.streams.video].index(index)]
        return _described(path, demuxer, stream, container=container)


def _described(path: Path, demuxer: str | None, stream: VideoStream, *, container: InputContainer) -> Chosen:
    codec = codec_name(stream)
    record = set_up(codec, stream.codec_context.extradata or b"")
    frame = first_frame(stream, islice((packet for packet in container.demux(stream) if packet.size), _LOOKED_INTO))
    return Chosen(
        path=path,
        demuxer=demuxer,
        index=stream.index,
        codec=codec,
        parameters=hashlib.sha256(record).hexdigest(),
        turned=Orientation() if frame is None else of_frame(frame),
        base=stream.time_base or Fraction(1, 90_000),
        width=stream.codec_context.width,
        height=stream.codec_context.height,
    )


def set_up(codec: str, record: bytes) -> bytes:
    """The configuration record as it counts in leaves.

    Of HEVC without the bits that say whether parameter sets may stand among the pictures too (ISO/IEC 14496-15,
    8.3.3.1, `array_completeness`): they change with the container, and nothing that is shown does.
    """
    if codec in SELF_DESCRIBING:
        return b""
    if codec != "hevc" or record[:1] != b"\x01" or len(record) < 23:
        return record
    out, at = bytearray(record), 23
    for _ in range(record[22]):
        if at + 3 > len(record):
            break
        out[at] &= 0x7F
        units, at = int.from_bytes(record[at + 1 : at + 3]), at + 3
        for _ in range(units):
            at += 2 + int.from_bytes(record[at : at + 2])
    return bytes(out)
