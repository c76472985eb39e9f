"""The archive of observations: its parts, which part holds what a verdict was given on, and runs that judge again."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0016"
down_revision = "0015"

WORDS = sa.Text().with_variant(postgresql.TEXT(collation="C"), "postgresql")
INSTANT = sa.DateTime(timezone=True)

TABLES = ("judged_under", "reverification_spans", "reverifications", "archive_parts")
"""Children first."""


def upgrade() -> None:
    """No parts yet; verdicts of before are archived as far as what they were given on was kept."""
    op.create_table(
        "archive_parts",
        *(sa.Column(name, WORDS, nullable=False) for name in ("id", "tenant", "day", "observers", "place", "state")),
        sa.Column("sha256", WORDS, nullable=True),
        *(sa.Column(name, sa.BigInteger(), nullable=False) for name in ("bytes", "cases", "exhibits")),
        *(sa.Column(name, WORDS, nullable=True) for name in ("first", "last")),
        sa.Column("made_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_archive_parts"),
        sa.UniqueConstraint("tenant", "id", name="uq_archive_parts_tenant_id"),
    )
    op.create_index("ix_archive_parts_tenant_state_day", "archive_parts", ["tenant", "state", "day"])
    op.add_column("verdicts", sa.Column("part", WORDS, nullable=True))
    op.create_index("ix_verdicts_part", "verdicts", ["part"])
    loose = sa.text("part IS NULL AND erased_at IS NULL")
    op.create_index("ix_verdicts_loose", "verdicts", ["tenant", "id"], sqlite_where=loose, postgresql_where=loose)
    runs()
    if op.get_bind().dialect.name == "postgresql":
        told = "current_setting('sixfaces.tenant', true)"
        for table in TABLES:
            op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
            op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
            op.execute(f"CREATE POLICY of_tenant ON {table} USING ({told} = '*' OR tenant = {told})")


def downgrade() -> None:
    """Files of parts stay where they are, and are named by nothing."""
    op.drop_index("ix_verdicts_loose", "verdicts")
    op.drop_index("ix_verdicts_part", "verdicts")
    op.drop_column("verdicts", "part")
    for table in TABLES:
        op.drop_table(table)


def runs() -> None:
    """Runs, their spans, and revisions that they judge by another policy."""
    op.create_table(
        "reverifications",
        *(sa.Column(name, WORDS, nullable=False) for name in ("id", "tenant", "state")),
        sa.Column("run", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_reverifications"),
        sa.UniqueConstraint("tenant", "id", name="uq_reverifications_tenant_id"),
    )
    op.create_table(
        "reverification_spans",
        *(sa.Column(name, WORDS, nullable=False) for name in ("id", "tenant", "run")),
        sa.Column("number", sa.BigInteger(), nullable=False),
        *(sa.Column(name, WORDS, nullable=False) for name in ("after", "until")),
        sa.Column("verdicts", sa.BigInteger(), nullable=False),
        sa.Column("tally", sa.Text(), nullable=True),
        sa.Column("place", WORDS, nullable=True),
        sa.Column("applied", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_reverification_spans"),
        sa.UniqueConstraint("tenant", "run", "number", name="uq_reverification_spans_once"),
        sa.ForeignKeyConstraint(
            ["tenant", "run"],
            ["reverifications.tenant", "reverifications.id"],
            name="fk_reverification_spans_tenant_run",
        ),
    )
    op.create_table(
        "judged_under",
        *(sa.Column(name, WORDS, nullable=False) for name in ("tenant", "case_id")),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.Column("run", WORDS, nullable=False),
        sa.Column("policy", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("tenant", "case_id", "revision", name="pk_judged_under"),
        sa.ForeignKeyConstraint(
            ["tenant", "case_id"], ["cases.tenant", "cases.id"], name="fk_judged_under_tenant_case_id"
        ),
    )
