"""From a training's last state to the weights that sixfaces ships: ONNX, checked against the network it came from, then
in eight bits.

`python -m parcelnet.export --state FOLDER/last.pt --out parcel.onnx --exact exact.onnx`. The model card is written by
`parcelnet.card`, which scores both.
"""

import argparse
import warnings
from pathlib import Path

import numpy as np
import onnxruntime
import torch

from parcelnet.model import ParcelNet
from parcelnet.quantise import quantised
from parcelnet.scores import predicted
from parcelnet.stock import VALIDATION_SEED, drawn
from sixfaces.observe.parcel.look import INPUT

OPSET = 17
CLOSE = 2e-3
"""Largest difference of any output, in its own units, between the network and its export."""


def exported(state: Path, out: Path) -> None:
    """Write the running mean of the weights as ONNX; any number of crops at once."""
    net = ParcelNet()
    net.load_state_dict(torch.load(state, weights_only=True, map_location="cpu")["mean"])
    net.eval()
    names = ("pose", "scores", "maps")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        torch.onnx.export(
            net, (torch.rand(1, 3, INPUT, INPUT),), str(out), dynamo=False, opset_version=OPSET,
            input_names=["crop"], output_names=list(names), dynamic_axes={name: {0: "n"} for name in ("crop", *names)},
        )  # fmt: skip
    rows = drawn(np.random.default_rng(VALIDATION_SEED + 1), 16, cartons=8)
    given = np.ascontiguousarray(rows["image"].transpose(0, 3, 1, 2), np.float32) / 255
    session = onnxruntime.InferenceSession(out)
    for ours, theirs in zip(predicted(net, rows), session.run(list(names), {"crop": given}), strict=True):
        assert np.abs(ours - theirs).max() < CLOSE, "the export does not answer as the network does"


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--state", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--exact", type=Path, required=True, help="where the weights before quantisation go")
    given = parser.parse_args()
    exported(given.state, given.exact)
    quantised(given.exact, given.out)


if __name__ == "__main__":
    main()
