"""Numbers by which a station knows whose recording it has: in the file's name, or on the labels in the footage."""

import re
from pathlib import Path
from typing import NamedTuple

from sixfaces.domain.exhibit import Exhibit, Role
from sixfaces.domain.model import Model, Text
from sixfaces.domain.observation import Observation
from sixfaces.domain.ports import Progress
from sixfaces.domain.reading_facts import CodeFact
from sixfaces.observe.carriers import recognise

GLANCE = "sixfaces.observe.glance:main"
_WORD = re.compile(r"[A-Za-z0-9]{8,40}")
_NUMBER = re.compile(r"(?=(?:\D*\d){6})[A-Za-z0-9-]{8,40}")
_DATE = re.compile(r"(?:19|20)\d{6}(?:\d{4}|\d{6}|\d{9})?")
"""A day or an instant, as cameras write them into names."""
_RETAIL = frozenset({"EAN13", "EAN8", "UPCA", "UPCE"})
_BELIEVED = 0.5
_MOST = 20


class Number(Model):
    """A number that may be a waybill. `is_waybill`: its form is that of a carrier's and of nothing else's; any other
    one only counts where the server has a case of it."""

    text: Text
    is_waybill: bool = False


class Bytes(NamedTuple):
    """Which bytes a file has."""

    sha256: str
    size: int


def numbers_of_name(path: Path) -> tuple[Number, ...]:
    """Numbers in a file's name, such as `cam1_20260122_SF1234567890123.mp4`; days and instants are none."""
    words = dict.fromkeys(word.upper() for word in _WORD.findall(path.stem) if not _DATE.fullmatch(word))
    return tuple(_number(word, "name") for word in words if _NUMBER.fullmatch(word))[:_MOST]


def numbers_in_footage(path: Path, known: Bytes) -> tuple[Number, ...]:
    """Numbers in codes at the beginning of the footage, carriers' first; read in a process that may be killed. None
    where nothing could be read, whatever the bytes are."""
    from sixfaces.intake.sniff import HEAD_BYTES, sniff
    from sixfaces.observe.observatory import JailedObservatory

    with path.open("rb") as file:
        form = sniff(file.read(HEAD_BYTES))
    exhibit = Exhibit(
        sha256=known.sha256,
        name="footage",
        role=Role.UNBOXING_VIDEO,
        bytes=known.size,
        medium=form.medium,
        format=form.name,
    )
    observatory = JailedObservatory(first=GLANCE, second_looks=())
    record = observatory.observe(exhibit, path, pictures=_NoPictures(), on_progress=_unheard)
    facts = [fact for one in record.observations if (fact := _believed(one)) is not None]
    found = dict.fromkeys(_number(fact.text.strip().upper(), fact.format, fact) for fact in facts)
    return tuple(sorted(found, key=lambda number: not number.is_waybill))[:_MOST]


class _NoPictures:
    def put(self, name: str, data: bytes) -> None:
        """A glance keeps none."""


def _unheard(progress: Progress) -> None:
    """It takes seconds."""


def _believed(observation: Observation) -> CodeFact | None:
    fact = observation.fact
    if not isinstance(fact, CodeFact) or observation.confidence < _BELIEVED or fact.format in _RETAIL:
        return None
    return fact if fact.carrier is not None or _NUMBER.fullmatch(fact.text.strip()) else None


def _number(text: str, symbology: str, fact: CodeFact | None = None) -> Number:
    carrier = fact.carrier if fact is not None else recognise(text, symbology=symbology).carrier
    return Number(text=text, is_waybill=carrier is not None)
