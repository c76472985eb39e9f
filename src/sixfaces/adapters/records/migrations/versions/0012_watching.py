"""Watching: what is counted on each day, what was shipped, alarms, lots and their samples, known cases."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0012"
down_revision = "0011"

WORDS = sa.Text().with_variant(postgresql.TEXT(collation="C"), "postgresql")
JSON = sa.Text().with_variant(postgresql.JSONB(), "postgresql")
INSTANT = sa.DateTime(timezone=True)

TABLES = ("sample_items", "planted_cases", "lots", "sampling_streams", "alarms", "shipped_units", "day_counts")
"""Children first."""


def upgrade() -> None:
    """Empty tables, walled like all others."""
    counting()
    alarming()
    sampling()
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


def counting() -> None:
    """Counts of each day, and pieces shipped."""
    of_day = ("tenant", "day", "dimension", "of", "name", "what")
    op.create_table(
        "day_counts",
        *words(*of_day),
        sa.Column("n", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint(*of_day, name="pk_day_counts"),
    )
    goods = ("tenant", "day", "category", "supplier", "batch", "sku")
    op.create_table(
        "shipped_units",
        *words(*goods),
        sa.Column("units", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint(*goods, name="pk_shipped_units"),
    )


def alarming() -> None:
    """Alarms, of which one at most is open of each measure and group."""
    group = ("tenant", "measure", "dimension", "of", "name")
    op.create_table(
        "alarms",
        *words("id", *group),
        instant("raised_at"),
        instant("acknowledged_at", null=True),
        sa.Column("alarm", JSON, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_alarms"),
    )
    is_open = sa.text("acknowledged_at IS NULL")
    op.create_index(
        "uq_alarms_open", "alarms", list(group), unique=True, sqlite_where=is_open, postgresql_where=is_open
    )
    op.create_index("ix_alarms_tenant_id", "alarms", ["tenant", "id"])


def sampling() -> None:
    """Streams, lots, known cases, items."""
    op.create_table(
        "sampling_streams",
        *words("tenant", "of", "policy"),
        sa.Column("stream", JSON, nullable=False),
        sa.PrimaryKeyConstraint("tenant", "of", "policy", name="pk_sampling_streams"),
    )
    op.create_table(
        "lots",
        *words("id", "tenant", "of", "policy"),
        instant("from_"),
        instant("until"),
        *words("outcome", null=True),
        sa.Column("lot", JSON, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_lots"),
        sa.UniqueConstraint("tenant", "id", name="uq_lots_tenant_id"),
        sa.UniqueConstraint("tenant", "of", "policy", "from_", name="uq_lots_once"),
    )
    op.create_table(
        "planted_cases",
        *words("id", "tenant", "case_id", "for_"),
        sa.Column("truth", JSON, nullable=False),
        *words("note", null=True),
        *words("by"),
        instant("planted_at"),
        instant("retired_at", null=True),
        sa.PrimaryKeyConstraint("id", name="pk_planted_cases"),
        sa.UniqueConstraint("tenant", "id", name="uq_planted_cases_tenant_id"),
        sa.UniqueConstraint("tenant", "case_id", name="uq_planted_cases_tenant_case_id"),
        pointing("planted_cases", "case_id", "cases"),
    )
    items()


def items() -> None:
    """What is drawn, or slipped in."""
    op.create_table(
        "sample_items",
        *words("id", "tenant"),
        *words("lot", "planted", null=True),
        *words("case_id", "of", "subject", "said", "order"),
        *words("holder", null=True),
        instant("taken_at", null=True),
        *words("answer", "note", null=True),
        instant("answered_at", null=True),
        sa.PrimaryKeyConstraint("id", name="pk_sample_items"),
        pointing("sample_items", "case_id", "cases"),
        pointing("sample_items", "lot", "lots"),
        pointing("sample_items", "planted", "planted_cases"),
    )
    op.create_index("ix_sample_items_tenant_lot", "sample_items", ["tenant", "lot"])
    op.create_index("ix_sample_items_tenant_planted", "sample_items", ["tenant", "planted"])
    partial("ix_sample_items_waiting", "order", "holder IS NULL")
    partial("uq_sample_items_held", "holder", "answered_at IS NULL AND holder IS NOT NULL", unique=True)
    partial("ix_sample_items_answered", "id", "answered_at IS NOT NULL")


def partial(name: str, column: str, where: str, *, unique: bool = False) -> None:
    """An index over some of the items of a tenant."""
    some = sa.text(where)
    columns = ["tenant", column]
    op.create_index(name, "sample_items", columns, unique=unique, sqlite_where=some, postgresql_where=some)


def words(*names: str, null: bool = False) -> list[sa.Column[str]]:
    """Columns of text, ordered by bytes."""
    return [sa.Column(name, WORDS, nullable=null) for name in names]


def instant(name: str, *, null: bool = False) -> sa.Column[object]:
    """A column of instants."""
    return sa.Column(name, INSTANT, nullable=null)


def pointing(table: str, column: str, parents: str) -> sa.ForeignKeyConstraint:
    """At a row of the same tenant."""
    return sa.ForeignKeyConstraint(
        ["tenant", column], [f"{parents}.tenant", f"{parents}.id"], name=f"fk_{table}_tenant_{column}"
    )
