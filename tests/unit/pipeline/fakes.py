"""A measuring instrument and a shelf for tests of the pipeline: no jail, no disk."""

from collections.abc import Callable
from pathlib import Path

from sixfaces.domain.exhibit import Exhibit, MediaInfo
from sixfaces.domain.facts import DecodeFact, MomentFact
from sixfaces.domain.model import Say
from sixfaces.domain.observation import Measured, MediaFailure, Record, numbered
from sixfaces.domain.ports import OnProgress, Pictures, Progress
from sixfaces.domain.reading_facts import CodeFact
from sixfaces.domain.time import MediaSpan, MediaTime

JPEG = b"\xff\xd8\xff\xe0" + b"\0" * 32
AT_2_S = MediaSpan.at(MediaTime(ticks=2, den=1))
FAILURE = MediaFailure(
    code="media.garbage", text=Say(zh="无法解码。", en="It does not decode."), fix=Say(zh="重", en="x")
)


class FakeObservatory:
    """Measures every exhibit to the same two facts and one picture; bytes with `broken` in them do not decode."""

    def __init__(self, *codes: str, meanwhile: Callable[[Path], None] = lambda path: None) -> None:
        self.seen: list[str] = []
        self._codes = codes
        self._meanwhile = meanwhile

    def observe(self, exhibit: Exhibit, path: Path, *, pictures: Pictures, on_progress: OnProgress) -> Record:
        self.seen.append(exhibit.name)
        broken = b"broken" in path.read_bytes()
        self._meanwhile(path)
        on_progress(Progress(exhibit.sha256, 0.5))
        if broken:
            return Record(exhibit=exhibit, failure=FAILURE)
        pictures.put("moments/01.jpg", JPEG)
        facts = [
            Measured(fact=DecodeFact(frames=60, covered_s=5.0, expected_s=5.0)),
            Measured(fact=MomentFact(label="first", image="moments/01.jpg"), span=AT_2_S),
            *(Measured(fact=CodeFact(format="QRCode", text=text, reads=3), span=AT_2_S) for text in self._codes),
        ]
        return Record(
            exhibit=exhibit,
            media=MediaInfo(duration_s=5.0, width=1280, height=720, fps=12.0, codec="h264"),
            observations=numbered(("fake", "1", measured) for measured in facts),
            observers={"fake": "1"},
        )


class Shelf:
    """Results in memory, in the order they came."""

    def __init__(self) -> None:
        self.kept: dict[str, bytes] = {}

    def put(self, name: str, data: bytes) -> None:
        self.kept.pop(name, None)
        self.kept[name] = data

    def get(self, name: str) -> bytes | None:
        return self.kept.get(name)
