"""How many modules wide a decoded symbol is, to tell the width of a module in pixels."""

import re

import zxingcpp
from zxingcpp import BarcodeFormat

_FIXED = {BarcodeFormat.EAN13: 95, BarcodeFormat.EAN8: 67, BarcodeFormat.UPCA: 95, BarcodeFormat.UPCE: 51}


def modules_across(code: zxingcpp.Barcode) -> int | None:
    """Modules along the symbol's top edge without quiet zones; None where the format does not tell."""
    if code.format in _FIXED:
        return _FIXED[code.format]
    if code.symbology == BarcodeFormat.QRCode:
        version = _version(code)
        return 17 + 4 * int(version) if version.isdigit() else None
    if code.symbology == BarcodeFormat.DataMatrix:
        size = re.fullmatch(r"\d+x(\d+)", _version(code))
        return int(size[1]) if size else None
    if code.symbology in (BarcodeFormat.Code128, BarcodeFormat.Code39, BarcodeFormat.ITF):
        return _as_drawn(code)
    return None


def _as_drawn(code: zxingcpp.Barcode) -> int | None:
    """The width of the same content drawn anew: the shortest encoding, which printers use too."""
    try:
        drawn = zxingcpp.create_barcode(code.text, code.symbology, gs1=code.symbology_identifier == "]C1")
    except ValueError:  # contents that can be read but not drawn back, such as control characters
        return None
    return int(drawn.to_image(scale=1, add_quiet_zones=False).shape[1])


def _version(code: zxingcpp.Barcode) -> str:
    """The symbol's size as the decoder names it: `7` for QR, `16x16` for Data Matrix."""
    return str(code.extra.get("Version", "")) if isinstance(code.extra, dict) else ""
