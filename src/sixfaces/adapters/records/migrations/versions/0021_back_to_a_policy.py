"""A verdict may be given again by a policy that was left and is gone back to: the key tells how often that was."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"

NAME, ONCE = "uq_verdicts_once", ["tenant", "case_id", "revision", "code_version", "policy_digest"]
LOOSE = sa.text("part IS NULL AND erased_at IS NULL")


def upgrade() -> None:
    """Every verdict of before is the first of its kind. SQLite writes the table anew, so its partial index is made
    anew as well."""
    op.drop_index("ix_verdicts_loose", "verdicts")
    with op.batch_alter_table("verdicts") as table:
        table.add_column(sa.Column("again", sa.BigInteger(), nullable=False, server_default="0"))
        table.drop_constraint(NAME, type_="unique")
        table.create_unique_constraint(NAME, [*ONCE, "again"])
    _loose()


def downgrade() -> None:
    """All verdicts stay: of those that were given again the code's version says so."""
    op.execute("UPDATE verdicts SET code_version = code_version || '#' || again WHERE again > 0")
    op.drop_index("ix_verdicts_loose", "verdicts")
    with op.batch_alter_table("verdicts") as table:
        table.drop_constraint(NAME, type_="unique")
        table.create_unique_constraint(NAME, ONCE)
        table.drop_column("again")
    _loose()


def _loose() -> None:
    op.create_index("ix_verdicts_loose", "verdicts", ["tenant", "id"], sqlite_where=LOOSE, postgresql_where=LOOSE)
