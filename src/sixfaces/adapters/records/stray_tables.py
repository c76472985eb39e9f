"""Originals that were stored and became no exhibit."""

from sqlalchemy import Index, PrimaryKeyConstraint, Table, text

from sixfaces.adapters.records.parts import instant, metadata, whole, words

NOT_ENDED = text("ended_at IS NULL")

strays = Table(
    "strays",
    metadata,
    words("tenant"),
    words("sha256"),
    whole("number"),
    instant("found_at"),
    instant("began_at", null=True),
    instant("ended_at", null=True),
    PrimaryKeyConstraint("tenant", "sha256", "number"),
    Index("ix_strays_open", "found_at", sqlite_where=NOT_ENDED, postgresql_where=NOT_ENDED),
)
"""Each time that this happened. `began_at`: since when the bytes are being removed; who seals the same meanwhile tries
again."""
