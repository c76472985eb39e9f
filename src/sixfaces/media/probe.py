"""Headers and packets of a container, read without decoding a frame."""

from dataclasses import dataclass, field
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class PacketTable:
    """All packets of one stream in file order; times in ticks of `base`, absent ones as MISSING."""

    base: Fraction
    pts: NDArray[np.int64]
    dts: NDArray[np.int64]
    duration: NDArray[np.int64]
    size: NDArray[np.int64]
    key: NDArray[np.bool_]


MISSING = -(2**63)
"""Stands for a timestamp that the packet does not carry."""


@dataclass(frozen=True, slots=True)
class StreamProbe:
    """One stream's header. `extradata` is the codec's configuration record, `sei` user data seen in packets.

    `pixel_aspect` is the width of a pixel over its height, as the file states it.
    """

    index: int
    media: str
    codec: str
    profile: str | None
    tag: str
    width: int
    height: int
    rotation_deg: int
    mirrored: bool
    nominal_fps: float | None
    sample_rate: int | None
    start_ticks: int | None
    duration_s: float | None
    tags: dict[str, str]
    interlaced: bool
    packets: PacketTable
    pixel_aspect: Fraction = Fraction(1)


@dataclass(frozen=True, slots=True)
class Box:
    """One box of an ISO file as our own walker found it: type, place, size and the small payloads we read.

    `size` is what the file has of it; `cut` says that the box claims more than that.
    """

    path: str
    offset: int
    size: int
    payload: bytes = b""
    cut: bool = False


@dataclass(frozen=True, slots=True)
class ContainerProbe:
    """A container's biography as far as headers and packets tell it."""

    format: str
    bytes: int
    duration_s: float | None
    bit_rate: int | None
    tags: dict[str, str]
    streams: tuple[StreamProbe, ...]
    picture: int
    sound: int | None
    boxes: tuple[Box, ...] = ()
    trailing_bytes: int = 0
    encoder_strings: tuple[str, ...] = ()
    notes: tuple[str, ...] = field(default=())
