"""Tables of telling both sides: the outbox of notices, which of them a tenant wants, and links to how a claim stands.
None of them holds an address or a name."""

from sqlalchemy import Column, Index, Table, UniqueConstraint, text

from sixfaces.adapters.records.columns import Kept
from sixfaces.adapters.records.parts import instant, metadata, of_case, whole, words
from sixfaces.domain.notice import NoticeRule

PENDING = text("state = 'pending'")

notices = Table(
    "notices",
    metadata,
    words("id", key=True),
    words("tenant"),
    words("case_id"),
    words("about"),
    words("kind"),
    words("party"),
    words("state"),
    whole("attempts"),
    whole("token"),
    instant("next_attempt_at", null=True),
    instant("last_attempt_at", null=True),
    whole("last_status", null=True),
    words("last_error", null=True),
    instant("created_at"),
    instant("ended_at", null=True),
    UniqueConstraint("tenant", "about", "party", name="uq_notices_once"),
    of_case(),
    Index(None, "tenant", "case_id", "id"),
    Index(None, "tenant", "state", "id"),
    Index(None, "state", "ended_at"),
    Index("ix_notices_due", "next_attempt_at", sqlite_where=PENDING, postgresql_where=PENDING),
)

notice_rules = Table(
    "notice_rules", metadata, words("tenant", key=True), Column("rule", Kept(NoticeRule), nullable=False)
)

links = Table(
    "links",
    metadata,
    words("id", key=True),
    words("tenant"),
    words("case_id"),
    words("party"),
    words("language"),
    words("by"),
    instant("created_at"),
    instant("expires_at"),
    instant("revoked_at", null=True),
    of_case(),
    Index(None, "tenant", "case_id", "id"),
)
