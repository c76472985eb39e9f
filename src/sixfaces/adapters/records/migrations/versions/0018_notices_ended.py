"""Notices that have ended are found by when they did: they go after a while."""

from alembic import op

revision = "0018"
down_revision = "0017"


def upgrade() -> None:
    """By state and instant, as deliveries of webhooks."""
    op.create_index("ix_notices_state_ended_at", "notices", ["state", "ended_at"])


def downgrade() -> None:
    """The rows stay."""
    op.drop_index("ix_notices_state_ended_at", "notices")
