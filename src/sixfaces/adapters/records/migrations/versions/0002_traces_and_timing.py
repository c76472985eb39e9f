"""What a job belongs to in a trace, and how long measuring took."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0002"
down_revision = "0001"

WORDS = sa.Text().with_variant(postgresql.TEXT(collation="C"), "postgresql")


def upgrade() -> None:
    """Two columns, empty for what is there."""
    op.add_column("jobs", sa.Column("trace", WORDS, nullable=True))
    op.add_column("observations", sa.Column("decode_s", sa.Double(), nullable=True))


def downgrade() -> None:
    """Both go."""
    op.drop_column("observations", "decode_s")
    op.drop_column("jobs", "trace")
