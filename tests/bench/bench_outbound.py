"""The box that came back beside the one that went out: answers by condition, and whether likelihoods hold.

`python -m tests.bench.bench_outbound [pairs] [first]`. Every pair is rendered twice from seeds alone: other light,
pose, pixels, blur, noise and compression, four to six faces seen on either side, names of faces drawn anew.
"""

import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.random import default_rng

from sixfaces.domain.answer import Answer
from sixfaces.domain.parcel_facts import Face
from sixfaces.observe.outbound.box import box_likeness
from sixfaces.observe.outbound.changes import changes
from sixfaces.observe.outbound.pictures import FacePicture
from sixfaces.observe.parcel.symmetric import GROUP
from tests.bench.outbound_boxes import Box, filmed
from tests.bench.outbound_items import BRANDS, rows

PAIRS, FIRST = 50, 5000
"""The constants were chosen on pairs below."""

Made = Callable[[Box, int], Box]
_BACK = 50_000
"""Seeds of return labels begin here."""


def _back(went: Box, number: int, *, covered: bool = False) -> Box:
    """As it went out, with a return label."""
    return replace(went, back_label=number + _BACK, covered=covered)


def _other(went: Box, number: int) -> Box:
    """Another box of the stock, with labels of its own and other hands' tape."""
    return replace(went, own=number + 70_000, label=number + 70_000, back_label=number + _BACK, retaped=number + 1)


def _foreign(went: Box, number: int) -> Box:
    """Another shop's box of the same size."""
    seed = number + 80_000
    return replace(went, design=seed, own=seed, label=seed, back_label=number + _BACK)


def _sized(went: Box, number: int) -> Box:
    """Another shop's box of any size."""
    x, y, z = (float(v) for v in default_rng([98, number]).uniform(0.1, 0.42, 3))
    return replace(_foreign(went, number), edges=(x, y, z))


def _battered(went: Box, number: int) -> Box:
    return replace(_back(went, number), retaped=number + 2, dented=number + 1, torn=number + 1)


SAME: dict[str, Made] = {
    "same, nothing changed": lambda went, number: went,
    "same, with a return label": _back,
    "same, the return label over the old one": lambda went, number: _back(went, number, covered=True),
    "same, cut and taped anew": lambda went, number: replace(_back(went, number), retaped=number + 1),
    "same, dented, torn, taped anew": _battered,
    "same, plain board": _back,
}
WEIGHTS = (0.5, 0.2, 0.15, 0.15)
"""Of other boxes half are of the same stock: they are what likelihoods are for. In the order of OTHER."""

OTHER: dict[str, Made] = {
    "other box of the design": _other,
    "other box, plain board, same size": _other,
    "other print, same size": _foreign,
    "other box altogether": _sized,
}

_SIDES = "four views in hands on either side"

Sides = tuple[dict[Face, FacePicture], dict[Face, FacePicture]]


@dataclass
class Told:
    """One pair's outcome."""

    same: Answer
    design: Answer
    by: str
    likely: float
    faces: int
    changed: int


def pair(name: str, number: int) -> Sides:
    """The return and the packing of one pair."""
    dice = default_rng([99, number])
    edges = (float(dice.uniform(0.25, 0.42)), float(dice.uniform(0.18, 0.33)), float(dice.uniform(0.1, 0.25)))
    style = str(dice.choice(["kraft", "white", "dark"], p=[0.75, 0.18, 0.07]))
    printed = 0 if "plain" in name else int(dice.integers(2, 6))
    went = Box(number, number, number, edges, printed, style)
    came = (SAME | OTHER)[name](went, number)
    turn, seen = GROUP[int(dice.integers(24))], [int(n) for n in dice.integers(4, 7, 2)]
    packed = filmed(went, seed=2 * number, turn=GROUP[0], seen=seen[0])
    return filmed(came, seed=2 * number + 1, turn=turn, seen=seen[1]), packed


def told(name: str, number: int) -> Told:
    """Compare one pair."""
    found = box_likeness(*pair(name, number))
    changed = sum(bool(changes(one.laid)) for one in found.pairs)
    return Told(found.same, found.design, found.by, found.likely, len(found.pairs), changed)


def _rows(outcomes: dict[str, list[Told]]) -> Iterator[str]:
    yield "| pair | met | cannot tell: own marks on one face | same print only | own marks differ | too little seen "
    yield "| not met | faces that look changed |"
    yield "|---|---|---|---|---|---|---|---|"
    for name, ends in outcomes.items():
        count = Counter("met" if e.same is Answer.MET else "not" if e.same is Answer.NOT_MET else _why(e) for e in ends)
        faces, changed = sum(e.faces for e in ends), sum(e.changed for e in ends)
        cells = [count[key] for key in ("met", "one", "print_only", "marks_differ", "not_comparable", "not")]
        yield f"| {name} | {' | '.join(map(str, cells))} | {changed} of {faces} |"


def _why(end: Told) -> str:
    return "one" if end.by == "print_only" and end.likely > 0.8 else end.by


def _reliability(outcomes: dict[str, list[Told]]) -> Iterator[str]:
    """Likelihoods as told and as they came out: the same and the others weigh as much, the others by WEIGHTS."""
    weights = dict(zip(OTHER, WEIGHTS, strict=True)) | dict.fromkeys(SAME, 1 / len(SAME))
    sums: dict[float, list[float]] = defaultdict(lambda: [0.0, 0.0])
    counts: Counter[tuple[float, bool]] = Counter()
    for name, ends in outcomes.items():
        for end in ends:
            sums[end.likely][name in SAME] += weights[name] / len(ends)
            counts[end.likely, name in SAME] += 1
    yield "| likelihood told | pairs of the same | pairs of others | share of the same, weighed |"
    yield "|---|---|---|---|"
    for likely in sorted(sums):
        other, same = sums[likely]
        yield f"| {likely:.2f} | {counts[likely, True]} | {counts[likely, False]} | {same / (same + other):.2f} |"
    total = sum(sum(both) for both in sums.values())
    off = sum(sum(both) / total * abs(both[1] / sum(both) - likely) for likely, both in sums.items())
    yield ""
    yield f"Expected calibration error: {off:.3f}."


def main() -> None:
    """Print the section."""
    cv2.setNumThreads(1)
    pairs, first = (int(word) for word in (*sys.argv[1:3], *(str(PAIRS), str(FIRST))[len(sys.argv[1:3]) :]))
    outcomes = {name: [told(name, number) for number in range(first, first + pairs)] for name in (*SAME, *OTHER)}
    lines = ["## The box that came back beside the one that went out", ""]
    head, *rest = _rows(outcomes)
    lines += [head + rest[0].removeprefix(" "), *rest[1:], "", *_reliability(outcomes), ""]
    designs = [end for name in list(SAME)[:5] for end in outcomes[name]]
    known = np.mean([end.design is Answer.MET for end in designs])
    lines.append(
        f"{pairs} rendered pairs of each kind that no constant was chosen on; four to six faces of either side are "
        f"seen. The design of printed boxes was known again in {known:.0%} of the pairs of the same box."
    )
    lines += ["", f"Items, {BRANDS} brands with {_SIDES}; in brackets the likelihood told of the same article:", ""]
    sys.stdout.write("\n".join([*lines, *rows()]) + "\n")


if __name__ == "__main__":
    main()
