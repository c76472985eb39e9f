"""A mapping: which of a platform's columns or JSON paths fills which of our fields, and how its words are ours."""

from enum import StrEnum
from typing import Annotated, Any, Literal

from pydantic import Field, model_validator

from sixfaces.domain.chronicle import Party
from sixfaces.domain.model import Model, Say, Sha256, Text

Column = Annotated[str, Field(min_length=1, max_length=120)]
Code = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,30}$")]

ITEM = "order.items."
CLAIMED = "claim.lines.quantity"


class MoneyUnit(StrEnum):
    """What an amount is counted in."""

    MAJOR = "major"
    """Yuan, dollars."""
    MINOR = "minor"
    """Fen, cents: a hundredth of it."""


class Source(Model):
    """Where a value stands. The first of the columns that is there and not empty counts; `value` is a constant.

    `values`: the platform's words and ours; a word that is not among them is refused. One that means nothing to us
    becomes "", and so does nothing.
    """

    columns: tuple[Column, ...] = Field(default=(), alias="from", max_length=12)
    value: str | bool | int | None = None
    values: dict[Column, str | bool] = Field(default_factory=dict)
    required: bool = False
    prefix: Annotated[str, Field(max_length=40)] = ""
    unit: MoneyUnit = MoneyUnit.MAJOR
    split: Annotated[str, Field(max_length=3)] = ""
    """Between the entries of a list."""
    of_line: bool = False
    """An amount that is of all pieces of the line, where ours is of one."""

    @model_validator(mode="after")
    def _stands_somewhere(self) -> "Source":
        if bool(self.columns) == (self.value is not None):
            raise ValueError("either `from` or `value` must be there")
        return self


class When(Model):
    """A word in a column at which something has happened. All words of the column stand in the sheet's `words`."""

    column: Column
    is_: tuple[Column, ...] = Field(alias="is", min_length=1)


class HappeningRule(Model):
    """What the chronicle is told of a row: of which kind it is, when, and what else its kind has."""

    code: Code
    same_as: Code | None = None
    """Another rule that tells of the same by other columns: whichever of them speaks, it is entered once."""
    kind: str
    source: Party = Party.PLATFORM
    at: Source
    when: tuple[When, ...] = ()
    """All of these must hold; without one the time alone tells that it happened."""
    fields: dict[str, Source] = Field(default_factory=dict)
    first: bool = False
    """Its time is that of the row's last change, whatever that was: any time that was told stays."""


class Sheet(Model):
    """One kind of file of a platform. `words`: every word that a column may hold, for columns that tell states."""

    name: Code
    of: Literal["claims", "orders"] = "claims"
    case: Source | None = None
    """The number of the case; none for orders."""
    records: Column | None = None
    """JSON: where the list of records lies in an answer that wraps it."""
    items: Column | None = None
    """JSON: where a record lists its lines of goods; what stands there is named `items[].…`."""
    fields: dict[str, Source]
    words: dict[Column, tuple[Column, ...]] = Field(default_factory=dict)
    happenings: tuple[HappeningRule, ...] = Field(default=(), max_length=40)


class Mapping(Model):
    """How the files of one platform are read. A `template` has names that nobody has confirmed."""

    name: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{1,40}$")]
    version: Annotated[str, Field(pattern=r"^[0-9]{4}\.[0-9]{1,6}$")]
    title: Say
    template: bool = False
    source: Text
    """Where the names of its columns and its words are from."""
    zone: str | None = None
    """Of times that name none; without it such times are refused unless who imports names one."""
    currency: Annotated[str, Field(pattern=r"^[A-Z]{3}$")] | None = None
    encodings: Annotated[tuple[str, ...], Field(min_length=1, max_length=4)] = ("utf-8",)
    """Tried in this order, after any byte order mark."""
    dates: tuple[str, ...] = ()
    """Formats of strptime, and `unix`, `unix_ms`; ISO 8601 is always read."""
    empty: tuple[str, ...] = ("-", "--", "/", "N/A", "null", "None", "无")
    """Cells that say nothing."""
    decimal: Literal[".", ","] = "."
    sheets: Annotated[tuple[Sheet, ...], Field(min_length=1, max_length=8)]
    digest: Sha256


def sources(sheet: Sheet) -> dict[str, Source]:
    """Every source of a sheet, by the path that a mapping's file has for it."""
    found: dict[str, Source] = {f"fields.{path}": one for path, one in sheet.fields.items()}
    if sheet.case is not None:
        found["case"] = sheet.case
    for rule in sheet.happenings:
        found[f"happenings.{rule.code}.at"] = rule.at
        found |= {f"happenings.{rule.code}.fields.{path}": one for path, one in rule.fields.items()}
    return found


Value = Any
"""What a cell means once it is read."""
