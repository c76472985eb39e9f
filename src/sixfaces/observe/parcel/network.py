"""The parcel network: one crop looked at, its answer as a `Look`. The weights' model card lies beside them."""

from pathlib import Path

import cv2
import numpy as np
import onnxruntime
from numpy.typing import NDArray

from sixfaces.media.frames import Bgr
from sixfaces.observe.parcel.look import INPUT, KINDS, PADDING, SEALS, STATES, Crop, Look

Real = NDArray[np.float64]

WEIGHTS = Path(__file__).parent / "weights" / "parcel.onnx"


class Network:
    """One session on one core. A look takes about five milliseconds."""

    def __init__(self, weights: Path = WEIGHTS) -> None:
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        options.inter_op_num_threads = 1
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        self._session = onnxruntime.InferenceSession(weights, options, providers=["CPUExecutionProvider"])

    def look(self, bgr: Bgr, crop: Crop) -> Look:
        """What is in this window of a medium frame."""
        return self.answer(picture(bgr, crop), crop)

    def answer(self, rgb: NDArray[np.uint8], crop: Crop) -> Look:
        """The answer to an (INPUT, INPUT, 3) picture that was cut out at `crop`."""
        given = np.ascontiguousarray(rgb.transpose(2, 0, 1)[None], np.float32) / np.float32(255)
        pose, scores, maps = self._session.run(["pose", "scores", "maps"], {"crop": given})
        numbers, grades = np.asarray(pose[0], np.float64), np.asarray(scores[0], np.float64)
        kind, state, seal = np.split(grades, [len(KINDS), len(KINDS) + len(STATES)])
        assert len(seal) == len(SEALS), "the weights are those of another network"
        return Look(
            crop=crop, tensor=numbers[:15], inertia=numbers[15:21], centre=numbers[21:23], size=float(numbers[23]),
            kind=_softmax(kind), state=_softmax(state), seal=_softmax(seal),
            maps=np.asarray(1 / (1 + np.exp(-maps[0])), np.float32),
        )  # fmt: skip


def _softmax(scores: Real) -> Real:
    raised = np.exp(scores - scores.max())
    shares: Real = raised / raised.sum()
    return shares


def picture(bgr: Bgr, crop: Crop) -> NDArray[np.uint8]:
    """(INPUT, INPUT, 3) RGB of a window, area-averaged; what lies beyond the frame is PADDING."""
    height, width = bgr.shape[:2]
    side = max(8, round(crop.side))
    left, top = round(crop.x - side / 2), round(crop.y - side / 2)
    inner = bgr[max(0, top) : min(height, top + side), max(0, left) : min(width, left + side)]
    if inner.shape[:2] != (side, side):
        whole = np.full((side, side, 3), PADDING, np.uint8)
        if inner.size:
            row, column = max(0, -top), max(0, -left)
            whole[row : row + inner.shape[0], column : column + inner.shape[1]] = inner
        inner = whole
    how = cv2.INTER_AREA if side > INPUT else cv2.INTER_LINEAR
    small = cv2.resize(inner, (INPUT, INPUT), interpolation=how)
    return np.ascontiguousarray(small[..., ::-1])
