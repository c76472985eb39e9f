"""Cases keep whose texts they hold: who imports without the right to personal data is told nothing of others' texts."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0015"
down_revision = "0014"

JSON = sa.Text().with_variant(postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    """Of cases of before nobody is known to know anything: the next import of a key without the right is an edit."""
    op.add_column("cases", sa.Column("known_texts", JSON, nullable=True))


def downgrade() -> None:
    """It fills again by imports."""
    op.drop_column("cases", "known_texts")
