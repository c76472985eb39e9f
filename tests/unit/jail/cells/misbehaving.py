"""First children that do not keep to what an observing child may say."""

import ctypes
import os
import time

from sixfaces.media import wire
from sixfaces.media.wire import ChildEnd, Kind

PLAN = {"observers": [{"name": "decode", "version": "1"}]}
FACT = {"observer": "decode", "measured": {"fact": {"kind": "decode", "frames": 1, "covered_s": 0.0}}}


def spins(line: ChildEnd) -> None:
    """Burn CPU for ever."""
    while True:
        pass


def sleeps(line: ChildEnd) -> None:
    """Wait for ever."""
    time.sleep(3600)


def hoards_memory(line: ChildEnd) -> None:
    """Take memory until there is none."""
    hoard = []
    while True:
        hoard.append(bytearray(16 << 20))


def segfaults(line: ChildEnd) -> None:
    """SIGSEGV."""
    ctypes.string_at(1)


def aborts(line: ChildEnd) -> None:
    """SIGABRT."""
    os.abort()


def raises(line: ChildEnd) -> None:
    """An ordinary bug."""
    raise ValueError("an ordinary bug")


def speaks_garbage(line: ChildEnd) -> None:
    """Bytes that are no message."""
    line.send_raw(b"\xfe\xed\xfa\xce" * 1000)


def floods_the_wire(line: ChildEnd) -> None:
    """The same picture for ever."""
    picture = wire.packed_blob(Kind.PICTURE, "flood/1.jpg", b"\xff\xd8\xff" + bytes(1 << 20))
    while True:
        line.send_raw(picture)


def floods_facts(line: ChildEnd) -> None:
    """The same fact for ever."""
    line.send(Kind.PLAN, PLAN)
    fact = wire.packed_json(Kind.FACT, FACT) * 100
    while True:
        line.send_raw(fact)


def tells_unplanned_facts(line: ChildEnd) -> None:
    """A fact by an observer that nobody announced."""
    line.send(Kind.PLAN, PLAN)
    line.send(Kind.FACT, FACT | {"observer": "oracle"})
    time.sleep(3600)


def tells_impossible_facts(line: ChildEnd) -> None:
    """Fewer frames than none."""
    line.send(Kind.PLAN, PLAN)
    line.send(Kind.FACT, {"observer": "decode", "measured": {"fact": {"kind": "decode", "frames": -1, "covered_s": 0}}})
    time.sleep(3600)


def keeps_what_is_no_picture(line: ChildEnd) -> None:
    """A page under a picture's name."""
    line.send_blob(Kind.PICTURE, "moments/01.jpg", b"<html><script>")
    time.sleep(3600)


def goes_on_after_its_last_word(line: ChildEnd) -> None:
    """Talk after DONE."""
    line.send(Kind.PLAN, PLAN)
    line.send(Kind.DONE, {"decode_s": 0.0})
    line.send(Kind.FACT, FACT)
    time.sleep(3600)


def leaves_without_a_word(line: ChildEnd) -> None:
    """Exit status 0, nothing said."""


def crashes_after_a_fact(line: ChildEnd) -> None:
    """One good fact, then SIGABRT."""
    line.send(Kind.PLAN, PLAN)
    line.send(Kind.FACT, FACT)
    os.abort()


def crashes_between_two_observers(line: ChildEnd) -> None:
    """One observer finishes, another has told one fact, a third nothing; then SIGABRT."""
    names = ("finished", "halfway", "waiting")
    planned = [{"name": name, "version": "1", "measures": [f"{name}_kind"]} for name in names]
    line.send(Kind.PLAN, {"observers": planned})
    line.send(Kind.FACT, FACT | {"observer": "finished"})
    line.send(Kind.FINISHED, {"observer": "finished"})
    line.send(Kind.FACT, FACT | {"observer": "halfway"})
    line.send_blob(Kind.CROP, "text/00-photo", b"a crop")
    os.abort()
