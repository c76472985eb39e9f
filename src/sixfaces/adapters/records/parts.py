"""What all tables are made of: one set of names for constraints, and columns that say little."""

from typing import Any

from sqlalchemy import Column, ForeignKeyConstraint, MetaData

from sixfaces.adapters.records.columns import Instant, Whole, Words

metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    }
)


def words(name: str, *, null: bool = False, key: bool = False) -> Column[str]:
    """Text."""
    return Column(name, Words, nullable=null, primary_key=key)


def whole(name: str, *, null: bool = False) -> Column[int]:
    """A whole number."""
    return Column(name, Whole, nullable=null)


def instant(name: str, *, null: bool = False) -> Column[Any]:
    """An instant."""
    return Column(name, Instant, nullable=null)


def of_case() -> ForeignKeyConstraint:
    """Its case, of the same tenant."""
    return ForeignKeyConstraint(["tenant", "case_id"], ["cases.tenant", "cases.id"])
