"""A policy: which rules count, and every threshold with its unit, bounds and reason.

The rulebook reads policies from data; criteria read them from here. A field's bounds are hard limits of sense:
a policy outside of them refuses to load.
"""

from datetime import date
from typing import Annotated, Any

from pydantic import Field, model_validator

from sixfaces.domain.model import Model, Say, Sha256, Text, Unit
from sixfaces.domain.rules import Requirement, RuleCode


def threshold(unit: str, low: float, high: float, *, title: str, description: str) -> Any:  # noqa: ANN401 pydantic's own
    """A threshold field: bounds are checked on load, unit and words go into the schema and the docs."""
    return Field(ge=low, le=high, title=title, description=description, json_schema_extra={"unit": unit})


class FaceThresholds(Model):
    """When a face counts as shown (D6)."""

    view_deg: float = threshold(
        "deg", 10, 80, title="Widest viewing angle", description="Angle between face normal and camera direction."
    )
    dwell_s: float = threshold("s", 0.05, 10, title="Shortest view", description="Time a face is shown well enough.")
    uncovered: float = threshold("1", 0.1, 1, title="Least uncovered share", description="Share not under hands.")
    in_frame: float = threshold("1", 0.1, 1, title="Least share in the picture", description="Share inside the frame.")
    edge_px: float = threshold("px", 8, 2000, title="Smallest edge", description="Shorter edge in the full frame.")
    sharpness: float = threshold("1", 0, 1, title="Least sharpness", description="Normalised sharpness of the crop.")


class PictureThresholds(Model):
    """When footage is usable."""

    short_side_px: int = threshold("px", 120, 4320, title="Least short side", description="Shorter side of a video.")
    long_side_px: int = threshold("px", 160, 7680, title="Least long side", description="Longer side of a video.")
    photo_short_side_px: int = threshold("px", 120, 8000, title="Least photo short side", description="For photos.")
    fps: float = threshold("1/s", 1, 240, title="Least frame rate", description="Mean of the frames really there.")
    sharpness: float = threshold("1", 0, 1, title="Least sharpness", description="A second below it is blurred.")
    sharp_share: float = threshold("1", 0, 1, title="Least sharp share", description="Share of judged seconds sharp.")
    luma_low: float = threshold("1", 0, 0.5, title="Darkest mean", description="Mean luma below it is too dark.")
    luma_high: float = threshold("1", 0.5, 1, title="Brightest mean", description="Mean luma above it is too bright.")
    clipped: float = threshold("1", 0.05, 1, title="Most clipped pixels", description="Share fully dark or bright.")
    exposed_share: float = threshold("1", 0, 1, title="Least well exposed share", description="Share of seconds.")
    decoded_share: float = threshold("1", 0.1, 1, title="Least decoded share", description="Covered over claimed time.")
    corrupt_share: float = threshold("1", 0, 1, title="Most damaged frames", description="Share of damaged frames.")


class ContinuityThresholds(Model):
    """What breaks a take or a watch (D5)."""

    shortest_take_s: float = threshold("s", 0, 600, title="Shortest take", description="A shorter video shows nothing.")
    absence_s: float = threshold("s", 0, 60, title="Longest absence", description="Parcel out of view at a stretch.")
    removal_s: float = threshold(
        "s", 0.05, 10, title="Removal that must be findable", description="If shorter ones could hide, cannot_tell."
    )


class ReadingThresholds(Model):
    """When print counts as read."""

    code_reads: int = threshold("1", 1, 100, title="Least reads", description="Frames that agree on a code's text.")
    rival_ratio: float = threshold("1", 1, 100, title="Vote lead", description="Votes of the winner over a rival's.")
    text_score: float = threshold("1", 0.3, 1, title="Least OCR score", description="Below it print is not believed.")
    masked_visible: int = threshold(
        "1", 4, 20, title="Visible characters", description="A masked number with fewer left identifies nothing."
    )


class EvidenceThresholds(Model):
    """When an observation is sure enough to decide; a less sure one leaves its rule at `cannot_tell`."""

    confidence: float = threshold("1", 0.5, 1, title="Least confidence", description="Below it a person looks.")


class GoodsThresholds(Model):
    """When item and parcel agree with the order."""

    weight_tolerance: float = threshold("1", 0, 1, title="Weight tolerance", description="Share of the expected.")
    weight_tolerance_g: float = threshold("g", 0, 10000, title="Weight tolerance", description="At least this much.")
    item_score: float = threshold("1", 0, 1, title="Least item match", description="Score of an appearance match.")
    item_embedding: float = threshold(
        "1", 0.5, 1, title="Least likeness by your model", description="Cosine similarity; at 1 the model only informs."
    )
    inspection_s: float = threshold("s", 0, 600, title="Shortest inspection", description="Item held to the camera.")


class TimeThresholds(Model):
    """When recording and submission count as in time (D8, D23)."""

    clock_slack_s: float = threshold("s", 0, 86400, title="Clock slack", description="Device clocks may be off.")
    open_within_s: float = threshold("s", 3600, 8640000, title="Open within", description="From sign-for to opening.")
    challenge_slot_s: float = threshold("s", 5, 3600, title="Challenge slot", description="Slot plus display delay.")
    receipt_within_s: float = threshold("s", 60, 8640000, title="Receipt", description="Capture to receipt at most.")


class OriginalThresholds(Model):
    """When traces of earlier processing or re-use are called out."""

    hint_strength: Unit = Field(title="Strength of a hint", description="Weaker re-encoding hints stay silent.")
    reuse_bits: int = threshold("bit", 0, 128, title="Reuse distance", description="Hamming distance of hashes.")
    recapture: float = threshold(
        "1", 0.5, 1, title="Recapture likelihood", description="Above it: filmed off a screen."
    )


class Thresholds(Model):
    """All thresholds of a policy, in groups."""

    face: FaceThresholds
    picture: PictureThresholds
    continuity: ContinuityThresholds
    reading: ReadingThresholds
    evidence: EvidenceThresholds
    goods: GoodsThresholds
    time: TimeThresholds
    original: OriginalThresholds


class RuleUse(Model):
    """How the policy uses one rule, and on what ground (domain rule numbers such as D6)."""

    use: Requirement
    cites: tuple[Annotated[str, Field(pattern=r"^D([1-9]|1[0-9]|2[0-7])$")], ...] = ()
    reason: Text


LATER = (RuleCode.SAME_BOX_AS_PACKED, RuleCode.SAME_ITEM_AS_PACKED)
"""Rules that came when policies were already kept beside verdicts."""

_UNASKED = {"use": Requirement.ADVISORY.value, "reason": "The policy is older than this rule and says nothing of it."}


class Policy(Model):
    """A versioned set of rules. `template` marks profiles with unconfirmed values: its verdicts say so."""

    name: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{1,40}$")]
    version: Annotated[str, Field(pattern=r"^[0-9]{4}\.[0-9]+$")]
    title: Say
    effective_from: date
    effective_until: date | None = None
    template: bool = False
    unconfirmed: tuple[Text, ...] = ()
    rules: dict[RuleCode, RuleUse]
    thresholds: Thresholds
    reasons: dict[Text, Text]
    digest: Sha256

    @model_validator(mode="before")
    @classmethod
    def _lifted(cls, given: Any) -> Any:  # noqa: ANN401 whatever is to be validated
        """A policy from before a rule was made asks nothing of it: it is told and decides nothing."""
        rules = given.get("rules") if isinstance(given, dict) else None
        if not isinstance(rules, dict):
            return given
        known = {str(getattr(code, "value", code)) for code in rules}
        later = {code.value: _UNASKED for code in LATER if code.value not in known}
        return {**given, "rules": {**rules, **later}} if later else given

    @model_validator(mode="after")
    def _complete(self) -> "Policy":
        absent = sorted(set(RuleCode) - set(self.rules))
        if absent:
            raise ValueError(f"rules without a use: {', '.join(absent)}")
        if self.template and not self.unconfirmed:
            raise ValueError("a template must name its unconfirmed values")
        return self
