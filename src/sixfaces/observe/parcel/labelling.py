"""Which of the 24 relabellings each frame needs so that the axes keep their names through the take.

1. Only frames whose tensor says something are nodes. A path may pass over nodes that are wrong for all their length.
2. A link between two nodes is as likely as the angle left between the later one, relabelled, and the earlier one,
   relabelled and moved by the followed points; or, as points may lie, moved by nothing but continuity.
3. The long edge must stay the long edge: a node is less likely under a relabelling that changes the take's edges.
4. The best path (`paths`) names the axes. Where motion leaves doubt, faces seen again decide (`holds`), and tell how
   sure each name is.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sixfaces.observe.parcel.chain import CARRY_S, GAP_S, ORDER, SPEED, TIMES, Chain, Motion
from sixfaces.observe.parcel.holds import rejoined
from sixfaces.observe.parcel.paths import NEVER, Problem, best
from sixfaces.observe.parcel.swatches import Swatch
from sixfaces.observe.parcel.symmetric import GROUP
from sixfaces.observe.parcel.turns import angle

Real = NDArray[np.float64]
Numbers = NDArray[np.intp]

WEAK = 0.35
"""Trust below which a frame is no node: its scatter is beyond 20 degrees and it would link to anything."""
_FIRST_S = 1.5
"""The node that gives the segment its axes is looked for in its first moments."""
_AROUND = 4
"""Nodes on either side that must bear it out."""
_REACH = 7
"""How many nodes a link may span: six wrong ones in a row can be passed over."""
_LYING = 0.08
"""How often followed points tell a wrong motion."""
_JERKY = 0.3
"""How often a turn in which nothing was followed does not go on as before and after."""
_EVEN = -float(np.log(8 * np.pi**2))
"""Logarithm of the density of a rotation of which nothing is known."""
_WRONG = (0.04, 0.7)
"""Probability that a node is wrong altogether: at full trust, and what the lack of trust adds."""
_TEMPER = 0.5
"""Errors of neighbouring frames resemble each other: their evidence counts only this much in probabilities."""
_EDGE_NOISE = 0.08
_EDGE_WEIGHT = 0.15
_EDGE_FLOOR = -4.0
"""Edges may be wrong in one frame (seen head-on, the depth is a guess), and are so in many frames alike."""
_VIEW = np.radians(12.0)
"""Looks between which the box has turned by less are one view: their errors are the same one."""
_SLOW, _CLEAR, _WELL, _AGREES = np.radians(6.0), 0.6, np.radians(5.0), np.radians(10.0)
"""Names cannot slip between two looks that are this clear and differ by so little, nor where points tell the turn so
well and the looks agree with it so closely."""
_FORETOLD = np.radians(8.0)
"""The same where no points were followed: the turning before and after must not tell of more than that."""
_STRANGE = -12.0
"""No link is less likely than this, beside a rotation of which nothing is known: something unforeseen may happen."""


@dataclass(frozen=True, slots=True)
class Labels:
    """The naming of one segment's nodes.

    node: (n,) their numbers in the chain. state: (n,) the relabelling of each. used: (n,) whether the best path goes
    through it. sure: (n,) probability that the name is right relative to `reference`, the number of the node that gave
    the axes. edges: (3,) shares along the segment's axes.
    """

    node: Numbers
    state: Numbers
    used: NDArray[np.bool_]
    sure: Real
    reference: int
    edges: Real


def segments(given: Chain, moved: Motion) -> list[Numbers]:
    """The chain's nodes in runs that hang together: never over a gap in which nothing is known."""
    node = np.flatnonzero(given.trust >= WEAK)
    if not len(node):
        return []
    dark = np.diff(moved.dark[node])
    long = np.diff(given.seconds[node])
    cut = np.flatnonzero((dark > GAP_S) | (long > CARRY_S)) + 1
    return [run for run in np.split(node, cut) if len(run)]


def labels(given: Chain, moved: Motion, node: Numbers, *, swatches: Sequence[Sequence[Swatch]] = ()) -> Labels:
    """The naming of one run of nodes. swatches: per sight of the chain, slots told in the axes of its rotation."""
    links = _links(given, node, moved)
    first = _reference(links, given.seconds[node])
    skip = _skips(given.trust[node])
    skip[first] = NEVER
    fresh = _fresh(moved, node)[:, None]
    unary = _TEMPER * fresh * given.extra[node]
    path = best(Problem(links, unary, skip))
    edges = _edges(given, node[path.used], path.state[path.used])
    problem = Problem(links, unary + _TEMPER * fresh * _by_edges(given.share[node], edges), skip)
    path = best(problem)
    steady = _steady(given, moved, (node, path.state))
    views = [swatches[n] for n in node] if swatches else [()] * len(node)
    turn, sure = rejoined(problem, path, (views, steady), first=first)
    state = TIMES[path.state, turn]
    edges = _edges(given, node[path.used], state[path.used])
    return Labels(node, state, path.used, sure, int(node[first]), edges)


def _steady(given: Chain, moved: Motion, named: tuple[Numbers, Numbers]) -> NDArray[np.bool_]:
    """(n - 1,) whether names cannot have slipped from each node to the next: the looks hardly differ, or points tell
    the turn well and the looks agree with them."""
    node, state = named
    dark, variance = np.diff(moved.dark[node]), np.diff(moved.variance[node])
    rotation = given.rotation[node] @ GROUP[state]
    turned = angle(rotation[1:] @ np.swapaxes(rotation[:-1], -1, -2))
    pointed = moved.turned[node[1:]] @ np.swapaxes(moved.turned[node[:-1]], -1, -2)
    apart = angle(np.swapaxes(rotation[1:], -1, -2) @ pointed @ rotation[:-1])
    clear = np.minimum(given.trust[node][1:], given.trust[node][:-1]) > _CLEAR
    slow = (turned < _SLOW) & clear & ((dark <= 0) | (apart < _FORETOLD))
    followed: NDArray[np.bool_] = (dark <= 0) & (variance < _WELL**2) & (apart < _AGREES)
    steady: NDArray[np.bool_] = followed | slow
    return steady


def _reference(links: Real, seconds: Real) -> int:
    """The node of the first moments that agrees best with those around it: a wrong one must not name the axes."""
    best = links.max(-1)
    count, reach = best.shape
    total, pairs = np.zeros(count), np.zeros(count)
    for j in range(min(reach, _AROUND)):
        legal = best[j + 1 :, j] > NEVER / 2
        value = np.where(legal, best[j + 1 :, j], 0.0)
        for ends in (slice(j + 1, count), slice(0, count - j - 1)):
            total[ends] += value
            pairs[ends] += legal
    early = seconds - seconds[0] <= _FIRST_S
    return int(np.where(early, total / np.maximum(pairs, 1), NEVER).argmax())


def _skips(trust: Real) -> Real:
    """(n,) logarithm of how likely a node is wrong and says what it says by chance (any of 24 twins)."""
    wrong = np.clip(_WRONG[0] + _WRONG[1] * (1 - trust), 0.0, 0.95)
    chance: Real = _TEMPER * (np.log(wrong) + _EVEN + np.log(24.0))
    return chance


def _links(given: Chain, node: Numbers, moved: Motion) -> Real:
    """(n, reach, 24) logarithm of a link from node i - 1 - j to node i if the relabellings differ by GROUP[g]."""
    reach = min(_REACH, max(len(node) - 1, 1))
    late = np.repeat(np.arange(len(node))[:, None], reach, 1)
    early = late - 1 - np.arange(reach)
    legal = early >= 0
    a, b = node[np.maximum(early, 0)], node[late]
    noise = given.noise() ** 2
    dark = moved.dark[b] - moved.dark[a]
    passed = given.seconds[b] - given.seconds[a]
    followed = moved.turned[b] @ np.swapaxes(moved.turned[a], -1, -2)
    back = np.swapaxes(given.rotation[b], -1, -2)
    with_points = _left(back @ followed @ given.rotation[a])
    without = _left(back @ given.rotation[a])
    base = noise[a] + noise[b]
    wrong = np.where(dark >= passed - 1e-6, _JERKY, _LYING)[..., None]
    points = _gauss(with_points, base + moved.variance[b] - moved.variance[a]) + np.log(1 - wrong)
    plain = _gauss(without, base + (SPEED * passed) ** 2) + np.log(wrong)
    right = np.log(1 - np.clip(_WRONG[0] + _WRONG[1] * (1 - given.trust[b]), 0.0, 0.95))
    value = _TEMPER * (np.logaddexp(points, plain) + right[..., None])
    legal &= (dark <= GAP_S) & (passed <= CARRY_S)
    made: Real = np.where(legal[..., None], value, NEVER)
    return made


def _left(turn: Real) -> Real:
    """(..., 3, 3) -> (..., 24) squared angle left if the later labels are GROUP[g] times the earlier ones."""
    trace = np.einsum("...ij,gij->...g", turn, GROUP)
    left: Real = np.arccos(np.clip((trace - 1) / 2, -1.0, 1.0)) ** 2
    return left


def _gauss(square: Real, variance: Real) -> Real:
    spread = variance[..., None]
    made = -0.5 * square / spread - 1.5 * np.log(2 * np.pi * spread)
    return np.maximum(made, _EVEN + _STRANGE)


def _fresh(moved: Motion, node: Numbers) -> Real:
    """(n,) how much each node's view adds to those beside it: a parcel held still is misread a second long."""
    turn = moved.turned[1:] @ np.swapaxes(moved.turned[:-1], -1, -2)
    arc = np.concatenate([[0.0], np.cumsum(angle(turn))])[node]
    alike = np.searchsorted(arc, arc + _VIEW, side="right") - np.searchsorted(arc, arc - _VIEW)
    fresh: Real = np.minimum(1.0, 1 / alike)
    return fresh


def _by_edges(share: Real, edges: Real) -> Real:
    """(n, 24) how well each relabelling keeps the edges."""
    miss = ((share[:, ORDER] - edges) ** 2).sum(-1) / (2 * _EDGE_NOISE**2)
    fit: Real = _EDGE_WEIGHT * np.logaddexp(-miss, _EDGE_FLOOR)
    return fit


def _edges(given: Chain, node: Numbers, state: Numbers) -> Real:
    """(3,) the shares of the edges along the segment's axes: medians, for single frames may be far off."""
    share = np.take_along_axis(given.share[node], ORDER[state], -1)
    middle = np.median(share, axis=0)
    made: Real = middle / middle.sum()
    return made
