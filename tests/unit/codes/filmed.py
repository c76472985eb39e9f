"""Feeds a fixture's full frames to the codes observer through the product's own decoder."""

from pathlib import Path

from sixfaces.domain.observation import Measured
from sixfaces.domain.reading_facts import CodeFact
from sixfaces.media.container import probe_container
from sixfaces.media.decode import decode_video
from sixfaces.media.frames import AudioBlock, FullFrame, MediumFrame, SmallFrame
from sixfaces.observe.codes import Codes


class Sink:
    """Hands full frames on; nothing else is asked for."""

    def __init__(self, observer: Codes) -> None:
        self.observer = observer

    def small(self, frame: SmallFrame) -> None:
        """Not asked for."""

    def medium(self, frame: MediumFrame) -> None:
        """Not asked for."""

    def audio(self, block: AudioBlock) -> None:
        """Not asked for."""

    def full(self, frame: FullFrame) -> None:
        """One full frame."""
        self.observer.full(frame)


def observed(path: Path) -> tuple[list[Measured], dict[str, bytes]]:
    """The observer's facts on a film, and the crops it kept."""
    kept: dict[str, bytes] = {}
    observer = Codes(kept.__setitem__)
    decode_video(path, probe_container(path, demuxer="mov"), wants={"full"}, sink=Sink(observer))
    return list(observer.finish()), kept


def codes_in(facts: list[Measured]) -> list[tuple[Measured, CodeFact]]:
    """Only the codes."""
    return [(measured, measured.fact) for measured in facts if isinstance(measured.fact, CodeFact)]
