"""Jobs that are not done have an index of their own: to count them, or to find those of a subject, was to read all that
ever were."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"

NAME, NOT_DONE = "ix_jobs_not_done", sa.text("state <> 'done'")
COLUMNS = ["kind", "subject", "state", "tenant", "not_before"]


def upgrade() -> None:
    """Over the few jobs that wait, run or were given up."""
    op.create_index(NAME, "jobs", COLUMNS, sqlite_where=NOT_DONE, postgresql_where=NOT_DONE)


def downgrade() -> None:
    """The index goes."""
    op.drop_index(NAME, "jobs")
