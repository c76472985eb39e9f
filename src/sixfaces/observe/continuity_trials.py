"""The observer tests itself: removals it makes on this very footage, to know the shortest that it would find.

At regular moments it pretends that the frames of the next tenths of a second are missing, and scores that splice as
it scores every step. Only removals that change the picture count: where nothing moves, nothing is to be found.
"""

from dataclasses import dataclass, field

import numpy as np

LENGTHS_S = (0.2, 0.3, 0.5, 1.0, 2.0)
_FOUND_SHARE = 0.75
_LEAST_TRIALS = 4
_VISIBLE = 8.0
"""Grey levels by which the three most changed blocks must differ from what should have come: about one part in a
hundred of the picture, clearly."""

_VISIBLE_BLOCKS = 3


@dataclass
class Trials:
    """Counts visible trials and those found, per length."""

    visible: dict[float, int] = field(default_factory=lambda: dict.fromkeys(LENGTHS_S, 0))
    found: dict[float, int] = field(default_factory=lambda: dict.fromkeys(LENGTHS_S, 0))

    def count(self, length_s: float, *, found: bool) -> None:
        """One visible removal of `length_s`."""
        self.visible[length_s] += 1
        self.found[length_s] += found

    def smallest_s(self) -> float | None:
        """The shortest length from which on all lengths are found nearly always; None if that cannot be said."""
        smallest = None
        for length in reversed(LENGTHS_S):
            visible, found = self.visible[length], self.found[length]
            if visible >= _LEAST_TRIALS:
                if found < _FOUND_SHARE * visible:
                    break
                smallest = length
        return smallest


def visibly_differs(blocks: np.ndarray[tuple[int, ...], np.dtype[np.float32]]) -> bool:
    """Whether a difference of two pictures, by blocks, is one that a person could point at."""
    return bool(np.partition(blocks.ravel(), -_VISIBLE_BLOCKS)[-_VISIBLE_BLOCKS:].mean() > _VISIBLE)
