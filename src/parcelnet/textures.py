"""Pictures that faces, tables and walls carry: cardboard, print, tape, waybill labels with real codes.

Every picture is TEXTURE x TEXTURE with BGR as displayed and a region as the fourth channel: what the labels need.
"""

from enum import IntEnum

import cv2
import numpy as np
import zxingcpp
from numpy.random import Generator
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from parcelnet.raster import TEXTURE

Bytes = NDArray[np.uint8]
Colour = tuple[int, int, int]


class Region(IntEnum):
    """What a texel is, beyond plain surface."""

    PLAIN = 0
    LABEL = 1
    TAPE = 2
    CUT = 3


HAN = "快递包裹易碎品向上小心轻放顺丰中通圆通申通韵达退货仓库收件人寄件广东省深圳市上海杭州"
WORDS: tuple[str, ...] = (
    "FRAGILE",
    "ZENVO",
    "KITORA",
    "FABRIQ",
    "OKUMO",
    "BLUEPEAK",
    "PRIME",
    "THIS SIDE UP",
    "MADE IN CHINA",
    "NORDA",
)
WORDS += (
    "Lumen",
    "acme goods",
    "HANDLE WITH CARE",
    "24 PCS",
    "Vela",
    "ECO PACK",
    "No. 4471",
    "SHOES",
    "kids & co",
    "X9",
)


def board(rng: Generator, size: tuple[int, int], style: str) -> Bytes:
    """A face's bare material, (height, width, 3)."""
    height, width = size
    if style == "white":
        base = np.array([1, 1, 1]) * rng.uniform(195, 250) + rng.normal(0, 5, 3)
    elif style == "dark":
        base = np.array([1, 1, 1]) * rng.uniform(18, 75) + rng.normal(0, 6, 3)
    elif style == "colour":
        base = _hue(rng.uniform(0, 180), rng.uniform(60, 255), rng.uniform(60, 240))
    else:  # kraft board, from pale sand to dark brown
        light = rng.uniform(0.55, 1.12)
        base = np.array([rng.uniform(95, 140), rng.uniform(140, 172), rng.uniform(180, 212)]) * light
    out = np.empty((height, width, 3), np.float32)
    out[:] = base
    out += _noise(rng, size, 6)[..., None] * rng.uniform(0, 12) + rng.normal(0, rng.uniform(0.5, 4), (height, width, 1))
    if rng.random() < 0.3:  # flutes of corrugated board
        out += (np.sin(np.arange(width) * rng.uniform(0.4, 1.2)) * rng.uniform(0, 4))[None, :, None]
    for _ in range(rng.integers(0, 3)):  # stains and scuffs
        centre = (int(rng.integers(0, width)), int(rng.integers(0, height)))
        spot = np.zeros(size, np.float32)
        axes = (int(rng.integers(3, 40)), int(rng.integers(2, 20)))
        cv2.ellipse(spot, centre, axes, float(rng.uniform(0, 180)), 0, 360, 1.0, -1)
        out += cv2.GaussianBlur(spot, (0, 0), 3)[..., None] * rng.uniform(-22, 16)
    edge = rng.uniform(-18, 26)
    if rng.random() < 0.6:  # worn or shaded edges
        thick = int(rng.integers(1, 4))
        frame = np.zeros(size, np.float32)
        cv2.rectangle(frame, (0, 0), (width - 1, height - 1), 1.0, thick)
        out += cv2.GaussianBlur(frame, (0, 0), 1.2)[..., None] * edge
    return np.clip(out, 0, 255).astype(np.uint8)


def _hue(hue: float, saturation: float, value: float) -> NDArray[np.float64]:
    """(3,) BGR 0..255 of a colour in OpenCV's HSV."""
    pixel = np.array([[[hue, saturation, value]]], np.uint8)
    return np.asarray(cv2.cvtColor(pixel, cv2.COLOR_HSV2BGR)[0, 0], np.float64)


def _any(rng: Generator, low: int = 0, high: int = 255) -> Colour:
    b, g, r = (int(v) for v in rng.integers(low, high, 3))
    return b, g, r


def _noise(rng: Generator, size: tuple[int, int], cells: int) -> NDArray[np.float32]:
    coarse = rng.normal(0, 1, (cells, cells)).astype(np.float32)
    return np.asarray(cv2.resize(coarse, (size[1], size[0]), interpolation=cv2.INTER_CUBIC), np.float32)


def printed(rng: Generator, face: Bytes, amount: int) -> None:
    """Words, marks, blocks and lines in one or two inks, in place."""
    height, width = face.shape[:2]
    dark = face.mean() > 90
    ink = _any(rng, 0, 90) if dark else _any(rng, 150)
    if rng.random() < 0.35:
        ink = _any(rng)
    picture = Image.fromarray(face)
    draw = ImageDraw.Draw(picture)
    for _ in range(amount):
        x, y = rng.uniform(0.04, 0.7) * width, rng.uniform(0.04, 0.85) * height
        what = rng.random()
        if what < 0.5:
            text = str(rng.choice(WORDS)) if rng.random() < 0.7 else "".join(rng.choice(list(HAN), rng.integers(2, 6)))
            _write(draw, (x, y), text, size=float(rng.uniform(0.06, 0.28) * min(height, width) + 5), ink=ink)
        elif what < 0.62:
            for k in range(int(rng.integers(2, 7))):
                length = rng.uniform(0.1, 0.3) * width
                draw.line([(x, y + 5 * k), (x + length, y + 5 * k)], fill=ink, width=int(rng.integers(1, 3)))
        elif what < 0.75:
            _arrows(draw, (x, y), 0.16 * min(height, width), ink)
        elif what < 0.85:
            right, low = x + rng.uniform(0.05, 0.5) * width, y + rng.uniform(0.05, 0.5) * height
            fill = _any(rng)
            draw.rectangle([x, y, right, low], fill=fill if rng.random() < 0.6 else None, outline=ink, width=2)
        elif what < 0.93:
            radius = rng.uniform(0.04, 0.2) * min(height, width)
            filled = _any(rng) if rng.random() < 0.5 else None
            draw.ellipse([x - radius, y - radius, x + radius, y + radius], fill=filled, outline=ink, width=2)
        else:
            points = [(x + rng.uniform(0, 0.4) * width, y + rng.uniform(0, 0.4) * height) for _ in range(4)]
            draw.line(points, fill=ink, width=int(rng.integers(1, 4)))
    face[:] = np.asarray(picture)


def _write(draw: ImageDraw.ImageDraw, at: tuple[float, float], text: str, *, size: float, ink: Colour) -> None:
    if text.isascii():
        draw.text(at, text, fill=ink, font=ImageFont.load_default(size))
        return
    for k, _ in enumerate(text):  # strokes that look like Han from afar: no font of ours holds them
        x, y = at[0] + k * size * 1.05, at[1]
        for j in range(4):
            draw.line(
                [(x, y + j * size / 4), (x + size * 0.85, y + j * size / 4)], fill=ink, width=max(1, int(size / 12))
            )
        draw.line([(x + size * 0.42, y), (x + size * 0.42, y + size * 0.95)], fill=ink, width=max(1, int(size / 10)))
        draw.line([(x + size * 0.42, y + size / 3), (x, y + size)], fill=ink, width=max(1, int(size / 14)))


def _arrows(draw: ImageDraw.ImageDraw, at: tuple[float, float], size: float, ink: Colour) -> None:
    for k in range(2):
        x, y = at[0] + k * size * 0.8, at[1]
        draw.polygon([(x, y + size * 0.4), (x + size * 0.3, y), (x + size * 0.6, y + size * 0.4)], fill=ink)
        draw.rectangle([x + size * 0.22, y + size * 0.4, x + size * 0.38, y + size], fill=ink)


def waybill(rng: Generator, width: int, height: int) -> Bytes:
    """A shipping label, (height, width, 3): print, a linear code, often a QR code, all really encoded."""
    paper = int(rng.integers(222, 256))
    picture = Image.new("RGB", (width, height), (paper, paper, paper))
    draw = ImageDraw.Draw(picture)
    ink = int(rng.integers(0, 60))
    black = (ink, ink, ink)
    if rng.random() < 0.5:
        draw.rectangle([0, 0, width - 1, height - 1], outline=black, width=1)
    number = "".join(str(d) for d in rng.integers(0, 10, 13))
    code = zxingcpp.create_barcode(("SF" if rng.random() < 0.5 else "7") + number, zxingcpp.BarcodeFormat.Code128)
    bars = np.asarray(zxingcpp.write_barcode_to_image(code, scale=1, add_quiet_zones=False))
    long, tall = max(12, int(width * rng.uniform(0.6, 0.9))), max(5, int(height * rng.uniform(0.12, 0.25)))
    strip = cv2.resize(bars[:1].repeat(4, 0), (long, tall), interpolation=cv2.INTER_AREA)
    y = int(height * rng.uniform(0.05, 0.3))
    picture.paste(Image.fromarray(strip).convert("RGB"), (int(width * 0.05), y))
    line = y + tall + 2
    while line < height - 6:
        size = rng.uniform(0.05, 0.1) * height + 3
        draw.text((width * 0.06, line), "".join(rng.choice(list("ABCDEFG0123456789 -"), 16)), fill=black,
                  font=ImageFont.load_default(size))  # fmt: skip
        line += int(size * 1.3)
    if rng.random() < 0.6:
        square = np.asarray(
            zxingcpp.write_barcode_to_image(zxingcpp.create_barcode(number, zxingcpp.BarcodeFormat.QRCode))
        )
        side = max(8, int(min(height, width) * rng.uniform(0.22, 0.38)))
        tile = cv2.resize(square, (side, side), interpolation=cv2.INTER_AREA)
        picture.paste(Image.fromarray(tile).convert("RGB"), (width - side - 2, height - side - 2))
    if rng.random() < 0.4:  # a carrier's coloured head
        colour = tuple(int(v) for v in rng.integers(0, 255, 3))
        draw.rectangle([0, 0, width, int(height * rng.uniform(0.06, 0.16))], fill=colour)
    return np.ascontiguousarray(np.asarray(picture)[..., ::-1])


def texture(picture: Bytes, region: Bytes | None = None) -> Bytes:
    """(H, W, 3) and regions (H, W) -> (TEXTURE, TEXTURE, 4)."""
    side = (TEXTURE, TEXTURE)
    colour = cv2.resize(picture, side, interpolation=cv2.INTER_AREA)
    marks = np.zeros(side, np.uint8) if region is None else cv2.resize(region, side, interpolation=cv2.INTER_NEAREST)
    return np.dstack([colour, marks]).astype(np.uint8)


def surface(rng: Generator) -> Bytes:
    """A table, floor, wall, mat or cloth, (TEXTURE, TEXTURE, 4)."""
    size = (TEXTURE, TEXTURE)
    kind = rng.random()
    base = _hue(rng.uniform(0, 180), rng.uniform(0, 1) ** 2 * 200, rng.uniform(40, 250))
    out = np.asarray(np.ones((*size, 3)) * base, np.float32)
    if kind < 0.35:  # wood
        base = np.array([rng.uniform(60, 170), rng.uniform(100, 195), rng.uniform(130, 220)])
        grain = _noise(rng, size, 8) * 3 + np.linspace(0, rng.uniform(20, 90), TEXTURE)[:, None]
        wood = base + (np.sin(grain) * rng.uniform(3, 16))[..., None] + rng.normal(0, 2, (*size, 1))
        out = np.asarray(wood, np.float32)
    elif kind < 0.5:  # a cutting mat or tiles
        step = int(rng.integers(8, 44))
        line = rng.uniform(-50, 60)
        out[::step] += line
        out[:, ::step] += line
    elif kind < 0.65:  # cloth or concrete
        out += rng.normal(0, rng.uniform(2, 18), (*size, 1)) + _noise(rng, size, 20)[..., None] * rng.uniform(0, 20)
    elif kind < 0.8:  # stripes, shelves' edges, curtains
        wave = np.sign(np.sin(np.arange(TEXTURE) * rng.uniform(0.05, 0.5))) * rng.uniform(5, 60)
        out += wave[:, None, None] if rng.random() < 0.5 else wave[None, :, None]
    else:  # things that cannot be told: blobs and boxes of colour
        for _ in range(int(rng.integers(3, 40))):
            a, b = rng.integers(0, TEXTURE, 2), rng.integers(8, 90, 2)
            colour = tuple(float(v) for v in rng.integers(0, 255, 3))
            if rng.random() < 0.5:
                cv2.rectangle(out, (int(a[0]), int(a[1])), (int(a[0] + b[0]), int(a[1] + b[1])), colour, -1)
            else:
                cv2.ellipse(out, (int(a[0]), int(a[1])), (int(b[0] / 2), int(b[1] / 2)), 0, 0, 360, colour, -1)
    out += _noise(rng, size, 4)[..., None] * rng.uniform(0, 14)
    return texture(np.clip(out, 0, 255).astype(np.uint8))
