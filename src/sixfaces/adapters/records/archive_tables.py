"""Tables of the archive of observations: its parts, and runs that judge it again."""

from sqlalchemy import Boolean, Column, ForeignKeyConstraint, Index, PrimaryKeyConstraint, Table, UniqueConstraint

from sixfaces.adapters.records.columns import Kept
from sixfaces.adapters.records.parts import instant, metadata, of_case, whole, words
from sixfaces.domain.policy import Policy
from sixfaces.domain.reverifying import Reverification, Tally
from sixfaces.domain.schedule import Schedule

archive_parts = Table(
    "archive_parts",
    metadata,
    words("id", key=True),
    words("tenant"),
    words("day"),
    words("observers"),
    words("place"),
    words("state"),
    words("sha256", null=True),
    whole("bytes"),
    whole("cases"),
    whole("exhibits"),
    words("first", null=True),
    words("last", null=True),
    instant("made_at"),
    UniqueConstraint("tenant", "id"),
    Index(None, "tenant", "state", "day"),
)
"""Which verdicts a part holds is told by `verdicts.part`."""

reverifications = Table(
    "reverifications",
    metadata,
    words("id", key=True),
    words("tenant"),
    words("state"),
    Column("run", Kept(Reverification, bulky=True), nullable=False),
    words("schedule", null=True),
    UniqueConstraint("tenant", "id"),
    Index(None, "schedule"),
)

reverification_spans = Table(
    "reverification_spans",
    metadata,
    words("id", key=True),
    words("tenant"),
    words("run"),
    whole("number"),
    words("after"),
    words("until"),
    whole("verdicts"),
    Column("tally", Kept(Tally, bulky=True)),
    words("place", null=True),
    Column("applied", Boolean, nullable=False),
    ForeignKeyConstraint(["tenant", "run"], ["reverifications.tenant", "reverifications.id"]),
    UniqueConstraint("tenant", "run", "number", name="uq_reverification_spans_once"),
)

judged_under = Table(
    "judged_under",
    metadata,
    words("tenant"),
    words("case_id"),
    whole("revision"),
    words("run"),
    Column("policy", Kept(Policy, bulky=True), nullable=False),
    PrimaryKeyConstraint("tenant", "case_id", "revision"),
    of_case(),
)
"""Revisions that a run has judged by another policy than they would be."""

schedules = Table(
    "reverification_schedules",
    metadata,
    words("id", key=True),
    words("tenant"),
    instant("next_at", null=True),
    instant("looked_at"),
    Column("schedule", Kept(Schedule, bulky=True), nullable=False),
    UniqueConstraint("tenant", "id"),
    Index(None, "next_at"),
)
"""Standing orders for runs."""
