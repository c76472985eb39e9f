"""The database's clock: the only one that instants of records come from."""

from datetime import UTC, datetime

from sqlalchemy import Connection, func, select


def clock(connection: Connection) -> datetime:
    """Now, in UTC, to the microsecond. SQLite runs on the machine that asks: its clock is the machine's."""
    if connection.dialect.name == "postgresql":
        told: datetime = connection.execute(select(func.clock_timestamp())).scalar_one()
        return told.astimezone(UTC)
    return datetime.now(UTC)
