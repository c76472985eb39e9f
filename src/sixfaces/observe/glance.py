"""The glancing child: reads the codes at the beginning of a file and nothing else, so that a station knows whose
recording it has. It runs in the jail as the observing child does, and reads codes as that one does.

1. A photo is read as a whole.
2. Of a video the first LONGEST_S are looked at, less where a carrier's number has been read well: then AFTER_S more,
   for a second label in the picture.
"""

import time
from pathlib import Path

import cv2

from sixfaces.domain.errors import MediaError
from sixfaces.domain.exhibit import Medium
from sixfaces.domain.observation import Measured, MediaFailure
from sixfaces.domain.reading_facts import CodeFact
from sixfaces.media import formats
from sixfaces.media.container import probe_container
from sixfaces.media.decode import StopDecoding, decode_video
from sixfaces.media.frames import AudioBlock, FullFrame, MediumFrame, SmallFrame
from sixfaces.media.wire import ChildEnd, Kind, WireError
from sixfaces.observe.code_search import Search
from sixfaces.observe.code_votes import Votes
from sixfaces.observe.codes import Codes
from sixfaces.observe.ink import ink_map
from sixfaces.observe.messages import Done, Plan, Planned, Request, Step, Told
from sixfaces.observe.observer import Tier

LONGEST_S = 120.0
AFTER_S = 10.0
_CPU_S = 60.0
"""Computing time after which no more is looked at: a station's machine records at the same time."""
_READS = 3


def main(line: ChildEnd) -> None:
    """Serve one request. Raises WireError if it is none."""
    cv2.setNumThreads(1)
    message = line.receive()
    if message is None or message.kind is not Kind.REQUEST:
        raise WireError("the first message must be a request")
    request = Request.model_validate_json(message.payload)
    started = time.perf_counter()
    line.send_model(Kind.PLAN, Plan(observers=(Planned(name=Codes.name, version=Codes.version, measures=("code",)),)))
    try:
        for measured in _codes(request, line):
            line.send_model(Kind.FACT, Told(observer=Codes.name, measured=measured))
    except MediaError as error:
        line.send_model(Kind.FAILURE, MediaFailure(code=error.code, text=error.text, fix=error.fix))
    line.send_model(Kind.DONE, Done(decode_s=time.perf_counter() - started))


def _codes(request: Request, line: ChildEnd) -> list[Measured]:
    if request.medium is Medium.PHOTO:
        from sixfaces.media.stills import read_photo  # only photos need Pillow and HEIF

        observer = Codes(lambda name, data: None)
        observer.photo(read_photo(Path(request.path), format=request.format))
        return [measured for measured in observer.finish() if isinstance(measured.fact, CodeFact)]
    if request.medium is not Medium.VIDEO:
        return []
    glance = Glance(min(_CPU_S, request.cpu_s * 0.8))
    path = Path(request.path)
    probe = probe_container(path, demuxer=formats.named(request.format).demuxer)
    line.send_model(Kind.PROGRESS, Step(share=0.0, claimed_s=LONGEST_S))
    decode_video(path, probe, wants={Tier.SMALL.value, Tier.FULL.value}, sink=glance)
    return glance.found()


class Glance:
    """Where frames go until enough has been seen."""

    def __init__(self, cpu_s: float = _CPU_S) -> None:
        self._until_s = cpu_s
        self._search = Search()
        self._votes = Votes()
        self._first: float | None = None
        self._sure: float | None = None

    def found(self) -> list[Measured]:
        """The codes read, in order of time."""
        return self._votes.facts(still=False)

    def small(self, frame: SmallFrame) -> None:
        """Every frame: whether to go on. Raises StopDecoding."""
        at = frame.time.seconds
        self._first = at if self._first is None else self._first
        is_enough = self._sure is not None and at > self._sure + AFTER_S
        if is_enough or at - self._first > LONGEST_S or time.process_time() > self._until_s:
            raise StopDecoding("time_limit")

    def medium(self, frame: MediumFrame) -> None:
        """Not wanted."""

    def full(self, frame: FullFrame) -> None:
        """Read its codes."""
        self._votes.add(frame.time, self._search.frame(frame.gray, ink_map(frame.gray)))
        if self._sure is None and any(_is_waybill(measured) for measured in self.found()):
            self._sure = frame.time.seconds

    def audio(self, block: AudioBlock) -> None:
        """Not wanted."""


def _is_waybill(measured: Measured) -> bool:
    fact = measured.fact
    return isinstance(fact, CodeFact) and fact.carrier is not None and fact.reads >= _READS
