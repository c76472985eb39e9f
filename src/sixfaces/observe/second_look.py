"""A second look: a child that is started for crops which the first one kept, after the first has ended."""

from typing import NamedTuple


class SecondLook(NamedTuple):
    """A second child for the crops whose names begin with `crops` and a slash, and what stays open if it fails."""

    crops: str
    target: str
    observer: str
    version: str
    measures: tuple[str, ...]
