"""Persons: who asked by a token of an identity provider. The custody log names them by their id."""

from sqlalchemy import PrimaryKeyConstraint, Table

from sixfaces.adapters.records.parts import instant, metadata, words

persons = Table(
    "persons",
    metadata,
    words("id"),
    words("tenant"),
    words("issuer"),
    words("subject"),
    words("role"),
    words("station", null=True),
    instant("first_seen_at"),
    instant("last_seen_at"),
    instant("blocked_at", null=True),
    PrimaryKeyConstraint("tenant", "id"),
)
