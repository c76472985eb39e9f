"""Pages of lists. A cursor is signed and bound to its list: the tenant, the address and the filters."""

import base64
import binascii
import hashlib
import hmac
from collections.abc import Callable, Sequence
from typing import Annotated, Generic, TypeVar

from fastapi import Query

from sixfaces.api.asked import Asked
from sixfaces.api.refusals import bad_cursor
from sixfaces.domain.model import Model
from sixfaces.domain.records import Page

T = TypeVar("T")

MOST = 200
USUAL = 50

_MAC = 16
_UNFILTERED = frozenset({"cursor", "limit"})

Limit = Annotated[int, Query(ge=1, le=MOST, title="How many at most")]
Cursor = Annotated[str | None, Query(max_length=1000, title="`next` of the page before")]


class Listed(Model, Generic[T]):
    """One page, newest first; `next` leads to the following one and is null on the last."""

    items: tuple[T, ...]
    next: str | None = None


def listed(
    asked: Asked, found: Callable[[Page], Sequence[T]], *, limit: int, cursor: str | None, key: Callable[[T], str]
) -> Listed[T]:
    """One page of what `found` finds; `key`: the id by which the list is ordered. Raises `request.cursor`."""
    before = None if cursor is None else place_of(asked, cursor)
    rows = found(Page(before=before, limit=limit + 1))
    more = len(rows) > limit
    return Listed(items=tuple(rows[:limit]), next=cursor_to(asked, key(rows[limit - 1])) if more else None)


def cursor_to(asked: Asked, before: str) -> str:
    """The cursor of a place in the list that is asked for."""
    data = before.encode()
    return _spelt(_mac(asked, data) + data)


def _spelt(data: bytes) -> str:
    """The one spelling: base64 leaves bits free in its last letter."""
    return base64.urlsafe_b64encode(data).decode("ascii").rstrip("=")


def place_of(asked: Asked, cursor: str) -> str:
    """The place that a cursor of this list leads to. Raises RequestError `request.cursor`."""
    try:
        data = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        raise bad_cursor() from None
    mac, before = data[:_MAC], data[_MAC:]
    if not hmac.compare_digest(mac, _mac(asked, before)) or _spelt(data) != cursor:
        raise bad_cursor()
    return before.decode()


def _mac(asked: Asked, data: bytes) -> bytes:
    request = asked.request
    filters = sorted((k, v) for k, v in request.query_params.multi_items() if k not in _UNFILTERED)
    scope = repr((asked.principal.tenant, request.url.path, filters)).encode("utf-8", "surrogateescape")
    secret: bytes = request.app.state.cursor_secret
    return hmac.new(secret, scope + b"\n" + data, hashlib.sha256).digest()[:_MAC]
