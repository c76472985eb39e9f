"""Best path and probabilities through a chain of stages, each lasting some frames at least.

A stage that lasts at least n frames is n states in a row, of which only the last may stay (Rabiner 1989, a hidden
Markov model with a left-to-right duration). Likelihoods come in already tempered: neighbouring frames tell nearly the
same, so that each counts for its share of a correlation time only.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Real = NDArray[np.float64]
Whole = NDArray[np.int64]

_FLOOR = 1e-300


@dataclass(frozen=True, slots=True)
class Chain:
    """stages: (M,) which stage each state belongs to. step, rejoin: (M, M) transition probabilities from one frame to
    the next and over an absence. start: (M,) probabilities of the first frame."""

    stages: Whole
    step: Real
    rejoin: Real
    start: Real


def chained(least: Whole, stay: Real, leave: Real, *, rejoin: Real, start: Real) -> Chain:
    """The chain of K stages.

    least: (K,) fewest frames. stay: (K,) chance to stay for another frame. leave: (K, K) where to otherwise, rows
    summing to at most 1. rejoin: (K, K) stage after an absence. start: (K,). Who enters by an absence or by the
    beginning need not last: how long it lasted before nobody saw.
    """
    stages = np.repeat(np.arange(len(least)), least)
    last = np.cumsum(least) - 1
    first = last - least + 1
    step = np.zeros((len(stages), len(stages)))
    inner = np.setdiff1d(np.arange(len(stages)), last)
    step[inner, inner + 1] = 1.0
    step[last, last] = stay
    step[np.ix_(last, first)] += (1 - stay)[:, None] * leave
    again = np.zeros_like(step)
    again[:, last] = rejoin[stages]
    begin = np.zeros(len(stages))
    begin[last] = start
    return Chain(stages, step, again, begin)


def best_path(chain: Chain, likely: Real, rejoins: NDArray[np.bool_]) -> Whole:
    """(N, K) likelihoods, (N,) whether an absence lies before a frame -> (N,) stages of the most probable path."""
    states = np.log(np.maximum(likely, _FLOOR))[:, chain.stages]
    step, again = (np.log(np.maximum(m, _FLOOR)) for m in (chain.step, chain.rejoin))
    score = np.log(np.maximum(chain.start, _FLOOR)) + states[0]
    back = np.zeros(states.shape, dtype=np.int16)
    for t in range(1, len(states)):
        reached = score[:, None] + (again if rejoins[t] else step)
        back[t] = reached.argmax(0)
        score = reached.max(0) + states[t]
    path = np.zeros(len(states), dtype=np.int64)
    path[-1] = int(score.argmax())
    for t in range(len(states) - 1, 0, -1):
        path[t - 1] = back[t, path[t]]
    return chain.stages[path]


def probabilities(chain: Chain, likely: Real, rejoins: NDArray[np.bool_]) -> Real:
    """(N, K) probability of each stage in each frame given the whole take (forward-backward, scaled)."""
    states = np.maximum(likely, _FLOOR)[:, chain.stages]
    forward, backward = np.empty_like(states), np.ones_like(states)
    at = _scaled(chain.start * states[0])
    for t in range(len(states)):
        if t:
            at = _scaled((at @ (chain.rejoin if rejoins[t] else chain.step)) * states[t])
        forward[t] = at
    for t in range(len(states) - 2, -1, -1):
        matrix = chain.rejoin if rejoins[t + 1] else chain.step
        backward[t] = _scaled(matrix @ (states[t + 1] * backward[t + 1]))
    joint = forward * backward
    joint /= np.maximum(joint.sum(1, keepdims=True), _FLOOR)
    member = (chain.stages[:, None] == np.arange(likely.shape[1])).astype(np.float64)
    shares: Real = joint @ member
    return shares


def _scaled(values: Real) -> Real:
    scaled: Real = values / max(float(values.sum()), _FLOOR)
    return scaled
