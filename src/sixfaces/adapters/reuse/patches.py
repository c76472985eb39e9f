"""The regions of one picture as arrays, and how far they lie from others."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from sixfaces.domain.facts import REGION_BYTES, RegionsFact
from sixfaces.domain.regions import mirrored_places

Bits = NDArray[np.uint8]
"""(n, 32): one hash in each row."""

_WORDS = REGION_BYTES // 8
_MIRROR = np.array(mirrored_places())


@dataclass(frozen=True)
class Patches:
    """bits (n, 32); at (n,) complex places x + iy in pixels; size (n,) diameters; turn (n,) radians; wide, high: of the
    picture."""

    bits: Bits
    at: NDArray[np.complex128]
    size: NDArray[np.float64]
    turn: NDArray[np.float64]
    wide: int
    high: int

    def __len__(self) -> int:
        return len(self.bits)

    @cached_property
    def mirrored(self) -> "Patches":
        """What the same picture has when it is mirrored left to right."""
        mirrored = np.packbits(np.unpackbits(self.bits, axis=1)[:, _MIRROR], axis=1)
        at: NDArray[np.complex128] = (self.wide - 1 - self.at.conj()).astype(np.complex128)
        return Patches(np.ascontiguousarray(mirrored), at, self.size, np.pi - self.turn, self.wide, self.high)

    def only(self, which: NDArray[np.bool_]) -> "Patches":
        """Some of them."""
        return Patches(self.bits[which], self.at[which], self.size[which], self.turn[which], self.wide, self.high)


def patches_of(fact: RegionsFact) -> Patches:
    """The fact's regions."""
    bits = np.frombuffer(fact.hash_bytes(), np.uint8).reshape(-1, REGION_BYTES)
    x, y, size, turn = np.frombuffer(fact.anchor_bytes(), ">u2").reshape(-1, 4).astype(np.float64).T
    turned, at = turn * (2 * np.pi / 65536), ((x + 1j * y) / 8).astype(np.complex128)
    return Patches(bits, at, np.maximum(size / 8, 0.125), turned, fact.width, fact.height)


def apart(one: Bits, other: Bits) -> NDArray[np.uint16]:
    """(n, m): Hamming distances, 0..256."""
    mine, theirs = one.view(np.uint64), other.view(np.uint64)
    found = np.zeros((len(one), len(other)), np.uint16)
    for word in range(_WORDS):
        found += np.bitwise_count(mine[:, word, None] ^ theirs[None, :, word])
    return found
