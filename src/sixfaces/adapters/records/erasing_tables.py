"""Tables of how long evidence is kept, who holds it, what was erased, and what has been pruned."""

from sqlalchemy import Boolean, Column, ForeignKeyConstraint, Index, PrimaryKeyConstraint, Table, UniqueConstraint, text

from sixfaces.adapters.records.columns import Kept, Tree
from sixfaces.adapters.records.parts import instant, metadata, of_case, whole, words
from sixfaces.domain.erasing import Retention

legal_holds = Table(
    "legal_holds",
    metadata,
    words("id", key=True),
    words("tenant"),
    words("case_id"),
    words("reason"),
    words("note", null=True),
    words("placed_by"),
    instant("placed_at"),
    instant("until", null=True),
    words("lifted_by", null=True),
    instant("lifted_at", null=True),
    of_case(),
    Index(None, "tenant", "case_id", "id"),
)

retentions = Table(
    "retentions", metadata, words("tenant", key=True), Column("retention", Kept(Retention), nullable=False)
)

UNDER_WAY = text("state NOT IN ('done', 'refused')")

erasures = Table(
    "erasures",
    metadata,
    words("id", key=True),
    words("tenant"),
    words("case_id"),
    words("exhibit_id", null=True),
    words("reason"),
    words("by"),
    Column("forget_waybill", Boolean, nullable=False),
    words("state"),
    instant("asked_at"),
    instant("waits_until", null=True),
    instant("began_at", null=True),
    instant("ended_at", null=True),
    whole("revision"),
    Column("holds", Tree(), nullable=False),
    UniqueConstraint("tenant", "id"),
    of_case(),
    Index(None, "tenant", "case_id", "id"),
    Index("ix_erasures_under_way", "tenant", "case_id", sqlite_where=UNDER_WAY, postgresql_where=UNDER_WAY),
)

removals = Table(
    "removals",
    metadata,
    words("tenant"),
    words("sha256"),
    whole("number"),
    words("erasure"),
    instant("began_at"),
    instant("ended_at", null=True),
    PrimaryKeyConstraint("tenant", "sha256", "number"),
    ForeignKeyConstraint(["tenant", "erasure"], ["erasures.tenant", "erasures.id"]),
    Index(None, "tenant", "erasure"),
)
"""Each time that bytes were removed from the store: who seals the same meanwhile tries again."""

pruned = Table("pruned", metadata, words("what", key=True), whole("through"), instant("at"))
"""Up to which number rows of a table have been pruned."""
