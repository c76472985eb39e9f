"""Tables of the course of claims. Rows are added and never changed, but for an inspection's state, the instant of a
case's next turn, and payments of a decision that was superseded, which go. `erased_at`: since when nothing stands there
any more that somebody wrote; what custody has the digest of is no longer what the row holds."""

from sqlalchemy import Column, ForeignKeyConstraint, Index, PrimaryKeyConstraint, Table, UniqueConstraint

from sixfaces.adapters.records.columns import Kept, Place, Tree
from sixfaces.adapters.records.parts import instant, metadata, of_case, whole, words
from sixfaces.domain.claim_records import Payment
from sixfaces.domain.decision import Decision
from sixfaces.domain.inspection import QcVerdict, StepAnswer

chronicle = Table(
    "chronicle",
    metadata,
    words("id", key=True),
    words("tenant"),
    words("case_id"),
    instant("at"),
    instant("recorded_at"),
    words("source"),
    words("actor"),
    words("kind"),
    Column("what", Tree(), nullable=False),
    words("reference", null=True),
    instant("erased_at", null=True),
    UniqueConstraint("tenant", "case_id", "source", "reference", name="uq_chronicle_once"),
    of_case(),
    Index(None, "tenant", "case_id", "at", "id"),
    Index(None, "tenant", "kind", "at"),
)

inspections = Table(
    "inspections",
    metadata,
    words("id", key=True),
    words("tenant"),
    words("case_id"),
    whole("line"),
    words("sop"),
    words("sop_version"),
    words("sop_digest"),
    words("state"),
    words("holder", null=True),
    words("station", null=True),
    words("second_of", null=True),
    whole("revision"),
    instant("started_at"),
    instant("updated_at"),
    UniqueConstraint("tenant", "id"),
    of_case(),
    ForeignKeyConstraint(["tenant", "second_of"], ["inspections.tenant", "inspections.id"]),
    Index(None, "tenant", "case_id", "id"),
    Index(None, "tenant", "state", "id"),
)

inspection_answers = Table(
    "inspection_answers",
    metadata,
    Column("id", Place, primary_key=True, autoincrement=True),
    words("tenant"),
    words("inspection"),
    Column("answer", Kept(StepAnswer), nullable=False),
    instant("erased_at", null=True),
    ForeignKeyConstraint(["tenant", "inspection"], ["inspections.tenant", "inspections.id"]),
    Index(None, "tenant", "inspection", "id"),
    sqlite_autoincrement=True,
)

qc_verdicts = Table(
    "qc_verdicts",
    metadata,
    words("id", key=True),
    words("tenant"),
    words("case_id"),
    words("inspection"),
    words("outcome"),
    instant("at"),
    Column("verdict", Kept(QcVerdict), nullable=False),
    instant("erased_at", null=True),
    UniqueConstraint("tenant", "inspection"),
    of_case(),
    ForeignKeyConstraint(["tenant", "inspection"], ["inspections.tenant", "inspections.id"]),
    Index(None, "tenant", "case_id", "id"),
    Index(None, "tenant", "at"),
)

decisions = Table(
    "decisions",
    metadata,
    words("id", key=True),
    words("tenant"),
    words("case_id"),
    words("follows"),
    words("remedy"),
    instant("at"),
    Column("decision", Kept(Decision), nullable=False),
    instant("erased_at", null=True),
    UniqueConstraint("tenant", "case_id", "follows", name="uq_decisions_one_follows"),
    of_case(),
    Index(None, "tenant", "at"),
)
"""`follows` is the decision that this one supersedes, or nothing in words: of each there is one successor."""

payments = Table(
    "payments",
    metadata,
    words("tenant"),
    words("platform"),
    words("order_id"),
    whole("line"),
    whole("piece"),
    words("share"),
    words("case_id"),
    words("decision"),
    Column("payment", Kept(Payment), nullable=False),
    instant("erased_at", null=True),
    PrimaryKeyConstraint("tenant", "order_id", "line", "piece", "platform", "share"),
    of_case(),
    Index(None, "tenant", "decision"),
)
"""`platform` is nothing in words where none is named. `share` is nothing in words for what takes a piece as a whole, of
which there is one, and the decision for what takes a part of it."""

clock_turns = Table(
    "clock_turns",
    metadata,
    words("tenant"),
    words("case_id"),
    instant("at"),
    PrimaryKeyConstraint("tenant", "case_id"),
    of_case(),
    Index(None, "at"),
)
