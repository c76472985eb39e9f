"""Checking the machine by samples (ISO 2859-1), and known cases that are slipped in among them."""

from enum import StrEnum

from pydantic import AwareDatetime, Field, model_validator

from sixfaces.domain.answer import Verdict
from sixfaces.domain.model import Model, Sha256, Text
from sixfaces.domain.people import Id, TenantId
from sixfaces.domain.sop import Code, QcOutcome
from sixfaces.domain.watching import Share


class Strictness(StrEnum):
    """How strictly lots of a stream are inspected at present."""

    NORMAL = "normal"
    TIGHTENED = "tightened"
    REDUCED = "reduced"
    STOPPED = "stopped"
    """Too many lots failed under tightened inspection: nothing may be accepted until somebody has mended the cause."""


class Level(StrEnum):
    """Inspection levels: general I to III, special S-1 to S-4."""

    I = "I"  # noqa: E741 the standard's own name
    II = "II"
    III = "III"
    S1 = "S-1"
    S2 = "S-2"
    S3 = "S-3"
    S4 = "S-4"


class Plan(Model):
    """A single sampling plan: of a lot, `size` are looked at; up to `accept` wrong ones it is accepted."""

    strictness: Strictness
    letter: str
    size: int
    accept: int
    reject: int
    whole: bool = False
    """The sample is the whole lot."""


class LotOf(StrEnum):
    """What a lot is made of."""

    ACCEPTED = "accepted"
    """Verdicts of the machine that accept the seller's evidence."""
    CLOSED = "closed"
    """Decisions that a policy signed by itself."""


class LotOutcome(StrEnum):
    """What the sample says of a lot."""

    ACCEPTED = "accepted"
    REJECTED = "rejected"
    VOID = "void"
    """Nothing: somebody ended it before all of its sample was looked at."""


class Stream(Model):
    """Lots of one kind by one edition of a policy follow each other here; what came of them says how strict the next
    one is (ISO 2859-1, 9.3)."""

    of: LotOf
    policy: Text
    strictness: Strictness = Strictness.NORMAL
    recent: tuple[LotOutcome, ...] = ()
    """Outcomes since the strictness last changed, the last five."""
    score: int = 0
    """The switching score: from 30 on, inspection may be reduced."""
    failed_tightened: int = 0
    open_lot: Id | None = None
    """The lot that is being looked at: the next one waits for what comes of it."""
    level: Level | None = None
    aql: Text | None = None
    """Those of its first lot are those of all: how strict the next one is would mean nothing otherwise."""
    until: AwareDatetime | None = None
    """Where the last lot ends and the next one begins."""


class Lot(Model):
    """What was drawn from, how, and what came of it. `seed` is the root of the custody log at `log_size`, just behind
    the order with a number that the server drew, so that nobody chose it; the sample is the `plan.size` subjects of
    smallest SHA-256 of seed and id. `population_sha256` is over the ids of all in order, a line each."""

    id: Id
    tenant: TenantId
    of: LotOf
    policy: Text
    from_: AwareDatetime = Field(alias="from")
    until: AwareDatetime
    level: Level
    aql: Text
    size: int
    population_sha256: Sha256
    seed: Sha256
    log_size: int
    plan: Plan
    wrong: int = 0
    outcome: LotOutcome | None = None
    drawn_at: AwareDatetime
    ended_at: AwareDatetime | None = None


class Truth(Model):
    """What is known of a planted case: what the evidence amounts to, or what the goods are."""

    verdict: Verdict | None = None
    outcome: QcOutcome | None = None
    defects: tuple[Code, ...] = ()

    @model_validator(mode="after")
    def _says_something(self) -> "Truth":
        if self.verdict is None and self.outcome is None:
            raise ValueError("a known case needs its verdict or its outcome")
        return self


class PlantedFor(StrEnum):
    """Whose work a known case is to try."""

    REVIEWERS = "reviewers"
    """It comes among the samples."""
    STATIONS = "stations"
    """It comes as a parcel, which a station films and inspects."""


class PlantedCase(Model):
    """A case whose truth is known. It counts in no statistics, and no policy closes it by itself."""

    id: Id
    tenant: TenantId
    case_id: Id
    for_: PlantedFor = Field(alias="for")
    truth: Truth
    note: Text | None = None
    by: Text
    planted_at: AwareDatetime
    retired_at: AwareDatetime | None = None


class SampleItem(Model):
    """One thing to look at again: of a lot, or planted. `said` is what the machine said, or what is true; whoever
    answers is not told before they have."""

    id: Id
    tenant: TenantId
    lot: Id | None
    planted: Id | None = None
    case_id: Id
    of: LotOf
    subject: Id
    said: Text
    order: Sha256
    """Items are given out in this order, which says nothing of where they come from."""
    holder: Text | None = None
    taken_at: AwareDatetime | None = None
    answer: Text | None = None
    note: Text | None = None
    answered_at: AwareDatetime | None = None


class Asks(StrEnum):
    """What is asked of a case, without a word of what was said of it."""

    EVIDENCE = "evidence"
    """What the seller's evidence amounts to."""
    REMEDY = "remedy"
    """What the buyer gets."""


class SampleTask(Model):
    """An item as its reviewer sees it before they have answered. `answers`: what they may say."""

    id: Id
    case_id: Id
    asks: Asks
    answers: tuple[Text, ...]
    taken_at: AwareDatetime


class SampleAnswered(Model):
    """The same after the answer, with what had been said before."""

    id: Id
    case_id: Id
    of: LotOf
    answer: Text
    said: Text
    agrees: bool
    was_planted: bool
    answered_at: AwareDatetime


class Score(Model):
    """How often somebody was right about known cases."""

    who: Text
    for_: PlantedFor = Field(alias="for")
    right: Share
    missed: int
    """Something wrong was let pass: the graver mistake."""
