"""Regions of pictures: what their hashes are called, and what mirroring does to them.

A hash holds, for each of the 4 x 4 x 8 gradient sums of a SIFT description (row, column, direction), whether it is
above a low limit, and then for each whether it is above a high one. Rows and directions are turned with the region. So
in a mirrored picture the rows stand in opposite order and the directions run backwards: the bits change places, and no
picture is touched.
"""

ALGORITHM = "sift-limits-256/1"

BITS = 256
"""Of one hash. Of unrelated regions most lie more than 60 apart, of copies nine in ten less than 25."""


def mirrored_places() -> tuple[int, ...]:
    """For each bit of a mirrored picture's hash, counted from the first, which bit of the original's it is."""
    sums = [32 * (3 - row) + 8 * column + -way % 8 for row in range(4) for column in range(4) for way in range(8)]
    return (*sums, *(128 + place for place in sums))
