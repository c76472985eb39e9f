"""One full decode of a video that feeds all tiers. Start reading at `decode_video`."""

from __future__ import annotations  # av.packet.Packet is generic for type checkers only

from collections import deque
from collections.abc import Collection, Iterator
from dataclasses import dataclass
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

_MOST_PIXELS_FOR_THREADS = 4096 * 2304
"""Larger pictures are decoded by one thread: a dozen 8K pictures of reference leave no room for a second one."""

_USUAL_DEPTH = 2
"""Frames that H.264 decoders may turn out to reorder by although the stream's header says less."""


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
    Raises MediaError `media.undecodable` if the container does not open or not one frame comes out, `media.limits`
    if that is because of its size.

    1. Decode with frame threads, a few frames behind the decoder.
    2. At the first sign of damage nothing that damage could have touched has been handed on yet. Decode again from
       the start with one thread and hand on from there: where frame threads conceal damage, they race, and the same
       bytes would not always give the same pictures.
    """
    feed = _feed(probe, wants, sink)
    first = _Pass(probe, feed, wants=wants, sink=sink)
    try:
        with opened(path, _demuxer(probe)) as container:
            first.decode(container, threads=_threads(probe))
    except _Damage:
        again = _Pass(probe, feed, wants=wants, sink=sink)
        again.skip(first)
        with opened(path, _demuxer(probe)) as container:
            again.decode(container, threads=1)
        return again.outcome()
    return first.outcome()


class StopDecoding(Exception):
    """Decoding ends before the file does. A sink may raise it too; `reason` becomes `stopped_by`."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class _Damage(Exception):
    """A frame was damaged or lost while several threads decoded."""


class _Pass:
    """One decode from the start of the file."""

    def __init__(self, probe: ContainerProbe, feed: Feed, *, wants: Collection[str], sink: Sink) -> None:
        self._probe = probe
        self._picture = probe.streams[probe.picture]
        self._feed = feed
        self._sink = sink
        self._hears = AUDIO in wants
        self._levels = Levels()
        self._stamps = Stamps(frame_rate(self._picture), presents="avi" not in probe.format)
        self._held: deque[VideoFrame] = deque()
        self._lag = 0
        self._frames = self._corrupt = self._blocks = self._pixels = 0
        self._skipped_frames = self._skipped_blocks = 0
        self._failures = self._in_a_row = 0
        self._errors: list[str] = []
        self._stopped_by: str | None = None

    def skip(self, earlier: _Pass) -> None:
        """Do not hand on again what the earlier pass did; what is skipped is stamped and counted all the same."""
        self._skipped_frames, self._skipped_blocks = earlier._frames, earlier._blocks

    def decode(self, container: InputContainer, *, threads: int) -> None:
        """Read packets to the end or to a limit, then hand on what is still held. Raises _Damage if threads race."""
        video = _video_stream(container, self._probe, threads)
        audio = _audio_stream(container, self._probe) if self._hears else None
        # Damage shows when its frame comes out; frames decoded after it may come out before it, but no more than these.
        self._lag = max(video.codec_context.reorder_depth, _USUAL_DEPTH) + threads if threads > 1 else 0
        try:
            for packet in self._packets(container, video, audio):
                if packet.stream is video:  # stream_index is 0 in flushing packets
                    self._decode_picture(packet)
                else:
                    self._decode_sound(packet)
            self._hand_on_the_rest()
        except StopDecoding as stop:
            self._stopped_by = stop.reason
        except MemoryError:
            self._stopped_by = "memory"

    def _hand_on_the_rest(self) -> None:
        self._hand_on(all_but=0)
        self._feed.finish()
        self._hear(self._levels.close())

    def outcome(self) -> DecodeOutcome:
        """The tally. Raises MediaError if there is not one frame."""
        first, last, size = self._stamps.first, self._stamps.last, self._feed.size
        if first is None or last is None or size is None:
            if self._stopped_by == "picture_size":
                raise refusals.over_limits("pixels", self._pixels, MAX_VIDEO_PIXELS)
            if self._stopped_by == "memory":
                raise refusals.over_memory(self._picture.width, self._picture.height)
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

    def _packets(
        self, container: InputContainer, video: VideoStream, audio: AudioStream | None
    ) -> Iterator[Packet[Stream]]:
        """Packets of the chosen streams. A demuxer that fails is asked again a bounded number of times."""
        streams: tuple[Stream, ...] = (video,) if audio is None else (video, audio)
        for stream in container.streams:
            if stream not in streams:
                stream.discard = Discard.all
        seen = 0
        for _ in range(MAX_READ_FAILURES):
            try:
                for packet in container.demux(*streams):
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
            frames: list[VideoFrame] = packet.decode()
        except AvEOFError:
            return
        except FFmpegError as exc:
            self._fail(exc)
            return
        for frame in frames:
            self._in_a_row = 0
            self._pixels = frame.width * frame.height
            if self._pixels > MAX_VIDEO_PIXELS:
                raise StopDecoding("picture_size")
            if frame.is_corrupt and self._lag:
                raise _Damage
            self._held.append(frame)
        self._hand_on(all_but=self._lag)

    def _fail(self, exc: FFmpegError) -> None:
        if isinstance(exc, MemoryError):
            raise StopDecoding("memory") from exc
        if self._lag:
            raise _Damage from exc
        self._note(f"video after frame {self._frames}: {failure(exc)}")
        self._in_a_row += 1
        if self._in_a_row > MAX_FAILURES_IN_A_ROW:
            raise StopDecoding("error_limit") from exc

    def _hand_on(self, *, all_but: int) -> None:
        while len(self._held) > all_but:
            if self._frames >= MAX_FRAMES:
                raise StopDecoding("frame_limit")
            frame = self._held.popleft()
            time = self._stamps.stamp(frame)
            if self._frames >= self._skipped_frames:
                self._feed.frame(self._frames, time, frame)
            self._corrupt += frame.is_corrupt
            self._frames += 1

    def _decode_sound(self, packet: Packet[Any]) -> None:
        try:
            frames: list[AudioFrame] = packet.decode()  # type: ignore[assignment]  # of a stream of sound
        except AvEOFError:
            return
        except FFmpegError as exc:
            self._note(f"sound: {failure(exc)}")
            return
        for frame in frames:
            self._hear(self._levels.feed(frame))

    def _hear(self, blocks: list[AudioBlock]) -> None:
        for block in blocks:
            if self._blocks >= self._skipped_blocks:
                self._sink.audio(block)
            self._blocks += 1

    def _note(self, error: str) -> None:
        self._failures += 1
        if len(self._errors) < MAX_ERRORS_TOLD:
            self._errors.append(error)

    def _untold(self) -> tuple[str, ...]:
        more = self._failures - len(self._errors)
        return (f"and {more} more",) if more else ()


def _threads(probe: ContainerProbe) -> int:
    stream = probe.streams[probe.picture]
    return DECODER_THREADS if stream.width * stream.height <= _MOST_PIXELS_FOR_THREADS else 1


def _demuxer(probe: ContainerProbe) -> str:
    return probe.format.split(",")[0]


def _feed(probe: ContainerProbe, wants: Collection[str], sink: Sink) -> Feed:
    stream = probe.streams[probe.picture]
    orientation = Orientation(stream.rotation_deg, stream.mirrored)
    return Feed(sink=sink, wants=wants, orientation=orientation, aspect=stream.pixel_aspect, fps=frame_rate(stream))


def _video_stream(container: InputContainer, probe: ContainerProbe, threads: int) -> VideoStream:
    stream = container.streams[probe.picture] if probe.picture < len(container.streams) else None
    if not isinstance(stream, VideoStream):
        raise refusals.no_picture(f"stream {probe.picture}")
    stream.codec_context.thread_type = ThreadType.FRAME
    stream.codec_context.thread_count = threads
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


__all__ = ["AUDIO", "FULL", "MEDIUM", "SMALL", "DecodeOutcome", "Sink", "StopDecoding", "decode_video"]
