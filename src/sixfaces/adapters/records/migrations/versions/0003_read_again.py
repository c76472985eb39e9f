"""When each stored original was last read, and who may do what only one process does."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0003"
down_revision = "0002"

WORDS = sa.Text().with_variant(postgresql.TEXT(collation="C"), "postgresql")
INSTANT = sa.DateTime(timezone=True)
BYTES = {"sqlite": "json_extract(exhibit, '$.bytes')", "postgresql": "(exhibit->>'bytes')::bigint"}
DAMAGED = sa.text("damage IS NOT NULL")


def upgrade() -> None:
    """Two tables; what is sealed already was read when it was sealed."""
    op.create_table(
        "originals",
        sa.Column("tenant", WORDS, nullable=False),
        sa.Column("sha256", WORDS, nullable=False),
        sa.Column("bytes", sa.BigInteger(), nullable=False),
        sa.Column("checked_at", INSTANT, nullable=False),
        sa.Column("damage", WORDS, nullable=True),
        sa.Column("found_at", INSTANT, nullable=True),
        sa.PrimaryKeyConstraint("tenant", "sha256", name="pk_originals"),
    )
    op.create_index("ix_originals_checked_at", "originals", ["checked_at"])
    op.create_index("ix_originals_damaged", "originals", ["checked_at"], sqlite_where=DAMAGED, postgresql_where=DAMAGED)
    dialect = op.get_bind().dialect.name
    op.execute(
        "INSERT INTO originals (tenant, sha256, bytes, checked_at)"
        f" SELECT tenant, sha256, max({BYTES[dialect]}), min(sealed_at) FROM exhibits GROUP BY tenant, sha256"
    )
    op.create_table(
        "leases",
        sa.Column("name", WORDS, nullable=False),
        sa.Column("holder", WORDS, nullable=False),
        sa.Column("until", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_leases"),
    )
    if dialect == "postgresql":
        told = "current_setting('sixfaces.tenant', true)"
        op.execute("ALTER TABLE originals ENABLE ROW LEVEL SECURITY")
        op.execute("ALTER TABLE originals FORCE ROW LEVEL SECURITY")
        op.execute(f"CREATE POLICY of_tenant ON originals USING ({told} = '*' OR tenant = {told})")


def downgrade() -> None:
    """Both go."""
    op.drop_table("leases")
    op.drop_table("originals")
