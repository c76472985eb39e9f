"""The stable codes of the rules (DESIGN §5), and the findings they end in."""

from enum import StrEnum
from typing import Annotated

from pydantic import Field

from sixfaces.domain.answer import Answer
from sixfaces.domain.model import Model, Say, Sha256, Text


class Criterion(StrEnum):
    """The four elements of D9."""

    CONSISTENCY = "consistency"
    COMPLETENESS = "completeness"
    VALIDITY = "validity"
    TIMELINESS = "timeliness"


class RuleCode(StrEnum):
    """Every rule, by the code that reports, policies and programs use."""

    WAYBILL = "consistency.waybill"
    ORDER_REFERENCE = "consistency.order_reference"
    SAME_PARCEL = "consistency.same_parcel"
    ITEM = "consistency.item"
    QUANTITY = "consistency.quantity"
    WEIGHT = "consistency.weight"
    CLAIMED_DEFECT = "consistency.claimed_defect"
    BATCH = "consistency.batch"
    SAME_BOX_AS_PACKED = "consistency.same_box_as_packed"
    SAME_ITEM_AS_PACKED = "consistency.same_item_as_packed"
    SIX_FACES = "completeness.six_faces"
    SEALED_AT_START = "completeness.sealed_at_start"
    WAYBILL_SHOWN = "completeness.waybill_shown"
    OPENING_SHOWN = "completeness.opening_shown"
    ITEM_SHOWN = "completeness.item_shown"
    INSPECTION_SHOWN = "completeness.inspection_shown"
    ONE_TAKE = "completeness.one_take"
    ALWAYS_IN_VIEW = "completeness.always_in_view"
    DECODES = "validity.decodes"
    RESOLUTION = "validity.resolution"
    SHARPNESS = "validity.sharpness"
    EXPOSURE = "validity.exposure"
    ORIGINAL = "validity.original"
    NOT_REUSED = "validity.not_reused"
    NOT_RECAPTURED = "validity.not_recaptured"
    PROVENANCE = "validity.provenance"
    INTEGRITY = "validity.integrity"
    FIRST_OPENING = "timeliness.first_opening"
    RECORDED_AFTER_SIGNING = "timeliness.recorded_after_signing"
    OPENED_PROMPTLY = "timeliness.opened_promptly"
    SUBMITTED_IN_WINDOW = "timeliness.submitted_in_window"
    CLOCK = "timeliness.clock"
    CHALLENGE = "timeliness.challenge"

    @property
    def criterion(self) -> Criterion:
        """The criterion the rule belongs to."""
        return Criterion(self.value.partition(".")[0])


SpanSeconds = tuple[float, float]
"""Start and end of a stretch of footage in seconds of media time, for people."""


class Finding(Model):
    """One rule's answer about one exhibit, with its witness: the moment, the number, the threshold.

    `margin` is how far `value` lies on the good side of `threshold`, in the value's unit (negative: bad side).
    `missing` names the fact that was absent, as a path such as `return_parcel.waybill` or `observation.face`:
    it is what tells `required_if_known` rules apart from known but doubtful ones.
    """

    code: RuleCode
    answer: Answer
    text: Say
    exhibit: Sha256 | None = None
    spans: tuple[SpanSeconds, ...] = ()
    cites: tuple[Text, ...] = ()
    value: Text | float | int | bool | None = None
    threshold: Text | float | int | None = None
    margin: float | None = None
    unit: Text | None = None
    missing: Text | None = None
    fix: Say | None = None


class Requirement(StrEnum):
    """How a policy uses a rule. `required_if_known` counts only when the case supplies the rule's fact."""

    REQUIRED = "required"
    REQUIRED_IF_KNOWN = "required_if_known"
    ADVISORY = "advisory"


class CriterionJudgement(Model):
    """One criterion: the combined answer of the rules that count, and every finding."""

    answer: Answer
    findings: Annotated[tuple[Finding, ...], Field()] = ()
