"""Reads a container's headers and all its packets, decoding no more than one frame."""

from __future__ import annotations  # av.packet.Packet is generic for type checkers only

import re
from array import array
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
from av.audio.stream import AudioStream
from av.container import InputContainer
from av.error import FFmpegError
from av.packet import Packet
from av.sidedata.sidedata import Type
from av.stream import Disposition, Stream
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from sixfaces.media import refusals, side_data
from sixfaces.media.boxes import is_iso, walk
from sixfaces.media.limits import MAX_PACKETS, MAX_READ_FAILURES, MAX_TAG_LENGTH, MAX_TAGS, MAX_VIDEO_PIXELS
from sixfaces.media.opening import AUDIO_CODECS, DECODER_OPTIONS, VIDEO_CODECS, codec_name, failure, opened
from sixfaces.media.orientation import Orientation, of_frame
from sixfaces.media.probe import MISSING, ContainerProbe, PacketTable, StreamProbe

_HELD_PACKETS = 24
_HELD_BYTES = 8_000_000
"""First packets of a stream kept for a look inside: a decoder reorders by at most sixteen frames."""

_MAX_STRINGS = 16
_BUILD = re.compile(
    rb"(?:x264 - core|x265 \(build|Lavc|Lavf|SVT-AV1|SVT-HEVC|AOMedia|libvpx|LAME\d|libfaac|GPAC|HandBrake)[ -~]{0,600}"
)
_WORDS = re.compile(rb"[ -~]{8,}")
"""User data that starts, behind its UUID, with text. Cameras put binary records there too."""

_ODD_KINDS = Disposition.attached_pic | Disposition.still_image | Disposition.timed_thumbnails


@dataclass(slots=True)
class _Rows:
    """One stream's packets as they are read."""

    pts: array[int] = field(default_factory=lambda: array("q"))
    dts: array[int] = field(default_factory=lambda: array("q"))
    duration: array[int] = field(default_factory=lambda: array("q"))
    size: array[int] = field(default_factory=lambda: array("q"))
    key: bytearray = field(default_factory=bytearray)
    held: list[Packet[Any]] = field(default_factory=list)
    held_bytes: int = 0

    def add(self, packet: Packet[Any]) -> None:
        self.pts.append(MISSING if packet.pts is None else packet.pts)
        self.dts.append(MISSING if packet.dts is None else packet.dts)
        self.duration.append(packet.duration or 0)
        self.size.append(packet.size)
        self.key.append(packet.is_keyframe)
        if len(self.held) < _HELD_PACKETS and self.held_bytes + packet.size <= _HELD_BYTES:
            self.held.append(packet)
            self.held_bytes += packet.size

    def table(self, base: Fraction) -> PacketTable:
        columns = (np.array(column, dtype=np.int64) for column in (self.pts, self.dts, self.duration, self.size))
        pts, dts, duration, size = columns
        key = np.frombuffer(bytes(self.key), dtype=np.uint8).astype(np.bool_)
        return PacketTable(base=base, pts=pts, dts=dts, duration=duration, size=size, key=key)


def probe_container(path: Path, *, demuxer: str | None) -> ContainerProbe:
    """The biography of a container: tags, streams, every packet's times, our own walk over its boxes.

    `demuxer` forces the format that the bytes were sniffed as. Raises MediaError: `media.format` for a demuxer we
    do not open, `media.undecodable` if the headers make no sense, `media.no_picture` without moving pictures.
    """
    bytes_ = path.stat().st_size
    notes: list[str] = []
    with opened(path, demuxer) as container:
        rows = _read_packets(container, notes)
        picture = pick_picture(container, {index: len(row.size) for index, row in rows.items()})
        sound = _pick_sound(container, rows)
        look = _look_inside(picture, rows[picture.index].held)
        # Streams must not be touched once the container is closed: their memory is gone.
        sound_index = None if sound is None else sound.index
        notes += look.notes
        streams = tuple(_stream(stream, rows[stream.index], look) for stream in container.streams)
        format_, tags = container.format.name, _tags(container.metadata)
        duration_s = None if container.duration is None else max(0.0, container.duration / 1e6)
        bit_rate = container.bit_rate or None
        held = [packet for row in rows.values() for packet in row.held[:3]]
        strings = _encoder_strings(look.strings, container.streams, held)
    boxes, trailing = walk(path) if is_iso(format_) else ((), 0)
    return ContainerProbe(
        format=format_,
        bytes=bytes_,
        duration_s=duration_s,
        bit_rate=bit_rate,
        tags=tags,
        streams=streams,
        picture=look.index,
        sound=sound_index,
        boxes=boxes,
        trailing_bytes=trailing,
        encoder_strings=strings,
        notes=tuple(notes),
    )


def _read_packets(container: InputContainer, notes: list[str]) -> dict[int, _Rows]:
    rows = {stream.index: _Rows() for stream in container.streams}
    for seen, packet in enumerate(_packets(container, notes)):
        if seen >= MAX_PACKETS:
            notes.append(f"only the first {MAX_PACKETS} packets were read")
            break
        rows.setdefault(packet.stream_index, _Rows()).add(packet)
    for stream in container.streams:
        rows.setdefault(stream.index, _Rows())
    return rows


def _packets(container: InputContainer, notes: list[str]) -> Iterator[Packet[Any]]:
    for _ in range(MAX_READ_FAILURES):
        try:
            for packet in container.demux():
                if packet.size or packet.pts is not None or packet.dts is not None:
                    yield packet
        except FFmpegError as exc:
            notes.append(f"reading: {failure(exc)}")
        else:
            return


def pick_picture(container: InputContainer, packets: Mapping[int, int]) -> VideoStream:
    """The moving picture that shows most: the one with most frames times area. Cover art and thumbnails never.

    `packets` is how many each stream has. Raises MediaError `media.no_picture` and `media.limits`.
    """
    found: list[str] = []
    best: VideoStream | None = None
    most = 0
    for stream in container.streams:
        if not isinstance(stream, VideoStream):
            continue
        found.append(codec_name(stream))
        frames = packets[stream.index]
        if stream.disposition & _ODD_KINDS or found[-1] not in VIDEO_CODECS:
            continue
        shown = frames * max(1, stream.codec_context.width * stream.codec_context.height)
        if shown > most:
            best, most = stream, shown
    if best is None:
        kinds = found or [stream.type for stream in container.streams]
        raise refusals.no_picture(", ".join(kinds[:8]) or "-")
    pixels = best.codec_context.width * best.codec_context.height
    if pixels > MAX_VIDEO_PIXELS:
        raise refusals.over_limits("pixels", pixels, MAX_VIDEO_PIXELS)
    return best


def _pick_sound(container: InputContainer, rows: Mapping[int, _Rows]) -> AudioStream | None:
    streams = [
        stream
        for stream in container.streams
        if isinstance(stream, AudioStream) and codec_name(stream) in AUDIO_CODECS and len(rows[stream.index].size)
    ]
    return max(streams, key=lambda stream: len(rows[stream.index].size), default=None)


@dataclass(frozen=True, slots=True)
class _Look:
    """What the first frame of the chosen stream tells."""

    index: int
    orientation: Orientation
    interlaced: bool
    strings: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


def _look_inside(stream: VideoStream, held: list[Packet[Any]]) -> _Look:
    """Decode until the first frame. The display matrix and encoder's user data come with it."""
    frame = first_frame(stream, held)
    interlaced = stream.codec_context.field_order > 1
    if frame is None:
        return _Look(stream.index, Orientation(), interlaced, notes=("the first packets hold no whole frame",))
    user_data = side_data.of(frame, Type.SEI_UNREGISTERED)
    strings = tuple(text.group().decode("ascii") for data in user_data if (text := _WORDS.match(data, 16)))
    return _Look(stream.index, of_frame(frame), interlaced or frame.interlaced_frame, strings)


def first_frame(stream: VideoStream, held: Iterable[Packet[Any]]) -> VideoFrame | None:
    """The first frame that comes of a stream's first packets, None if none does."""
    stream.codec_context.thread_count = 1
    stream.codec_context.options = DECODER_OPTIONS
    for packet in (*held, None):
        try:
            frames = stream.decode(packet)
        except FFmpegError:
            continue
        if frames:
            return frames[0]
    return None


def _stream(stream: Stream, rows: _Rows, look: _Look) -> StreamProbe:
    context = stream.codec_context
    video = stream.codec_context if isinstance(stream, VideoStream) else None
    audio = stream.codec_context if isinstance(stream, AudioStream) else None
    chosen = stream.index == look.index
    rate = stream.average_rate or stream.guessed_rate if isinstance(stream, VideoStream) else None
    base = stream.time_base or Fraction(1, 90_000)
    return StreamProbe(
        index=stream.index,
        media=stream.type,
        codec=codec_name(stream),
        profile=stream.profile if context else None,
        tag=_codec_tag(stream),
        width=video.width if video else 0,
        height=video.height if video else 0,
        rotation_deg=look.orientation.degrees if chosen else 0,
        mirrored=look.orientation.mirrored if chosen else False,
        nominal_fps=float(rate) if rate else None,
        sample_rate=audio.sample_rate if audio else None,
        start_ticks=stream.start_time,
        duration_s=float(stream.duration * base) if stream.duration and stream.duration > 0 else None,
        tags=_tags(stream.metadata),
        interlaced=look.interlaced if chosen else False,
        packets=rows.table(base),
        pixel_aspect=_pixel_aspect(stream),
    )


def _pixel_aspect(stream: Stream) -> Fraction:
    """Square where the file says nothing or something absurd."""
    aspect = stream.sample_aspect_ratio if isinstance(stream, VideoStream) and stream.codec_context else None
    return aspect if aspect is not None and Fraction(1, 4) <= aspect <= 4 else Fraction(1)


def _codec_tag(stream: Stream) -> str:
    """The four characters by which the container names the codec; empty where they are none."""
    try:
        return _plain(stream.codec_tag) if stream.codec_context else ""
    except UnicodeDecodeError:
        return ""


def _tags(metadata: Mapping[str, str]) -> dict[str, str]:
    """A bounded copy of tags without NUL."""
    kept = list(metadata.items())[:MAX_TAGS]
    return {key[:MAX_TAG_LENGTH].replace("\x00", ""): _plain(value) for key, value in kept}


def _encoder_strings(
    user_data: Iterable[str], streams: Iterable[Stream], packets: Iterable[Packet[Any]]
) -> tuple[str, ...]:
    """User data of the first frame, and build strings of known encoders in the first packets and configurations."""
    found = [_plain(text) for text in user_data]
    configurations = (stream.codec_context.extradata or b"" for stream in streams if stream.codec_context)
    for payload in (*configurations, *map(bytes, packets)):
        found += [match.decode("ascii") for match in _BUILD.findall(payload)]
    kept: list[str] = []
    for text in found:
        text = text.strip()[:MAX_TAG_LENGTH]
        if text and not any(text in other for other in kept):
            kept.append(text)
    return tuple(kept[:_MAX_STRINGS])


def _plain(text: str) -> str:
    return text[:MAX_TAG_LENGTH].replace("\x00", "")
