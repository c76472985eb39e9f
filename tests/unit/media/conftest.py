"""A sink that remembers, and one call from a fixture's name to what came out of it."""

import hashlib
from collections.abc import Callable, Collection
from dataclasses import dataclass, field

import pytest

from fixtures.build import built
from sixfaces.media.container import probe_container
from sixfaces.media.decode import AUDIO, FULL, MEDIUM, SMALL, DecodeOutcome, decode_video
from sixfaces.media.frames import AudioBlock, Bgr, FullFrame, Gray, MediumFrame, SmallFrame
from sixfaces.media.probe import ContainerProbe

ALL = (SMALL, MEDIUM, FULL, AUDIO)


@dataclass
class Remembered:
    """Everything one decode handed out."""

    smalls: list[SmallFrame] = field(default_factory=list)
    mediums: list[MediumFrame] = field(default_factory=list)
    fulls: list[FullFrame] = field(default_factory=list)
    blocks: list[AudioBlock] = field(default_factory=list)

    def small(self, frame: SmallFrame) -> None:
        self.smalls.append(frame)

    def medium(self, frame: MediumFrame) -> None:
        self.mediums.append(frame)

    def full(self, frame: FullFrame) -> None:
        self.fulls.append(frame)

    def audio(self, block: AudioBlock) -> None:
        self.blocks.append(block)

    def digest(self) -> str:
        """One digest over times, flags and pixels of all tiers."""
        made = hashlib.sha256()
        pictures: list[tuple[object, Gray | Bgr]] = [((s.time.exact, s.key, s.corrupt), s.gray) for s in self.smalls]
        pictures += [(m.time.exact, m.bgr) for m in self.mediums]
        pictures += [(f.time.exact, f.bgr()) for f in self.fulls]
        for label, pixels in pictures:
            made.update(repr(label).encode() + pixels.tobytes())
        for block in self.blocks:
            made.update(repr(block.start.exact).encode() + block.rms.tobytes() + block.peak.tobytes())
        return made.hexdigest()


@dataclass(frozen=True)
class Decoded:
    probe: ContainerProbe
    outcome: DecodeOutcome
    seen: Remembered


@pytest.fixture
def decode() -> Callable[..., Decoded]:
    """Decode the fixture of a name with all tiers, or those given."""

    def run(name: str, wants: Collection[str] = ALL) -> Decoded:
        probe = probe_container(built(name), demuxer=None)
        seen = Remembered()
        return Decoded(probe, decode_video(built(name), probe, wants=wants, sink=seen), seen)

    return run
