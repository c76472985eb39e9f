"""Telling both sides: the outbox of notices, which of them a tenant wants, and links to how a claim stands."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0010"
down_revision = "0009"

WORDS = sa.Text().with_variant(postgresql.TEXT(collation="C"), "postgresql")
JSON = sa.Text().with_variant(postgresql.JSONB(), "postgresql")
INSTANT = sa.DateTime(timezone=True)
PENDING = sa.text("state = 'pending'")
TABLES = ("notices", "notice_rules", "links")


def upgrade() -> None:
    """Empty tables, walled like all others."""
    op.create_table(
        "notices",
        *words("id", "tenant", "case_id", "about", "kind", "party", "state"),
        sa.Column("attempts", sa.BigInteger(), nullable=False),
        sa.Column("token", sa.BigInteger(), nullable=False),
        *instants("next_attempt_at", "last_attempt_at", null=True),
        sa.Column("last_status", sa.BigInteger(), nullable=True),
        sa.Column("last_error", WORDS, nullable=True),
        *instants("created_at"),
        *instants("ended_at", null=True),
        sa.PrimaryKeyConstraint("id", name="pk_notices"),
        sa.UniqueConstraint("tenant", "about", "party", name="uq_notices_once"),
        of_case("notices"),
    )
    op.create_index("ix_notices_tenant_case_id_id", "notices", ["tenant", "case_id", "id"])
    op.create_index("ix_notices_tenant_state_id", "notices", ["tenant", "state", "id"])
    due = ["next_attempt_at"]
    op.create_index("ix_notices_due", "notices", due, sqlite_where=PENDING, postgresql_where=PENDING)
    op.create_table(
        "notice_rules",
        *words("tenant"),
        sa.Column("rule", JSON, nullable=False),
        sa.PrimaryKeyConstraint("tenant", name="pk_notice_rules"),
    )
    op.create_table(
        "links",
        *words("id", "tenant", "case_id", "party", "language", "by"),
        *instants("created_at", "expires_at"),
        *instants("revoked_at", null=True),
        sa.PrimaryKeyConstraint("id", name="pk_links"),
        of_case("links"),
    )
    op.create_index("ix_links_tenant_case_id_id", "links", ["tenant", "case_id", "id"])
    if op.get_bind().dialect.name == "postgresql":
        told = "current_setting('sixfaces.tenant', true)"
        for table in TABLES:
            op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
            op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
            op.execute(f"CREATE POLICY of_tenant ON {table} USING ({told} = '*' OR tenant = {told})")


def downgrade() -> None:
    """All of it goes, with what had not been sent."""
    for table in TABLES:
        op.drop_table(table)


def words(*names: str) -> list[sa.Column[str]]:
    """Columns of text, ordered by bytes."""
    return [sa.Column(name, WORDS, nullable=False) for name in names]


def instants(*names: str, null: bool = False) -> list[sa.Column[object]]:
    """Columns of instants."""
    return [sa.Column(name, INSTANT, nullable=null) for name in names]


def of_case(table: str) -> sa.ForeignKeyConstraint:
    """Its case, of the same tenant."""
    return sa.ForeignKeyConstraint(
        ["tenant", "case_id"], ["cases.tenant", "cases.id"], name=f"fk_{table}_tenant_case_id"
    )
