"""Which of the product's languages a request asks for."""

from starlette.requests import Request

from sixfaces.domain.model import Say
from sixfaces.report.page import Language

_MOST_RANGES = 20


def language_of(request: Request) -> Language:
    """The first of zh and en by weight in Accept-Language (RFC 9110 §12.5.4); English where neither is asked for."""
    ranges = request.headers.get("accept-language", "").split(",")[:_MOST_RANGES]
    asked = sorted((_weight(one), one.strip().lower()[:2]) for one in ranges)
    for weight, tag in sorted(asked, key=lambda pair: -pair[0]):
        if weight > 0 and tag in ("zh", "en"):
            return "zh" if tag == "zh" else "en"
    return "en"


def say(text: Say, language: Language) -> str:
    """The text in the language."""
    return text.zh if language == "zh" else text.en


def _weight(one: str) -> float:
    _, _, weight = one.partition(";q=")
    try:
        return min(float(weight), 1.0) if weight else 1.0
    except ValueError:
        return 0.0
