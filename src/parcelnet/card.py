"""The model card: what made the weights, how good they are and under which conditions, written beside them as JSON.

`python -m parcelnet.card --weights parcel.onnx --state last.pt --exact exact.onnx` scores the weights anew on renders
for validation, never seen in training, by condition, and writes `card.json` next to them. `tests/unit/parcelnet` holds
the two together.
"""

import argparse
import hashlib
import json
from itertools import pairwise
from pathlib import Path
from typing import TypedDict

import numpy as np
import onnxruntime

from parcelnet.pool import Pool
from parcelnet.sample import sample
from parcelnet.scores import judged
from parcelnet.stock import ITEM, VALIDATION_SEED, write

HERE = Path(__file__).parent
MAKES_DATA = (
    *("augment", "bags", "boxes", "cartons", "film", "goods", "grips", "hands", "mesh", "moments", "people", "pool"),
    *("raster", "rooms", "sample", "scene", "textures"),
)
"""Modules whose text decides what the network learns from."""


class Drawn(TypedDict, total=False):
    """What `Pool` is to draw its cartons like."""

    style: str
    amount: int


CONDITIONS: dict[str, Drawn] = {
    "all": {},
    "plain": {"style": "kraft", "amount": 0},
    "printed": {"style": "kraft", "amount": 5},
    "white": {"style": "white"},
    "dark": {"style": "dark"},
    "coloured": {"style": "colour"},
}
PER_CONDITION = 300


def data_digest() -> str:
    """SHA-256 over the sources that render and label, in the order of MAKES_DATA."""
    told = hashlib.sha256()
    for name in MAKES_DATA:
        told.update((HERE / f"{name}.py").read_bytes())
    return told.hexdigest()


def rendered(condition: str, count: int) -> np.ndarray:
    """Validation samples of one condition: the same on every call."""
    rng = np.random.default_rng(VALIDATION_SEED + list(CONDITIONS).index(condition))
    pool = Pool(rng, cartons=60, **CONDITIONS[condition])
    rows = np.zeros(count, ITEM)
    for k in range(count):
        write(rows, k, sample(rng, pool))
    return rows


def scored(weights: Path, rows: np.ndarray) -> dict[str, float]:
    """The weights' scores on samples."""
    session = onnxruntime.InferenceSession(weights)
    found = []
    for k in range(0, len(rows), 50):
        given = np.ascontiguousarray(rows["image"][k : k + 50].transpose(0, 3, 1, 2), np.float32) / 255
        found.append(session.run(["pose", "scores", "maps"], {"crop": given}))
    pose, scores, maps = (np.concatenate(part) for part in zip(*found, strict=True))
    return judged((pose, scores, maps), rows)


def rendered_in_all(counts: list[int]) -> int:
    """Crops rendered over all runs of a training: each run counts anew from nothing."""
    ends = [before for before, after in pairwise([*counts, 0]) if after < before]
    return sum(ends)


def card(weights: Path, state: Path, exact: Path) -> dict[str, object]:
    """The whole card."""
    import torch  # the state is a training's; scoring weights does without

    kept = torch.load(state, weights_only=True, map_location="cpu")
    return {
        "weights_sha256": hashlib.sha256(weights.read_bytes()).hexdigest(),
        "bytes": weights.stat().st_size,
        "parameters": sum(v.numel() for v in kept["mean"].values() if v.dtype.is_floating_point),
        "data_sha256": data_digest(),
        "mean_of_states": kept.get("blended", 1),
        "crops_learned": kept["seen"],
        "crops_rendered": rendered_in_all([int(line["rendered"]) for line in kept["history"]]),
        "before_quantisation": scored(exact, rendered("all", PER_CONDITION)),
        "validation": {name: scored(weights, rendered(name, PER_CONDITION)) for name in CONDITIONS},
    }


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--weights", type=Path, required=True)
    parser.add_argument("--state", type=Path, required=True)
    parser.add_argument("--exact", type=Path, required=True)
    given = parser.parse_args()
    path = given.weights.with_name("card.json")
    path.write_text(json.dumps(card(given.weights, given.state, given.exact), indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
