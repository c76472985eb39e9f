"""Parts of lists."""

from typing import NamedTuple


class Page(NamedTuple):
    """Which part of a list, newest first: rows whose id lies before `before`, at most `limit` of them."""

    before: str | None = None
    limit: int = 50
