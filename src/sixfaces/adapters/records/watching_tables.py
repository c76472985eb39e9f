"""Tables of watching: what was counted on each day, alarms, lots and samples, known cases."""

from sqlalchemy import Column, ForeignKeyConstraint, Index, PrimaryKeyConstraint, Table, UniqueConstraint, text

from sixfaces.adapters.records.columns import Kept
from sixfaces.adapters.records.parts import instant, metadata, of_case, whole, words
from sixfaces.domain.sampling import Lot, Stream, Truth
from sixfaces.domain.watching import Alarm

_GROUP = ("tenant", "measure", "dimension", "of", "name")

day_counts = Table(
    "day_counts",
    metadata,
    words("tenant"),
    words("day"),
    words("dimension"),
    words("of"),
    words("name"),
    words("what"),
    whole("n"),
    PrimaryKeyConstraint("tenant", "day", "dimension", "of", "name", "what"),
)
"""`day` as ISO 8601 writes it."""

shipped_units = Table(
    "shipped_units",
    metadata,
    words("tenant"),
    words("day"),
    words("category"),
    words("supplier"),
    words("batch"),
    words("sku"),
    whole("units"),
    PrimaryKeyConstraint("tenant", "day", "category", "supplier", "batch", "sku"),
)
"""What was not told of goods is nothing in words."""

OPEN = text("acknowledged_at IS NULL")

alarms = Table(
    "alarms",
    metadata,
    words("id", key=True),
    words("tenant"),
    words("measure"),
    words("dimension"),
    words("of"),
    words("name"),
    instant("raised_at"),
    instant("acknowledged_at", null=True),
    Column("alarm", Kept(Alarm), nullable=False),
    Index("uq_alarms_open", *_GROUP, unique=True, sqlite_where=OPEN, postgresql_where=OPEN),
    Index(None, "tenant", "id"),
)

sampling_streams = Table(
    "sampling_streams",
    metadata,
    words("tenant"),
    words("of"),
    words("policy"),
    Column("stream", Kept(Stream), nullable=False),
    PrimaryKeyConstraint("tenant", "of", "policy"),
)

lots = Table(
    "lots",
    metadata,
    words("id", key=True),
    words("tenant"),
    words("of"),
    words("policy"),
    instant("from_"),
    instant("until"),
    words("outcome", null=True),
    Column("lot", Kept(Lot), nullable=False),
    UniqueConstraint("tenant", "id"),
    UniqueConstraint("tenant", "of", "policy", "from_", name="uq_lots_once"),
)

WAITING = text("holder IS NULL")
HELD = text("answered_at IS NULL AND holder IS NOT NULL")
ANSWERED = text("answered_at IS NOT NULL")

planted_cases = Table(
    "planted_cases",
    metadata,
    words("id", key=True),
    words("tenant"),
    words("case_id"),
    words("for_"),
    Column("truth", Kept(Truth), nullable=False),
    words("note", null=True),
    words("by"),
    instant("planted_at"),
    instant("retired_at", null=True),
    UniqueConstraint("tenant", "id"),
    UniqueConstraint("tenant", "case_id"),
    of_case(),
)

sample_items = Table(
    "sample_items",
    metadata,
    words("id", key=True),
    words("tenant"),
    words("lot", null=True),
    words("planted", null=True),
    words("case_id"),
    words("of"),
    words("subject"),
    words("said"),
    words("order"),
    words("holder", null=True),
    instant("taken_at", null=True),
    words("answer", null=True),
    words("note", null=True),
    instant("answered_at", null=True),
    of_case(),
    ForeignKeyConstraint(["tenant", "lot"], ["lots.tenant", "lots.id"]),
    ForeignKeyConstraint(["tenant", "planted"], ["planted_cases.tenant", "planted_cases.id"]),
    Index(None, "tenant", "lot"),
    Index(None, "tenant", "planted"),
    Index("ix_sample_items_waiting", "tenant", "order", sqlite_where=WAITING, postgresql_where=WAITING),
    Index("uq_sample_items_held", "tenant", "holder", unique=True, sqlite_where=HELD, postgresql_where=HELD),
    Index("ix_sample_items_answered", "tenant", "id", sqlite_where=ANSWERED, postgresql_where=ANSWERED),
)
"""Nobody holds more than one item that they have not answered."""
