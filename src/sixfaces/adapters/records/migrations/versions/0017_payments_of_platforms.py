"""What is paid for a piece says of which platform the order is, and whether it takes the piece as a whole."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0017"
down_revision = "0016"

WORDS = sa.Text().with_variant(postgresql.TEXT(collation="C"), "postgresql")
JSON = sa.Text().with_variant(postgresql.JSONB(), "postgresql")
INSTANT = sa.DateTime(timezone=True)

KEY = ("tenant", "order_id", "line", "piece")
KEPT = f"{', '.join(KEY)}, case_id, decision, payment, erased_at"


def upgrade() -> None:
    """All that was paid until now takes its piece as a whole, on the platform that its case names."""
    is_postgres = op.get_bind().dialect.name == "postgresql"
    told = "file ->> 'platform'" if is_postgres else "json_extract(file, '$.platform')"
    platform = f"(SELECT coalesce({told}, '') FROM cases WHERE cases.id = payments.case_id)"
    if not is_postgres:
        _made_anew((*KEY, "platform", "share"), f"{KEPT}, {platform}, ''", into=f"{KEPT}, platform, share")
        return
    for name in ("platform", "share"):
        op.add_column("payments", sa.Column(name, WORDS, nullable=False, server_default=""))
    op.execute(f"UPDATE payments SET platform = {platform}")
    for name in ("platform", "share"):
        op.alter_column("payments", name, server_default=None)
    op.drop_constraint("pk_payments", "payments")
    op.create_primary_key("pk_payments", "payments", [*KEY, "platform", "share"])


def downgrade() -> None:
    """Parts go, and of what was paid for one piece of two platforms' orders of one number one is left."""
    op.execute("DELETE FROM payments WHERE share <> ''")
    others = " AND ".join(f"other.{name} = payments.{name}" for name in KEY)
    op.execute(
        f"DELETE FROM payments WHERE EXISTS (SELECT 1 FROM payments AS other WHERE {others}"
        " AND other.platform < payments.platform)"
    )
    if op.get_bind().dialect.name != "postgresql":
        _made_anew(KEY, KEPT, into=KEPT)
        return
    op.drop_constraint("pk_payments", "payments")
    op.create_primary_key("pk_payments", "payments", list(KEY))
    for name in ("platform", "share"):
        op.drop_column("payments", name)


def _made_anew(key: tuple[str, ...], columns: str, *, into: str) -> None:
    """SQLite changes no primary key: the rows go into a new table."""
    op.drop_index("ix_payments_tenant_decision", "payments")
    op.create_table(
        "payments_new",
        *(sa.Column(name, WORDS, nullable=False) for name in ("tenant", "order_id", "case_id", "decision")),
        *(sa.Column(name, WORDS, nullable=False) for name in key if name in ("platform", "share")),
        *(sa.Column(name, sa.BigInteger(), nullable=False) for name in ("line", "piece")),
        sa.Column("payment", JSON, nullable=False),
        sa.Column("erased_at", INSTANT, nullable=True),
        sa.PrimaryKeyConstraint(*key, name="pk_payments"),
        sa.ForeignKeyConstraint(["tenant", "case_id"], ["cases.tenant", "cases.id"], name="fk_payments_tenant_case_id"),
    )
    op.execute(f"INSERT INTO payments_new ({into}) SELECT {columns} FROM payments")
    op.drop_table("payments")
    op.rename_table("payments_new", "payments")
    op.create_index("ix_payments_tenant_decision", "payments", ["tenant", "decision"])
