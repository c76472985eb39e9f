"""Who sees personal data: said of a key, or else of its role."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Of no key was anything said yet."""
    op.add_column("api_keys", sa.Column("sees_personal", sa.Boolean(), nullable=True))


def downgrade() -> None:
    """Keys see what their roles see."""
    op.drop_column("api_keys", "sees_personal")
