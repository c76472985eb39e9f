"""The recogniser of print, with the models in its wheel: it is in the OCR extra, and may not be installed."""

from collections.abc import Callable
from typing import Any

from sixfaces.media.frames import Bgr

Engine = Callable[[Bgr], Any]
"""From a (height, width, 3) picture to `boxes`, `txts` and `scores` of its lines, each None where there are none."""


def recogniser(*, most_lines: int, long_side: int) -> Engine | None:
    """Looks for at most so many lines in a picture brought to this long side; None without the extra.

    It runs on one thread: two would spin and cost twice as much.
    """
    try:
        from rapidocr import RapidOCR
    except ImportError:
        return None
    engine = RapidOCR(
        params={
            "EngineConfig.onnxruntime.intra_op_num_threads": 1,
            "EngineConfig.onnxruntime.inter_op_num_threads": 1,
            "Det.limit_type": "max",
            "Det.limit_side_len": long_side,
            "Det.max_candidates": most_lines,
            "Rec.rec_batch_num": 1,  # a batch is as wide as its longest line
            "Global.log_level": "critical",
        }
    )

    def read(bgr: Bgr) -> Any:  # noqa: ANN401 the library's own class
        # All three switches each time: the library keeps the last call's.
        return engine(bgr, use_det=True, use_cls=False, use_rec=True)

    return read
