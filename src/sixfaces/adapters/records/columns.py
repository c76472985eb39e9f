"""Column types that say no before a driver does: what neither database can hold becomes a RequestError.

SQLite keeps instants as text in UTC and models as JSON text; PostgreSQL keeps timestamps with time zone and JSONB.
"""

import json
import re
from datetime import UTC, datetime
from typing import Any, TypeVar

from pydantic import BaseModel
from pydantic_core import PydanticSerializationError, from_json
from sqlalchemy import BigInteger, DateTime, Integer, Text
from sqlalchemy.dialects.postgresql import JSONB, TEXT
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator, TypeEngine

from sixfaces.adapters.records.stored import stored
from sixfaces.adapters.records.trouble import unstorable

M = TypeVar("M", bound=BaseModel)

LARGEST = 2**63 - 1
_ESCAPED_NUL = re.compile(r"(?<!\\)(?:\\\\)*\\u0000")


def storable(text: str) -> str:
    """The text as a plain string. Raises RequestError `request.unstorable` for NUL and lone surrogates."""
    if "\x00" in text:
        raise unstorable("NUL")
    if not text.isascii():
        try:
            text.encode()
        except UnicodeEncodeError:
            raise unstorable("a lone surrogate") from None
    return str(text)


class Words(TypeDecorator[str]):
    """Text, ordered by its bytes in both databases so that ids sort by the time they were made."""

    impl = Text
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """As the class says."""
        return TEXT(collation="C") if dialect.name == "postgresql" else Text()

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        """Checked text."""
        return None if value is None else storable(value)


class Whole(TypeDecorator[int]):
    """A whole number of 64 bits."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: int | None, dialect: Dialect) -> int | None:
        """A checked number."""
        if value is not None and not -LARGEST <= value <= LARGEST:
            raise unstorable("a number beyond 64 bits")
        return value


class Place(Whole):
    """A whole number by which rows are numbered: SQLite counts up only what it calls INTEGER."""

    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """As the class says."""
        return dialect.type_descriptor(Integer() if dialect.name == "sqlite" else BigInteger())


class Instant(TypeDecorator[datetime]):
    """An aware instant, to the microsecond, in UTC."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """SQLite knows no time zones: there all is UTC."""
        if value is None:
            return None
        try:
            utc = value.astimezone(UTC)
        except OverflowError:
            raise unstorable("an instant beyond the calendar") from None
        return utc if dialect.name == "postgresql" else utc.replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Aware again."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Kept(TypeDecorator[Any]):
    """A domain model as JSON, validated back into itself; JSONB in PostgreSQL unless it is too bulky to ask about."""

    impl = Text
    cache_ok = True

    def __init__(self, model: type[M], *, bulky: bool = False) -> None:
        super().__init__()
        self.model = model
        self.bulky = bulky

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """As the class says."""
        queried = dialect.name == "postgresql" and not self.bulky
        return JSONB(none_as_null=True) if queried else Text()

    def process_bind_param(self, value: M | None, dialect: Dialect) -> str | None:
        """The model's JSON."""
        if value is None:
            return None
        try:
            return _without_nul(value.model_dump_json(by_alias=True))
        except (PydanticSerializationError, UnicodeEncodeError):
            raise unstorable("a lone surrogate") from None

    def process_result_value(self, value: str | bytes | None, dialect: Dialect) -> Any:  # noqa: ANN401 model given
        """The model again; raises pydantic.ValidationError where somebody else wrote something else."""
        return None if value is None else stored(self.model).validate_json(value)


class Tree(TypeDecorator[Any]):
    """Plain JSON as the text it was: JSONB would write large fractions as whole numbers."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:  # noqa: ANN401 any JSON value
        """Checked JSON text."""
        if value is None:
            return None
        try:
            return _without_nul(storable(json.dumps(value, ensure_ascii=False, allow_nan=False)))
        except (ValueError, RecursionError):
            raise unstorable("a number that is none, or too deep a tree") from None

    def process_result_value(self, value: str | bytes | None, dialect: Dialect) -> Any:  # noqa: ANN401 any JSON value
        """The tree again."""
        return None if value is None else from_json(value, allow_inf_nan=False)


def _without_nul(text: str) -> str:
    if _ESCAPED_NUL.search(text):
        raise unstorable("NUL")
    return text
