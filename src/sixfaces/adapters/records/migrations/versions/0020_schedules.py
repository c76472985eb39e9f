"""Standing orders for runs over the archive, and which of them began a run."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0020"
down_revision = "0019"

WORDS = sa.Text().with_variant(postgresql.TEXT(collation="C"), "postgresql")
INSTANT = sa.DateTime(timezone=True)
TABLE = "reverification_schedules"


def upgrade() -> None:
    """No schedules yet: no run was begun by one."""
    op.create_table(
        TABLE,
        *(sa.Column(name, WORDS, nullable=False) for name in ("id", "tenant")),
        sa.Column("next_at", INSTANT, nullable=True),
        sa.Column("looked_at", INSTANT, nullable=False),
        sa.Column("schedule", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_reverification_schedules"),
        sa.UniqueConstraint("tenant", "id", name="uq_reverification_schedules_tenant_id"),
    )
    op.create_index("ix_reverification_schedules_next_at", TABLE, ["next_at"])
    op.add_column("reverifications", sa.Column("schedule", WORDS, nullable=True))
    op.create_index("ix_reverifications_schedule", "reverifications", ["schedule"])
    if op.get_bind().dialect.name == "postgresql":
        told = "current_setting('sixfaces.tenant', true)"
        op.execute(f"ALTER TABLE {TABLE} ENABLE ROW LEVEL SECURITY")
        op.execute(f"ALTER TABLE {TABLE} FORCE ROW LEVEL SECURITY")
        op.execute(f"CREATE POLICY of_tenant ON {TABLE} USING ({told} = '*' OR tenant = {told})")


def downgrade() -> None:
    """Runs that a schedule began stay."""
    op.drop_index("ix_reverifications_schedule", "reverifications")
    op.drop_column("reverifications", "schedule")
    op.drop_table(TABLE)
