"""The interface of an observer: frames come in by tier, facts come out at the end.

An observer sees only what its `wants` names, in media order, once. It keeps no frames beyond what it needs
(memory must not grow with the video's length beyond a few numbers a frame) and yields its facts in `finish`.
"""

from collections.abc import Callable, Iterable
from enum import Enum
from pathlib import Path
from typing import ClassVar

from sixfaces.domain.observation import Measured
from sixfaces.media.frames import AudioBlock, FullFrame, MediumFrame, Photo, SmallFrame
from sixfaces.media.probe import ContainerProbe

KeepPicture = Callable[[str, bytes], None]
"""Keeps one encoded picture under a name such as `moments/03.jpg`."""


class Tier(Enum):
    """What an observer wants to be fed."""

    FILE = "file"
    CONTAINER = "container"
    SMALL = "small"
    MEDIUM = "medium"
    FULL = "full"
    AUDIO = "audio"
    PHOTO = "photo"
    KEPT = "kept"


class Observer:
    """Base of all observers. Subclasses set the class variables and override the tiers they want."""

    name: ClassVar[str]
    version: ClassVar[str]
    wants: ClassVar[frozenset[Tier]]
    measures: ClassVar[tuple[str, ...]]

    def __init__(self, keep: KeepPicture) -> None:
        self.keep = keep

    def file(self, path: Path, mime: str) -> None:
        """The exhibit's bytes, read-only, inside the jail, before anything is decoded."""

    def container(self, probe: ContainerProbe) -> None:
        """Headers and the whole packet table, before the first frame."""

    def small(self, frame: SmallFrame) -> None:
        """Every decoded frame."""

    def medium(self, frame: MediumFrame) -> None:
        """8 to 15 frames a second."""

    def full(self, frame: FullFrame) -> None:
        """The sharpest frame of each fraction of a second."""

    def audio(self, block: AudioBlock) -> None:
        """Levels of the sound."""

    def photo(self, photo: Photo) -> None:
        """The still, if the exhibit is one."""

    def kept(self, name: str, picture: bytes) -> None:
        """A picture that an observer before this one in the registry kept, when all of those have told their facts."""

    def finish(self) -> Iterable[Measured]:
        """All facts measured, in the order of media time."""
        raise NotImplementedError
