"""The installation's own model: pictures to vectors, and how alike two vectors are.

The model is ONNX in one file: one input (N, 3, H, W) of float32 RGB, scaled to 0..1 and normalised as for ImageNet; its
first output is the vector. H and W are the model's own, or 224 where it leaves them open.
"""

from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import onnxruntime
from numpy.typing import NDArray
from onnxruntime.capi import onnxruntime_pybind11_state as failures

from sixfaces.media.frames import Bgr

_SIDE = 224
_MOST_SIDE = 1024
_MEAN, _SPREAD = np.array([0.485, 0.456, 0.406]), np.array([0.229, 0.224, 0.225])

_FAILURES = (
    failures.Fail,
    failures.InvalidArgument,
    failures.InvalidGraph,
    failures.InvalidProtobuf,
    failures.NoModel,
    failures.NoSuchFile,
    failures.NotImplemented,
    failures.RuntimeException,
    failures.EPFail,
)

Embed = Callable[[Bgr], NDArray[np.float64]]
"""From a (height, width, 3) picture to its vector of length 1."""


class ModelError(Exception):
    """The model cannot be loaded, or does not do what a model in this place must."""


def loaded(path: Path) -> Embed:
    """The model at `path`, on one thread. Raises ModelError; so does what is returned."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = 4
    try:
        session = onnxruntime.InferenceSession(path.read_bytes(), options, providers=["CPUExecutionProvider"])
    except (*_FAILURES, OSError, ValueError) as exc:
        raise ModelError(f"it cannot be loaded: {type(exc).__name__}") from exc
    inputs = session.get_inputs()
    if len(inputs) != 1 or len(inputs[0].shape) != 4 or inputs[0].type != "tensor(float)":
        raise ModelError("it must have one input of float32, (N, 3, H, W)")
    height, width = (side if isinstance(side, int) else _SIDE for side in inputs[0].shape[2:])
    if not 0 < height <= _MOST_SIDE or not 0 < width <= _MOST_SIDE:
        raise ModelError(f"its input must be at most {_MOST_SIDE} pixels a side")

    def embed(picture: Bgr) -> NDArray[np.float64]:
        try:
            out = session.run(None, {inputs[0].name: _prepared(picture, height, width)})[0]
        except _FAILURES as exc:
            raise ModelError(f"it cannot be run: {type(exc).__name__}") from exc
        vector = np.asarray(out, np.float64).ravel()
        length = float(np.linalg.norm(vector))
        if not np.isfinite(length) or length == 0:
            raise ModelError("it gives no finite vector")
        return vector / length

    return embed


def alike(one: NDArray[np.float64], other: NDArray[np.float64]) -> float:
    """Cosine of two vectors of length 1, floored to 0..1 in steps of 0.001: 1 means the very same."""
    return max(0.0, min(1.0, float(np.floor(float(one @ other) * 1000 + 1e-6) / 1000)))


def _prepared(picture: Bgr, height: int, width: int) -> NDArray[np.float32]:
    """The picture whole, on grey where its shape is another, as (1, 3, height, width)."""
    factor = min(height / picture.shape[0], width / picture.shape[1])
    size = (max(1, round(picture.shape[1] * factor)), max(1, round(picture.shape[0] * factor)))
    small = cv2.resize(picture, size, interpolation=cv2.INTER_AREA if factor < 1 else cv2.INTER_LINEAR)
    canvas = np.full((height, width, 3), 127, np.uint8)
    top, left = (height - size[1]) // 2, (width - size[0]) // 2
    canvas[top : top + size[1], left : left + size[0]] = small
    values = (canvas[:, :, ::-1] / 255.0 - _MEAN) / _SPREAD
    return np.ascontiguousarray(values.transpose(2, 0, 1)[None], np.float32)
