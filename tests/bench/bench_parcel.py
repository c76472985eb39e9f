"""The parcel's observer on rendered takes with exact truth, honest ones and ones with a named defect, by condition.

`python -m tests.bench.bench_parcel [--takes N] [--first SEED] [--conditions …] [--defects …] [--processes P] [--full]`.
Needs what the renderer needs (numba), which no user of sixfaces does. Half of the takes of a condition are honest, the
others go through the defects of `_MIXED` in turn. Takes that went wrong are told on stderr, each by its seed: see
`python -m parcelnet.sequences --help` to look at one. A take of 30 seconds takes about half a minute.
"""

import argparse
import sys
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from importlib.util import find_spec
from itertools import cycle
from multiprocessing import get_context
from typing import TYPE_CHECKING

import cv2
import numpy as np
from numpy.typing import NDArray

from sixfaces.domain.time import MediaTime
from sixfaces.media.frames import FullFrame, MediumFrame
from sixfaces.observe.parcel.observer import Parcel
from sixfaces.rulebook.loader import load_policy

if TYPE_CHECKING:
    from parcelnet.scoring import Score

_FULL_EVERY = 5
"""Medium frames to a full one: two a second."""
_FULL_SCALE = 2.0
_MIXED = (
    *(
        "missing_bottom",
        "left_frame",
        "substituted",
        "covered_left",
        "hidden",
        "two_boxes",
        "oblique_back",
        "no_opening",
    ),
    *("substituted_similar", "short_right", "no_item", "missing_top", "starts_open", "covered_top", "seal_cut"),
    *("missing_left", "not_opened", "no_parcel"),
)
"""Defects in an order that has one of each sort among the first few."""


@dataclass(frozen=True)
class Order:
    """One take to make and to score. full: render full frames at 1280 pixels instead of taking the medium ones."""

    condition: str
    defect: str
    seed: int
    full: bool


def orders(wanted: argparse.Namespace) -> Iterator[Order]:
    """`takes` of each condition, every second one honest; each its own seed."""
    from parcelnet.stage_set import CONDITIONS

    defects = cycle(wanted.defects or _MIXED)
    seed = wanted.first
    for condition in wanted.conditions or CONDITIONS:
        for number in range(wanted.takes):
            honest = not wanted.defects and number % 2 == 0
            yield Order(condition, "honest" if honest else next(defects), seed, wanted.full)
            seed += 1


def scored(order: Order) -> "Score":
    """Render the take, let the observer watch it, hold its facts against the truth."""
    from parcelnet.filming import FPS, frame, frames, take
    from parcelnet.scoring import score

    cv2.setNumThreads(1)
    made = take(order.seed, condition=order.condition, defect=order.defect)
    observer = Parcel(lambda _name, _data: None)
    truths = []
    for number, (picture, truth) in enumerate(frames(made)):
        time, gray = MediaTime(ticks=number, den=FPS), grey(picture)
        observer.medium(MediumFrame(number, time, picture, gray))
        if number % _FULL_EVERY == 0:
            large = frame(made, number / FPS, scale=_FULL_SCALE)[0] if order.full else picture
            observer.full(FullFrame(number, time, grey(large), partial(np.copy, large)))
        truths.append(truth)
    facts = tuple(observer.finish())
    return score(made, truths, facts, policy=load_policy("default"), poses=observer.poses)


def grey(bgr: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """(height, width) luma."""
    return np.asarray(cv2.cvtColor(bgr, cv2.COLOR_BGR2GRAY), np.uint8)


def _parsed() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Score the parcel's observer on rendered takes.")
    parser.add_argument("--takes", type=int, default=4, help="of each condition")
    parser.add_argument("--first", type=int, default=1_000_000, help="first seed; tests use 1000000 and above")
    parser.add_argument("--conditions", nargs="*")
    parser.add_argument("--defects", nargs="*", help="these only, in turn, and no honest takes but by their name")
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--full", action="store_true", help="render full frames at 1280 pixels")
    return parser.parse_args()


def main() -> int:
    """Print the tables."""
    if find_spec("numba") is None:
        sys.stderr.write("the renderer needs numba\n")
        return 1
    from parcelnet.scoreboard import mistakes, reliability, table

    wanted = _parsed()
    asked = list(orders(wanted))
    scores: list[Score] = []
    with ProcessPoolExecutor(wanted.processes, mp_context=get_context("spawn")) as pool:
        for told in pool.map(scored, asked):
            scores.append(told)
            sys.stderr.write("".join(f"{line}\n" for line in mistakes([told])))
    sys.stdout.write(f"## The parcel on rendered takes\n\n{len(scores)} takes, seeds from {wanted.first}.\n\n")
    sys.stdout.write(f"{table(scores)}\n\n{table(scores, by=lambda s: s.defect.partition('_')[0])}\n\n")
    sys.stdout.write(
        "How often what was told with some confidence was so (stretches of faces, stages, names of poses):\n\n"
    )
    sys.stdout.write(f"{reliability(scores)}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
