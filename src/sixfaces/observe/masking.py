"""Personal data in print: phone numbers lose their middle before they leave an observer; identity numbers vanish."""

import re
import unicodedata

from sixfaces.domain.personal_numbers import IDENTITY, LANDLINE, MOBILE

_TOKEN = re.compile(r"[A-Za-z0-9]+(?:-[A-Za-z0-9]+)*")


def folded(text: str) -> str:
    """Full-width digits, letters and stars as half-width ones."""
    return unicodedata.normalize("NFKC", text).replace("✱", "*").replace("∗", "*").replace("＊", "*")


def masked(text: str) -> str:
    """The text with mobile numbers as 138****1234, landlines as 025-****3555 and identity numbers removed."""
    text = IDENTITY.sub("", text)
    text = MOBILE.sub(r"\1****\3", text)
    return LANDLINE.sub(r"\1-****\3", text)


def masked_payload(text: str) -> str:
    """A code's contents with phone numbers masked, unless the whole of it is one number: that may be a waybill."""
    return text if _TOKEN.fullmatch(text.strip()) else masked(text)
