"""Persons who ask by tokens of identity providers, and when keys were used last."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0005"
down_revision = "0004"

WORDS = sa.Text().with_variant(postgresql.TEXT(collation="C"), "postgresql")
INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Nobody is known yet, and no use of a key."""
    op.add_column("api_keys", sa.Column("last_used_at", INSTANT, nullable=True))
    op.create_table(
        "persons",
        *(sa.Column(name, WORDS, nullable=False) for name in ("id", "tenant", "issuer", "subject", "role")),
        sa.Column("station", WORDS, nullable=True),
        *(sa.Column(name, INSTANT, nullable=False) for name in ("first_seen_at", "last_seen_at")),
        sa.PrimaryKeyConstraint("tenant", "id", name="pk_persons"),
    )
    if op.get_bind().dialect.name == "postgresql":
        told = "current_setting('sixfaces.tenant', true)"
        op.execute("ALTER TABLE persons ENABLE ROW LEVEL SECURITY")
        op.execute("ALTER TABLE persons FORCE ROW LEVEL SECURITY")
        op.execute(f"CREATE POLICY of_tenant ON persons USING ({told} = '*' OR tenant = {told})")


def downgrade() -> None:
    """Both go: the custody log names persons by ids that nobody can read any more."""
    op.drop_table("persons")
    op.drop_column("api_keys", "last_used_at")
