"""The first tables: cases, exhibits and what was found of them, uploads, jobs, the custody log, keys.

Written out here once more, not taken from `tables`: a step stays as it was when it was taken.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None

WORDS = sa.Text().with_variant(postgresql.TEXT(collation="C"), "postgresql")
JSON = sa.Text().with_variant(postgresql.JSONB(), "postgresql")
INSTANT = sa.DateTime(timezone=True)
RISING = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

TENANTS = (
    *("cases", "exhibits", "waybills_read", "observations", "verdicts", "uploads", "segments"),
    *("jobs", "log_entries", "api_keys", "stations", "events", "answers"),
)
APPENDED = ("log_entries", "log_nodes")
TABLES = (*TENANTS, "log_head", "log_nodes", "checkpoints")
CHILDREN_FIRST = ("waybills_read", "segments", "events", "verdicts", "uploads", "exhibits")


def upgrade() -> None:
    """All tables, and the walls around them."""
    filing()
    findings()
    bringing()
    queue()
    log()
    people()
    answering()
    if op.get_bind().dialect.name == "postgresql":
        guard_tenants()
    guard_log()


def downgrade() -> None:
    """Everything goes, with what is in it."""
    for table in (*CHILDREN_FIRST, *(name for name in TABLES if name not in CHILDREN_FIRST)):
        op.drop_table(table)
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION sixfaces_refuse()")


def filing() -> None:
    """Cases and exhibits."""
    op.create_table(
        "cases",
        *words("id", "tenant", "case_id"),
        *words("order_id", "claim_id", "waybill", "verdict", null=True),
        sa.Column("file", JSON, nullable=False),
        *wholes("revision"),
        *words("state"),
        *instants("created_at", "updated_at"),
        sa.PrimaryKeyConstraint("id", name="pk_cases"),
        sa.UniqueConstraint("tenant", "id", name="uq_cases_tenant_id"),
        sa.UniqueConstraint("tenant", "case_id", name="uq_cases_tenant_case_id"),
    )
    for name in ("order_id", "claim_id", "waybill", "state", "verdict"):
        index("cases", "tenant", name, "id")
    op.create_table(
        "exhibits",
        *words("id", "tenant", "case_id", "sha256", "role"),
        sa.Column("exhibit", JSON, nullable=False),
        *instants("sealed_at"),
        *wholes("entry"),
        *words("station", "upload_id", "observed_by", null=True),
        sa.Column("quarantine", JSON),
        sa.PrimaryKeyConstraint("id", name="pk_exhibits"),
        sa.UniqueConstraint("tenant", "id", name="uq_exhibits_tenant_id"),
        of("exhibits", case_id="cases.id"),
    )
    index("exhibits", "tenant", "case_id", "entry")
    index("exhibits", "tenant", "sha256")


def findings() -> None:
    """What was measured, read and judged."""
    op.create_table(
        "waybills_read",
        *words("tenant", "exhibit_id", "plain", "text"),
        sa.PrimaryKeyConstraint("tenant", "plain", "exhibit_id", name="pk_waybills_read"),
        of("waybills_read", exhibit_id="exhibits.id"),
    )
    index("waybills_read", "tenant", "exhibit_id")
    op.create_table(
        "observations",
        *words("tenant", "sha256", "by", "results"),
        sa.Column("record", sa.Text(), nullable=False),
        *instants("kept_at"),
        sa.PrimaryKeyConstraint("tenant", "sha256", "by", name="pk_observations"),
    )
    op.create_table(
        "verdicts",
        *words("id", "tenant", "case_id", "code_version", "policy", "policy_version", "policy_digest"),
        *words("verdict", "results"),
        *wholes("revision", "entry"),
        *instants("judged_at"),
        sa.PrimaryKeyConstraint("id", name="pk_verdicts"),
        sa.UniqueConstraint(
            "tenant", "case_id", "revision", "code_version", "policy_digest", name="uq_verdicts_once"
        ),
        of("verdicts", case_id="cases.id"),
    )  # fmt: skip


def bringing() -> None:
    """Uploads and their segments."""
    op.create_table(
        "uploads",
        *words("id", "tenant", "key_id", "case_id", "role", "name", "state"),
        *words("station", "metadata", "declared_sha256", "received_sha256", "direct", "exhibit_id", null=True),
        *wholes("offset", "token"),
        *wholes("length", null=True),
        sa.Column("refusal", JSON),
        *instants("created_at", "expires_at"),
        sa.PrimaryKeyConstraint("id", name="pk_uploads"),
        sa.UniqueConstraint("tenant", "id", name="uq_uploads_tenant_id"),
        of("uploads", case_id="cases.id"),
    )
    index("uploads", "state", "expires_at")
    op.create_table(
        "segments",
        *words("tenant", "upload_id", "place"),
        *wholes("start", "length"),
        sa.PrimaryKeyConstraint("upload_id", "start", name="pk_segments"),
        of("segments", upload_id="uploads.id"),
    )


def queue() -> None:
    """Jobs."""
    op.create_table(
        "jobs",
        *words("id", "tenant", "kind", "subject", "lane", "state"),
        sa.Column("priority", sa.SmallInteger(), nullable=False),
        *wholes("token", "failed", "lost", "guilt"),
        *instants("not_before", "created_at"),
        *instants("lease_until", "finished_at", null=True),
        sa.Column("reason", JSON),
        *words("worker", null=True),
        sa.PrimaryKeyConstraint("id", name="pk_jobs"),
    )
    ready, running = sa.text("state = 'ready'"), sa.text("state = 'running'")
    for name, columns, where in (
        ("uq_jobs_ready", ["tenant", "kind", "subject"], ready),
        ("ix_jobs_ready_lane", ["lane", "id", "not_before"], ready),
        ("ix_jobs_running", ["lease_until", "tenant"], running),
    ):
        unique = name.startswith("uq")
        op.create_index(name, "jobs", columns, unique=unique, sqlite_where=where, postgresql_where=where)
    index("jobs", "tenant", "state", "kind", "id")


def log() -> None:
    """The custody log, empty."""
    head = op.create_table(
        "log_head",
        sa.Column("one", sa.Boolean(), nullable=False),
        *wholes("size"),
        *instants("at"),
        sa.PrimaryKeyConstraint("one", name="pk_log_head"),
        sa.CheckConstraint("one", name="ck_log_head_single"),
    )
    op.execute(head.insert().values(one=True, size=0, at=sa.text("'1970-01-01 00:00:00'")))
    op.create_table(
        "log_entries",
        sa.Column("seq", RISING, autoincrement=False, nullable=False),
        *words("tenant", "act", "subject", "actor", "leaf"),
        sa.Column("body", sa.Text(), nullable=False),
        *instants("at"),
        sa.PrimaryKeyConstraint("seq", name="pk_log_entries"),
    )
    index("log_entries", "tenant", "subject", "seq")
    op.create_table(
        "log_nodes",
        sa.Column("level", sa.SmallInteger(), nullable=False),
        *wholes("position"),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("level", "position", name="pk_log_nodes"),
    )
    op.create_table(
        "checkpoints",
        sa.Column("size", RISING, autoincrement=False, nullable=False),
        *words("origin", "root", "note"),
        *instants("at"),
        sa.Column("stamp", sa.LargeBinary()),
        sa.PrimaryKeyConstraint("size", name="pk_checkpoints"),
    )


def people() -> None:
    """Keys and stations."""
    op.create_table(
        "api_keys",
        *words("id", "tenant", "role", "name", "secret_sha256"),
        *words("station", null=True),
        *instants("created_at"),
        *instants("expires_at", "revoked_at", null=True),
        sa.PrimaryKeyConstraint("id", name="pk_api_keys"),
    )
    index("api_keys", "tenant", "id")
    op.create_table(
        "stations",
        *words("id", "tenant", "name"),
        *instants("created_at"),
        *instants("retired_at", null=True),
        sa.PrimaryKeyConstraint("tenant", "id", name="pk_stations"),
    )


def answering() -> None:
    """Events for watchers, answers for repeated requests."""
    op.create_table(
        "events",
        sa.Column("id", RISING, autoincrement=True, nullable=False),
        *words("tenant", "case_id", "kind"),
        *instants("at"),
        sa.Column("body", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_events"),
        of("events", case_id="cases.id"),
        sqlite_autoincrement=True,
    )
    index("events", "tenant", "case_id", "id")
    op.create_table(
        "answers",
        *words("tenant", "key", "request_sha256"),
        sa.Column("status", sa.SmallInteger()),
        sa.Column("headers", sa.Text()),
        sa.Column("body", sa.LargeBinary()),
        *instants("expires_at"),
        sa.PrimaryKeyConstraint("tenant", "key", name="pk_answers"),
    )
    index("answers", "expires_at")


def guard_tenants() -> None:
    """The second wall: a transaction sees rows of the tenant that it named, whatever its statements ask for. FORCE
    holds the tables' owner to it as well; no wall holds a superuser."""
    told = "current_setting('sixfaces.tenant', true)"
    for table in TENANTS:
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
        op.execute(f"CREATE POLICY of_tenant ON {table} USING ({told} = '*' OR tenant = {told})")


def guard_log() -> None:
    """What was entered is not changed and not removed."""
    if op.get_bind().dialect.name == "sqlite":
        for table in APPENDED:
            for act in ("UPDATE", "DELETE"):
                refusal = f"SELECT RAISE(ABORT, '{table} is append-only');"
                op.execute(f"CREATE TRIGGER {table}_{act.lower()} BEFORE {act} ON {table} BEGIN {refusal} END")
        return
    op.execute(
        "CREATE FUNCTION sixfaces_refuse() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME; END $$"
    )
    for table in APPENDED:
        op.execute(
            f"CREATE TRIGGER {table}_refuse BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION sixfaces_refuse()"
        )


def words(*names: str, null: bool = False) -> list[sa.Column[str]]:
    """Columns of text, ordered by bytes."""
    return [sa.Column(name, WORDS, nullable=null) for name in names]


def wholes(*names: str, null: bool = False) -> list[sa.Column[int]]:
    """Columns of whole numbers."""
    return [sa.Column(name, sa.BigInteger(), nullable=null) for name in names]


def instants(*names: str, null: bool = False) -> list[sa.Column[object]]:
    """Columns of instants."""
    return [sa.Column(name, INSTANT, nullable=null) for name in names]


def of(table: str, **to: str) -> sa.ForeignKeyConstraint:
    """A row of the same tenant that this one hangs on."""
    ((column, target),) = to.items()
    theirs = [f"{target.partition('.')[0]}.tenant", target]
    return sa.ForeignKeyConstraint(["tenant", column], theirs, name=f"fk_{table}_tenant_{column}")


def index(table: str, *columns: str) -> None:
    """An index named after its columns."""
    op.create_index(f"ix_{table}_{'_'.join(columns)}", table, list(columns))
