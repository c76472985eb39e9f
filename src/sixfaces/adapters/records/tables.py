"""All tables. Columns are named as the fields of the domain models that lie in them.

Every row but the log's tree, its checkpoints and the leases belongs to a tenant; where one row points at another of its
tenant, the foreign key holds both, so that no row of one tenant can ever hang on one of another's.
"""

import secrets

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    Double,
    ForeignKeyConstraint,
    Index,
    LargeBinary,
    PrimaryKeyConstraint,
    SmallInteger,
    Table,
    UniqueConstraint,
    text,
)

from sixfaces.adapters.records.columns import Kept, Place, Tree, Whole
from sixfaces.adapters.records.parts import instant, metadata, of_case, whole, words
from sixfaces.domain.case import CaseFile
from sixfaces.domain.erasing import Tombstone
from sixfaces.domain.exhibit import Exhibit
from sixfaces.domain.filing import KnownTexts, Quarantine
from sixfaces.domain.observation import Record

KEPT = text("closed_at IS NOT NULL AND erased_at IS NULL")

cases = Table(
    "cases",
    metadata,
    words("id", key=True),
    words("tenant"),
    words("case_id"),
    words("order_id", null=True),
    words("claim_id", null=True),
    words("waybill", null=True),
    words("outbound", null=True),
    Column("file", Kept(CaseFile), nullable=False),
    whole("revision"),
    words("state"),
    words("verdict", null=True),
    instant("created_at"),
    instant("updated_at"),
    instant("closed_at", null=True),
    instant("erased_at", null=True),
    instant("opened_at", null=True),
    Column("salt", LargeBinary(), default=lambda: secrets.token_bytes(32)),
    Column("known_texts", Kept(KnownTexts)),
    UniqueConstraint("tenant", "id"),
    UniqueConstraint("tenant", "case_id"),
    Index(None, "tenant", "order_id", "id"),
    Index(None, "tenant", "claim_id", "id"),
    Index(None, "tenant", "waybill", "id"),
    Index(None, "tenant", "outbound", "id"),
    Index(None, "tenant", "state", "id"),
    Index(None, "tenant", "verdict", "id"),
    Index("ix_cases_opened", "tenant", "opened_at", "id"),
    Index("ix_cases_updated", "tenant", "updated_at"),
    Index("ix_cases_kept", "tenant", "closed_at", sqlite_where=KEPT, postgresql_where=KEPT),
)
"""`waybill` is its plain form; `verdict` that on the present revision; `opened_at` as the claim says, else when it was
filed."""

exhibits = Table(
    "exhibits",
    metadata,
    words("id", key=True),
    words("tenant"),
    words("case_id"),
    words("sha256"),
    words("role"),
    Column("exhibit", Kept(Exhibit), nullable=False),
    instant("sealed_at"),
    whole("entry"),
    words("station", null=True),
    words("upload_id", null=True),
    words("observed_by", null=True),
    Column("quarantine", Kept(Quarantine)),
    Column("erased", Kept(Tombstone)),
    UniqueConstraint("tenant", "id"),
    of_case(),
    Index(None, "tenant", "case_id", "entry"),
    Index(None, "tenant", "sha256"),
)

DAMAGED = text("damage IS NOT NULL")

originals = Table(
    "originals",
    metadata,
    words("tenant"),
    words("sha256"),
    whole("bytes"),
    instant("checked_at"),
    words("damage", null=True),
    instant("found_at", null=True),
    PrimaryKeyConstraint("tenant", "sha256"),
    Index(None, "checked_at"),
    Index("ix_originals_damaged", "checked_at", sqlite_where=DAMAGED, postgresql_where=DAMAGED),
)
"""Bytes of exhibits, once for each tenant that has them."""

waybills_read = Table(
    "waybills_read",
    metadata,
    words("tenant"),
    words("exhibit_id"),
    words("plain"),
    words("text"),
    PrimaryKeyConstraint("tenant", "plain", "exhibit_id"),
    ForeignKeyConstraint(["tenant", "exhibit_id"], ["exhibits.tenant", "exhibits.id"]),
    Index(None, "tenant", "exhibit_id"),
)

observations = Table(
    "observations",
    metadata,
    words("tenant"),
    words("sha256"),
    words("by"),
    Column("record", Kept(Record, bulky=True), nullable=False),
    Column("decode_s", Double),
    words("results"),
    instant("kept_at"),
    PrimaryKeyConstraint("tenant", "sha256", "by"),
)

LOOSE = text("part IS NULL AND erased_at IS NULL")

verdicts = Table(
    "verdicts",
    metadata,
    words("id", key=True),
    words("tenant"),
    words("case_id"),
    whole("revision"),
    words("code_version"),
    words("policy"),
    words("policy_version"),
    words("policy_digest"),
    words("verdict"),
    words("results"),
    whole("entry"),
    instant("judged_at"),
    instant("erased_at", null=True),
    words("part", null=True),
    Column("again", Whole, nullable=False, server_default="0"),
    UniqueConstraint(
        *("tenant", "case_id", "revision", "code_version", "policy_digest", "again"), name="uq_verdicts_once"
    ),
    of_case(),
    Index(None, "part"),
    Index("ix_verdicts_loose", "tenant", "id", sqlite_where=LOOSE, postgresql_where=LOOSE),
)
"""`part`: of the archive, which holds what it was given on. `again`: how many were alike before it."""

uploads = Table(
    "uploads",
    metadata,
    words("id", key=True),
    words("tenant"),
    words("key_id"),
    words("station", null=True),
    words("case_id"),
    words("role"),
    words("name"),
    whole("length", null=True),
    whole("offset"),
    words("metadata", null=True),
    words("declared_sha256", null=True),
    words("received_sha256", null=True),
    words("direct", null=True),
    words("state"),
    whole("token"),
    words("exhibit_id", null=True),
    Column("refusal", Kept(Quarantine)),
    instant("created_at"),
    instant("expires_at"),
    UniqueConstraint("tenant", "id"),
    of_case(),
    Index(None, "state", "expires_at"),
)

segments = Table(
    "segments",
    metadata,
    words("tenant"),
    words("upload_id"),
    whole("start"),
    whole("length"),
    words("place"),
    PrimaryKeyConstraint("upload_id", "start"),
    ForeignKeyConstraint(["tenant", "upload_id"], ["uploads.tenant", "uploads.id"]),
)

READY, RUNNING, NOT_DONE = text("state = 'ready'"), text("state = 'running'"), text("state <> 'done'")
DONE = text("state = 'done'")

jobs = Table(
    "jobs",
    metadata,
    words("id", key=True),
    words("tenant"),
    words("kind"),
    words("subject"),
    Column("priority", SmallInteger, nullable=False),
    words("lane"),
    words("state"),
    whole("token"),
    whole("failed"),
    whole("lost"),
    whole("guilt"),
    instant("not_before"),
    instant("lease_until", null=True),
    Column("reason", Kept(Quarantine)),
    words("worker", null=True),
    words("trace", null=True),
    instant("created_at"),
    instant("finished_at", null=True),
    Index("uq_jobs_ready", "tenant", "kind", "subject", unique=True, sqlite_where=READY, postgresql_where=READY),
    Index("ix_jobs_ready_lane", "lane", "id", "not_before", sqlite_where=READY, postgresql_where=READY),
    Index("ix_jobs_running", "lease_until", "tenant", sqlite_where=RUNNING, postgresql_where=RUNNING),
    Index("ix_jobs_done", "finished_at", sqlite_where=DONE, postgresql_where=DONE),
    Index(
        "ix_jobs_not_done",
        *("kind", "subject", "state", "tenant", "not_before"),
        sqlite_where=NOT_DONE,
        postgresql_where=NOT_DONE,
    ),
    Index(None, "tenant", "state", "kind", "id"),
)
"""`lane` is the priority and the tenant in one: those who stand in one lane are served by age."""

leases = Table("leases", metadata, words("name", key=True), words("holder"), instant("until"))

log_head = Table(
    "log_head",
    metadata,
    Column("one", Boolean, primary_key=True),
    whole("size"),
    instant("at"),
    CheckConstraint("one", name="single"),
)
"""One row: whoever locks it may append."""

log_entries = Table(
    "log_entries",
    metadata,
    Column("seq", Place, primary_key=True, autoincrement=False),
    words("tenant"),
    words("act"),
    words("subject"),
    words("actor"),
    Column("body", Tree(), nullable=False),
    instant("at"),
    words("leaf"),
    Index(None, "tenant", "subject", "seq"),
)

log_nodes = Table(
    "log_nodes",
    metadata,
    Column("level", SmallInteger, nullable=False),
    whole("position"),
    Column("hash", LargeBinary, nullable=False),
    PrimaryKeyConstraint("level", "position"),
)
"""Hashes of complete subtrees; level 0 are the leaves."""

checkpoints = Table(
    "checkpoints",
    metadata,
    Column("size", Place, primary_key=True, autoincrement=False),
    words("origin"),
    words("root"),
    instant("at"),
    words("note"),
    Column("stamp", LargeBinary),
)

api_keys = Table(
    "api_keys",
    metadata,
    words("id", key=True),
    words("tenant"),
    words("role"),
    words("name"),
    words("station", null=True),
    words("secret_sha256"),
    instant("created_at"),
    instant("expires_at", null=True),
    instant("revoked_at", null=True),
    instant("last_used_at", null=True),
    Column("sees_personal", Boolean()),
    Index(None, "tenant", "id"),
)

stations = Table(
    "stations",
    metadata,
    words("id"),
    words("tenant"),
    words("name"),
    instant("created_at"),
    instant("retired_at", null=True),
    PrimaryKeyConstraint("tenant", "id"),
)

events = Table(
    "events",
    metadata,
    Column("id", Place, primary_key=True, autoincrement=True),
    words("tenant"),
    words("case_id"),
    words("kind"),
    instant("at"),
    Column("body", Tree(), nullable=False),
    of_case(),
    Index(None, "tenant", "case_id", "id"),
    Index(None, "at"),
    sqlite_autoincrement=True,
)

answers = Table(
    "answers",
    metadata,
    words("tenant"),
    words("key"),
    words("request_sha256"),
    Column("status", SmallInteger),
    Column("headers", Tree()),
    Column("body", LargeBinary),
    instant("expires_at"),
    PrimaryKeyConstraint("tenant", "key"),
    Index(None, "expires_at"),
)
"""A row without a status is held by the transaction that put it there."""
