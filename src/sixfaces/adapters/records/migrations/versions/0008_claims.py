"""The course of claims: what happened, inspections, decisions, what was paid, when clocks turn; cases are found by the
parcel that went out as well."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0008"
down_revision = "0007"

WORDS = sa.Text().with_variant(postgresql.TEXT(collation="C"), "postgresql")
JSON = sa.Text().with_variant(postgresql.JSONB(), "postgresql")
INSTANT = sa.DateTime(timezone=True)
RISING = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

TABLES = ("inspection_answers", "qc_verdicts", "inspections", "chronicle", "decisions", "payments", "clock_turns")


def upgrade() -> None:
    """Empty tables, walled like all others, and a column that fills as cases are written."""
    op.add_column("cases", sa.Column("outbound", WORDS, nullable=True))
    index("cases", "tenant", "outbound", "id")
    happening()
    inspecting()
    deciding()
    if op.get_bind().dialect.name == "postgresql":
        told = "current_setting('sixfaces.tenant', true)"
        for table in TABLES:
            op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
            op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
            op.execute(f"CREATE POLICY of_tenant ON {table} USING ({told} = '*' OR tenant = {told})")


def downgrade() -> None:
    """All of it goes."""
    for table in TABLES:
        op.drop_table(table)
    op.drop_index("ix_cases_tenant_outbound_id", "cases")
    op.drop_column("cases", "outbound")


def happening() -> None:
    """The chronicle, and the next turn of each case's clocks."""
    op.create_table(
        "chronicle",
        *words("id", "tenant", "case_id"),
        *instants("at", "recorded_at"),
        *words("source", "actor", "kind"),
        sa.Column("what", sa.Text(), nullable=False),
        *words("reference", null=True),
        sa.PrimaryKeyConstraint("id", name="pk_chronicle"),
        sa.UniqueConstraint("tenant", "case_id", "source", "reference", name="uq_chronicle_once"),
        of_case("chronicle"),
    )
    index("chronicle", "tenant", "case_id", "at", "id")
    index("chronicle", "tenant", "kind", "at")
    op.create_table(
        "clock_turns",
        *words("tenant", "case_id"),
        *instants("at"),
        sa.PrimaryKeyConstraint("tenant", "case_id", name="pk_clock_turns"),
        of_case("clock_turns"),
    )
    index("clock_turns", "at")


def inspecting() -> None:
    """Inspections, their answers, what they concluded."""
    op.create_table(
        "inspections",
        *words("id", "tenant", "case_id"),
        *wholes("line"),
        *words("sop", "sop_version", "sop_digest", "state"),
        *words("holder", "station", "second_of", null=True),
        *wholes("revision"),
        *instants("started_at", "updated_at"),
        sa.PrimaryKeyConstraint("id", name="pk_inspections"),
        sa.UniqueConstraint("tenant", "id", name="uq_inspections_tenant_id"),
        of_case("inspections"),
        sa.ForeignKeyConstraint(
            ["tenant", "second_of"], ["inspections.tenant", "inspections.id"], name="fk_inspections_tenant_second_of"
        ),
    )
    index("inspections", "tenant", "case_id", "id")
    index("inspections", "tenant", "state", "id")
    op.create_table(
        "inspection_answers",
        sa.Column("id", RISING, nullable=False, autoincrement=True),
        *words("tenant", "inspection"),
        sa.Column("answer", JSON, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_inspection_answers"),
        of_inspection("inspection_answers"),
        sqlite_autoincrement=True,
    )
    index("inspection_answers", "tenant", "inspection", "id")
    op.create_table(
        "qc_verdicts",
        *words("id", "tenant", "case_id", "inspection", "outcome"),
        *instants("at"),
        sa.Column("verdict", JSON, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_qc_verdicts"),
        sa.UniqueConstraint("tenant", "inspection", name="uq_qc_verdicts_tenant_inspection"),
        of_case("qc_verdicts"),
        of_inspection("qc_verdicts"),
    )
    index("qc_verdicts", "tenant", "case_id", "id")
    index("qc_verdicts", "tenant", "at")


def deciding() -> None:
    """Decisions, and which pieces of which order they paid for."""
    op.create_table(
        "decisions",
        *words("id", "tenant", "case_id", "follows", "remedy"),
        *instants("at"),
        sa.Column("decision", JSON, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_decisions"),
        sa.UniqueConstraint("tenant", "case_id", "follows", name="uq_decisions_one_follows"),
        of_case("decisions"),
    )
    index("decisions", "tenant", "at")
    op.create_table(
        "payments",
        *words("tenant", "order_id"),
        *wholes("line", "piece"),
        *words("case_id", "decision"),
        sa.Column("payment", JSON, nullable=False),
        sa.PrimaryKeyConstraint("tenant", "order_id", "line", "piece", name="pk_payments"),
        of_case("payments"),
    )
    index("payments", "tenant", "decision")


def words(*names: str, null: bool = False) -> list[sa.Column[str]]:
    """Columns of text, ordered by bytes."""
    return [sa.Column(name, WORDS, nullable=null) for name in names]


def wholes(*names: str) -> list[sa.Column[int]]:
    """Columns of whole numbers."""
    return [sa.Column(name, sa.BigInteger(), nullable=False) for name in names]


def instants(*names: str) -> list[sa.Column[object]]:
    """Columns of instants."""
    return [sa.Column(name, INSTANT, nullable=False) for name in names]


def of_case(table: str) -> sa.ForeignKeyConstraint:
    """Its case, of the same tenant."""
    return sa.ForeignKeyConstraint(
        ["tenant", "case_id"], ["cases.tenant", "cases.id"], name=f"fk_{table}_tenant_case_id"
    )


def of_inspection(table: str) -> sa.ForeignKeyConstraint:
    """Its inspection, of the same tenant."""
    theirs = ["inspections.tenant", "inspections.id"]
    return sa.ForeignKeyConstraint(["tenant", "inspection"], theirs, name=f"fk_{table}_tenant_inspection")


def index(table: str, *columns: str) -> None:
    """An index named after its columns."""
    op.create_index(f"ix_{table}_{'_'.join(columns)}", table, list(columns))
