"""A salt for each case: digests of what people stated, without it, are found by trying."""

import secrets

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"

_CASES = sa.table("cases", sa.column("id"), sa.column("salt", sa.LargeBinary()), sa.column("erased_at"))


def upgrade() -> None:
    """Cases of before get one for what is entered from now on; their old entries stay as they are."""
    op.add_column("cases", sa.Column("salt", sa.LargeBinary(), nullable=True))
    connection = op.get_bind()
    kept = connection.execute(sa.select(_CASES.c.id).where(_CASES.c.erased_at.is_(None))).scalars().all()
    new = sa.update(_CASES).where(_CASES.c.id == sa.bindparam("case")).values(salt=sa.bindparam("new"))
    if kept:
        connection.execute(new, [{"case": id, "new": secrets.token_bytes(32)} for id in kept])


def downgrade() -> None:
    """What was entered with a salt can then be held against nothing."""
    op.drop_column("cases", "salt")
