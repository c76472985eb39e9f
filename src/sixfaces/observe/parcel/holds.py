"""Names kept by what faces look like: stretches in which names cannot have slipped, joined by prints seen again.

1. A segment's nodes fall into holds: within one, no other naming is likely. Between two, motion gives each of the 24
   relabellings a probability (`labelling`).
2. Two holds, however far apart, are compared by the swatches of the faces that both show: each relabelling says which
   face of one is which of the other, and how it is turned.
3. The likeliest naming of all holds together is searched for (a beam), and the shares of the others say how sure it is.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from sixfaces.observe.parcel.chain import STEP, TIMES
from sixfaces.observe.parcel.paths import Path, Problem, between
from sixfaces.observe.parcel.slots import quarters, slots_of
from sixfaces.observe.parcel.swatches import Swatch, likeness
from sixfaces.observe.parcel.symmetric import GROUP

Real = NDArray[np.float64]
Numbers = NDArray[np.intp]

_SOLID = 3
"""Nodes that agree without a slip between them stand for themselves; fewer may all be wrong in the same way."""
_ENDS = 3
"""Nodes at the ends of a hold through which motion may lead to the next."""
_VIEWS = 3
"""Frames of a hold that are compared, about."""
_LATEST, _OTHERS = 10, 20
"""Holds that each is compared with: the last ones, and some spread over all before."""
_BACK = [0, 3, 2, 1]
"""One face turned against another is the other turned back against the one."""
_BEAM = 400
_SURPRISE = float(np.log(0.006))
"""No relabelling between two holds is less likely than this: motion may have been misread as nobody foresaw."""
_MOTION, _WORTH = 0.9, 0.6
"""What motion says between two holds counts this much, and what faces say so much: both have unforeseen errors."""
_ENOUGH = 1.2
"""Holds that show a face alike resemble each other: all of them together count as so many at most."""

SLOT: NDArray[np.int64] = np.array([slots_of(turn) for turn in GROUP])
"""(24, 6) the slot that shows each face under a relabelling."""
QUARTER: NDArray[np.int64] = np.array([quarters(turn) for turn in GROUP])
"""(24, 6) and by how many quarters its picture must be turned."""


@dataclass(frozen=True, slots=True)
class Hold:
    """A stretch whose names hang together.

    views: per frame looked at, its swatches, slots told in the hold's axes. own: (24,) logarithms of how likely
    GROUP[g] takes these axes to the true ones, by what the stretch says of them for itself.
    """

    views: Sequence[Sequence[Swatch]]
    own: Real


def rejoined(
    given: Problem, path: Path, known: tuple[Sequence[Sequence[Swatch]], NDArray[np.bool_]], *, first: int
) -> tuple[Numbers, Real]:
    """(n,) the relabelling that faces seen again ask for besides the path's, and (n,) how sure it is then.

    known: each node's swatches, in the axes of its own rotation, and (n - 1,) where names cannot slip. first: the node
    that gives the axes.
    """
    views, steady = known
    groups = _solid(np.flatnonzero(path.used), steady)
    holds = [_hold(group, given.unary, path.state, views=views) for group in groups]
    ways = [between(given, path, (a[-_ENDS:], b[:_ENDS])) for a, b in pairwise(groups)]
    reference = min(range(len(groups)), key=lambda k: int(np.abs(groups[k] - first).min()))
    turn, sure = named(holds, np.array(ways).reshape(-1, 24), reference=reference)
    begins = np.array([group[0] for group in groups])
    of = np.maximum(np.searchsorted(begins, np.arange(len(path.state)), side="right") - 1, 0)
    return turn[of], sure[of]


def _solid(nodes: Numbers, steady: NDArray[np.bool_]) -> list[Numbers]:
    """Runs of used nodes between which names cannot have slipped, without those too short to stand for themselves."""
    firm = np.array([bool(steady[a:b].all()) for a, b in pairwise(nodes)], np.bool_)
    groups = np.split(nodes, np.flatnonzero(~firm) + 1)
    return [group for group in groups if len(group) >= _SOLID] or groups


def _hold(group: Numbers, unary: Real, state: Numbers, *, views: Sequence[Sequence[Swatch]]) -> Hold:
    own = unary[group[:, None], TIMES[state[group]]].sum(0)
    seen = [k for k in group if views[k]]
    picked = seen[:: max(1, len(seen) // _VIEWS)][: _VIEWS + 1]
    return Hold([moved(views[k], int(state[k])) for k in picked], own)


def named(holds: Sequence[Hold], motion: Real, *, reference: int) -> tuple[Numbers, Real]:
    """Per hold the number of the relabelling that gives it the reference's axes, (n,), and how sure that is, (n,).

    motion: (n - 1, 24) logarithms of how likely the next hold's axes times GROUP[g] are those of the one before.
    """
    step = motion - np.logaddexp.reduce(motion, axis=-1, keepdims=True)
    step = np.maximum(_MOTION * step, _SURPRISE)
    paths = np.arange(24)[:, None]
    score = holds[0].own.copy()
    for j in range(1, len(holds)):
        new = score[:, None] + holds[j].own + step[j - 1][STEP[paths[:, -1]]]
        for i, seen in _seen_again(holds, j):
            new += seen[STEP[paths[:, i]]]
        flat = new.ravel()
        kept = np.argsort(flat)[::-1][:_BEAM]
        score = flat[kept]
        paths = np.column_stack([paths[kept // 24], kept % 24])
    weight = np.exp(score - score.max())
    weight /= weight.sum()
    relative = STEP[paths[:, [reference]], paths]
    best = relative[int(score.argmax())]
    sure: Real = (weight[:, None] * (relative == best)).sum(0)
    return best, sure


def _seen_again(holds: Sequence[Hold], j: int) -> list[tuple[int, Real]]:
    """Earlier holds i and (24,) evidence that the axes of hold j times GROUP[g] are those of hold i."""
    mine = [s for view in holds[j].views for s in view]
    earlier = _spread([i for i in range(j) if holds[i].views])
    if not mine or not earlier:
        return []
    theirs = [s for i in earlier for view in holds[i].views for s in view]
    both = likeness(mine, theirs)[..., _BACK].swapaxes(0, 1)
    columns = _places(holds[j].views)
    told, at = [], 0
    for i in earlier:
        rows = [at + place for place in _places(holds[i].views)]
        at += sum(len(view) for view in holds[i].views)
        pairs = [_compared(both[np.ix_(r, c)], [theirs[k].slot for k in r], [mine[k].slot for k in c])
                 for r in rows for c in columns]  # fmt: skip
        told.append((i, np.mean(pairs, axis=0)))
    heard = [(i, _WORTH * look) for i, look in told if np.ptp(look) > 0]
    return [(i, look * min(1.0, _ENOUGH / len(heard))) for i, look in heard]


def _spread(earlier: list[int]) -> list[int]:
    """The latest, and some of those before: in an hour's footage not all can be compared with all."""
    before = earlier[:-_LATEST]
    if len(before) > _OTHERS:
        before = [before[k] for k in np.linspace(0, len(before) - 1, _OTHERS).round().astype(int)]
    return before + earlier[-_LATEST:]


def _places(views: Sequence[Sequence[Swatch]]) -> list[Numbers]:
    ends = np.cumsum([len(view) for view in views])
    return [np.arange(end - len(view), end) for view, end in zip(views, ends, strict=True)]


def _compared(told: Real, mine: Sequence[int], theirs: Sequence[int]) -> Real:
    """(24,) from (n, m, 4) likeness of two frames' swatches in these slots."""
    chart = np.zeros((6, 6, 4))
    for i, slot in enumerate(mine):
        chart[slot, theirs] = told[i]
    summed: Real = chart[np.arange(6), SLOT, QUARTER].sum(-1)
    return summed


def moved(swatches: Sequence[Swatch], turn: int) -> list[Swatch]:
    """The same swatches told in axes that are theirs times GROUP[turn]."""
    face = {int(slot): f for f, slot in enumerate(SLOT[turn])}
    return [
        Swatch(s.index, face[s.slot], np.ascontiguousarray(np.rot90(s.picture, QUARTER[turn, face[s.slot]])))
        for s in swatches
    ]
