"""Writes groups of a take into an MP4 file without touching a packet: runs in the jail.

1. Each packet goes out with the bytes it came with. Its time keeps its distance to the key frame of its stretch;
   stretches follow each other, each behind the last picture of the one before, which never stands for long.
2. Decoding times are made anew, in the order of the packets: what a container says of them differs, and no leaf has
   them.
3. Sound, tags and everything else of the container stay behind.
"""

from __future__ import annotations  # av.packet.Packet is generic for type checkers only

import io
from collections.abc import Iterator, Sequence
from itertools import accumulate
from typing import Any, NamedTuple

import av
from av.error import FFmpegError
from av.packet import Packet

from sixfaces.domain.groups import Groups
from sixfaces.media.moving_picture import Chosen
from sixfaces.media.mp4_front import moov_first
from sixfaces.media.mp4_place import in_its_place

COPIED = frozenset({"h264", "hevc", "vp9", "av1"})
"""Codecs whose packets an MP4 file holds as they are; the clip is read again before anything is claimed of it."""

OVERHEAD_BYTES, OVERHEAD_PACKET = 4096, 32
"""What an MP4 file adds to its packets: headers, and the tables' rows of one packet."""

WAIT_S = 1
"""Seconds for which the last picture of a stretch stands at most: how long it stood in the take is in no leaf, and an
outsider cannot tell a long wait from one that was put there."""


class Copy(NamedTuple):
    """An MP4 file, and for how many ticks it shows each stretch."""

    data: bytes
    lengths: tuple[int, ...]


class _Kept(NamedTuple):
    """A packet, which stretch it is of, and its time in ticks after the key frame of that."""

    packet: Packet[Any]
    stretch: int
    time: int


def copied_size(groups: Groups, ranges: Sequence[range]) -> int:
    """Bytes that the clip will take at most."""
    numbers = [number for one in ranges for number in one]
    packets = sum(groups.packets[number] for number in numbers)
    return OVERHEAD_BYTES + OVERHEAD_PACKET * packets + sum(groups.sizes[number] for number in numbers)


def can_stand_alone(groups: Groups, ranges: Sequence[range]) -> bool:
    """Whether players can show these groups by themselves: each stretch starts with a key frame, and only the first
    may lead with pictures made from a group that is not there, for it alone can be begun behind them."""
    every = groups.all()
    starts = [every[one.start] for one in ranges]
    behind = starts[1:]
    return all(one.is_key for one in starts) and not any(one.leads for one in behind)


def copied(picture: Chosen, groups: Groups, ranges: Sequence[range]) -> Copy | None:
    """The clip; None where it cannot be written so."""
    out = io.BytesIO()
    wait = max(1, int(WAIT_S / picture.base))
    try:
        with picture.opened() as source, av.open(out, "w", format="mp4") as clip:
            stream = clip.add_stream_from_template(picture.stream(source), opaque=True)
            stream.time_base = picture.base
            kept = list(_kept(picture.packets(source), ranges, groups))
            lengths = _lengths(kept, groups, ranges, wait=wait)
            for packet in _retimed(list(_placed(kept, lengths))):
                packet.stream = stream
                packet.duration = min(max(1, packet.duration or 0), wait)
                clip.mux_one(packet)
    except (FFmpegError, ValueError):
        return None
    return Copy(in_its_place(moov_first(out.getvalue())), lengths)


def _kept(packets: Iterator[Packet[Any]], ranges: Sequence[range], groups: Groups) -> Iterator[_Kept]:
    """The packets of these groups."""
    wanted = {number: n for n, one in enumerate(ranges) for number in one}
    number, left, first = 0, groups.packets[0], None
    for packet in packets:
        assert packet.pts is not None  # there would be no groups
        first = packet.pts if first is None else first
        if left == 0:
            number, left = number + 1, groups.packets[number + 1]
        left -= 1
        if number in wanted:
            stretch = wanted[number]
            yield _Kept(packet, stretch, packet.pts - first - groups.begins[ranges[stretch].start])
        elif number >= ranges[-1].stop:
            return


def _lengths(kept: Sequence[_Kept], groups: Groups, ranges: Sequence[range], *, wait: int) -> tuple[int, ...]:
    """Of each stretch: up to the next group in the take, unless its last picture would stand for longer than `wait`."""
    ends, last = (*groups.begins[1:], groups.end), dict[int, int]()
    for one in kept:
        last[one.stretch] = max(one.time, last.get(one.stretch, 0))
    told = (ends[one.stop - 1] - groups.begins[one.start] for one in ranges)
    return tuple(min(max(length, last[n] + 1), last[n] + wait) for n, length in enumerate(told))


def _placed(kept: Sequence[_Kept], lengths: Sequence[int]) -> Iterator[tuple[Packet[Any], int]]:
    """Each packet with its time in ticks in the clip."""
    begins = [0, *accumulate(lengths)]
    for packet, stretch, time in kept:
        yield packet, begins[stretch] + time


def _retimed(packets: Sequence[tuple[Packet[Any], int]]) -> Iterator[Packet[Any]]:
    """The packets with times that a muxer takes: decoded in this order, each no later than it is shown."""
    times = [time for _, time in packets]
    order = sorted(times)
    delay = max(early - time for early, time in zip(order, times, strict=True))
    for early, (packet, time) in zip(order, packets, strict=True):
        packet.pts, packet.dts = time, early - delay
        yield packet
