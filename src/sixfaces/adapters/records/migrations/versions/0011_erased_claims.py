"""Rows of a claim's course say since when their words are gone; persons, since when they are blocked."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"

COLUMNS = (
    *((table, "erased_at") for table in ("chronicle", "inspection_answers", "qc_verdicts", "decisions", "payments")),
    ("persons", "blocked_at"),
)


def upgrade() -> None:
    """Empty: nothing of it was erased before, and nobody was blocked."""
    for table, column in COLUMNS:
        op.add_column(table, sa.Column(column, sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    """The instants go; what was erased stays so, and whoever was blocked is let in again."""
    for table, column in COLUMNS:
        op.drop_column(table, column)
