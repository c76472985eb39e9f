"""What every repository stands on: one connection in a transaction, one tenant (or none: all), one instant."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Generic, NamedTuple, TypeVar, cast

from sqlalchemy import ColumnElement, Connection, Executable, Row, Select, Table, select, true
from sqlalchemy.dialects import postgresql, sqlite

from sixfaces.adapters.records.stored import stored
from sixfaces.domain.model import Model
from sixfaces.domain.records import Page

M = TypeVar("M", bound=Model)
S = TypeVar("S", bound=Select[Any])

MOST_ROWS = 10_000
"""No question is answered with more rows than this, whatever limit it names."""


class Scope(NamedTuple):
    """The transaction as repositories see it."""

    connection: Connection
    tenant: str | None
    now: datetime

    def sees(self, table: Table) -> ColumnElement[bool]:
        """The rows of the table that are there for this transaction."""
        return true() if self.tenant is None else table.c.tenant == self.tenant

    def own(self, tenant: str) -> str:
        """The tenant of a row at hand. Raises ValueError for a row of another: a caller's mistake."""
        if self.tenant is not None and tenant != self.tenant:
            raise ValueError(f"a transaction of {self.tenant} has no business with a row of {tenant}")
        return tenant

    def named(self) -> str:
        """The one tenant. Raises ValueError where the transaction is of none."""
        if self.tenant is None:
            raise ValueError("this needs a transaction of one tenant")
        return self.tenant

    def first(self, statement: Executable) -> Row[Any] | None:
        """The first row."""
        return self.connection.execute(statement).first()

    def rows(self, statement: Executable) -> Sequence[Row[Any]]:
        """All rows."""
        return self.connection.execute(statement).all()

    def done(self, statement: Executable) -> int:
        """Carry out; how many rows it touched."""
        return self.connection.execute(statement).rowcount

    def insert(self, table: Table) -> postgresql.Insert:
        """An insert that knows ON CONFLICT: both databases spell it alike."""
        made = postgresql.insert(table) if self.on_postgres else sqlite.insert(table)
        return cast(postgresql.Insert, made)

    @property
    def on_postgres(self) -> bool:
        """Whether rows are locked one by one; SQLite's writer has all to itself."""
        return self.connection.dialect.name == "postgresql"


class Shape(Generic[M]):
    """A model and the table in which its fields are columns of the same names."""

    def __init__(self, table: Table, model: type[M]) -> None:
        self.table = table
        self.model = model
        self.columns = [table.c[name] for name in model.model_fields]
        self.rows = select(*self.columns)
        """Asks for all of them. Made once: to name a dozen columns takes longer than to find one row."""
        self._names = tuple(model.model_fields)

    def values(self, one: M) -> dict[str, Any]:
        """What to write."""
        return {name: getattr(one, name) for name in self.model.model_fields}

    def read(self, row: Row[Any]) -> M:
        """The model of a row of `columns`."""
        read: M = stored(self.model).validate_python(dict(zip(self._names, row, strict=True)))
        return read

    def maybe(self, row: Row[Any] | None) -> M | None:
        """The model, None where there is no row."""
        return None if row is None else self.read(row)


def paged(statement: S, id: ColumnElement[Any], page: Page) -> S:
    """Newest first, before the page's mark."""
    if page.before is not None:
        statement = statement.where(id < page.before)
    return statement.order_by(id.desc()).limit(bounded(page.limit))


def bounded(limit: int) -> int:
    """A limit that every database takes."""
    return max(0, min(limit, MOST_ROWS))
