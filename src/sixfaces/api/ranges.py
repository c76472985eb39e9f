"""Byte ranges (RFC 9110 §14): one range is served; anything else asked for gets the whole, as the RFC allows."""

import re

from sixfaces.api.refusals import bad_range
from sixfaces.domain.errors import RequestError
from sixfaces.pipeline.reading import Span

_ONE = re.compile(r"bytes=(?P<first>[0-9]{0,18})-(?P<last>[0-9]{0,18})", re.ASCII)


def span_of(header: str | None, size: int) -> tuple[Span, bool]:
    """The bytes that are asked for, and whether they are a part. Raises RequestError `request.range`."""
    whole = Span(0, size - 1, size)
    found = _ONE.fullmatch(header.strip()) if header else None
    if found is None or not (found["first"] or found["last"]):
        return whole, False
    if not found["first"]:  # the last so many bytes
        wanted = min(int(found["last"]), size)
        if wanted == 0:
            raise _outside(size)
        return Span(size - wanted, size - 1, size), True
    first = int(found["first"])
    last = min(int(found["last"]), size - 1) if found["last"] else size - 1
    if found["last"] and int(found["last"]) < first:
        return whole, False
    if first >= size:
        raise _outside(size)
    return Span(first, last, size), True


class OutsideError(RequestError):
    """Carries how many bytes there are."""

    headers: dict[str, str]


def _outside(size: int) -> RequestError:
    told = bad_range()
    error = OutsideError(told.code, told.text, told.fix)
    error.headers = {"content-range": f"bytes */{size}"}
    return error
