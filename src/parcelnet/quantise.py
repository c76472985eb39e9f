"""Eight-bit weights: a third of the time and a quarter of the bytes, for no accuracy that validation could tell.

Inner layers only: the two layers that tell the pose and draw the maps, and those that grade, stay as they are. Weights
keep to seven bits, so that processors without VNNI, whose eight-bit sums overflow, give the same answers.
"""

from collections.abc import Iterator
from contextlib import chdir
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import onnx
from onnxruntime.quantization import CalibrationDataReader, QuantFormat, QuantType, quantize_static
from onnxruntime.quantization.shape_inference import quant_pre_process

from parcelnet.sample import POSE
from parcelnet.stock import VALIDATION_SEED, drawn
from sixfaces.observe.parcel.look import MAPS

_CROPS = 256
_SEED = VALIDATION_SEED + 2
_HEADS = (POSE + 1, len(MAPS))
"""Output channels of the two convolutions that answer."""


class _Crops(CalibrationDataReader):
    """Fresh renders, from which the ranges of the layers are taken."""

    def __init__(self) -> None:
        rows = drawn(np.random.default_rng(_SEED), _CROPS, cartons=40)
        self._left: Iterator[np.ndarray] = iter(rows["image"])

    def get_next(self) -> dict[str, np.ndarray] | None:
        """One crop, or None after the last."""
        crop = next(self._left, None)
        if crop is None:
            return None
        return {"crop": np.ascontiguousarray(crop.transpose(2, 0, 1)[None], np.float32) / 255}


def quantised(weights: Path, out: Path) -> None:
    """Write the eight-bit form of an exported network."""
    weights, out = weights.resolve(), out.resolve()
    with TemporaryDirectory() as folder, chdir(folder):  # the preparation leaves files where it is run
        ready = Path(folder) / "ready.onnx"
        quant_pre_process(weights, ready, skip_symbolic_shape=True)
        quantize_static(
            ready, out, _Crops(), quant_format=QuantFormat.QDQ, activation_type=QuantType.QUInt8,
            weight_type=QuantType.QInt8, per_channel=True, reduce_range=True, nodes_to_exclude=_answering(ready),
        )  # fmt: skip


def _answering(weights: Path) -> list[str]:
    """Names of the layers that give the answers."""
    graph = onnx.load(weights).graph
    shapes = {w.name: tuple(w.dims) for w in graph.initializer}
    last = [n.name for n in graph.node if n.op_type == "Conv" and shapes[n.input[1]][0] in _HEADS]
    return [*last, *(n.name for n in graph.node if n.op_type in ("Gemm", "MatMul"))]
