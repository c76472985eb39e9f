"""What a marketplace's export or push states, in our words: which case, what of it, what happened, and what of a row
could not be read. Whose words these were only its adapter knows."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any, BinaryIO, NamedTuple, Protocol

from sixfaces.domain.chronicle import Happening, Party
from sixfaces.domain.model import Model, Say

Tree = dict[str, Any]


class Refusal(Model):
    """A row that was not taken in: where it stands, what is wrong there, what may stand there, and the way out."""

    line: int
    """Of the file, counted from 1; of JSON the record's number. 0: the file as a whole."""
    lines: tuple[int, ...] = ()
    """All rows that are refused with it, where a claim stands on several."""
    column: str | None = None
    value: str | None = None
    code: str
    text: Say
    fix: Say
    may: tuple[str, ...] = ()


class StatedItem(NamedTuple):
    """One line of the order as a row states it, as fields of `OrderItem`; `claimed`: how many pieces of it, None where
    the row claims none of it."""

    fields: Tree
    claimed: int | None = None


class Told(NamedTuple):
    """Something that a row says has happened. `code` names it among those that its mapping tells of, whichever of its
    columns tell of it; `column` is where its time stands; `keeps_first`: that is a guess, and any time that was told
    stays."""

    code: str
    what: Happening
    at: datetime
    source: Party
    column: str
    keeps_first: bool = False


class Statement(NamedTuple):
    """What one row, or several of one claim, state. `number`: of the case; None where it is of an order, and so of all
    cases of that. `fields`: what is known of the case file, and nothing else. `columns`: where each path stood.
    `is_whole`: it lists all goods that are claimed; of rows nobody knows whether more of the claim come later."""

    lines: tuple[int, ...]
    number: str | None
    order: str | None
    fields: Tree
    items: tuple[StatedItem, ...] = ()
    told: tuple[Told, ...] = ()
    columns: Mapping[str, str] = {}
    is_whole: bool = False


class Marketplace(Protocol):
    """Reads the exports and pushes of one platform."""

    name: str
    edition: str
    """Name and version of its mapping."""

    def read(self, file: BinaryIO) -> Iterator[Statement | Refusal]:
        """All that the file states, in its order, without ever holding all of it. Raises ImportFileError."""
        ...

    def read_event(self, event: Tree) -> Iterator[Statement | Refusal]:
        """What one pushed event states. Raises ImportFileError."""
        ...


class Outcome(StrEnum):
    """What became of a statement."""

    MADE = "made"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    UNMATCHED = "unmatched"
    """It is of an order on which there is no claim."""


class ImportReport(Model):
    """What became of a file: claims (or orders) by outcome, entries of chronicles, and every row that was refused."""

    platform: str
    mapping: str
    """Name and version of the mapping."""
    dry_run: bool
    made: int = 0
    changed: int = 0
    unchanged: int = 0
    unmatched: int = 0
    entries: int = 0
    """Added to chronicles."""
    rows_refused: int = 0
    stopped: bool = False
    """So many rows were refused that the rest was not looked at."""
    refused: tuple[Refusal, ...] = ()
