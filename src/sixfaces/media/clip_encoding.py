"""Makes a clip anew within a budget of bytes: runs in the jail.

1. The size and the rate follow from the budget: as many bits a second as it has, and a picture no larger than these
   bits can fill.
2. Quality is capped (constant rate factor): an easy clip stays below its budget.
3. What comes out too large is made again with less, a few times; then it is said that it cannot be done.
4. The finished clip is decoded once more, and about every second its picture is held against the take's.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from fractions import Fraction

import av
import cv2
import numpy as np
from av.error import FFmpegError
from av.video.frame import VideoFrame
from av.video.reformatter import ColorRange, Interpolation

from sixfaces.domain.clip import ClipBudget, ClipKind, Likeness, Written
from sixfaces.domain.time import MediaSpan, MediaTime
from sixfaces.media.clip_refusals import no_codec, nothing_there, over_budget
from sixfaces.media.frames import Gray
from sixfaces.media.likeness import fingerprint
from sixfaces.media.moving_picture import Chosen
from sixfaces.media.mp4_front import moov_first
from sixfaces.media.opening import DECODER_OPTIONS

TRIES = 5
LEAST_SIDE = 160
"""Pixels of the shorter side below which nothing of a parcel can be seen."""

LEAST_RATE = 40_000
"""Bits a second below which even such a picture falls to pieces."""

BITS_A_PIXEL = 0.045
"""What H.264 takes for a picture of hands and a box that can still be read, at the rate factor below."""

SLOW_FPS, FAST_FPS = 15, 30
SLOW_RATE = 300_000
QUALITY = "21"
FILLED = 0.93
"""Share of the budget that is aimed at: a capped rate strays by a few hundredths."""

INDEXED = frozenset({"mp4", "mov", "3gp", "matroska", "webm"})
"""Demuxers that find the key frame before a moment by the file's own index; others are read from the beginning."""

_CLOCK = 90_000
_LOOK_S = 1.0


@dataclass(frozen=True, slots=True)
class Plan:
    """How one try is made."""

    width: int
    height: int
    rate: int
    fps: int


@dataclass(frozen=True, slots=True)
class Shown:
    """One picture of the clip: when it is shown there, in ticks of 1/90000 s, and when in the take."""

    at: int
    take: MediaTime
    frame: VideoFrame


def encoded(picture: Chosen, spans: Sequence[MediaSpan], budget: ClipBudget, *, why: str) -> tuple[bytes, Written]:
    """An H.264 clip of these stretches. Raises ClipError `clip.nothing`, `clip.budget`."""
    if "h264" not in budget.codecs:
        raise no_codec(", ".join(budget.codecs))
    seconds = float(sum(span.end.exact - span.start.exact for span in spans))
    if seconds > budget.seconds:
        raise over_budget(f"{seconds:.1f} s > {budget.seconds:.1f} s")
    plan = first_plan(_upright(picture), budget, max(seconds, 1.0))
    for _ in range(TRIES):
        attempt = _Attempt(picture, plan, most=int(budget.seconds * _CLOCK))
        data = attempt.made(spans)
        if attempt.seconds > budget.seconds:
            raise over_budget(f"{attempt.seconds:.2f} s > {budget.seconds:.2f} s")
        if len(data) <= budget.bytes:
            return data, attempt.told(data, why)
        plan = less(plan, by=FILLED * budget.bytes / len(data))
    raise over_budget(f"{len(data)} > {budget.bytes}")


def first_plan(size: tuple[int, int], budget: ClipBudget, seconds: float) -> Plan:
    """What the budget allows. Raises ClipError `clip.budget`."""
    rate = int((budget.bytes * FILLED - 4096 - 32 * FAST_FPS * seconds) * 8 / seconds)
    if rate < LEAST_RATE:
        raise over_budget(f"{budget.bytes} / {seconds:.1f} s")
    long, short = max(budget.width, budget.height), min(budget.width, budget.height)
    scale = min(1.0, long / max(size), short / min(size))
    return fitting(size, scale, rate)


def fitting(size: tuple[int, int], scale: float, rate: int) -> Plan:
    """The largest picture that these bits can fill, at most `scale` of the size."""
    fps = SLOW_FPS if rate < SLOW_RATE else FAST_FPS
    while min(size) * scale > LEAST_SIDE and rate < BITS_A_PIXEL * fps * size[0] * size[1] * scale**2:
        scale *= 0.9
    width, height = (max(16, round(side * scale / 2) * 2) for side in size)
    return Plan(width, height, rate, fps)


def less(plan: Plan, *, by: float) -> Plan:
    """The plan with fewer bits and a smaller picture."""
    smaller = fitting((plan.width, plan.height), 0.9, int(plan.rate * min(by, 0.9)))
    if smaller.rate < LEAST_RATE // 2:
        raise over_budget(f"{plan.rate} bit/s")
    return smaller


class _Attempt:
    """One encoding, of at most so many ticks; a single picture may take more."""

    def __init__(self, picture: Chosen, plan: Plan, *, most: int) -> None:
        self._picture, self._plan, self._most = picture, plan, most
        self._frame = -(-_CLOCK // plan.fps)
        """Ticks for which the file shows its last picture."""
        self._spans: list[MediaSpan] = []
        self._looks: list[tuple[int, MediaTime, str]] = []
        self._end = self._last = 0

    @property
    def seconds(self) -> float:
        """How long the clip is."""
        return max(self._end, self._last + self._frame) / _CLOCK

    def made(self, spans: Sequence[MediaSpan]) -> bytes:
        """The clip as an MP4 file."""
        plan, out = self._plan, io.BytesIO()
        options = {
            "crf": QUALITY, "preset": "medium", "threads": "1", "g": str(2 * plan.fps),
            "maxrate": str(plan.rate), "bufsize": str(plan.rate),
        }  # fmt: skip
        with av.open(out, "w", format="mp4") as clip:
            stream = clip.add_stream("libx264", rate=plan.fps, options=options)
            stream.width, stream.height, stream.pix_fmt = plan.width, plan.height, "yuv420p"
            stream.time_base = stream.codec_context.time_base = Fraction(1, _CLOCK)
            for shown in self._pictures(spans):
                clip.mux(stream.encode(self._fitted(shown)))
            clip.mux(stream.encode(None))
        return moov_first(out.getvalue())

    def told(self, data: bytes, why: str) -> Written:
        """What was made, its pictures held against the take's."""
        return Written(
            kind=ClipKind.ENCODED,
            codec="h264",
            width=self._plan.width,
            height=self._plan.height,
            seconds=self.seconds,
            spans=tuple(self._spans),
            why=why,
            likeness=tuple(self._likeness(data)),
        )

    def _pictures(self, spans: Sequence[MediaSpan]) -> Iterator[Shown]:
        """The take's pictures in these stretches, one behind the other. Raises ClipError `clip.nothing`."""
        for span in spans:
            first = last = None
            kept, usual = -_CLOCK, _CLOCK // FAST_FPS
            for time, frame in frames_of(self._picture, span):
                if first is None:
                    first, start = time, self._end
                at = start + round((time.exact - first.exact) * _CLOCK)
                if last is not None and at + self._frame > self._most:
                    break
                last = time
                if at - kept < _CLOCK / self._plan.fps * 0.7:
                    continue
                usual, kept = max(1, min(at - kept, _CLOCK)) if kept >= 0 else usual, at
                yield Shown(at, time, frame)
                self._last, self._end = at, at + usual
            if first is not None and last is not None:
                whole = start + round((span.end.exact - first.exact) * _CLOCK)
                self._end = max(self._last + 1, min(self._end, whole))
                self._spans.append(MediaSpan(start=first, end=last))
        if not self._spans:
            raise nothing_there()

    def _fitted(self, shown: Shown) -> VideoFrame:
        plan, turned = self._plan, self._picture.turned
        if not self._looks or shown.at >= self._looks[-1][0] + _LOOK_S * _CLOCK:
            self._looks.append((shown.at, shown.take, _looked_at(self._picture, shown.frame)))
        width, height = (plan.height, plan.width) if turned.swaps else (plan.width, plan.height)
        form = "bgr24" if turned.degrees or turned.mirrored else "yuv420p"
        fitted = shown.frame.reformat(
            width, height, format=form, interpolation=Interpolation.AREA, dst_color_range=ColorRange.MPEG
        )
        if form == "bgr24":
            pixels = turned.upright(np.asarray(fitted.to_ndarray(), np.uint8))
            fitted = VideoFrame.from_ndarray(np.ascontiguousarray(pixels), format=form)
            fitted = fitted.reformat(format="yuv420p")
        fitted.pts, fitted.time_base = shown.at, Fraction(1, _CLOCK)
        fitted.pict_type = 0
        return fitted

    def _likeness(self, data: bytes) -> Iterator[Likeness]:
        looks = iter(self._looks)
        look = next(looks, None)
        with av.open(io.BytesIO(data), "r") as clip:
            for frame in clip.decode(video=0):
                at = Fraction(frame.pts or 0) * (frame.time_base or Fraction(1, _CLOCK))
                if look is None or at * _CLOCK < look[0]:
                    continue
                bits = _hash(_gray(frame))
                yield Likeness(
                    clip_ms=round(at * 1000), take_ms=round(look[1].exact * 1000), clip_hash=bits, take_hash=look[2]
                )
                look = next(looks, None)


def frames_of(picture: Chosen, span: MediaSpan) -> Iterator[tuple[MediaTime, VideoFrame]]:
    """The take's frames that players show from the span's start to before its end, with their times. Of a span
    without length it is the one that is shown just then. Damage is passed over."""
    with picture.opened(as_recorded=False) as container:
        stream = picture.stream(container)
        stream.codec_context.options = DECODER_OPTIONS
        stream.thread_type = "NONE"
        base = stream.time_base or Fraction(1, _CLOCK)
        if picture.demuxer in INDEXED:
            with suppress(FFmpegError):  # then from where it stands, its beginning
                container.seek(int(span.start.exact / base), stream=stream)
        for packet in container.demux(stream):
            try:
                frames = packet.decode()
            except FFmpegError:
                continue
            for frame in frames:
                if not isinstance(frame, VideoFrame) or frame.pts is None:
                    continue
                time = MediaTime(ticks=frame.pts, num=base.numerator, den=base.denominator)
                if span.end < time or (span.start < span.end and not time < span.end):
                    return
                if not time < span.start:
                    yield time, frame


def _upright(picture: Chosen) -> tuple[int, int]:
    return (picture.height, picture.width) if picture.turned.swaps else (picture.width, picture.height)


def _looked_at(picture: Chosen, frame: VideoFrame) -> str:
    return _hash(picture.turned.upright(_gray(frame)))


def _gray(frame: VideoFrame) -> Gray:
    return np.asarray(frame.to_ndarray(format="gray"), np.uint8)


def _hash(gray: Gray) -> str:
    return fingerprint(np.asarray(cv2.resize(gray, (640, 360), interpolation=cv2.INTER_AREA), np.uint8))[0]
