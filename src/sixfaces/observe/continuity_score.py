"""The jump score: a small trained network over the evidence of one step, in log-odds. Read from package data.

Trained on rendered takes and a few real ones, with removals cut at random places; `tests/bench/continuity_training.py`
is the recipe.
"""

import json
from dataclasses import dataclass
from functools import cache
from importlib import resources

import numpy as np
from numpy.typing import NDArray

SUSPECT = 2.0
"""Log-odds above which a person should look."""

CERTAIN = 9.0
"""Log-odds well above the 6.8 that genuine motion of test footage once reached: what is not sure, a person looks at."""

_CLIP = 4.0
"""Standard deviations beyond which an input says no more than at the bound: rare inputs must not decide alone."""


@dataclass(frozen=True, slots=True)
class JumpScore:
    """Means and scales of the inputs; one hidden layer of rectified units for each of several networks, averaged."""

    mean: NDArray[np.float32]
    scale: NDArray[np.float32]
    hidden: NDArray[np.float32]
    hidden_bias: NDArray[np.float32]
    out: NDArray[np.float32]
    bias: float

    def __call__(self, evidence: NDArray[np.float32]) -> float:
        """Log-odds that frames are missing at this step."""
        inputs = np.clip((evidence - self.mean) / self.scale, -_CLIP, _CLIP)
        return float(np.maximum(inputs @ self.hidden + self.hidden_bias, 0) @ self.out) + self.bias


@cache
def jump_score() -> JumpScore:
    """The score shipped with the package."""
    raw = json.loads((resources.files("sixfaces.observe") / "continuity_score.json").read_text("utf-8"))
    arrays = {name: np.asarray(raw[name], np.float32) for name in ("mean", "scale", "hidden", "hidden_bias", "out")}
    return JumpScore(**arrays, bias=float(raw["bias"]))
