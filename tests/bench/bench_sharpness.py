"""Where sharpness 0.5 lies: the blur at which a barcode can no longer be read. `python -m tests.bench.bench_sharpness`.

A Code128 of `MODULE_PX` pixels a module is put on a photo at twice the size of a medium frame, turned a little,
reduced, blurred, made noisy and compressed; a reader tries it at one and three times the size.
"""

import sys

import cv2
import numpy as np
import zxingcpp
from numpy.typing import NDArray

from fixtures.build import MEDIA
from sixfaces.media.frames import Gray
from sixfaces.observe.sharpness import measure

MODULES_PX = (2.0, 2.5, 3.0)
SIGMAS = (0.0, 0.4, 0.8, 1.2, 1.6, 2.0, 2.4, 3.0)
TRIES = 10
NOISE = 2.0
JPEG_QUALITY = 85

Luma = NDArray[np.float64]


def code_row(text: str) -> Gray:
    """One row of a Code128 with quiet zones, a pixel a module."""
    image = np.asarray(zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.Code128).to_image(scale=1), dtype=np.uint8)
    row = image[image.shape[0] // 2]
    dark = np.flatnonzero(row == 0)
    quiet = np.full(10, 255, np.uint8)
    return np.concatenate([quiet, row[dark[0] : dark[-1] + 1], quiet])


def scene(rng: np.random.Generator, module_px: float) -> tuple[Luma, str]:
    """A photo with a code on it, 640 pixels wide."""
    background = cv2.imread(str(MEDIA / "adobe-20220124-A.jpg"), cv2.IMREAD_GRAYSCALE)
    background = cv2.resize(np.asarray(background, dtype=np.uint8), (1280, 854), interpolation=cv2.INTER_AREA)
    text = f"SF14{rng.integers(10**8):08d}"
    row = code_row(text)
    length = round(row.size * module_px * 2)
    label = cv2.resize(row[None], (length, 120), interpolation=cv2.INTER_NEAREST) * rng.uniform(0.55, 0.85) + 25
    turn = cv2.getRotationMatrix2D((length / 2, 60), rng.uniform(-4, 4), 1)
    turn[:, 2] += np.array([640 - length / 2 + rng.uniform(-3, 3), 427 - 60 + rng.uniform(-20, 20)])
    laid = cv2.warpAffine(np.clip(label, 0, 255), turn, (1280, 854))
    mask = cv2.warpAffine(np.full(label.shape, 255.0), turn, (1280, 854))
    whole = np.where(mask > 127, laid, background)
    return cv2.resize(whole, (640, 427), interpolation=cv2.INTER_AREA).astype(np.float64), text


def shown(picture: Luma, sigma: float, rng: np.random.Generator) -> Gray:
    """The picture as a camera out of focus would hand it over."""
    soft = cv2.GaussianBlur(picture, (0, 0), sigma) if sigma else picture
    noisy = np.clip(soft + rng.normal(0, NOISE, soft.shape), 0, 255).astype(np.uint8)
    _, data = cv2.imencode(".jpg", noisy, [cv2.IMWRITE_JPEG_QUALITY, JPEG_QUALITY])
    return np.asarray(cv2.imdecode(data, cv2.IMREAD_GRAYSCALE), dtype=np.uint8)


def is_read(picture: Gray, text: str) -> bool:
    """Whether the code is read at one or three times the size."""
    large = np.asarray(cv2.resize(picture, None, fx=3, fy=3, interpolation=cv2.INTER_CUBIC), dtype=np.uint8)
    formats = zxingcpp.BarcodeFormats((zxingcpp.BarcodeFormat.Code128,))
    return any(code.text == text for view in (picture, large) for code in zxingcpp.read_barcodes(view, formats=formats))


def main() -> None:
    """Print the table."""
    out = ["## Where sharpness 0.5 lies", ""]
    out += [
        "| module px | " + " | ".join(f"blur {sigma:g}" for sigma in SIGMAS) + " |",
        "|---" * (len(SIGMAS) + 1) + "|",
    ]
    sharpness: dict[float, list[float]] = {sigma: [] for sigma in SIGMAS}
    for module_px in MODULES_PX:
        cells = []
        for sigma in SIGMAS:
            rng = np.random.default_rng(5)
            reads = 0
            for _ in range(TRIES):
                picture, text = scene(rng, module_px)
                view = shown(picture, sigma, rng)
                reads += is_read(view, text)
                sharpness[sigma].append(measure(view).sharpness or 0.0)
            cells.append(f"{reads / TRIES:.0%}")
        out.append(f"| {module_px:g} | " + " | ".join(cells) + " |")
    out.append("| sharpness | " + " | ".join(f"{np.median(sharpness[sigma]):.2f}" for sigma in SIGMAS) + " |")
    out += ["", f"Share of codes read by Gaussian blur in pixels of the medium frame, {TRIES} codes each."]
    sys.stdout.write("\n".join(out) + "\n")


if __name__ == "__main__":
    main()
