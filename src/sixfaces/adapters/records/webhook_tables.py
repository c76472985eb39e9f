"""Tables of webhooks: endpoints, and the outbox from which they are told."""

from sqlalchemy import Column, ForeignKeyConstraint, Index, Table, UniqueConstraint, text

from sixfaces.adapters.records.columns import Tree
from sixfaces.adapters.records.parts import instant, metadata, whole, words

PENDING = text("state = 'pending'")

webhook_endpoints = Table(
    "webhook_endpoints",
    metadata,
    words("id", key=True),
    words("tenant"),
    words("url"),
    words("description"),
    Column("kinds", Tree(), nullable=False),
    whole("revision"),
    words("secret"),
    words("previous", null=True),
    instant("previous_until", null=True),
    instant("created_at"),
    instant("updated_at"),
    instant("disabled_at", null=True),
    words("disabled_why", null=True),
    instant("failing_since", null=True),
    UniqueConstraint("tenant", "id"),
)

webhook_deliveries = Table(
    "webhook_deliveries",
    metadata,
    words("id", key=True),
    words("tenant"),
    words("endpoint_id"),
    words("kind"),
    words("subject"),
    Column("payload", Tree(), nullable=False),
    words("state"),
    whole("attempts"),
    whole("token"),
    instant("next_attempt_at", null=True),
    instant("last_attempt_at", null=True),
    whole("last_status", null=True),
    words("last_error", null=True),
    instant("created_at"),
    instant("ended_at", null=True),
    words("trace", null=True),
    ForeignKeyConstraint(["tenant", "endpoint_id"], ["webhook_endpoints.tenant", "webhook_endpoints.id"]),
    Index(None, "tenant", "endpoint_id", "id"),
    Index(
        "ix_webhook_deliveries_due",
        "endpoint_id",
        "next_attempt_at",
        sqlite_where=PENDING,
        postgresql_where=PENDING,
    ),
    Index(None, "state", "ended_at"),
)
"""The outbox: written in the transaction of the event that it tells of."""
