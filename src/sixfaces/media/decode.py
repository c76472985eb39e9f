"""One full decode of a video that feeds all tiers. Start reading at `decode_video`."""

from __future__ import annotations  # av.packet.Packet is generic for type checkers only

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any, Protocol

from av.audio.frame import AudioFrame
from av.audio.stream import AudioStream
from av.codec.context import ThreadType
from av.container import InputContainer
from av.error import EOFError as AvEOFError
from av.error import FFmpegError
from av.packet import Packet
from av.stream import Discard, Stream
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from sixfaces.domain.exhibit import MediaInfo
from sixfaces.domain.facts import DecodeFact
from sixfaces.domain.time import MediaTime
from sixfaces.media import refusals
from sixfaces.media.feed import Feed
from sixfaces.media.frames import AudioBlock, FullFrame, MediumFrame, SmallFrame
from sixfaces.media.levels import Levels
from sixfaces.media.limits import (
    MAX_ERRORS_TOLD,
    MAX_FAILURES_IN_A_ROW,
    MAX_FRAMES,
    MAX_PACKETS,
    MAX_READ_FAILURES,
    MAX_VIDEO_PIXELS,
)
from sixfaces.media.opening import DECODER_OPTIONS, failure, opened
from sixfaces.media.orientation import Orientation
from sixfaces.media.probe import ContainerProbe
from sixfaces.media.stamps import Stamps, frame_rate

SMALL, MEDIUM, FULL, AUDIO = "small", "medium", "full", "audio"
"""The tiers that `decode_video` can feed, by name."""

DECODER_THREADS = 2
"""Frame threads. The frames that come out do not depend on it; memory does, by one picture a thread."""


class Sink(Protocol):
    """Where the tiers go. Each tier comes in media order; a full frame comes when its window closes, so up to
    `tiers.FULL_WINDOW_S` after the small and medium frame of the same index."""

    def small(self, frame: SmallFrame) -> None: ...

    def medium(self, frame: MediumFrame) -> None: ...

    def full(self, frame: FullFrame) -> None: ...

    def audio(self, block: AudioBlock) -> None: ...


@dataclass(frozen=True, slots=True)
class DecodeOutcome:
    """How far decoding came.

    `stopped_by` is None at the natural end, else `frame_limit`, `packet_limit`, `error_limit`, `picture_size`,
    `memory` or the reason of a sink's StopDecoding. `notes` say what was mended on the way and is no damage.
    """

    frames: int
    corrupt_frames: int
    first: MediaTime
    last: MediaTime
    covered_s: float
    expected_s: float | None
    errors: tuple[str, ...]
    stopped_by: str | None
    notes: tuple[str, ...]
    info: MediaInfo

    def fact(self) -> DecodeFact:
        """The outcome as the fact that criteria read."""
        return DecodeFact(
            frames=self.frames,
            corrupt_frames=self.corrupt_frames,
            covered_s=self.covered_s,
            expected_s=self.expected_s,
            errors=self.errors,
            stopped_by=self.stopped_by,
        )


def decode_video(path: Path, probe: ContainerProbe, *, wants: Collection[str], sink: Sink) -> DecodeOutcome:
    """Decode the picture (and sound) streams that `probe` chose, once, and feed the tiers named in `wants`.

    Names other than SMALL, MEDIUM, FULL and AUDIO are passed over. Damage is flagged, counted and decoded through.
    Raises MediaError `media.undecodable` if the container does not open or not one frame comes out.
    """
    demuxer = probe.format.split(",")[0]
    with opened(path, demuxer) as container:
        run = _Run(container, probe, wants=frozenset(wants), sink=sink)
        run.decode()
        return run.outcome()


class StopDecoding(Exception):
    """Decoding ends before the file does. A sink may raise it too; `reason` becomes `stopped_by`."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class _Run:
    """One decode under way."""

    def __init__(self, container: InputContainer, probe: ContainerProbe, *, wants: frozenset[str], sink: Sink) -> None:
        self._container = container
        self._probe = probe
        self._picture = probe.streams[probe.picture]
        self._video = _video_stream(container, probe)
        self._audio = _audio_stream(container, probe) if AUDIO in wants else None
        self._sink = sink
        self._levels = Levels()
        self._fps = frame_rate(self._picture)
        self._stamps = Stamps(self._fps, presents="avi" not in probe.format)
        aspect = _pixel_aspect(self._video)
        orientation = Orientation(self._picture.rotation_deg, self._picture.mirrored)
        self._feed = Feed(sink=sink, wants=wants, orientation=orientation, aspect=aspect, fps=self._fps)
        self._frames = self._corrupt = self._failures = self._in_a_row = 0
        self._errors: list[str] = []
        self._stopped_by: str | None = None

    def decode(self) -> None:
        """Read packets to the end or to a limit, then hand on what is still held."""
        try:
            for packet in self._packets():
                if packet.stream is self._video:  # stream_index is 0 in flushing packets
                    self._decode_picture(packet)
                else:
                    self._decode_sound(packet)
        except StopDecoding as stop:
            self._stopped_by = stop.reason
        except MemoryError:
            self._stopped_by = "memory"
        self._hand_on_the_rest()

    def _hand_on_the_rest(self) -> None:
        try:
            self._feed.finish()
            for block in self._levels.close():
                self._sink.audio(block)
        except StopDecoding as stop:
            self._stopped_by = self._stopped_by or stop.reason

    def outcome(self) -> DecodeOutcome:
        """The tally. Raises MediaError if there is not one frame."""
        first, last, size = self._stamps.first, self._stamps.last, self._feed.size
        if first is None or last is None or size is None:
            reason = self._stopped_by or (self._errors[0] if self._errors else "no frame")
            raise refusals.undecodable(f"{self._picture.codec}, {reason}")
        covered_s = last.seconds - first.seconds + self._stamps.usual_s
        errors = (*self._errors, *self._untold(), *self._stamps.faults())
        info = MediaInfo(
            duration_s=covered_s,
            width=size[0],
            height=size[1],
            fps=self._frames / covered_s if covered_s > 0 else None,
            codec=self._picture.codec,
            audio_codec=None if self._probe.sound is None else self._probe.streams[self._probe.sound].codec,
            rotation_deg=self._picture.rotation_deg,
        )
        return DecodeOutcome(
            frames=self._frames,
            corrupt_frames=self._corrupt,
            first=first,
            last=last,
            covered_s=covered_s,
            expected_s=self._picture.duration_s or self._probe.duration_s,
            errors=errors,
            stopped_by=self._stopped_by,
            notes=(*self._stamps.notes(), *self._feed.notes()),
            info=info,
        )

    def _packets(self) -> Iterator[Packet[Stream]]:
        """Packets of the chosen streams. A demuxer that fails is asked again a bounded number of times."""
        streams: tuple[Stream, ...] = (self._video,) if self._audio is None else (self._video, self._audio)
        for stream in self._container.streams:
            if stream not in streams:
                stream.discard = Discard.all
        seen = 0
        for _ in range(MAX_READ_FAILURES):
            try:
                for packet in self._container.demux(*streams):
                    seen += 1
                    if seen > MAX_PACKETS:
                        raise StopDecoding("packet_limit")
                    yield packet
            except FFmpegError as exc:
                self._note(f"reading: {failure(exc)}")
            else:
                return
        raise StopDecoding("error_limit")

    def _decode_picture(self, packet: Packet[Any]) -> None:
        try:
            frames = packet.decode()
        except AvEOFError:
            return
        except FFmpegError as exc:
            if isinstance(exc, MemoryError):
                raise StopDecoding("memory") from exc
            self._note(f"video after frame {self._frames}: {failure(exc)}")
            self._in_a_row += 1
            if self._in_a_row > MAX_FAILURES_IN_A_ROW:
                raise StopDecoding("error_limit") from exc
            return
        for frame in frames:
            self._in_a_row = 0
            self._take(frame)

    def _take(self, frame: VideoFrame) -> None:
        if frame.width * frame.height > MAX_VIDEO_PIXELS:
            raise StopDecoding("picture_size")
        if self._frames >= MAX_FRAMES:
            raise StopDecoding("frame_limit")
        self._corrupt += frame.is_corrupt
        self._feed.frame(self._frames, self._stamps.stamp(frame), frame)
        self._frames += 1

    def _decode_sound(self, packet: Packet[Any]) -> None:
        try:
            frames: list[AudioFrame] = packet.decode()  # type: ignore[assignment]
        except AvEOFError:
            return
        except FFmpegError as exc:
            self._note(f"sound: {failure(exc)}")
            return
        for frame in frames:
            for block in self._levels.feed(frame):
                self._sink.audio(block)

    def _note(self, error: str) -> None:
        self._failures += 1
        if len(self._errors) < MAX_ERRORS_TOLD:
            self._errors.append(error)

    def _untold(self) -> tuple[str, ...]:
        more = self._failures - len(self._errors)
        return (f"and {more} more",) if more else ()


def _video_stream(container: InputContainer, probe: ContainerProbe) -> VideoStream:
    stream = container.streams[probe.picture] if probe.picture < len(container.streams) else None
    if not isinstance(stream, VideoStream):
        raise refusals.no_picture(f"stream {probe.picture}")
    stream.codec_context.thread_type = ThreadType.FRAME
    stream.codec_context.thread_count = DECODER_THREADS
    stream.codec_context.options = DECODER_OPTIONS
    return stream


def _audio_stream(container: InputContainer, probe: ContainerProbe) -> AudioStream | None:
    if probe.sound is None or probe.sound >= len(container.streams):
        return None
    stream = container.streams[probe.sound]
    if not isinstance(stream, AudioStream):
        return None
    stream.codec_context.thread_count = 1
    return stream


def _pixel_aspect(stream: VideoStream) -> Fraction:
    """Width of a pixel over its height; square where the file says nothing or something absurd."""
    aspect = stream.sample_aspect_ratio
    return aspect if aspect is not None and Fraction(1, 4) <= aspect <= 4 else Fraction(1)


__all__ = ["AUDIO", "FULL", "MEDIUM", "SMALL", "DecodeOutcome", "Sink", "StopDecoding", "decode_video"]
