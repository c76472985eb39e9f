"""JSON documents of an identity provider, over HTTPS, small and soon or not at all."""

import ipaddress
import json
from typing import Any
from urllib.parse import urlsplit

import httpx

from sixfaces.adapters.deadline import Deadline

STEP_S = 3.0
"""For each step on the line."""
WHOLE_S = 6.0
"""For the whole answer, its head too: one that comes a byte at a time is none."""
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
    """No proxy of the environment is asked: whose keys are believed is told by nobody in between."""
    answer, headers = b"", {"Accept": "application/json"}
    transport = httpx.HTTPTransport(verify=httpx.create_ssl_context(), trust_env=False)
    try:
        with (
            Deadline(WHOLE_S) as deadline,
            httpx.Client(transport=transport, trust_env=False, timeout=STEP_S, headers=headers) as client,
            client.stream("GET", url, extensions={"trace": deadline.watch}) as response,
        ):
            if response.status_code != httpx.codes.OK:
                raise AwayError(f"HTTP {response.status_code}")
            for piece in response.iter_bytes():
                answer += piece
                if len(answer) > LARGEST:
                    raise AwayError("too much")
            if deadline.is_over:
                raise AwayError("too slow")
    except (httpx.HTTPError, httpx.InvalidURL) as exc:
        raise AwayError(type(exc).__name__) from exc
    return answer


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
