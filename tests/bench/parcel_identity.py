"""Re-identification after a gap, by condition: python -m tests.bench.parcel_identity [pairs] [first] [condition ...]

Each pair is a box filmed before a gap and a box filmed after it, the same one or another, made by
`tests.unit.parcel.shipped_boxes` from seeds alone. A waybill code was read before the gap, none after it.
"""

import sys
from collections import Counter
from dataclasses import dataclass, field, replace

import cv2
import numpy as np

from sixfaces.observe.parcel.identity import Side, likeness
from sixfaces.observe.parcel.symmetric import GROUP
from tests.unit.parcel.shipped_boxes import Filming, carton, filmed

SOFT = Filming(px=(150, 350), blur_px=(1.2, 2.5), angle_deg=55, noise=7)
"""Small in the picture, seen aslant, blurred and noisy."""

_OTHER = 100_000


@dataclass(frozen=True)
class Condition:
    """What is printed, what is another's after the gap, how it is filmed, and how many faces are seen on each side."""

    other: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    how: Filming = field(default_factory=Filming)
    seen: int = 6


_PRINT, _LABEL, _TAPE = "print_seed", "label_seed", "tape_seed"
CONDITIONS = {
    "same": Condition(),
    "same_soft": Condition(how=SOFT),
    "same_three_faces": Condition(seen=3),
    "same_plain": Condition(without=(_PRINT,)),
    "same_unlabelled": Condition(without=(_LABEL,)),
    "other_label": Condition(other=(_LABEL,)),
    "other_label_soft": Condition(other=(_LABEL,), how=SOFT),
    "other_label_and_tape": Condition(other=(_LABEL, _TAPE)),
    "other_label_plain": Condition(other=(_LABEL, _TAPE), without=(_PRINT,)),
    "other_tape_unlabelled": Condition(other=(_TAPE,), without=(_LABEL,)),
    "other_box": Condition(other=(_PRINT, _LABEL, _TAPE)),
    "other_box_three_faces": Condition(other=(_PRINT, _LABEL, _TAPE), seen=3),
    "other_plain_unlabelled": Condition(other=(_TAPE,), without=(_PRINT, _LABEL)),
}


def pair(condition: Condition, number: int) -> tuple[Side, Side]:
    """The two sides of one gap."""
    dice = np.random.default_rng([99, number])
    turn = GROUP[int(dice.integers(24))]
    edges = np.array([dice.uniform(250, 420), dice.uniform(180, 330), dice.uniform(100, 250)])
    sides = []
    for after in (False, True):
        seeds: dict[str, int | None] = dict.fromkeys((_PRINT, _LABEL, _TAPE), number)
        seeds.update(dict.fromkeys(condition.other, number + _OTHER * after))
        seeds.update(dict.fromkeys(condition.without))
        box = carton(
            edges, print_seed=seeds[_PRINT], label_seed=seeds[_LABEL], tape_seed=seeds[_TAPE] or 0,
            layout_seed=number % 5,
        )  # fmt: skip
        stood = turn if after else GROUP[0]
        sides.append(filmed(box, seed=2 * number + after, turn=stood, how=condition.how, seen=condition.seen))
    return replace(sides[0], codes=frozenset({"SF1234567890123"})), sides[1]


def main() -> None:
    """Print the share of each answer as it comes, by condition."""
    cv2.setNumThreads(1)
    pairs, first = (int(word) for word in (sys.argv[1:3] if len(sys.argv) > 2 else ("20", "0")))
    names = sys.argv[3:] or list(CONDITIONS)
    answers = {name: Counter[str]() for name in names}
    for number in range(first, first + pairs):
        for name in names:
            found = likeness(*pair(CONDITIONS[name], number))
            answers[name][f"{found.same.value} by {found.by}"] += 1
            if found.same.value == ("not_met" if name.startswith("same") else "met"):
                sys.stdout.write(f"wrong: {name} {number} {found}\n")
        if (number - first) % 10 == 9 or number == first + pairs - 1:
            for name in names:
                told = ", ".join(f"{answer} {count}" for answer, count in sorted(answers[name].items()))
                sys.stdout.write(f"{number - first + 1} {name}: {told}\n")
            sys.stdout.flush()


if __name__ == "__main__":
    main()
