"""How long evidence is kept, who holds it, what was erased, and what has been pruned."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0004"
down_revision = "0003"

WORDS = sa.Text().with_variant(postgresql.TEXT(collation="C"), "postgresql")
JSON = sa.Text().with_variant(postgresql.JSONB(), "postgresql")
INSTANT = sa.DateTime(timezone=True)
TENANTS = ("legal_holds", "retentions", "erasures", "removals")
KEPT = sa.text("closed_at IS NOT NULL AND erased_at IS NULL")
DONE = sa.text("state = 'done'")
UNDER_WAY = sa.text("state NOT IN ('done', 'refused')")


def upgrade() -> None:
    """New columns are empty; of a case that is closed already, its last change counts as its closing."""
    for name in ("closed_at", "erased_at"):
        op.add_column("cases", sa.Column(name, INSTANT, nullable=True))
    op.execute("UPDATE cases SET closed_at = updated_at WHERE state = 'closed'")
    op.add_column("exhibits", sa.Column("erased", JSON, nullable=True))
    op.add_column("verdicts", sa.Column("erased_at", INSTANT, nullable=True))
    partial("ix_cases_kept", "cases", ["tenant", "closed_at"], where=KEPT)
    partial("ix_jobs_done", "jobs", ["finished_at"], where=DONE)
    op.create_index("ix_events_at", "events", ["at"])
    holding()
    erasing()
    op.create_table(
        "pruned",
        sa.Column("what", WORDS, nullable=False),
        sa.Column("through", sa.BigInteger(), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("what", name="pk_pruned"),
    )
    if op.get_bind().dialect.name == "postgresql":
        guard_tenants()


def downgrade() -> None:
    """What says that something was erased goes; what was erased stays so."""
    for table in ("removals", "erasures", "retentions", "legal_holds", "pruned"):
        op.drop_table(table)
    for index, table in (("ix_cases_kept", "cases"), ("ix_jobs_done", "jobs"), ("ix_events_at", "events")):
        op.drop_index(index, table)
    for table, column in (
        ("verdicts", "erased_at"), ("exhibits", "erased"), ("cases", "erased_at"), ("cases", "closed_at"),
    ):  # fmt: skip
        op.drop_column(table, column)


def holding() -> None:
    """Legal holds and retention."""
    op.create_table(
        "legal_holds",
        *(sa.Column(name, WORDS, nullable=False) for name in ("id", "tenant", "case_id", "reason", "placed_by")),
        *(sa.Column(name, WORDS, nullable=True) for name in ("note", "lifted_by")),
        sa.Column("placed_at", INSTANT, nullable=False),
        *(sa.Column(name, INSTANT, nullable=True) for name in ("until", "lifted_at")),
        sa.PrimaryKeyConstraint("id", name="pk_legal_holds"),
        of("legal_holds", "case_id", "cases"),
    )
    op.create_index("ix_legal_holds_tenant_case_id_id", "legal_holds", ["tenant", "case_id", "id"])
    op.create_table(
        "retentions",
        sa.Column("tenant", WORDS, nullable=False),
        sa.Column("retention", JSON, nullable=False),
        sa.PrimaryKeyConstraint("tenant", name="pk_retentions"),
    )


def erasing() -> None:
    """Erasures, and the bytes that they remove."""
    op.create_table(
        "erasures",
        *(sa.Column(name, WORDS, nullable=False) for name in ("id", "tenant", "case_id", "reason", "by", "state")),
        sa.Column("exhibit_id", WORDS, nullable=True),
        sa.Column("forget_waybill", sa.Boolean(), nullable=False),
        sa.Column("asked_at", INSTANT, nullable=False),
        *(sa.Column(name, INSTANT, nullable=True) for name in ("waits_until", "began_at", "ended_at")),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.Column("holds", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_erasures"),
        sa.UniqueConstraint("tenant", "id", name="uq_erasures_tenant_id"),
        of("erasures", "case_id", "cases"),
    )
    op.create_index("ix_erasures_tenant_case_id_id", "erasures", ["tenant", "case_id", "id"])
    partial("ix_erasures_under_way", "erasures", ["tenant", "case_id"], where=UNDER_WAY)
    op.create_table(
        "removals",
        *(sa.Column(name, WORDS, nullable=False) for name in ("tenant", "sha256", "erasure")),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("began_at", INSTANT, nullable=False),
        sa.Column("ended_at", INSTANT, nullable=True),
        sa.PrimaryKeyConstraint("tenant", "sha256", "number", name="pk_removals"),
        of("removals", "erasure", "erasures"),
    )
    op.create_index("ix_removals_tenant_erasure", "removals", ["tenant", "erasure"])


def guard_tenants() -> None:
    """As for the first tables: a transaction sees rows of the tenant that it named."""
    told = "current_setting('sixfaces.tenant', true)"
    for table in TENANTS:
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
        op.execute(f"CREATE POLICY of_tenant ON {table} USING ({told} = '*' OR tenant = {told})")


def of(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    """A row of the same tenant that this one hangs on."""
    theirs = [f"{target}.tenant", f"{target}.id"]
    return sa.ForeignKeyConstraint(["tenant", column], theirs, name=f"fk_{table}_tenant")


def partial(name: str, table: str, columns: list[str], *, where: sa.TextClause) -> None:
    """An index over some of the rows."""
    op.create_index(name, table, columns, sqlite_where=where, postgresql_where=where)
