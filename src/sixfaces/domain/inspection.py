"""Inspections: what a person found by the SOP, step by step, and what they concluded. The machine only shows what it
saw; nothing here is ever changed, only added."""

from enum import StrEnum
from typing import Annotated

from pydantic import AwareDatetime, Field, model_validator

from sixfaces.domain.model import Model, Say, Sha256, Text
from sixfaces.domain.people import Id, StationId, TenantId
from sixfaces.domain.sop import Code, Disposition, Inspector, QcOutcome


class InspectionState(StrEnum):
    """How far an inspection has come."""

    OPEN = "open"
    SUSPENDED = "suspended"
    """Put aside; it goes on where it was, with whoever takes it up."""
    CONCLUDED = "concluded"
    ABANDONED = "abandoned"


class Witness(Model):
    """What an answer is shown by: a moment of sealed footage (seconds of media time), or a sealed photo."""

    exhibit: Sha256
    at_s: Annotated[float, Field(ge=0)] | None = None
    note: Text | None = None


class FoundDefect(Model):
    """A defect as a person found it."""

    code: Code
    place: Code | None = None
    size: Code | None = None
    note: Text | None = None


class StepAnswer(Model):
    """One answer. A later one to the same step counts instead of it; both stay."""

    step: Code
    values: tuple[Text, ...] = ()
    number: float | None = None
    text: Text | None = None
    defects: tuple[FoundDefect, ...] = ()
    witnesses: tuple[Witness, ...] = ()
    by: Text
    as_: Inspector = Inspector.OPERATOR
    at: AwareDatetime


class Seen(Model):
    """What the machine saw that belongs to a step: shown beside it, never its answer."""

    step: Code
    rule: Text
    answer: Text
    text: Say
    exhibit: Sha256 | None = None
    at_s: float | None = None


class Inspection(Model):
    """One inspection of one line of the order by one SOP. `second_of` is the inspection of which this is the blind
    second look (D14). `line` counts the order's items from 0."""

    id: Id
    tenant: TenantId
    case_id: Id
    line: Annotated[int, Field(ge=0)] = 0
    sop: Text
    sop_version: Text
    sop_digest: Sha256
    state: InspectionState
    holder: Text | None
    """Who is at it."""
    station: StationId | None = None
    second_of: Id | None = None
    revision: Annotated[int, Field(ge=1)] = 1
    started_at: AwareDatetime
    updated_at: AwareDatetime


class QcVerdict(Model):
    """What an inspection concluded, by a person. `suggested` is what the SOP's rules made of the answers; another
    outcome needs a `reason`. `fit`: the goods may be taken back and sold. Of goods that were referred nobody can say
    that yet, nor their grade: both are None."""

    id: Id
    tenant: TenantId
    case_id: Id
    inspection: Id
    line: int = 0
    outcome: QcOutcome
    suggested: QcOutcome
    reason: Text | None = None
    fit: bool | None
    defects: tuple[FoundDefect, ...] = ()
    scheme: Text
    """The grades' edition, such as `abcd@2026.1`; custody has its digest."""
    grade: Text | None
    disposition: Disposition
    shown: bool = False
    """Every defect that was found is shown by a moment or a photo."""
    second_of: Id | None = None
    by: Text
    at: AwareDatetime
    entry: int
    """Its number in the custody log."""

    @model_validator(mode="after")
    def _said_why(self) -> "QcVerdict":
        if self.outcome is not self.suggested and not self.reason:
            raise ValueError("an outcome other than the suggested one needs its reason")
        if self.outcome is not QcOutcome.REFERRED and (self.fit is None or self.grade is None):
            raise ValueError("only of goods that were referred it is not known whether they are fit, and their grade")
        return self
