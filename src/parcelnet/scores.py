"""How good a network is on samples with truth: orientation modulo the 24 symmetries, masks, kind, state, seal."""

from typing import TYPE_CHECKING

import numpy as np

from sixfaces.observe.parcel import symmetric
from sixfaces.observe.parcel.decode import nearest
from sixfaces.observe.parcel.look import KINDS, STATES
from sixfaces.observe.parcel.symmetric import Real

if TYPE_CHECKING:
    from torch import nn


def decoded(tensors: Real) -> Real:
    """(N, 15) -> (N, 3, 3): rotations as whoever uses the network reads them."""
    return np.array([nearest(given) for given in tensors]).reshape(-1, 3, 3)


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
