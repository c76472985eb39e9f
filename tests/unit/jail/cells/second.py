"""A pair of children: the first keeps crops, the second is shown them."""

import os

from sixfaces.domain.facts import UnmeasuredFact
from sixfaces.domain.observation import Measured
from sixfaces.media import wire
from sixfaces.media.wire import ChildEnd, Kind
from sixfaces.observe.messages import Done, Plan, Planned, Told


def _tell(line: ChildEnd, observer: str, detail: str) -> None:
    line.send_model(Kind.PLAN, Plan(observers=(Planned(name=observer, version="1"),)))
    fact = UnmeasuredFact(of=("text",), code="told", detail=detail)
    line.send_model(Kind.FACT, Told(observer=observer, measured=Measured(fact=fact)))


def keeps_crops(line: ChildEnd) -> None:
    """Three crops for one reader and one for nobody."""
    _tell(line, "first", "crops follow")
    for n in range(3):
        line.send_blob(Kind.CROP, f"words/{n}", bytes(1000 * n))
    line.send_blob(Kind.CROP, "other/0", b"x")
    line.send_model(Kind.DONE, Done(decode_s=0.25))


def keeps_no_crops(line: ChildEnd) -> None:
    """Nothing for a second look."""
    _tell(line, "first", "no crops")
    line.send_model(Kind.DONE, Done(decode_s=0.25))


def keeps_crops_without_end(line: ChildEnd) -> None:
    """More crops than a parent should hold."""
    _tell(line, "first", "many")
    while True:
        line.send_blob(Kind.CROP, "words/0", bytes(1 << 20))


def reads_crops(line: ChildEnd) -> None:
    """Say which crops came."""
    request = line.receive()
    assert request is not None
    assert request.kind is Kind.REQUEST
    names = []
    while (message := line.receive()) is not None:
        blob = wire.blob_of(message)
        names.append(f"{blob.name}:{len(blob.data)}")
    _tell(line, "reader", " ".join(names))
    line.send_model(Kind.DONE, Done(decode_s=0.5))


def reads_and_crashes(line: ChildEnd) -> None:
    """One fact, then SIGABRT."""
    _tell(line, "reader", "half")
    os.abort()
