"""Which of the product's languages a request asks for."""

import re

from starlette.requests import Request

from sixfaces.domain.model import Say
from sixfaces.report.page import Language

_MOST_RANGES = 20
_TAG = re.compile(r"(zh|en)(?![a-z0-9])")
_WEIGHT = re.compile(r"q\s*=\s*([01](?:\.[0-9]{0,3})?)", re.ASCII | re.IGNORECASE)


def language_of(request: Request) -> Language:
    """The first of zh and en by weight in Accept-Language (RFC 9110 §12.5.4); English where neither is asked for."""
    ranges = request.headers.get("accept-language", "").split(",")[:_MOST_RANGES]
    asked = [(_weight(one), one.strip().lower()) for one in ranges]
    for weight, tag in sorted(asked, key=lambda pair: -pair[0]):  # of one weight, the first that was named
        found = _TAG.match(tag)
        if weight > 0 and found is not None:
            return "zh" if found[1] == "zh" else "en"
    return "en"


def say(text: Say, language: Language) -> str:
    """The text in the language."""
    return text.zh if language == "zh" else text.en


def _weight(one: str) -> float:
    _, has_weight, parameter = one.partition(";")
    if not has_weight:
        return 1.0
    found = _WEIGHT.fullmatch(parameter.strip())
    return float(found[1]) if found is not None else 0.0
