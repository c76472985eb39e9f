"""How good a network is on samples with truth: orientation modulo the 24 symmetries, masks, kind, state, seal."""

from typing import TYPE_CHECKING

import numpy as np

from sixfaces.observe.parcel import symmetric
from sixfaces.observe.parcel.look import KINDS, STATES
from sixfaces.observe.parcel.symmetric import Real

if TYPE_CHECKING:
    from torch import nn


def _grid() -> Real:
    """Rotations spread over all orientations of a cube: starts for the climb."""
    rng = np.random.default_rng(5)
    turns = np.linalg.qr(rng.normal(size=(600, 3, 3)))[0]
    return np.asarray(turns * np.sign(np.linalg.det(turns))[:, None, None])


GRID_TURNS = _grid()
GRID_TENSORS = symmetric.tensor(GRID_TURNS)


def decoded(tensors: Real) -> Real:
    """(N, 15) -> (N, 3, 3): the rotation whose tensor is nearest, found from a grid and refined by halving turns."""
    best = GRID_TURNS[np.argmax(tensors @ GRID_TENSORS.T, axis=1)]
    step = 0.1
    while step > 0.002:
        trials = [best]
        for axis in range(3):
            for sign in (-1.0, 1.0):
                trials.append(_turn(axis, sign * step) @ best)
        stack = np.stack(trials, 1)
        fit = np.einsum("nkt,nt->nk", symmetric.tensor(stack), tensors)
        chosen = fit.argmax(1)
        best = stack[np.arange(len(best)), chosen]
        if (chosen == 0).mean() > 0.9:
            step /= 2
    return best


def _turn(axis: int, angle: float) -> Real:
    c, s = np.cos(angle), np.sin(angle)
    a, b = (axis + 1) % 3, (axis + 2) % 3
    out = np.eye(3)
    out[a, a] = out[b, b] = c
    out[a, b], out[b, a] = -s, s
    return out


def error_deg(given: Real, true: Real) -> Real:
    """(N, 3, 3) twice -> (N,) least angle over the 24 symmetries, in degrees."""
    traces = np.einsum("nij,nik,gjk->ng", true, given, symmetric.GROUP)
    return np.asarray(np.degrees(np.arccos(np.clip((traces.max(1) - 1) / 2, -1, 1))))


def predicted(net: "nn.Module", rows: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """pose, scores and maps (logits) of all rows."""
    import torch  # only training needs it: exported weights are scored without

    net.eval()
    found = []
    with torch.no_grad():
        for k in range(0, len(rows), 100):
            image = torch.from_numpy(rows["image"][k : k + 100].transpose(0, 3, 1, 2).copy()).float() / 255
            found.append([part.numpy() for part in net(image)])
    pose, scores, maps = (np.concatenate(part) for part in zip(*found, strict=True))
    return pose, scores, maps


def measured(net: "nn.Module", rows: np.ndarray) -> dict[str, float]:
    """Scores by name on a structured array of samples (stock.ITEM)."""
    return judged(predicted(net, rows), rows)


def judged(given: tuple[np.ndarray, np.ndarray, np.ndarray], rows: np.ndarray) -> dict[str, float]:
    """Scores of predictions, whoever made them."""
    pose, scores, maps = given
    box = rows["known"][:, 0]
    wrong = error_deg(decoded(pose[box, :15].astype(np.float64)), decoded(rows["pose"][box, :15].astype(np.float64)))
    closed = rows["labels"][box, 1] == 0
    ends = (len(KINDS), len(KINDS) + len(STATES))
    out = {
        "turn_median_deg": float(np.median(wrong)),
        "turn_within_15": float((wrong < 15).mean()),
        "closed_turn_median_deg": float(np.median(wrong[closed])),
        "closed_turn_within_15": float((wrong[closed] < 15).mean()),
        "edges_error": float(np.abs(pose[box, 15:21] - rows["pose"][box, 15:21]).mean()),
    }
    middle, size = rows["known"][:, 1], rows["known"][:, 2]
    out["centre_error"] = float(np.median(np.abs(pose[middle, 21:23] - rows["pose"][middle, 21:23]).max(1)))
    out["size_error"] = float(np.median(np.abs(pose[size, 23] - rows["pose"][size, 23])))
    for k, name in enumerate(("parcel", "hand", "item", "label", "flap")):
        given_mask, true_mask = maps[:, k] > 0, rows["maps"][:, k] > 127
        either = (given_mask | true_mask).sum()
        out[f"iou_{name}"] = float((given_mask & true_mask).sum() / max(1, either))
    for k, (name, part) in enumerate(
        (("kind", scores[:, : ends[0]]), ("state", scores[:, ends[0] : ends[1]]), ("seal", scores[:, ends[1] :]))
    ):
        asked = rows["labels"][:, k] >= 0
        out[f"{name}_right"] = float((part[asked].argmax(1) == rows["labels"][asked, k]).mean())
    return {name: round(value, 4) for name, value in out.items()}
