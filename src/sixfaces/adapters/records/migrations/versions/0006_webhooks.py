"""Endpoints of webhooks, and the outbox from which they are told."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0006"
down_revision = "0005"

WORDS = sa.Text().with_variant(postgresql.TEXT(collation="C"), "postgresql")
INSTANT = sa.DateTime(timezone=True)
PENDING = sa.text("state = 'pending'")


def upgrade() -> None:
    """Both tables, empty."""
    op.create_table(
        "webhook_endpoints",
        *words("id", "tenant", "url", "description", "secret"),
        *words("previous", "disabled_why", null=True),
        sa.Column("kinds", sa.Text(), nullable=False),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        *instants("created_at", "updated_at"),
        *instants("previous_until", "disabled_at", "failing_since", null=True),
        sa.PrimaryKeyConstraint("id", name="pk_webhook_endpoints"),
        sa.UniqueConstraint("tenant", "id", name="uq_webhook_endpoints_tenant_id"),
    )
    op.create_table(
        "webhook_deliveries",
        *words("id", "tenant", "endpoint_id", "kind", "subject", "state"),
        *words("last_error", null=True),
        sa.Column("payload", sa.Text(), nullable=False),
        sa.Column("attempts", sa.BigInteger(), nullable=False),
        sa.Column("token", sa.BigInteger(), nullable=False),
        sa.Column("last_status", sa.BigInteger(), nullable=True),
        *instants("created_at"),
        *instants("next_attempt_at", "last_attempt_at", "ended_at", null=True),
        sa.PrimaryKeyConstraint("id", name="pk_webhook_deliveries"),
        sa.ForeignKeyConstraint(
            ["tenant", "endpoint_id"],
            ["webhook_endpoints.tenant", "webhook_endpoints.id"],
            name="fk_webhook_deliveries_tenant_endpoint_id",
        ),
    )
    name = "webhook_deliveries"
    op.create_index(f"ix_{name}_tenant_endpoint_id_id", name, ["tenant", "endpoint_id", "id"])
    due = ["endpoint_id", "next_attempt_at"]
    op.create_index(f"ix_{name}_due", name, due, sqlite_where=PENDING, postgresql_where=PENDING)
    op.create_index(f"ix_{name}_state_ended_at", name, ["state", "ended_at"])
    if op.get_bind().dialect.name == "postgresql":
        for table in ("webhook_endpoints", "webhook_deliveries"):
            guard(table)


def downgrade() -> None:
    """Both go, with what had not arrived yet."""
    op.drop_table("webhook_deliveries")
    op.drop_table("webhook_endpoints")


def guard(table: str) -> None:
    """As for the first tables: a transaction sees rows of the tenant that it named."""
    told = "current_setting('sixfaces.tenant', true)"
    op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
    op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY of_tenant ON {table} USING ({told} = '*' OR tenant = {told})")


def words(*names: str, null: bool = False) -> list[sa.Column[str]]:
    """Columns of text, ordered by bytes."""
    return [sa.Column(name, WORDS, nullable=null) for name in names]


def instants(*names: str, null: bool = False) -> list[sa.Column[object]]:
    """Columns of instants."""
    return [sa.Column(name, INSTANT, nullable=null) for name in names]
