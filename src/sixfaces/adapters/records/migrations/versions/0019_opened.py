"""When a case's claim was opened, so that figures count it there however late it was imported."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"

INSTANT = sa.DateTime(timezone=True)

POSTGRES = "UPDATE cases SET opened_at = COALESCE((file #>> '{claim,opened_at}')::timestamptz, created_at)"
SQLITE = (
    "UPDATE cases SET opened_at = COALESCE("
    "strftime('%Y-%m-%d %H:%M:%f', json_extract(file, '$.claim.opened_at')) || '000', created_at)"
)
"""To the thousandth of a second, which is all that SQLite's own functions tell."""


def upgrade() -> None:
    """Of cases of before as their files say, else when they were filed."""
    op.add_column("cases", sa.Column("opened_at", INSTANT, nullable=True))
    connection = op.get_bind()
    connection.exec_driver_sql(POSTGRES if connection.dialect.name == "postgresql" else SQLITE)
    op.create_index("ix_cases_opened", "cases", ["tenant", "opened_at", "id"])
    op.create_index("ix_cases_updated", "cases", ["tenant", "updated_at"])


def downgrade() -> None:
    """It stands in the file."""
    op.drop_index("ix_cases_updated", "cases")
    op.drop_index("ix_cases_opened", "cases")
    op.drop_column("cases", "opened_at")
