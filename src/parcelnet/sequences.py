"""Whole takes with their truth, for testing what follows a parcel through a video.

    python -m parcelnet.sequences --preview out.png --seed 1000001 --condition phone --defect missing_bottom

Training draws its samples from seeds below TEST_SEEDS; test sequences use that seed and above.
"""

import argparse
import json
from fractions import Fraction
from pathlib import Path

import av
import cv2
import numpy as np

from parcelnet.cartons import FACES
from parcelnet.filming import FPS, PRESENT, frame, frames, take
from parcelnet.stage_set import CONDITIONS
from parcelnet.takes import TEST_SEEDS, Take, kind_of
from parcelnet.textures import Bytes
from parcelnet.truths import CORNER_ORDER, FrameTruth

FULL_FPS = 30
LONG_SIDE = 1280


def story(made: Take, truths: list[FrameTruth], *, fps: int = FPS, scale: float = 1.0) -> dict[str, object]:
    """The take's truth, in the form of a file; `scale` as the frames were made with."""
    log, view = made.hand.log, made.set.view
    focal, wide, tall = view.focal * scale, round(view.size[0] * scale), round(view.size[1] * scale)
    return {
        "scenario": made.plot.defect, "condition": made.condition, "seed": made.seed, "synthetic": True, "fps": fps,
        "width": wide, "height": tall, "n_frames": len(truths), "duration": made.duration,
        "intrinsics": {"fx": focal, "fy": focal, "cx": wide / 2, "cy": tall / 2},
        "kind": kind_of(made), "parcels": {"A": {"dims_m": [round(float(v), 4) for v in made.hand.edges]}},
        "cut_times": [made.filmed(a) for a, _ in log.cuts], "swap_times": [made.filmed(s) for s in log.swaps],
        "absences": absences(truths), "tape_cut_interval": [made.filmed(v) for v in log.cut] if log.cut else None,
        "first_open_time": made.filmed(log.first_open) if log.first_open is not None else None,
        "first_item_time": made.filmed(log.first_item) if log.first_item is not None else None,
        "events": [{"type": "label_close", "t": [made.filmed(v) for v in span]} for span in log.label_close],
        "label": {"face": FACES[made.looks[0][1].label_face]},
        "corner_order": [list(c) for c in CORNER_ORDER],
        "frames": [truth.filed(k) for k, truth in enumerate(truths)],
    }  # fmt: skip


def absences(truths: list[FrameTruth]) -> list[dict[str, object]]:
    """Stretches without the parcel in view, each with its reason."""
    found: list[dict[str, object]] = []
    open_from: int | None = None
    for k, truth in enumerate([*truths, None]):
        away = truth is not None and not truth.present
        if away and open_from is None:
            open_from = k
        if not away and open_from is not None:
            left = min(t.in_frame for t in truths[open_from:k]) < PRESENT * 2
            found.append({"from_s": truths[open_from].time, "to_s": truths[k - 1].time,
                          "reason": "left_frame" if left else "hidden"})  # fmt: skip
            open_from = None
    return found


def write_video(made: Take, path: Path, *, long_side: int = LONG_SIDE, fps: int = FULL_FPS) -> list[FrameTruth]:
    """The take as an H.264 file; truths are in pixels of its frames."""
    scale = long_side / max(made.set.view.size)
    truths = []
    with av.open(str(path), "w") as file:
        stream = file.add_stream("libx264", rate=fps, options={"crf": "23", "preset": "veryfast"})
        stream.width, stream.height = (round(v * scale) // 2 * 2 for v in made.set.view.size)
        stream.pix_fmt, stream.time_base = "yuv420p", Fraction(1, fps)
        for number, (picture, truth) in enumerate(frames(made, fps=fps, scale=scale)):
            shown = av.VideoFrame.from_ndarray(
                np.ascontiguousarray(picture[: stream.height, : stream.width]), format="bgr24"
            )
            shown.pts = number
            file.mux(stream.encode(shown))
            truths.append(truth)
        file.mux(stream.encode(None))
    return truths


def contact_sheet(made: Take, *, columns: int = 8, rows: int = 6) -> Bytes:
    """Frames spread over the take with the stage and the faces in view."""
    tiles = []
    for k in range(columns * rows):
        picture, truth = frame(made, made.duration * (k + 0.5) / (columns * rows))
        if truth.corners is not None:
            for x, y in truth.corners:
                cv2.circle(picture, (int(x), int(y)), 3, (0, 0, 255), -1)
        seen = [f"{f.value[:2]}{v.cos:.2f}*{v.unoccluded:.2f}" for f, v in truth.faces.items() if v.cos > 0.3]
        text = f"{truth.time:.1f} {truth.stage} " + " ".join(seen)
        cv2.putText(picture, text, (6, 16), cv2.FONT_HERSHEY_SIMPLEX, 0.5, (0, 255, 255), 1, cv2.LINE_AA)
        tiles.append(cv2.resize(picture, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA))
    lines = [np.hstack(tiles[k : k + columns]) for k in range(0, len(tiles), columns)]
    return np.asarray(np.vstack(lines), np.uint8)


def _parsed() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Render a take with its truth.")
    parser.add_argument("--seed", type=int, default=TEST_SEEDS)
    parser.add_argument("--condition", default="plain", choices=CONDITIONS)
    parser.add_argument("--defect", default="honest")
    parser.add_argument("--preview", type=Path, help="write a contact sheet (PNG)")
    parser.add_argument("--video", type=Path, help="write the video (MP4) and its truth (JSON beside it)")
    return parser.parse_args()


def main() -> None:
    """The command line."""
    wanted = _parsed()
    made = take(wanted.seed, condition=wanted.condition, defect=wanted.defect)
    if wanted.preview:
        cv2.imwrite(str(wanted.preview), contact_sheet(made))
    if wanted.video:
        truths = write_video(made, wanted.video)
        wanted.video.with_suffix(".truth.json").write_text(
            json.dumps(story(made, truths, fps=FULL_FPS, scale=LONG_SIDE / max(made.set.view.size)))
        )


if __name__ == "__main__":
    main()
