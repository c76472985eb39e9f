"""JSON documents of an identity provider, over HTTPS, small and soon or not at all."""

import ipaddress
import json
import time
from typing import Any
from urllib.parse import urlsplit

import httpx

STEP_S = 3.0
"""For each step on the line."""
WHOLE_S = 6.0
"""For the whole answer: one that comes a byte at a time is none."""
LARGEST = 512 * 1024


class AwayError(Exception):
    """The document is not to be had; the text says why, for the log."""


def is_safe(url: str) -> bool:
    """Whether what comes from there is what its owner sent: HTTPS, or this machine itself."""
    parts = urlsplit(url)
    return parts.scheme == "https" or (parts.scheme == "http" and _is_loopback(parts.hostname or ""))


def fetched(url: str) -> dict[str, Any]:
    """The document at the address; redirections are not followed. Raises AwayError."""
    try:
        document = json.loads(_bytes(url))
    except (ValueError, RecursionError):
        raise AwayError("no JSON") from None
    if not isinstance(document, dict):
        raise AwayError("no JSON object")
    return document


def _bytes(url: str) -> bytes:
    answer, until = b"", time.monotonic() + WHOLE_S
    try:
        with httpx.stream("GET", url, headers={"Accept": "application/json"}, timeout=STEP_S) as response:
            if response.status_code != httpx.codes.OK:
                raise AwayError(f"HTTP {response.status_code}")
            for piece in response.iter_bytes():
                answer += piece
                if len(answer) > LARGEST or time.monotonic() > until:
                    raise AwayError("too much or too slow")
    except (httpx.HTTPError, httpx.InvalidURL) as exc:
        raise AwayError(type(exc).__name__) from exc
    return answer


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
