"""The return label (D4): the carrier's waybill, the claim, and a code that opens the case, on one page."""

import json
import re
from functools import cache
from importlib import resources
from typing import Any, Literal

from sixfaces.domain.case import CaseFile
from sixfaces.domain.errors import ReportError
from sixfaces.domain.model import Model, Say
from sixfaces.report.page import Language

Paper = Literal["a6", "a4"]

DPI = 203.0
MOST_PRODUCTS = 4
LONGEST = 60
"""Characters of a line: what is longer is cut, for a label is no list."""
_BARS = frozenset(map(chr, range(0x20, 0x7F)))
"""What a Code 128 can carry of what a waybill may be."""
BARS_MM, FINEST = 80.0, 2
"""How wide a Code 128 may be, and how many dots of a label printer its narrowest bar has at least: of finer ones no
scanner reads a print."""


class ReturnLabel(Model):
    """What stands on a label. `opens`: the address in its QR code, which opens the case."""

    file: CaseFile
    opens: str


_BAR = re.compile(r"M(\d+) 0h(\d+)v")
"""A bar of a code as SVG."""


def label_pdf(label: ReturnLabel, *, paper: Paper, language: Language) -> bytes:
    """The label as PDF: A6 for label printers, or the same in the middle of an A4 page to be cut out.

    Raises ReportError `report.no_typst` where the extra `pdf` is not installed.
    """
    return _compiled(label, "pdf", paper=paper, language=language)


def label_png(label: ReturnLabel, *, paper: Paper, language: Language) -> bytes:
    """The same as a picture of 203 dots an inch, which label printers have. Raises as `label_pdf`."""
    return _compiled(label, "png", paper=paper, language=language)


def _compiled(label: ReturnLabel, form: Literal["pdf", "png"], *, paper: Paper, language: Language) -> bytes:
    try:
        import typst
    except ImportError as exc:
        raise ReportError(
            "report.no_typst",
            Say(zh="未安装生成 PDF 的组件。", en="What makes PDF files is not installed."),
            Say(zh="请安装 sixfaces[pdf]。", en="Install sixfaces[pdf]."),
        ) from exc
    told = {"data": json.dumps(_data(label, paper, language), ensure_ascii=False)}
    page, fonts = own_file("templates/label.typ"), [own_file("fonts")]
    return typst.compile(page, font_paths=fonts, ignore_system_fonts=True, sys_inputs=told, format=form, ppi=DPI)


@cache
def own_file(name: str) -> str:
    """A file or folder of our own: fonts that the machine has differ from place to place."""
    return str(resources.files("sixfaces.report") / name)


def _data(label: ReturnLabel, paper: Paper, language: Language) -> dict[str, Any]:
    file = label.file
    waybill = file.return_parcel.waybill or ""
    return {
        "paper": paper,
        "dpi": DPI,
        "lang": language,
        "title": file.case_id,
        "heading": _HEADING[language],
        "carrier": _short(file.return_parcel.carrier),
        "waybill": _short(waybill),
        **_bars(waybill),
        "qr": _code("QRCode", label.opens),
        "claim": _short(file.claim.claim_id),
        "order": _short(file.order.order_id),
        "case_": _short(file.case_id),
        "products": _products(file),
        "words": {name: getattr(say, language) for name, say in _WORDS.items()},
        "steps": [[say.zh, say.en] for say in _STEPS],
    }


def _products(file: CaseFile) -> list[str]:
    """What is sent back, line by line."""
    named = {one.line: one.quantity for one in file.claim.lines}
    lines = [(n, item) for n, item in enumerate(file.order.items) if not named or n in named]
    told = [f"{_short(item.title or item.sku or '?')} × {named.get(n, item.quantity or 1)}" for n, item in lines]
    return told if len(told) <= MOST_PRODUCTS else [*told[: MOST_PRODUCTS - 1], f"… + {len(told) - MOST_PRODUCTS + 1}"]


def _short(text: str | None) -> str:
    plain = " ".join((text or "").split())
    return plain if len(plain) <= LONGEST else f"{plain[: LONGEST - 1]}…"


def _bars(waybill: str) -> dict[str, Any]:
    """The waybill as Code 128: where its bars begin and how wide they are, in narrowest bars, with the quiet zones; how
    many fit in all, and how wide one of them is. That is a whole number of dots: a bar that is a dot more or less is
    misread. Nothing where it cannot be that, or could not be read off the print."""
    none = {"bars": [], "bars_wide": 0, "bar_mm": 0.0}
    if not waybill or not set(waybill) <= _BARS:
        return none
    try:
        made = _code("Code128", waybill)
    except ValueError:  # longer than any Code 128
        return none
    bars = [(int(x), int(width)) for x, width in _BAR.findall(made)]
    wide = sum(bars[-1]) + bars[0][0]
    dots = int(BARS_MM / 25.4 * DPI) // wide
    return {"bars": bars, "bars_wide": wide, "bar_mm": dots * 25.4 / DPI} if dots >= FINEST else none


def _code(form: str, text: str) -> str:
    """A code as SVG."""
    import zxingcpp

    format_ = getattr(zxingcpp.BarcodeFormat, form)
    options = {"ec_level": "M"} if form == "QRCode" else {}
    made = zxingcpp.create_barcode(text, format_, **options)
    return str(made.to_svg(add_quiet_zones=True))


_HEADING = {"zh": "退货标签", "en": "Return label"}
_WORDS = {
    "carrier": Say(zh="承运商", en="Carrier"),
    "scan": Say(zh="扫码查看售后单", en="Scan: opens the case"),
    "no_waybill": Say(zh="运单号：请在此处粘贴承运商面单。", en="Waybill: stick the carrier's own label here."),
    "claim": Say(zh="售后单号", en="Claim"),
    "order": Say(zh="订单号", en="Order"),
    "case_": Say(zh="售后单编号", en="Case"),
    "products": Say(zh="退回商品", en="Sent back"),
    "packing": Say(zh="包装说明", en="How to pack"),
}
_STEPS = (
    Say(zh="商品、配件、吊牌与包装盒一并放入。", en="Put in the goods with accessories, tags and their own box."),
    Say(zh="用结实的纸箱，封口处贴好胶带。", en="Use a firm carton and tape it where it closes."),
    Say(zh="撕去旧面单，本标签贴于箱面，条码勿折。", en="Remove old labels; stick this one flat, codes unfolded."),
    Say(zh="建议拍摄打包过程，保留寄件凭证。", en="Film the packing if you can, and keep the receipt."),
)
