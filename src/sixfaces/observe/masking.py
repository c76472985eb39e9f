"""Personal data in print: phone numbers lose their middle before they leave an observer; identity numbers vanish."""

import re
import unicodedata

_SEPARATED = r"[\s-]?"
_MOBILE = re.compile(
    rf"(?<![\dA-Za-z])(?:\+?86{_SEPARATED})?(1[3-9]\d){_SEPARATED}(\d{{4}}){_SEPARATED}(\d{{4}})(?![\dA-Za-z])"
)
_LANDLINE = re.compile(r"(?<![\dA-Za-z])(0\d{2,3})-(\d{3,4})(\d{4})(?![\dA-Za-z])")
_IDENTITY = re.compile(
    r"(?<![\dA-Za-z])[1-9]\d{5}(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dXx](?![\dA-Za-z])"
)
_TOKEN = re.compile(r"[A-Za-z0-9]+(?:-[A-Za-z0-9]+)*")


def folded(text: str) -> str:
    """Full-width digits, letters and stars as half-width ones."""
    return unicodedata.normalize("NFKC", text).replace("✱", "*").replace("∗", "*").replace("＊", "*")


def masked(text: str) -> str:
    """The text with mobile numbers as 138****1234, landlines as 025-****3555 and identity numbers removed."""
    text = _IDENTITY.sub("", text)
    text = _MOBILE.sub(r"\1****\3", text)
    return _LANDLINE.sub(r"\1-****\3", text)


def masked_payload(text: str) -> str:
    """A code's contents with phone numbers masked, unless the whole of it is one number: that may be a waybill."""
    return text if _TOKEN.fullmatch(text.strip()) else masked(text)
