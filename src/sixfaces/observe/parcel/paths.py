"""The best path through 24 namings a node, where a path may pass over nodes that are wrong altogether (Viterbi)."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sixfaces.observe.parcel.chain import STEP, TIMES

Real = NDArray[np.float64]
Numbers = NDArray[np.intp]

NEVER = -1e9


@dataclass(frozen=True, slots=True)
class Problem:
    """N nodes with 24 states each; everything in logarithms.

    links: (n, reach, 24) of a link from node i - 1 - j to node i if their states differ by GROUP[g]. unary: (n, 24) of
    what each node says of its states for itself. skip: (n,) of passing over it.
    """

    links: Real
    unary: Real
    skip: Real

    def part(self, start: int, end: int) -> "Problem":
        """Nodes start up to, not including, end."""
        return Problem(self.links[start:end], self.unary[start:end], self.skip[start:end])


@dataclass(frozen=True, slots=True)
class Path:
    """state: (n,) of each node. used: (n,) whether the path goes through it; one passed over has the state that fits
    its neighbour."""

    state: Numbers
    used: NDArray[np.bool_]


def best(given: Problem) -> Path:
    """The best path of all."""
    count, reach, _ = given.links.shape
    score = np.zeros((count, 24))
    came = np.zeros((count, 24, 2), dtype=np.intp)
    for i in range(count):
        value = np.full(24, _opening(given.skip, i, reach))
        if i:
            flat = into(given, i, score)
            top = flat.argmax(0)
            reached = flat[top, np.arange(24)]
            better = reached > value
            came[i] = np.where(better[:, None], np.column_stack([top // 24 + 1, top % 24]), 0)
            value = np.maximum(value, reached)
        score[i] = value + given.unary[i]
    ends = range(max(0, count - reach), count)
    last = max(ends, key=lambda i: float(score[i].max() + given.skip[i + 1 :].sum()))
    state, used = np.zeros(count, dtype=np.intp), np.zeros(count, dtype=np.bool_)
    now, here = last, int(score[last].argmax())
    while True:
        state[now], used[now] = here, True
        lag, earlier = (int(v) for v in came[now, here])
        if not lag:
            break
        now, here = now - lag, earlier
    return Path(_filled(given.links, state, used), used)


def between(given: Problem, path: Path, ends: tuple[Numbers, Numbers]) -> Real:
    """(24,) logarithm of the sum over all paths from the first nodes, in the path's states, to the later ones, in the
    path's states times GROUP[g]. Nodes between may be passed over, and so may all but one at either end."""
    before, after = ends
    start, end = int(before[0]), int(after[-1])
    part, state = given.part(start, end + 1), path.state[start : end + 1]
    total = np.full((len(state), 24), 2 * NEVER)
    ways = []
    for i in range(len(state)):
        if start + i in before:
            total[i, state[i]] = 0.0
            continue
        flat = into(part, i, total)
        peak = flat.max(0)
        total[i] = peak + np.log(np.exp(flat - peak).sum(0)) + part.unary[i]
        if start + i in after:
            ways.append(total[i, TIMES[state[i]]])
    made: Real = np.logaddexp.reduce(np.array(ways), axis=0)
    return made


def into(given: Problem, i: int, done: Real) -> Real:
    """(24 r, 24) values of all ways into node i by [lag and earlier state, later state]; `done` (i or more, 24) are the
    values of the nodes before."""
    reach = min(given.links.shape[1], i)
    over = np.concatenate([[0.0], np.cumsum(given.skip[i - reach + 1 : i][::-1])])[:reach]
    before = done[i - 1 :: -1][:reach]
    ways: Real = given.links[i, :reach][:, STEP] + (before + over[:, None])[:, :, None]
    return ways.reshape(-1, 24)


def _opening(skip: Real, i: int, reach: int) -> float:
    """The value of a path that begins at node i, all nodes before it passed over."""
    return float(skip[:i].sum()) - np.log(24.0) if i < reach else 2 * NEVER


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
