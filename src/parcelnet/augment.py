"""The eight ways to turn and mirror a crop, what becomes of its truth, and shifted colours: all cost almost nothing."""

import numpy as np
import torch
from torch import Tensor

from sixfaces.observe.parcel import symmetric

TURNS = tuple(
    (mirror, quarter) for mirror in (False, True) for quarter in range(4)
)  # mirrored left to right first, then turned by quarters against the clock


def _axes(mirror: bool, quarter: int) -> np.ndarray:
    """(3, 3) the camera's axes before to those after."""
    flip = np.diag([-1.0 if mirror else 1.0, 1.0, 1.0])
    step = np.array([[0, 1, 0], [-1, 0, 0], [0, 0, 1.0]])  # x right becomes y up
    return np.linalg.matrix_power(step, quarter) @ flip


def _matrix(mirror: bool, quarter: int) -> np.ndarray:
    """(24, 24) what the turn makes of a pose vector. Tensor and inertia are linear in it: found by probing."""
    turn = _axes(mirror, quarter)
    rng = np.random.default_rng(0)
    probes = np.array([np.linalg.qr(rng.normal(size=(3, 3)))[0] for _ in range(60)])
    edges = rng.uniform(0.2, 1.0, (60, 3))
    out = np.eye(24)
    out[:15, :15] = np.linalg.lstsq(symmetric.tensor(probes), symmetric.tensor(turn @ probes), rcond=None)[0].T
    before = np.array([symmetric.inertia(r, e) for r, e in zip(probes, edges, strict=True)])
    after = np.array([symmetric.inertia(turn @ r, e) for r, e in zip(probes, edges, strict=True)])
    out[15:21, 15:21] = np.linalg.lstsq(before, after, rcond=None)[0].T
    out[21:23, 21:23] = turn[:2, :2]
    return out


MATRICES = torch.tensor(np.array([_matrix(*t) for t in TURNS]), dtype=torch.float32)


def turned(image: Tensor, maps: Tensor, pose: Tensor, which: int) -> tuple[Tensor, Tensor, Tensor]:
    """(N, C, H, W) images and maps and (N, 24) poses, all turned the same way of TURNS."""
    mirror, quarter = TURNS[which]
    if mirror:
        image, maps = image.flip(-1), maps.flip(-1)
    if quarter:
        image, maps = torch.rot90(image, quarter, (-2, -1)), torch.rot90(maps, quarter, (-2, -1))
    return image, maps, pose @ MATRICES[which].T


def tinted(image: Tensor, generator: torch.Generator) -> Tensor:
    """(N, 3, H, W) 0..1 -> brightness, contrast and colour shifted, each picture its own way."""
    count = image.shape[0]
    gain = torch.exp(torch.randn(count, 1, 1, 1, generator=generator) * 0.15)
    cast = torch.exp(torch.randn(count, 3, 1, 1, generator=generator) * 0.06)
    shift = torch.randn(count, 1, 1, 1, generator=generator) * 0.04
    return (image * gain * cast + shift).clamp(0, 1)
