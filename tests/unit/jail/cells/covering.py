"""Children that are asked to cover pictures."""

import os

from sixfaces.media.wire import ChildEnd, Kind
from sixfaces.observe.messages import Done, Plan, Planned


def keeps_pictures(line: ChildEnd) -> None:
    """A first child that keeps two pictures."""
    line.send_model(Kind.PLAN, Plan(observers=(Planned(name="first", version="1"),)))
    for name in ("faces/top", "moments/01"):
        line.send_blob(Kind.PICTURE, f"{name}.jpg", b"\xff\xd8\xff" + name.encode())
    line.send_model(Kind.DONE, Done(decode_s=0.25))


def covers_one(line: ChildEnd) -> None:
    """A twin of one of them; the other is no picture to it."""
    while line.receive() is not None:
        pass
    line.send_blob(Kind.PICTURE, "masked/faces-top.jpg", b"\xff\xd8\xffcovered")
    line.send_model(Kind.DONE, Done(decode_s=9.0))


def covers_and_crashes(line: ChildEnd) -> None:
    """It dies at work."""
    while line.receive() is not None:
        pass
    line.send_blob(Kind.PICTURE, "masked/faces-top.jpg", b"\xff\xd8\xffcovered")
    os.abort()


def replaces_a_picture(line: ChildEnd) -> None:
    """A breach: what the first child kept is not its to change."""
    while line.receive() is not None:
        pass
    line.send_blob(Kind.PICTURE, "faces/top.jpg", b"\xff\xd8\xffother")
    line.send_model(Kind.DONE, Done(decode_s=9.0))


def tells_a_fact(line: ChildEnd) -> None:
    """A breach: it measures nothing."""
    while line.receive() is not None:
        pass
    line.send(Kind.FACT, {})
    line.send_model(Kind.DONE, Done(decode_s=9.0))
