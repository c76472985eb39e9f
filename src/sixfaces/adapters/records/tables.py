"""All tables. Columns are named as the fields of the domain models that lie in them.

Every row but the log's tree and its checkpoints belongs to a tenant; where one row points at another of its tenant, the
foreign key holds both, so that no row of one tenant can ever hang on one of another's.
"""

from typing import Any

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    ForeignKeyConstraint,
    Index,
    LargeBinary,
    MetaData,
    PrimaryKeyConstraint,
    SmallInteger,
    Table,
    UniqueConstraint,
    text,
)

from sixfaces.adapters.records.columns import Instant, Kept, Place, Tree, Whole, Words
from sixfaces.domain.case import CaseFile
from sixfaces.domain.exhibit import Exhibit
from sixfaces.domain.filing import Quarantine
from sixfaces.domain.observation import Record

metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    }
)


def _words(name: str, *, null: bool = False, key: bool = False) -> Column[str]:
    return Column(name, Words, nullable=null, primary_key=key)


def _whole(name: str, *, null: bool = False) -> Column[int]:
    return Column(name, Whole, nullable=null)


def _instant(name: str, *, null: bool = False) -> Column[Any]:
    return Column(name, Instant, nullable=null)


def _of_case() -> ForeignKeyConstraint:
    return ForeignKeyConstraint(["tenant", "case_id"], ["cases.tenant", "cases.id"])


cases = Table(
    "cases",
    metadata,
    _words("id", key=True),
    _words("tenant"),
    _words("case_id"),
    _words("order_id", null=True),
    _words("claim_id", null=True),
    _words("waybill", null=True),
    Column("file", Kept(CaseFile), nullable=False),
    _whole("revision"),
    _words("state"),
    _words("verdict", null=True),
    _instant("created_at"),
    _instant("updated_at"),
    UniqueConstraint("tenant", "id"),
    UniqueConstraint("tenant", "case_id"),
    Index(None, "tenant", "order_id", "id"),
    Index(None, "tenant", "claim_id", "id"),
    Index(None, "tenant", "waybill", "id"),
    Index(None, "tenant", "state", "id"),
    Index(None, "tenant", "verdict", "id"),
)
"""`waybill` is its plain form; `verdict` that on the present revision."""

exhibits = Table(
    "exhibits",
    metadata,
    _words("id", key=True),
    _words("tenant"),
    _words("case_id"),
    _words("sha256"),
    _words("role"),
    Column("exhibit", Kept(Exhibit), nullable=False),
    _instant("sealed_at"),
    _whole("entry"),
    _words("station", null=True),
    _words("upload_id", null=True),
    _words("observed_by", null=True),
    Column("quarantine", Kept(Quarantine)),
    UniqueConstraint("tenant", "id"),
    _of_case(),
    Index(None, "tenant", "case_id", "entry"),
    Index(None, "tenant", "sha256"),
)

waybills_read = Table(
    "waybills_read",
    metadata,
    _words("tenant"),
    _words("exhibit_id"),
    _words("plain"),
    _words("text"),
    PrimaryKeyConstraint("tenant", "plain", "exhibit_id"),
    ForeignKeyConstraint(["tenant", "exhibit_id"], ["exhibits.tenant", "exhibits.id"]),
    Index(None, "tenant", "exhibit_id"),
)

observations = Table(
    "observations",
    metadata,
    _words("tenant"),
    _words("sha256"),
    _words("by"),
    Column("record", Kept(Record, bulky=True), nullable=False),
    _words("results"),
    _instant("kept_at"),
    PrimaryKeyConstraint("tenant", "sha256", "by"),
)

verdicts = Table(
    "verdicts",
    metadata,
    _words("id", key=True),
    _words("tenant"),
    _words("case_id"),
    _whole("revision"),
    _words("code_version"),
    _words("policy"),
    _words("policy_version"),
    _words("policy_digest"),
    _words("verdict"),
    _words("results"),
    _whole("entry"),
    _instant("judged_at"),
    UniqueConstraint("tenant", "case_id", "revision", "code_version", "policy_digest", name="uq_verdicts_once"),
    _of_case(),
)

uploads = Table(
    "uploads",
    metadata,
    _words("id", key=True),
    _words("tenant"),
    _words("key_id"),
    _words("station", null=True),
    _words("case_id"),
    _words("role"),
    _words("name"),
    _whole("length", null=True),
    _whole("offset"),
    _words("metadata", null=True),
    _words("declared_sha256", null=True),
    _words("received_sha256", null=True),
    _words("direct", null=True),
    _words("state"),
    _whole("token"),
    _words("exhibit_id", null=True),
    Column("refusal", Kept(Quarantine)),
    _instant("created_at"),
    _instant("expires_at"),
    UniqueConstraint("tenant", "id"),
    _of_case(),
    Index(None, "state", "expires_at"),
)

segments = Table(
    "segments",
    metadata,
    _words("tenant"),
    _words("upload_id"),
    _whole("start"),
    _whole("length"),
    _words("place"),
    PrimaryKeyConstraint("upload_id", "start"),
    ForeignKeyConstraint(["tenant", "upload_id"], ["uploads.tenant", "uploads.id"]),
)

READY, RUNNING = text("state = 'ready'"), text("state = 'running'")

jobs = Table(
    "jobs",
    metadata,
    _words("id", key=True),
    _words("tenant"),
    _words("kind"),
    _words("subject"),
    Column("priority", SmallInteger, nullable=False),
    _words("lane"),
    _words("state"),
    _whole("token"),
    _whole("failed"),
    _whole("lost"),
    _whole("guilt"),
    _instant("not_before"),
    _instant("lease_until", null=True),
    Column("reason", Kept(Quarantine)),
    _words("worker", null=True),
    _instant("created_at"),
    _instant("finished_at", null=True),
    Index("uq_jobs_ready", "tenant", "kind", "subject", unique=True, sqlite_where=READY, postgresql_where=READY),
    Index("ix_jobs_ready_lane", "lane", "id", "not_before", sqlite_where=READY, postgresql_where=READY),
    Index("ix_jobs_running", "lease_until", "tenant", sqlite_where=RUNNING, postgresql_where=RUNNING),
    Index(None, "tenant", "state", "kind", "id"),
)
"""`lane` is the priority and the tenant in one: those who stand in one lane are served by age."""

log_head = Table(
    "log_head",
    metadata,
    Column("one", Boolean, primary_key=True),
    _whole("size"),
    _instant("at"),
    CheckConstraint("one", name="single"),
)
"""One row: whoever locks it may append."""

log_entries = Table(
    "log_entries",
    metadata,
    Column("seq", Place, primary_key=True, autoincrement=False),
    _words("tenant"),
    _words("act"),
    _words("subject"),
    _words("actor"),
    Column("body", Tree(), nullable=False),
    _instant("at"),
    _words("leaf"),
    Index(None, "tenant", "subject", "seq"),
)

log_nodes = Table(
    "log_nodes",
    metadata,
    Column("level", SmallInteger, nullable=False),
    _whole("position"),
    Column("hash", LargeBinary, nullable=False),
    PrimaryKeyConstraint("level", "position"),
)
"""Hashes of complete subtrees; level 0 are the leaves."""

checkpoints = Table(
    "checkpoints",
    metadata,
    Column("size", Place, primary_key=True, autoincrement=False),
    _words("origin"),
    _words("root"),
    _instant("at"),
    _words("note"),
    Column("stamp", LargeBinary),
)

api_keys = Table(
    "api_keys",
    metadata,
    _words("id", key=True),
    _words("tenant"),
    _words("role"),
    _words("name"),
    _words("station", null=True),
    _words("secret_sha256"),
    _instant("created_at"),
    _instant("expires_at", null=True),
    _instant("revoked_at", null=True),
    Index(None, "tenant", "id"),
)

stations = Table(
    "stations",
    metadata,
    _words("id"),
    _words("tenant"),
    _words("name"),
    _instant("created_at"),
    _instant("retired_at", null=True),
    PrimaryKeyConstraint("tenant", "id"),
)

events = Table(
    "events",
    metadata,
    Column("id", Place, primary_key=True, autoincrement=True),
    _words("tenant"),
    _words("case_id"),
    _words("kind"),
    _instant("at"),
    Column("body", Tree(), nullable=False),
    _of_case(),
    Index(None, "tenant", "case_id", "id"),
    sqlite_autoincrement=True,
)

answers = Table(
    "answers",
    metadata,
    _words("tenant"),
    _words("key"),
    _words("request_sha256"),
    Column("status", SmallInteger),
    Column("headers", Tree()),
    Column("body", LargeBinary),
    _instant("expires_at"),
    PrimaryKeyConstraint("tenant", "key"),
    Index(None, "expires_at"),
)
"""A row without a status is held by the transaction that put it there."""

OF_TENANTS = tuple(table for table in metadata.sorted_tables if "tenant" in table.c)
"""Tables that row level security guards."""
APPEND_ONLY = (log_entries, log_nodes)
