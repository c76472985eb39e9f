"""Which of the 24 relabellings each frame needs so that the axes keep their names through the take.

1. Only frames whose tensor says something are nodes. A path may pass over nodes that are wrong for all their length.
2. A link between two nodes is as likely as the angle left between the later one, relabelled, and the earlier one,
   relabelled and moved by the followed points; or, as points may lie, moved by nothing but continuity.
3. The long edge must stay the long edge: a node is less likely under a relabelling that changes the take's edges.
4. The best path (Viterbi) names the axes; sums over all paths, forward and backward, tell how sure each name is.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sixfaces.observe.parcel.chain import CARRY_S, GAP_S, ORDER, SPEED, STEP, Chain, Motion, motion
from sixfaces.observe.parcel.symmetric import GROUP

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
_EVEN = -float(np.log(8 * np.pi**2))
"""Logarithm of the density of a rotation of which nothing is known."""
_WRONG = (0.04, 0.7)
"""Probability that a node is wrong altogether: at full trust, and what the lack of trust adds."""
_TEMPER = 0.75
"""Errors of neighbouring frames resemble each other: their evidence counts only this much in probabilities."""
_EDGE_NOISE = 0.08
_EDGE_WEIGHT = 0.3
_EDGE_FLOOR = -4.0
"""Edges may be wrong in one frame (seen head-on, the depth is a guess), and are so in many frames alike."""
_NEVER = -1e9
_STRANGE = -12.0
"""No link is less likely than this, beside a rotation of which nothing is known: something unforeseen may happen."""


@dataclass(frozen=True, slots=True)
class Labels:
    """The naming of one segment's nodes.

    node: (n,) their numbers in the chain. state: (n,) the relabelling of each. used: (n,) whether the best path goes
    through it. sure: (n,) probability that the name is right relative to `reference`, the number of the node that gave
    the axes. other: (n,) the likeliest other relabelling of this node and all later ones, given that the one before is
    right, and rival: (n,) its probability. edges: (3,) shares along the segment's axes.
    """

    node: Numbers
    state: Numbers
    used: NDArray[np.bool_]
    sure: Real
    other: Numbers
    rival: Real
    reference: int
    edges: Real


def segments(given: Chain) -> list[Numbers]:
    """The chain's nodes in runs that hang together: never over a gap in which nothing is known."""
    node = np.flatnonzero(given.trust >= WEAK)
    if not len(node):
        return []
    dark = np.diff(motion(given).dark[node])
    long = np.diff(given.seconds[node])
    cut = np.flatnonzero((dark > GAP_S) | (long > CARRY_S)) + 1
    return [run for run in np.split(node, cut) if len(run)]


def labels(given: Chain, node: Numbers) -> Labels:
    """The naming of one run of nodes."""
    links = _links(given, node, motion(given))
    first = _reference(links, given.seconds[node])
    skip = _skips(given.trust[node])
    skip[first] = _NEVER
    unary = _TEMPER * given.extra[node]
    state, used = _best(links, unary, skip)
    edges = _edges(given, node[used], state[used])
    unary = unary + _TEMPER * _by_edges(given.share[node], edges)
    state, used = _best(links, unary, skip)
    # Only now the reference gives the axes: fixed earlier, edges learned after a slip would move the slip to it.
    moved = STEP[state[first]]
    unary = unary[:, STEP[int(STEP[state[first], 0])]]
    state = moved[state]
    unary[first] += np.where(np.arange(24) == 0, 0.0, _NEVER)
    ahead, behind = _sums(links, unary, skip), _sums(_mirrored(links), unary[::-1], skip[::-1])[::-1]
    both = ahead + behind - unary
    both = np.exp(both - both.max(-1, keepdims=True))
    both /= both.sum(-1, keepdims=True)
    other, rival = _rivals(links, behind, state)
    sure = both[np.arange(len(node)), state]
    edges = _edges(given, node[used], state[used])
    return Labels(node, state, used, sure, other, rival, int(node[first]), edges)


def _reference(links: Real, seconds: Real) -> int:
    """The node of the first moments that agrees best with those around it: a wrong one must not name the axes."""
    best = links.max(-1)
    count, reach = best.shape
    total, pairs = np.zeros(count), np.zeros(count)
    for j in range(min(reach, _AROUND)):
        legal = best[j + 1 :, j] > _NEVER / 2
        value = np.where(legal, best[j + 1 :, j], 0.0)
        for ends in (slice(j + 1, count), slice(0, count - j - 1)):
            total[ends] += value
            pairs[ends] += legal
    early = seconds - seconds[0] <= _FIRST_S
    return int(np.where(early, total / np.maximum(pairs, 1), _NEVER).argmax())


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
    known = moved.variance[b] - moved.variance[a] + (SPEED * dark) ** 2
    points = _gauss(with_points, base + known) + np.log(1 - _LYING)
    plain = _gauss(without, base + (SPEED * passed) ** 2)
    plain = np.where((dark >= passed - 1e-6)[..., None], plain, plain + np.log(_LYING))
    points = np.where((dark >= passed - 1e-6)[..., None], _NEVER, points)
    right = np.log(1 - np.clip(_WRONG[0] + _WRONG[1] * (1 - given.trust[b]), 0.0, 0.95))
    value = _TEMPER * (np.logaddexp(points, plain) + right[..., None])
    legal &= (dark <= GAP_S) & (passed <= CARRY_S)
    made: Real = np.where(legal[..., None], value, _NEVER)
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


def _mirrored(links: Real) -> Real:
    """The same links as seen from the other end: GROUP[g] becomes its inverse."""
    count, reach, _ = links.shape
    turned = np.full_like(links, _NEVER)
    inverse = STEP[:, 0]
    for j in range(reach):
        source = links[j + 1 :, j][:, inverse]
        turned[: count - j - 1, j] = source
    return turned[::-1]


def _paths(into: Real, skip: Real, i: int, *, done: Real) -> tuple[Real, Real]:
    """(r, 24, 24) values of all ways into node i by [lag, earlier, later state], and (r,) cost of passing over."""
    reach = min(into.shape[1], i)
    over = np.concatenate([[0.0], np.cumsum(skip[i - reach + 1 : i][::-1])])[:reach]
    before = done[i - 1 :: -1][:reach]
    return into[i, :reach][:, STEP] + (before + over[:, None])[:, :, None], over


def _opening(skip: Real, i: int, reach: int) -> float:
    """The value of a path that begins at node i, all nodes before it passed over."""
    return float(skip[:i].sum()) - np.log(24.0) if i < reach else 2 * _NEVER


def _best(links: Real, unary: Real, skip: Real) -> tuple[Numbers, NDArray[np.bool_]]:
    """The best path's states, and which nodes it uses; a node passed over keeps the state that fits its neighbour."""
    count, reach, _ = links.shape
    score = np.zeros((count, 24))
    came = np.zeros((count, 24, 2), dtype=np.intp)
    for i in range(count):
        best = np.full(24, _opening(skip, i, reach))
        if i:
            ways, _ = _paths(links, skip, i, done=score)
            flat = ways.reshape(-1, 24)
            top = flat.argmax(0)
            value = flat[top, np.arange(24)]
            better = value > best
            came[i] = np.where(better[:, None], np.column_stack([top // 24 + 1, top % 24]), 0)
            best = np.maximum(best, value)
        score[i] = best + unary[i]
    ends = range(max(0, count - reach), count)
    last = max(ends, key=lambda i: float(score[i].max() + skip[i + 1 :].sum()))
    state, used = np.zeros(count, dtype=np.intp), np.zeros(count, dtype=np.bool_)
    now, here = last, int(score[last].argmax())
    while True:
        state[now], used[now] = here, True
        lag, earlier = (int(v) for v in came[now, here])
        if not lag:
            break
        now, here = now - lag, earlier
    return _filled(links, state, used), used


def _filled(links: Real, state: Numbers, used: NDArray[np.bool_]) -> Numbers:
    """Nodes passed over take the state that best follows the last used node, or leads to the first."""
    first = int(np.flatnonzero(used)[0])
    for i in range(first - 1, -1, -1):
        lag = min(first - i, links.shape[1]) - 1
        state[i] = int(links[i + lag + 1, lag][STEP[:, state[i + lag + 1]]].argmax())
    last = first
    for i in range(first + 1, len(state)):
        if used[i]:
            last = i
        elif i - last <= links.shape[1]:
            state[i] = int(links[i, i - last - 1][STEP[state[last]]].argmax())
    return state


def _sums(links: Real, unary: Real, skip: Real) -> Real:
    """(n, 24) logarithm of the sum over all paths that end in a node and state, this node's own evidence included."""
    count, reach, _ = links.shape
    total = np.zeros((count, 24))
    for i in range(count):
        start = np.full(24, _opening(skip, i, reach))
        if i:
            ways, _ = _paths(links, skip, i, done=total)
            flat = ways.reshape(-1, 24)
            peak = np.maximum(flat.max(0), start)
            start = peak + np.log(np.exp(flat - peak).sum(0) + np.exp(start - peak))
        total[i] = start + unary[i]
    return total


def _rivals(links: Real, behind: Real, state: Numbers) -> tuple[Numbers, Real]:
    """For each node the likeliest other state given the best path's state of the node before, and its probability."""
    count = len(state)
    other, rival = state.copy(), np.zeros(count)
    for i in range(1, count):
        value = links[i, 0][STEP[state[i - 1]]] + behind[i]
        chance = np.exp(value - value.max())
        chance /= chance.sum()
        chance[state[i]] = 0.0
        other[i], rival[i] = int(chance.argmax()), float(chance.max())
    return other, rival


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
