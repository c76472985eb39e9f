"""Reads a take's groups of pictures: runs in the jail. The form of a leaf is stated in docs/clips.md.

1. All packets are read as they are recorded: an edit list hides none and moves none.
2. The moving picture's packets are cut into groups, each from a key frame up to the next.
3. Of each group the leaf hash of RFC 6962 is taken over the codec's name, the digest of its configuration record,
   how pictures are to be turned, and each packet's time, length and bytes.
Only ISO and Matroska files hold packets as they were written; what a transport stream's packets are depends on who
takes it apart, so nothing could be proven of them by another program.
"""

from __future__ import annotations  # av.packet.Packet is generic for type checkers only

import hashlib
import struct
from base64 import b64encode
from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any, NamedTuple

from av.packet import Packet

from sixfaces.domain.groups import FORM, Groups
from sixfaces.media.clip_refusals import no_groups
from sixfaces.media.moving_picture import Chosen, chosen

CONTAINERS = ("mp4", "mov", "3gp", "matroska", "webm")
"""Formats, by our own names, whose packets are the same for every reader."""


class Stretch(NamedTuple):
    """Groups that stand together, and the time in the take at which the first of them begins, in seconds."""

    groups: int
    start: Fraction


WHOLE = (Stretch(0, Fraction(0)),)

_STAMP = struct.Struct(">qQQ")


class _Reading:
    """Groups as they are read. Times are in ticks from the first packet's."""

    def __init__(self, head: bytes, base: Fraction, stretches: Sequence[Stretch]) -> None:
        self.begins: list[int] = []
        self.packets: list[int] = []
        self.sizes: list[int] = []
        self.leading: list[int] = []
        self.leaves: list[bytes] = []
        self.end = 0
        self._open = hashlib.sha256()
        self._head, self._base = head, base
        self._starts = {sum(one.groups for one in stretches[:n]): one.start for n, one in enumerate(stretches)}
        self._shift = Fraction(0)

    def add(self, packet: Packet[Any], at: int) -> None:
        """The next packet in file order."""
        if packet.is_keyframe or not self.begins:
            self._begin(at)
        elif at < self.begins[-1] and self.leading[-1:] != [len(self.begins) - 1]:
            self.leading.append(len(self.begins) - 1)
        time, data = at * self._base + self._shift, bytes(packet)
        self._open.update(_STAMP.pack(time.numerator, time.denominator, len(data)))
        self._open.update(data)
        self.packets[-1] += 1
        self.sizes[-1] += len(data)
        self.end = max(self.end, at + max(1, packet.duration or 0))

    def _begin(self, at: int) -> None:
        self.close()
        if (start := self._starts.get(len(self.begins))) is not None:
            self._shift = start - at * self._base
        for column, value in ((self.begins, at), (self.packets, 0), (self.sizes, 0)):
            column.append(value)
        self._open = hashlib.sha256(b"\x00" + self._head)

    def close(self) -> None:
        """The last group has come to its end."""
        if self.begins:
            self.leaves.append(self._open.digest())


def read_groups(
    path: Path, form: str, stretches: Sequence[Stretch] = WHOLE, *, demuxer: str | None, offset: bool = True
) -> Groups:
    """The groups of the picture that shows most. `form` is our name of the file's format. Without `offset` nobody asks
    when players show them, and it stays 0.

    Raises ClipError `clip.groups` where none can be formed, MediaError as `probe_container` does.
    """
    if form not in CONTAINERS:
        raise no_groups(form)
    return groups_in(chosen(path, demuxer), stretches, offset=offset)


def groups_in(picture: Chosen, stretches: Sequence[Stretch] = WHOLE, *, offset: bool = True) -> Groups:
    """The groups of a stream that has been chosen. Of a clip the leaves are those that its groups have in the take, if
    `stretches` says where in the take they begin. `offset` and errors as in `read_groups`."""
    turned = f"{picture.turned.degrees}{'m' if picture.turned.mirrored else ''}"
    head = f"{FORM}\n{picture.codec}\n{picture.parameters}\n{turned}\n"
    reading, first, headless = _Reading(head.encode(), picture.base, stretches), None, False
    with picture.opened() as container:
        for packet in picture.packets(container):
            if packet.pts is None or abs(packet.pts) >= 2**61:
                raise no_groups("no times")
            if first is None:
                first, headless = packet.pts, not packet.is_keyframe
            reading.add(packet, packet.pts - first)
    reading.close()
    if first is None:
        raise no_groups("no packets")
    return Groups(
        codec=picture.codec,
        parameters=picture.parameters,
        degrees=picture.turned.degrees,
        mirrored=picture.turned.mirrored,
        num=picture.base.numerator,
        den=picture.base.denominator,
        offset=_offset(picture, first) if offset else 0,
        begins=tuple(reading.begins),
        end=reading.end,
        packets=tuple(reading.packets),
        sizes=tuple(reading.sizes),
        headless=headless,
        leading=tuple(reading.leading),
        leaves=b64encode(b"".join(reading.leaves)).decode(),
    )


def _offset(picture: Chosen, first: int) -> int:
    """When players show the first packet: they follow the edit list, which moves all that it does not hide."""
    with picture.opened(as_recorded=False) as shown, picture.opened() as recorded:
        place = next(((p.pos, p.pts) for p in picture.packets(shown) if p.pos is not None and p.pts is not None), None)
        if place is None:
            return first
        for packet in picture.packets(recorded):
            if packet.pos == place[0] and packet.pts is not None:
                return place[1] - packet.pts + first
    return first
