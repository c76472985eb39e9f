"""Decodes one exhibit once and feeds all observers; what decoding itself tells is the fact `decode`.

1. Observers that want the file get it, before any decoder has seen it.
2. Headers and packets are read. Observers that want nothing more are asked for their facts at once: should decoding
   be killed later, those facts are in the record already.
3. Every frame goes to those who want its tier. When the CPU share is nearly spent decoding stops by itself, so that
   what was seen so far still becomes facts.
4. The others are asked for theirs, in turn: one that wants to see what was kept gets all pictures that those before it
   have kept.
"""

import time
from collections.abc import Callable, Sequence
from pathlib import Path

from sixfaces.domain.exhibit import MediaInfo, Medium
from sixfaces.domain.facts import DecodeFact
from sixfaces.domain.observation import Measured
from sixfaces.media import formats
from sixfaces.media.container import probe_container
from sixfaces.media.decode import StopDecoding, decode_video
from sixfaces.media.frames import AudioBlock, FullFrame, MediumFrame, SmallFrame
from sixfaces.media.probe import ContainerProbe
from sixfaces.media.share import video_cpu_s
from sixfaces.observe.guard import Guarded, first_to_last
from sixfaces.observe.messages import Request, Step
from sixfaces.observe.observer import Observer, Tier

NAME = "decode"
VERSION = "1"

FRAMES = frozenset({Tier.SMALL, Tier.MEDIUM, Tier.FULL, Tier.AUDIO, Tier.KEPT})
"""The tiers that only decoding a video can feed, and what is kept of its frames."""

TIERS = {
    Medium.VIDEO: FRAMES | {Tier.FILE, Tier.CONTAINER},
    Medium.PHOTO: frozenset({Tier.FILE, Tier.PHOTO, Tier.KEPT}),
    Medium.DOCUMENT: frozenset({Tier.FILE}),
    Medium.UNKNOWN: frozenset[Tier](),
}
"""What each medium can feed."""

FIRST_SHARE = 0.8
"""Share of the CPU limit after which decoding stops; the rest is for the observers' last words."""

TRUNCATED = "truncated"
"""The note of a photo whose end is missing."""

SHARE_STEP = 0.01
FRAMES_PER_STEP = 300


class Outlet:
    """Where facts, observers' ends, the medium and progress go while an exhibit is decoded."""

    def __init__(
        self,
        *,
        fact: Callable[[str, Measured], None],
        finished: Callable[[str, float], None],
        media: Callable[[MediaInfo], None],
        step: Callable[[Step], None],
        kept: Sequence[tuple[str, bytes]] = (),
    ) -> None:
        self.fact, self.finished, self.media, self.step, self.kept = fact, finished, media, step, kept

    def finish(self, guard: Guarded) -> None:
        """Ask one observer for its facts and pass them on."""
        if guard.wants(Tier.KEPT):
            for name, picture in self.kept:
                guard.feed(_handing(name, picture))
        for measured in guard.finish():
            self.fact(guard.observer.name, measured)
        self.finished(guard.observer.name, guard.took_s)


def _handing(name: str, picture: bytes) -> Callable[[Observer], None]:
    return lambda observer: observer.kept(name, picture)


def decode_exhibit(request: Request, guards: list[Guarded], out: Outlet) -> None:
    """Feed `guards` with all that the exhibit has. Raises MediaError for bytes that yield nothing."""
    path = Path(request.path)
    form = formats.named(request.format)
    first_to_last(guards, lambda observer: observer.file(path, form.mime), tier=Tier.FILE)
    if request.medium is Medium.VIDEO:
        _video(path, request, guards, out=out)
    elif request.medium is Medium.PHOTO:
        _photo(path, request.format, guards, out=out)
    else:
        for guard in guards:
            out.finish(guard)


def _video(path: Path, request: Request, guards: list[Guarded], *, out: Outlet) -> None:
    late = _told_early(guards, FRAMES | {Tier.CONTAINER}, out)
    probe = probe_container(path, demuxer=formats.named(request.format).demuxer)
    first_to_last(late, lambda observer: observer.container(probe), tier=Tier.CONTAINER)
    late = _told_early(late, FRAMES, out)
    claimed_s = _claimed_s(probe)
    out.step(Step(share=0.0, claimed_s=claimed_s))
    wanted = frozenset(tier.value for guard in late for tier in guard.observer.wants) | {Tier.SMALL.value}
    cpu_s = min(request.cpu_s, video_cpu_s(claimed_s))
    outcome = decode_video(path, probe, wants=wanted, sink=_Fan(late, probe, cpu_s, out=out))
    out.media(outcome.info)
    out.fact(NAME, Measured(fact=outcome.fact()))
    for guard in late:
        out.finish(guard)


def _photo(path: Path, form: str, guards: list[Guarded], *, out: Outlet) -> None:
    late = _told_early(guards, frozenset({Tier.PHOTO}), out)
    from sixfaces.media.stills import read_photo  # only photos need Pillow and HEIF

    photo = read_photo(path, format=form)
    out.media(MediaInfo(width=photo.width, height=photo.height, codec=photo.format))
    damage = tuple(note for note in photo.notes if note == TRUNCATED)
    out.fact(NAME, Measured(fact=DecodeFact(frames=1, corrupt_frames=len(damage), covered_s=0.0, errors=damage)))
    first_to_last(late, lambda observer: observer.photo(photo), tier=Tier.PHOTO)
    for guard in late:
        out.finish(guard)


def _told_early(guards: list[Guarded], to_come: frozenset[Tier], out: Outlet) -> list[Guarded]:
    """Ask those for their facts who want nothing of what is still to come; the others are returned."""
    for guard in guards:
        if not guard.observer.wants & to_come:
            out.finish(guard)
    return [guard for guard in guards if guard.observer.wants & to_come]


def _claimed_s(probe: ContainerProbe) -> float | None:
    claimed = probe.streams[probe.picture].duration_s or probe.duration_s
    return claimed if claimed is not None and claimed >= 0 else None


class _Fan:
    """Hands each frame to all who want its tier, counts progress, and stops when the CPU share is nearly spent."""

    def __init__(self, guards: list[Guarded], probe: ContainerProbe, cpu_s: int, *, out: Outlet) -> None:
        self._guards = {tier: [guard for guard in guards if guard.wants(tier)] for tier in Tier}
        self._until_s = cpu_s * FIRST_SHARE
        self._claimed_s = _claimed_s(probe)
        self._probe = probe
        self._out = out
        self._started: float | None = None
        self._told = 0.0
        self._frames = 0

    def small(self, frame: SmallFrame) -> None:
        self._count(frame.time.seconds)
        for guard in self._guards[Tier.SMALL]:
            guard.feed(lambda observer: observer.small(frame))

    def medium(self, frame: MediumFrame) -> None:
        for guard in self._guards[Tier.MEDIUM]:
            guard.feed(lambda observer: observer.medium(frame))

    def full(self, frame: FullFrame) -> None:
        for guard in self._guards[Tier.FULL]:
            guard.feed(lambda observer: observer.full(frame))

    def audio(self, block: AudioBlock) -> None:
        for guard in self._guards[Tier.AUDIO]:
            guard.feed(lambda observer: observer.audio(block))

    def _count(self, at_s: float) -> None:
        if time.process_time() > self._until_s:
            raise StopDecoding("time_limit")
        self._frames += 1
        if self._started is None:
            self._started = at_s
            self._out.media(_claimed_info(self._probe))
        if self._claimed_s:
            share = min(1.0, max(0.0, (at_s - self._started) / self._claimed_s))
            if share >= self._told + SHARE_STEP:
                self._told = share
                self._out.step(Step(share=share))
        elif self._frames % FRAMES_PER_STEP == 0:
            self._out.step(Step())


def _claimed_info(probe: ContainerProbe) -> MediaInfo:
    """The medium by its headers: what is known if decoding should not come to its end."""
    stream = probe.streams[probe.picture]
    size = (stream.height, stream.width) if stream.rotation_deg % 180 else (stream.width, stream.height)
    return MediaInfo(
        duration_s=_claimed_s(probe),
        width=max(1, size[0]),
        height=max(1, size[1]),
        fps=stream.nominal_fps,
        codec=stream.codec,
        audio_codec=None if probe.sound is None else probe.streams[probe.sound].codec,
        rotation_deg=stream.rotation_deg,
    )
