"""The training recipe: endless fresh renders, one network, a few hours on two cores.

`python -m parcelnet.train --out FOLDER --minutes 90` writes `last.pt` every few minutes; a file named `decay` in the
folder starts the closing phase early. `--resume FILE.pt` goes on from there. Then: `python -m parcelnet.export`.
"""

import argparse
import json
import logging
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn

from parcelnet.augment import tinted, turned
from parcelnet.model import ParcelNet
from parcelnet.scores import measured
from parcelnet.stock import VALIDATION_SEED, Batch, Stock, drawn
from sixfaces.observe.parcel.look import INPUT, KINDS, STATES

log = logging.getLogger(__name__)

PEAK = 1.0e-3
WARM_STEPS = 300
CLOSING = 0.25
"""Share of the time in which the learning rate falls to nothing."""
SMALL = 96
SMALL_UNTIL = 0.0
"""Smaller crops first: the network learns the same from them in half the time."""
KEEP = 0.999
"""Of the running mean of the weights: what is shipped is the mean, not the last step."""
BATCH = 32
FIRST = 1200
"""Samples there must be before training begins."""
MAP_WEIGHTS = torch.tensor([3.0, 3.0, 9.0, 4.0, 3.0, 6.0])
"""By look.MAPS. Items fill few cells of few crops, and are what is missed most."""
SCORE_WEIGHTS = {"kind": 0.5, "state": 1.0, "seal": 0.5}


@dataclass(frozen=True, slots=True)
class Wanted:
    """A batch as the loss needs it: images (N, 3, H, W) 0..1, maps 0..1, poses, what is known of them, labels."""

    image: Tensor
    maps: Tensor
    pose: Tensor
    known: Tensor
    labels: Tensor


def wanted(batch: Batch, which: int, generator: torch.Generator | None, *, side: int = INPUT) -> Wanted:
    """Turned (see augment.TURNS) and, with a generator, tinted; `side` is that of the images wanted."""
    image = torch.from_numpy(np.ascontiguousarray(batch.image.transpose(0, 3, 1, 2))).float() / 255
    maps = torch.from_numpy(batch.maps).float() / 255
    image, maps, pose = turned(image, maps, torch.from_numpy(batch.pose), which)
    if generator is not None:
        image = tinted(image, generator)
    if side != INPUT:
        image = nn.functional.adaptive_avg_pool2d(image, side)
        maps = nn.functional.adaptive_avg_pool2d(maps, side // 4)
    image = image.contiguous(memory_format=torch.channels_last)
    return Wanted(image, maps, pose, torch.from_numpy(batch.known), torch.from_numpy(batch.labels).long())


def loss(given: tuple[Tensor, Tensor, Tensor, Tensor], want: Wanted) -> tuple[Tensor, dict[str, float]]:
    """One number to make small, and its parts by name."""
    pose, scores, maps, cells = (g.float() for g in given)
    box, middle, size = (want.known[:, k].float() for k in range(3))
    away = (pose - want.pose).square()
    parts = {
        "tensor": (away[:, :15].sum(1) / 1.2 * box).mean(),
        "inertia": (away[:, 15:21].sum(1) * 4 * box).mean(),
        "centre": (nn.functional.smooth_l1_loss(pose[:, 21:23], want.pose[:, 21:23], beta=0.1, reduction="none").sum(1)
                   * middle).mean(),
        "size": (nn.functional.smooth_l1_loss(pose[:, 23], want.pose[:, 23], beta=0.1, reduction="none") * size).mean(),
    }  # fmt: skip
    parts["cells"] = 0.5 * _cells(cells, want)
    drawn_wrong = nn.functional.binary_cross_entropy_with_logits(maps, want.maps, reduction="none").mean((0, 2, 3))
    parts["maps"] = (drawn_wrong * MAP_WEIGHTS).sum()
    ends = (len(KINDS), len(KINDS) + len(STATES))
    for k, (name, part) in enumerate(
        zip(("kind", "state", "seal"), (scores[:, : ends[0]], scores[:, ends[0] : ends[1]], scores[:, ends[1] :]),
            strict=True)
    ):  # fmt: skip
        parts[name] = SCORE_WEIGHTS[name] * nn.functional.cross_entropy(part, want.labels[:, k], ignore_index=-1)
    total = torch.stack(list(parts.values())).sum()
    return total, {name: float(part.detach()) for name, part in parts.items()}


def _cells(cells: Tensor, want: Wanted) -> Tensor:
    """What cells on the parcel say of it, each for itself: every one of them has something to learn from."""
    on = nn.functional.adaptive_avg_pool2d(want.maps[:, :1], cells.shape[-2:])[:, 0] * want.known[:, 0, None, None]
    away = (cells - want.pose[:, :, None, None]).square()
    each = away[:, :15].sum(1) / 1.2 + away[:, 15:21].sum(1) * 4
    return (each * on).sum() / on.sum().clamp(min=1.0)


def rate(progress: float, step: int) -> float:
    """Learning rate: warm up, hold, then fall during the closing share."""
    closing = min(1.0, max(0.0, (1 - progress) / CLOSING))
    return PEAK * min(1.0, (step + 1) / WARM_STEPS) * max(0.003, closing)


@torch.no_grad()
def blend(mean: nn.Module, live: nn.Module, step: int) -> None:
    """Move the running mean towards the live weights."""
    keep = min(KEEP, (step + 1) / (step + 10))
    for m, p in zip(mean.state_dict().values(), live.state_dict().values(), strict=True):
        if m.dtype.is_floating_point:
            m.mul_(keep).add_(p, alpha=1 - keep)
        else:
            m.copy_(p)


class Training:
    """Weights, their mean, the optimiser, and how far it has come."""

    def __init__(self, *, seed: int, resume: Path | None) -> None:
        torch.manual_seed(seed)
        self.live = ParcelNet().to(memory_format=torch.channels_last)
        self.mean = ParcelNet().to(memory_format=torch.channels_last)
        self.mean.load_state_dict(self.live.state_dict())
        self.optimiser = torch.optim.AdamW(self.live.parameters(), lr=PEAK, weight_decay=0.02)
        self.history: list[dict[str, float]] = []
        self.seen = 0
        self.step = 0
        if resume is not None:
            kept = torch.load(resume, weights_only=True)
            self.live.load_state_dict(kept["live"])
            self.mean.load_state_dict(kept["mean"])
            self.optimiser.load_state_dict(kept["optimiser"])
            self.seen, self.step, self.history = kept["seen"], kept["step"], kept["history"]
        self.generator = torch.Generator().manual_seed(seed)
        self.rng = np.random.default_rng(seed)

    def learn(self, batch: Batch, progress: float) -> dict[str, float]:
        """One step."""
        side = SMALL if progress < SMALL_UNTIL else INPUT
        want = wanted(batch, int(self.rng.integers(8)), self.generator, side=side)
        for group in self.optimiser.param_groups:
            group["lr"] = rate(progress, self.step)
        self.live.train()
        with torch.autocast("cpu", torch.bfloat16):
            given = self.live.told(want.image)
        total, parts = loss(given, want)
        self.optimiser.zero_grad()
        total.backward()
        nn.utils.clip_grad_norm_(self.live.parameters(), 2.0)
        self.optimiser.step()
        blend(self.mean, self.live, self.step)
        self.step += 1
        self.seen += len(want.image)
        return parts

    def save(self, path: Path) -> None:
        """Everything needed to go on, written aside first: a killed run leaves the last whole file."""
        aside = path.with_suffix(".part")
        kept = {
            "live": self.live.state_dict(), "mean": self.mean.state_dict(), "optimiser": self.optimiser.state_dict(),
            "seen": self.seen, "step": self.step, "history": self.history,
        }  # fmt: skip
        torch.save(kept, aside)
        aside.replace(path)


def run(out: Path, *, minutes: float, workers: int, seed: int, resume: Path | None, every: float = 6.0) -> None:
    """Train for so many minutes, score on fresh validation renders every few, keep the last state."""
    out.mkdir(parents=True, exist_ok=True)
    torch.set_num_threads(1)
    training = Training(seed=seed, resume=resume)
    held_out = drawn(np.random.default_rng(VALIDATION_SEED), 600)
    with Stock(size=24_000, workers=workers, seed=seed * 1000 + training.step) as stock:
        while stock.made < FIRST:
            time.sleep(0.5)
        start = spoken = time.monotonic()
        told: dict[str, float] = {}
        closing_from: float | None = None
        while True:
            gone = (time.monotonic() - start) / (60 * minutes)
            if closing_from is None and (out / "decay").exists():
                closing_from = gone
                minutes = minutes * (gone + CLOSING * (1 - gone)) if gone < 1 - CLOSING else minutes
                gone = 1 - CLOSING
            if gone >= 1:
                break
            parts = training.learn(stock.batch(training.rng, BATCH), gone)
            told = {k: 0.98 * told.get(k, v) + 0.02 * v for k, v in parts.items()}
            if time.monotonic() - spoken > 60 * every:
                spoken = time.monotonic()
                _report(training, held_out, told=told, made=stock.made, out=out)
        _report(training, held_out, told=told, made=stock.made, out=out)


def _report(training: Training, held_out: np.ndarray, *, told: dict[str, float], made: int, out: Path) -> None:
    scores = measured(training.mean, held_out)
    line = {"seen": training.seen, "rendered": made, **{f"loss_{k}": round(v, 4) for k, v in told.items()}, **scores}
    training.history.append(line)
    training.save(out / "last.pt")
    (out / "history.json").write_text(json.dumps(training.history, indent=1), encoding="utf-8")
    log.info("%s", json.dumps(line))


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--minutes", type=float, default=120)
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--resume", type=Path)
    given = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    run(given.out, minutes=given.minutes, workers=given.workers, seed=given.seed, resume=given.resume)


if __name__ == "__main__":
    main()
