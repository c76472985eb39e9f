"""The mean of the weights of several ends of one training: what errs in its own way in each is halved.

`python -m parcelnet.blend EARLIER.pt … LAST.pt --out blend.pt`, where each state goes on from the one before
(`parcelnet.train --resume`) and had its closing phase. The shipped weights are such a mean; by themselves both ends
told fewer poses within 15 degrees.
"""

import argparse
from pathlib import Path

import torch


def blended(states: list[Path], out: Path) -> None:
    """Write the last state with the mean weights of all. Raises ValueError for fewer than two."""
    if len(states) < 2:
        raise ValueError("a mean needs two states or more")
    kept = [torch.load(path, weights_only=True, map_location="cpu") for path in states]
    last = kept[-1]
    mean = {
        name: torch.stack([one["mean"][name] for one in kept]).mean(0) if value.dtype.is_floating_point else value
        for name, value in last["mean"].items()
    }
    torch.save({**last, "mean": mean, "blended": len(kept)}, out)


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("states", type=Path, nargs="+")
    parser.add_argument("--out", type=Path, required=True)
    given = parser.parse_args()
    blended(given.states, given.out)


if __name__ == "__main__":
    main()
