"""How often an item is taken for the order's, rightly and wrongly: `python -m tests.bench.item_pairs`.

Drawn products with print, under hands, turned, tilted, lit, blurred and compressed at random; no seed is used in tests.
"""

import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from typing import NamedTuple

import cv2

from fixtures.products import Look, Product, hardened, seen, shop_picture
from sixfaces.domain.answer import Answer
from sixfaces.observe.item.appearance import likeness, view_of
from sixfaces.observe.item.print_cells import print_of

PRODUCTS = 20
FIRST = 1000
VIEWS = 6


class Pairing(NamedTuple):
    """A kind of pair: whether both are one item, what came, in how many views, and pairs of (ordered, came)."""

    name: str
    same: bool
    views: int
    pairs: list[tuple[Product, Product]]


def main() -> None:
    """Print the table and the two rates."""
    cv2.setNumThreads(1)
    out = ["## Items told by their print", "", "| item that came | views | pairs | met | score, median (10 to 90 %) |"]
    out.append("|---|---|---|---|---|")
    totals = {True: [0, 0], False: [0, 0]}
    started, count = time.process_time(), 0
    for pairing in _pairings():
        found = [_compared(pairing, n) for n in range(len(pairing.pairs))]
        met, scores = sum(answer is Answer.MET for answer, _ in found), sorted(score for _, score in found)
        low, middle, high = (scores[round(q * (len(scores) - 1))] for q in (0.1, 0.5, 0.9))
        row = f"{pairing.name} | {pairing.views} | {len(found)} | {met} | {middle:.2f} ({low:.2f} to {high:.2f})"
        out.append(f"| {row} |")
        if pairing.views == VIEWS and "too little print" not in pairing.name:
            totals[pairing.same][0] += met
            totals[pairing.same][1] += len(found)
        count += len(found)
    each = (time.process_time() - started) / count
    out += [
        "",
        f"In {VIEWS} views {_rate(totals[True])} were found again, and {_rate(totals[False])} others taken for it.",
    ]
    out.append(f"One pair takes {each:.2f} s of CPU time, drawing included.")
    sys.stdout.write("\n".join(out) + "\n")


def _rate(total: list[int]) -> str:
    return f"{total[0]} of {total[1]}"


def _pairings() -> Iterator[Pairing]:
    for form in ("box", "can"):
        goods = [Product(FIRST + n, 0, form) for n in range(PRODUCTS)]
        for views in (1, 3, VIEWS):
            yield Pairing(f"the same {form}", True, views, [(p, p) for p in goods])
        others = {
            "another variety": [replace(p, variety=1) for p in goods],
            "another name on the same art": [replace(p, name=1) for p in goods],
            "the same print in other colours": [replace(p, hue=(60, 120, 180)[n % 3]) for n, p in enumerate(goods)],
            "another brand": [replace(p, brand=p.brand + 500) for p in goods],
        }
        for name, came in others.items():
            yield Pairing(f"{name}, {form}", False, VIEWS, list(zip(goods, came, strict=True)))
    bare = [Product(FIRST + n, 0, logo_only=True) for n in range(PRODUCTS // 2)]
    plain = [Product(FIRST + n, 0, "plain") for n in range(PRODUCTS // 2)]
    yield Pairing("the same, a logo alone: too little print", True, VIEWS, [(p, p) for p in bare])
    yield Pairing("the same, plain: too little print", True, VIEWS, [(p, p) for p in plain])
    yield Pairing("a full print under the logo ordered", False, VIEWS, [(p, replace(p, logo_only=False)) for p in bare])


def _compared(pairing: Pairing, number: int) -> tuple[Answer, float]:
    ordered, came = pairing.pairs[number]
    looks = (hardened(Look(0), 10_000 * pairing.views + 100 * number + i) for i in range(pairing.views))
    found = likeness(print_of(shop_picture(ordered)), [view_of(seen(came, look)) for look in looks])
    return found.same, found.score


if __name__ == "__main__":
    main()
