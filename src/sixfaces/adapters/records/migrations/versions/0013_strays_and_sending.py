"""Originals that became no exhibit are marked; deliveries of webhooks carry the trace of what brought them about."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0013"
down_revision = "0012"

WORDS = sa.Text().with_variant(postgresql.TEXT(collation="C"), "postgresql")
INSTANT = sa.DateTime(timezone=True)
NOT_ENDED = sa.text("ended_at IS NULL")


def upgrade() -> None:
    """An empty table, walled like all others, and a column that fills as deliveries come."""
    op.create_table(
        "strays",
        *(sa.Column(name, WORDS, nullable=False) for name in ("tenant", "sha256")),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("found_at", INSTANT, nullable=False),
        *(sa.Column(name, INSTANT, nullable=True) for name in ("began_at", "ended_at")),
        sa.PrimaryKeyConstraint("tenant", "sha256", "number", name="pk_strays"),
    )
    op.create_index("ix_strays_open", "strays", ["found_at"], sqlite_where=NOT_ENDED, postgresql_where=NOT_ENDED)
    op.add_column("webhook_deliveries", sa.Column("trace", WORDS, nullable=True))
    if op.get_bind().dialect.name == "postgresql":
        told = "current_setting('sixfaces.tenant', true)"
        op.execute("ALTER TABLE strays ENABLE ROW LEVEL SECURITY")
        op.execute("ALTER TABLE strays FORCE ROW LEVEL SECURITY")
        op.execute(f"CREATE POLICY of_tenant ON strays USING ({told} = '*' OR tenant = {told})")


def downgrade() -> None:
    """Both go."""
    op.drop_column("webhook_deliveries", "trace")
    op.drop_index("ix_strays_open", "strays")
    op.drop_table("strays")
