"""Comparing perceptual hashes, and their mirrored and turned variants, from the stored hex alone.

A hash holds the signs of the 16 x 16 lowest cosine frequencies of a picture but for the constant ones: bit
`16 * row + column`, most significant first, is set where the coefficient of vertical frequency `row + 1` and
horizontal frequency `column + 1` is positive. Because the bit is a sign and not a comparison with a median,
mirroring and turning the picture are exact operations on the bits:

- mirrored left to right, every odd horizontal frequency changes its sign;
- mirrored top to bottom, every odd vertical frequency does;
- mirrored at the main diagonal, rows and columns change places.

So an archive is searched for mirrored and turned re-uses with eight queries, and no picture is touched.
"""

import re
from enum import StrEnum

SIDE = 16
BITS = SIDE * SIDE
_HEX = re.compile(r"^[0-9a-f]{64}$")

GOOD_QUALITY = 0.5
"""Below it a picture is too flat for its hash to mean anything: two grey walls agree in everything."""


class Symmetry(StrEnum):
    """The eight ways a rectangle of pixels can be turned and mirrored; turns are clockwise."""

    SAME = "same"
    TURNED_90 = "turned_90"
    TURNED_180 = "turned_180"
    TURNED_270 = "turned_270"
    MIRRORED = "mirrored"
    FLIPPED = "flipped"
    TRANSPOSED = "transposed"
    TRANSVERSED = "transversed"


def _mask(odd_rows: bool, odd_columns: bool) -> int:
    """The bits that change sign. Frequencies count from 1, so even indices hold the odd frequencies."""
    mask = 0
    for row in range(SIDE):
        for column in range(SIDE):
            flips = (odd_rows and row % 2 == 0) != (odd_columns and column % 2 == 0)
            mask = mask << 1 | flips
    return mask


_MIRROR = _mask(odd_rows=False, odd_columns=True)
_FLIP = _mask(odd_rows=True, odd_columns=False)


def _bits(fingerprint: str) -> int:
    if not _HEX.match(fingerprint):
        raise ValueError("a fingerprint is 64 lower-case hexadecimal digits")
    return int(fingerprint, 16)


def _transposed(bits: int) -> int:
    out = 0
    for row in range(SIDE):
        for column in range(SIDE):
            out = out << 1 | (bits >> (BITS - 1 - (SIDE * column + row))) & 1
    return out


def distance(one: str, other: str) -> int:
    """Hamming distance of two fingerprints in bits, 0..256; unrelated pictures lie near 128."""
    return (_bits(one) ^ _bits(other)).bit_count()


def variants(fingerprint: str) -> dict[Symmetry, str]:
    """The fingerprints that the same picture has when turned or mirrored, by what was done to it."""
    bits = _bits(fingerprint)
    swapped = _transposed(bits)
    values = {
        Symmetry.SAME: bits,
        Symmetry.TURNED_90: swapped ^ _MIRROR,
        Symmetry.TURNED_180: bits ^ _MIRROR ^ _FLIP,
        Symmetry.TURNED_270: swapped ^ _FLIP,
        Symmetry.MIRRORED: bits ^ _MIRROR,
        Symmetry.FLIPPED: bits ^ _FLIP,
        Symmetry.TRANSPOSED: swapped,
        Symmetry.TRANSVERSED: swapped ^ _MIRROR ^ _FLIP,
    }
    return {symmetry: f"{value:064x}" for symmetry, value in values.items()}


def closest(one: str, other: str) -> tuple[int, Symmetry]:
    """The least distance over all symmetries of `other`, and which one it was."""
    order = list(Symmetry)
    found = min((distance(one, turned), order.index(how)) for how, turned in variants(other).items())
    return found[0], order[found[1]]
