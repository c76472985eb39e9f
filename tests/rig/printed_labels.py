"""Draws shipping labels whose personal lines are known, and shows them as cameras do: turned, blurred, compressed."""

from functools import cache
from pathlib import Path
from typing import NamedTuple

import cv2
import numpy as np
import zxingcpp
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

Bgr = NDArray[np.uint8]
Quad = NDArray[np.float64]

FONT = Path("/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc")
"""Debian's fonts-noto-cjk."""

SIZE = (600, 760)
_SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗"
_GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超霞平刚桂英华玉兰志飞"
_STREETS = ("深圳市南山区科技园路", "杭州市余杭区文一西路", "成都市武侯区天府大道", "北京市朝阳区建国路")
_LATIN = ("John Smith", "Maria Gonzalez", "Wei Zhang", "Anna Kowalska")


class Line(NamedTuple):
    """A printed line and its corners on the label: (4, 2) pixels from the top left, clockwise."""

    text: str
    quad: Quad
    is_personal: bool


class Label(NamedTuple):
    """A drawn label with what stands on it."""

    picture: Bgr
    waybill: str
    phones: tuple[str, ...]
    names: tuple[str, ...]
    lines: tuple[Line, ...]


class Shown(NamedTuple):
    """A label as a picture shows it: its lines lie in pixels of the picture."""

    picture: Bgr
    label: Label
    lines: tuple[Line, ...]


@cache
def _font(size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(FONT), size, index=2)


def drawn(rng: np.random.Generator, *, ink: int | None = None) -> Label:
    """A label of its own: number, barcode, two people with phones and addresses, goods. `ink`: its grey, else black."""
    page = Image.new("L", SIZE, int(rng.integers(232, 256)))
    pen, lines = ImageDraw.Draw(page), list[Line]()
    ink = int(rng.integers(0, 60)) if ink is None else ink
    waybill = f"{rng.choice(['SF', 'YT', 'JD'])}{rng.integers(10**12, 10**13)}"

    def write(at: tuple[int, int], text: str, size: int, *, personal: bool) -> None:
        pen.text(at, text, fill=ink, font=_font(size))
        x0, y0, x1, y1 = pen.textbbox(at, text, font=_font(size))
        lines.append(Line(text, np.array([[x0, y0], [x1, y0], [x1, y1], [x0, y1]], np.float64), personal))

    write((30, 14), str(rng.choice(["顺丰速运", "圆通速递", "SF EXPRESS", "京东快递"])), 40, personal=False)
    bars = zxingcpp.write_barcode_to_image(
        zxingcpp.create_barcode(waybill, zxingcpp.BarcodeFormat.Code128), scale=1, add_quiet_zones=False
    )
    strip = np.repeat(np.asarray(bars)[:1], 90, axis=0)
    page.paste(
        Image.fromarray(np.asarray(cv2.resize(strip, None, fx=3, fy=1, interpolation=cv2.INTER_NEAREST))), (60, 84)
    )
    write((150, 182), waybill, 30, personal=False)
    people = [_person(rng) for _ in range(2)]
    for top, (name, phone, address), mark in zip((250, 450), people, ("收", "寄"), strict=True):
        size = int(rng.integers(24, 36))
        pen.line((20, top - 12, SIZE[0] - 20, top - 12), fill=ink, width=2)
        write((24, top), f"{mark} {name} {phone}", size, personal=True)
        write((24, top + 52), address, size - 4, personal=True)
        write((24, top + 100), f"{rng.integers(1, 99)}栋{rng.integers(101, 3200)}室", size - 4, personal=True)
    write((24, 660), "物品：手机壳 x1  重量 0.4kg", 24, personal=False)
    picture = cv2.cvtColor(np.asarray(page, np.uint8), cv2.COLOR_GRAY2BGR)
    names, phones = tuple(p[0] for p in people), tuple(p[1] for p in people)
    return Label(np.asarray(picture, np.uint8), waybill, phones, names, tuple(lines))


def _person(rng: np.random.Generator) -> tuple[str, str, str]:
    name = str(rng.choice(list(_SURNAMES))) + "".join(rng.choice(list(_GIVEN), 2))
    name = name if rng.random() < 0.8 else str(rng.choice(_LATIN))
    number = f"1{rng.integers(3, 10)}{rng.integers(10**8, 10**9)}"
    phone = number if rng.random() < 0.7 else f"{number[:3]}-{number[3:7]}-{number[7:]}"
    return name, phone, f"{rng.choice(_STREETS)}{rng.integers(1, 999)}号"


def shown(label: Label, rng: np.random.Generator, *, long_side: int = 480, share: float = 0.6, degrees: float = 0.0
          ) -> Shown:  # fmt: skip
    """The label lying on cardboard: turned by `degrees`, seen askew, `share` of the picture high, as JPEG."""
    height, width = round(long_side * 0.75), long_side
    card = np.array([120, 155, 185]) + rng.normal(0, 6, 3)
    ground = card + cv2.resize(rng.normal(0, 9, (height // 4, width // 4, 1)), (width, height))[..., None]
    tall, wide = label.picture.shape[:2]
    scale = share * min(height / tall, width / wide)
    corners = np.array([[-wide, -tall], [wide, -tall], [wide, tall], [-wide, tall]]) / 2 * scale
    corners *= 1 + rng.uniform(-0.09, 0.09, (4, 1))
    turn = np.radians(degrees)
    corners = corners @ np.array([[np.cos(turn), np.sin(turn)], [-np.sin(turn), np.cos(turn)]])
    corners += np.array([width, height]) / 2 + rng.uniform(-8, 8, 2)
    source = np.array([[0, 0], [wide, 0], [wide, tall], [0, tall]], np.float32)
    forth = cv2.getPerspectiveTransform(source, corners.astype(np.float32))
    paper = cv2.warpPerspective(label.picture, forth, (width, height), flags=cv2.INTER_AREA)
    inside = cv2.warpPerspective(np.full((tall, wide), 255, np.uint8), forth, (width, height))[..., None] / 255.0
    light = np.linspace(rng.uniform(0.6, 1.0), rng.uniform(0.75, 1.0), width)[None, :, None]
    seen = (ground * (1 - inside) + paper * inside) * light
    seen = cv2.GaussianBlur(seen, (0, 0), float(rng.uniform(0.3, 0.9))) + rng.normal(0, rng.uniform(0, 4), seen.shape)
    data = cv2.imencode(".jpg", np.clip(seen, 0, 255).astype(np.uint8), [cv2.IMWRITE_JPEG_QUALITY, 82])[1]
    picture = np.asarray(cv2.imdecode(data, cv2.IMREAD_COLOR), np.uint8)
    lines = tuple(line._replace(quad=cv2.perspectiveTransform(line.quad[None], forth)[0]) for line in label.lines)
    return Shown(picture, label, lines)
