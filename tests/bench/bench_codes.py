"""How much is read, and at what cost: `python -m tests.bench.bench_codes` (about four minutes).

The sweep: 180 views of one printed code in a 1080p frame, module 1.2 to 4 px, six angles, three blurs, with and without
perspective, noise, JPEG 75. Each method sees the same frames in the same run; times are CPU milliseconds a frame.
"""

import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable
from datetime import UTC, datetime

import cv2
import numpy as np
import zxingcpp
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from zxingcpp import BarcodeFormat, BarcodeFormats

from fixtures.build import MEDIA
from sixfaces.media.container import probe_container
from sixfaces.media.decode import decode_video
from sixfaces.media.frames import FullFrame
from sixfaces.observe.code_reading import Effort, find_bars, new_localiser, read_region
from sixfaces.observe.codes import Codes
from sixfaces.observe.ink import ink_map, regions
from sixfaces.vault.challenge import issue
from sixfaces.vault.challenge_keys import SigningKey
from tests.bench.code_views import ANGLES, MODULES, Gray, View, render, sweep, symbol
from tests.unit.codes.filmed import Sink

TEXT = "SF1234567890123"
Method = Callable[[Gray], Iterable[str]]
LOCALISER = new_localiser()
KINDS = (("Code 128", BarcodeFormat.Code128), ("QR", BarcodeFormat.QRCode), ("Data Matrix", BarcodeFormat.DataMatrix))


def decoder_alone(frame: Gray) -> Iterable[str]:
    """The decoder on the whole frame."""
    formats = BarcodeFormats((BarcodeFormat.Code128, BarcodeFormat.QRCode, BarcodeFormat.DataMatrix))
    return [code.text for code in zxingcpp.read_barcodes(frame, formats=formats)]


def localised(frame: Gray) -> Iterable[str]:
    """The usual improvement: OpenCV's localiser on the whole frame, rectify twice as large, unsharp mask, decode."""
    found = []
    for quad in find_bars(frame, LOCALISER):
        width, height = np.linalg.norm(quad[1] - quad[0]) * 2.4, np.linalg.norm(quad[3] - quad[0]) * 2
        quiet = (quad[1] - quad[0]) * 0.1
        corners = np.array([quad[0] - quiet, quad[1] + quiet, quad[2] + quiet, quad[3] - quiet], np.float32)
        target = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
        forth = cv2.getPerspectiveTransform(corners, target)
        crop = cv2.warpPerspective(frame, forth, (int(width), max(int(height), 1)), flags=cv2.INTER_CUBIC)
        crop = cv2.addWeighted(crop, 3, cv2.GaussianBlur(crop, (0, 0), 1.4), -2, 0)
        formats = BarcodeFormats((BarcodeFormat.Code128,))
        found += [code.text for code in zxingcpp.read_barcodes(crop, formats=formats)]
    return found


def ours(frame: Gray) -> Iterable[str]:
    """The observer's reading of one frame, each region searched with full effort; unconfirmed readings left out."""
    places = regions(frame, ink_map(frame), most=5)
    read = (r for place in places for r in read_region(frame, place, LOCALISER, effort=Effort.SEARCH))
    return [reading.text for reading in read if reading.confirmed]


class Score:
    """What one method read in the sweep."""

    def __init__(self) -> None:
        self.right: Counter[float | int] = Counter()
        self.total = self.wrong = 0
        self.cpu_s = 0.0

    def note(self, view: View, method: Method, frame: Gray, text: str) -> None:
        """Run the method on one frame."""
        started = time.process_time()
        found = set(method(frame))
        self.cpu_s += time.process_time() - started
        self.wrong += bool(found - {text})
        if text in found:
            self.total += 1
            self.right[view.module_px] += 1
            self.right[-1 - view.angle] += 1


def row(*cells: object) -> None:
    """One line of a table."""
    sys.stdout.write("| " + " | ".join(map(str, cells)) + " |\n")
    sys.stdout.flush()


def share(score: Score, key: float, of: int) -> str:
    return f"{score.right[key] / of:.2f}"


def bench_sweep() -> None:
    """Codes read of 180 views, by module width and by angle."""
    row("code", "method", "read of 180", "misread", "CPU ms", *(f"{m} px" for m in MODULES), *(f"{a}°" for a in ANGLES))
    row(*["---"] * (5 + len(MODULES) + len(ANGLES)))
    for kind, barcode_format in KINDS:
        methods: dict[str, Method] = {"decoder alone": decoder_alone, "localise + rectify": localised, "sixfaces": ours}
        if barcode_format is not BarcodeFormat.Code128:
            del methods["localise + rectify"]
        scores = {name: Score() for name in methods}
        printed = symbol(TEXT, barcode_format)
        for view in sweep():
            frame = render(printed, view)
            for name, method in methods.items():
                scores[name].note(view, method, frame, TEXT)
        views = len(sweep())
        for name, score in scores.items():
            by_module = [share(score, m, views // len(MODULES)) for m in MODULES]
            by_angle = [share(score, -1 - a, views // len(ANGLES)) for a in ANGLES]
            row(kind, name, score.total, score.wrong, f"{score.cpu_s / views * 1e3:.1f}", *by_module, *by_angle)


def bench_challenge() -> None:
    """A challenge code of about 140 characters in a 1080p frame, by its size."""
    key = SigningKey.of(Ed25519PrivateKey.from_private_bytes(bytes(range(32))))
    code = issue("ST-01", datetime(2026, 6, 20, 13, 57, tzinfo=UTC), key=key)
    printed = symbol(code.text, BarcodeFormat.QRCode)
    sys.stdout.write(f"\nchallenge code, {len(code.text)} characters, 41 modules, 0°/20°/45°, blur 0 and 1 px\n\n")
    row("module px", "side px", "share of frame height", "decoder alone", "sixfaces")
    row(*["---"] * 5)
    for module in (1.5, 2.0, 2.5, 3.0, 4.0, 6.0):
        views = [View(module, a, b, p, 900 + a) for a in (0, 20, 45) for b in (0.0, 1.0) for p in (0.0, 0.25)]
        frames = [render(printed, view) for view in views]
        shares = [sum(code.text in method(f) for f in frames) / len(frames) for method in (decoder_alone, ours)]
        side = round(41 * module)
        row(module, side, f"{side / 1080:.0%}", *(f"{s:.2f}" for s in shares))


class _Timed(Codes):
    cpu_s = 0.0

    def full(self, frame: FullFrame) -> None:
        started = time.process_time()
        super().full(frame)
        self.cpu_s += time.process_time() - started


def bench_observer() -> None:
    """What the observer costs a video."""
    sys.stdout.write("\nthe observer on whole takes\n\n")
    row("take", "seconds", "CPU ms a second of video", "CPU ms a frame at 30 fps")
    row(*["---"] * 4)
    for path in sorted(MEDIA.glob("*.mp4")):
        observer = _Timed(lambda name, data: None)
        done = decode_video(path, probe_container(path, demuxer="mov"), wants={"full"}, sink=Sink(observer))
        per_second = observer.cpu_s / done.covered_s * 1e3
        row(path.name, f"{done.covered_s:.1f}", f"{per_second:.0f}", f"{per_second / 30:.2f}")


if __name__ == "__main__":
    cv2.setNumThreads(1)
    bench_sweep()
    bench_challenge()
    bench_observer()
