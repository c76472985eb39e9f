"""Trains the jump score: `python -m tests.bench.continuity_training [VIDEO...]` writes `continuity_score.json`.

Rendered takes of training seeds, and genuine videos named on the command line, each give their own steps (no jump)
and removals of 0.3 to 3 s cut at random places (a jump, if it visibly changed the picture).
"""

import json
import sys
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

import sixfaces.observe
from sixfaces.observe.continuity_evidence import context, evidence, stands_out
from sixfaces.observe.continuity_motion import Change, Field, Step
from sixfaces.observe.continuity_reel import Reel
from tests.bench.continuity_clips import Clip, Take, decoded, rendered, takes

HIDDEN, NETWORKS, ROUNDS, BATCH = 16, 3, 60, 128
WEIGHT_DECAY = 1e-3
REMOVALS_S = (0.3, 0.3, 0.5, 1.0, 1.0, 3.0)
EACH = 14
_VISIBLE = 6.0
_SUDDEN_STEPS = 2.6
_KEY_SHARE = 0.25

Rows = tuple[NDArray[np.float32], NDArray[np.float32]]


def examples(clip: Clip) -> Rows:
    """Evidence vectors and whether each is a removal; steps that never reach the score are left out."""
    reel = Reel(Field(*clip.frames[0].shape))
    for frame, time, key in zip(clip.frames, clip.times, clip.keys, strict=True):
        look = reel.field.look(frame, time, key=key)
        reel.push(look, reel.compared(look))
    count, rows, labels = len(clip.frames), [], []

    def add(a: int, b: int, change: Change, step: Step, label: float) -> None:
        around = context(reel, a, b)
        if around is not None and stands_out(change, reel.change(a - 1), reel.change(b)):
            rows.append(evidence(step, change, around))
            labels.append(label)

    for i in range(3, count - 4):
        step = (
            reel.step(i)
            if not any(abs(s - clip.times[i + 1]) < _SUDDEN_STEPS / clip.fps for s in clip.sudden)
            else None
        )
        if step is not None:
            add(i, i + 1, reel.change(i), step, 0.0)
    rng = np.random.default_rng(5)
    for length in REMOVALS_S:
        gone = max(1, round(length * clip.fps))
        for a in rng.integers(9, max(10, count - gone - 11), EACH) if count - gone > 30 else ():
            a, b = int(a), int(a) + 1 + gone
            reel.look(b).key |= bool(rng.random() < _KEY_SHARE)
            if visible_change(clip, a, b) > _VISIBLE:
                change = reel.field.change(reel.look(a), reel.spliced_look(a, b))
                add(a, b, change, reel.spliced(a, b), 1.0)
            reel.look(b).key = clip.keys[b]
    return np.array(rows, np.float32), np.array(labels, np.float32)


def visible_change(clip: Clip, a: int, b: int) -> float:
    """Grey levels between the frame that should follow `a` and the frame `b` that does, in the three most changed
    blocks of 8 x 8 small pixels."""
    should, does = (cv2.GaussianBlur(clip.frames[n], (3, 3), 0) for n in (a + 1, b))
    height, width = should.shape
    blocks = cv2.resize(cv2.absdiff(should, does).astype(np.float32), (width // 8, height // 8),
                        interpolation=cv2.INTER_AREA)  # fmt: skip
    return float(np.sort(blocks, axis=None)[-3:].mean())


def train(inputs: NDArray[np.float32], labels: NDArray[np.float32]) -> dict[str, object]:
    """Average of NETWORKS small networks by Adam on the cross-entropy, as the JSON that the package reads."""
    mean, scale = inputs.mean(0), inputs.std(0) + 1e-6
    x = np.clip((inputs - mean) / scale, -4, 4).astype(np.float64)
    nets = [_network(x, labels.astype(np.float64), seed) for seed in range(NETWORKS)]
    return {
        "mean": _rounded(mean), "scale": _rounded(scale),
        "hidden": _rounded(np.concatenate([n[0] for n in nets], 1)),
        "hidden_bias": _rounded(np.concatenate([n[1] for n in nets])),
        "out": _rounded(np.concatenate([n[2] for n in nets]) / NETWORKS),
        "bias": round(float(np.mean([n[3] for n in nets])), 5),
    }  # fmt: skip


def _rounded(values: NDArray[np.floating]) -> list[object]:
    return list(np.round(values.astype(np.float64), 5).tolist())


def _network(x: NDArray[np.float64], y: NDArray[np.float64], seed: int) -> list[NDArray[np.float64]]:
    rng = np.random.default_rng(seed)
    wide = x.shape[1]
    net = [rng.standard_normal((wide, HIDDEN)) * np.sqrt(2 / wide), np.zeros(HIDDEN),
           rng.standard_normal(HIDDEN) * np.sqrt(1 / HIDDEN), np.zeros(1)]  # fmt: skip
    first, second = [np.zeros_like(p) for p in net], [np.zeros_like(p) for p in net]
    turn = 0
    for epoch in range(ROUNDS):
        rate = 2e-3 * 0.5 * (1 + np.cos(np.pi * epoch / ROUNDS))
        order = rng.permutation(len(x))
        for start in range(0, len(x), BATCH):
            turn += 1
            gradients = _gradients(net, x[order[start : start + BATCH]], y[order[start : start + BATCH]])
            for p, g, m, v in zip(net, gradients, first, second, strict=True):
                g = g + WEIGHT_DECAY * p
                m += 0.1 * (g - m)
                v += 0.001 * (g * g - v)
                p -= rate * (m / (1 - 0.9**turn)) / (np.sqrt(v / (1 - 0.999**turn)) + 1e-8)
    return net


def _gradients(
    net: list[NDArray[np.float64]], x: NDArray[np.float64], y: NDArray[np.float64]
) -> list[NDArray[np.float64]]:
    hidden = np.maximum(x @ net[0] + net[1], 0)
    miss = (1 / (1 + np.exp(-(hidden @ net[2] + net[3][0]))) - y) / len(x)
    back = np.outer(miss, net[2]) * (hidden > 0)
    return [x.T @ back, back.sum(0), hidden.T @ miss, np.array([miss.sum()])]


def _from_take(take: Take) -> Rows:
    return examples(rendered(take))


def _from_video(path: Path) -> Rows:
    frames, times, keys = decoded(path)
    return examples(Clip(path.name, frames, times, keys, []))


def main(videos: list[Path]) -> None:
    """Render, train, write."""
    with ProcessPoolExecutor() as pool:
        rows = list(pool.map(_from_take, [t for base in (1000, 2000, 3000) for t in takes(base)]))
        rows += [r for r in pool.map(_from_video, videos) for _ in range(3)]
    inputs, labels = np.concatenate([r[0] for r in rows]), np.concatenate([r[1] for r in rows])
    target = Path(sixfaces.observe.__path__[0]) / "continuity_score.json"
    target.write_text(json.dumps(train(inputs, labels)) + "\n", "utf-8")
    sys.stdout.write(f"{len(labels)} examples, {int(labels.sum())} removals -> {target.name}\n")


if __name__ == "__main__":
    main([Path(p) for p in sys.argv[1:]])
