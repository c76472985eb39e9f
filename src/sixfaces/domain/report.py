"""report.json, schema `sixfaces.report/1` (DESIGN §4.3). Fields are added, never renamed; old reports are lifted."""

from typing import Annotated, Literal

from pydantic import Field

from sixfaces.domain.answer import Answer, Verdict
from sixfaces.domain.exhibit import MediaInfo, Medium, Role
from sixfaces.domain.model import Model, Salt, Say, Sha256, Text, Unit
from sixfaces.domain.observation import MediaFailure, Sandbox
from sixfaces.domain.packed_facts import Change
from sixfaces.domain.parcel_facts import Face, Stage
from sixfaces.domain.reuse import Box
from sixfaces.domain.rules import Criterion, CriterionJudgement, Requirement, RuleCode


class FaceView(Model):
    """One face in the report: shown, not shown, or not known; the best view if there is one."""

    answer: Answer
    best_s: float | None = None
    view_cos: Unit | None = None
    seen_s: float | None = None
    image: Text | None = None


class SpanView(Model):
    """A stretch of footage in seconds."""

    from_s: float
    to_s: float


class StageView(SpanView):
    """A stage of the unboxing."""

    stage: Stage


class CodeView(SpanView):
    """A code read in the footage."""

    format: Text
    text: Text
    reads: int


class BreakView(SpanView):
    """A break in continuity."""

    cause: Text
    certain: bool


class AbsenceView(SpanView):
    """A stretch without the parcel in view."""

    reason: Text


class ItemView(SpanView):
    """An item beside a reference picture: by what they were compared, the answer, and both pictures."""

    reference: Text
    by: Text
    same: Answer
    score: Unit
    view: Text | None = None
    picture: Text | None = None


class UseView(Model):
    """Pictures of another case that show what this exhibit shows. `picture` lies beside the report; the other belongs
    to the other case, and is named as its record does. Boxes are x, y, width and height, as shares of a picture."""

    other_case: Text
    other_exhibit: Sha256
    sure: bool
    resubmission: bool
    common: bool
    pictures: int
    regions: int
    picture: Text
    other_picture: Text
    box: Box
    other_box: Box
    mirrored: bool
    turn_deg: float
    scale: float


class BesideView(Model):
    """Two pictures side by side: `picture` of this exhibit, `packed` of the packing video, turned by `turned` quarters
    anticlockwise to stand as the other does; and where the face looks changed, as shares of `picture`."""

    picture: Text
    packed: Text
    turned: int = 0
    changes: tuple[Change, ...] = ()


class PackedView(Model):
    """The box or the item beside that of a packing video: the answer, by what, and how likely it is the same. `design`:
    whether it is at least a box of the same print."""

    packing: Sha256
    what: Literal["box", "item"]
    same: Answer
    design: Answer | None = None
    by: Text
    likely: Unit
    beside: tuple[BesideView, ...] = ()


class MomentView(Model):
    """A picture of a key moment."""

    at_s: float
    label: Text
    image: Text


class DecodeView(Model):
    """How far the bytes could be decoded."""

    frames: int
    corrupt_frames: int = 0
    covered_s: float
    expected_s: float | None = None
    stopped_by: Text | None = None


class QualityView(Model):
    """Quality over time, one number per `step_s`: sharpness (-1: nothing to judge by) and mean luma, both 0..1."""

    step_s: float
    sharpness: tuple[float, ...]
    luma: tuple[float, ...]


class HoleView(Model):
    """What was not measured in this exhibit, and why."""

    of: tuple[Text, ...]
    code: Text
    detail: Text


class ExhibitView(Model):
    """One exhibit in the report."""

    sha256: Sha256
    name: Text
    role: Role
    bytes: int
    verdict: Verdict
    medium: Medium = Medium.UNKNOWN
    format: Text = ""
    media: MediaInfo | None = None
    decode: DecodeView | None = None
    failure: MediaFailure | None = None
    faces: dict[Face, FaceView] = Field(default_factory=dict)
    stages: tuple[StageView, ...] = ()
    takes: tuple[SpanView, ...] = ()
    breaks: tuple[BreakView, ...] = ()
    codes: tuple[CodeView, ...] = ()
    absences: tuple[AbsenceView, ...] = ()
    moments: tuple[MomentView, ...] = ()
    items: tuple[ItemView, ...] = ()
    uses: tuple[UseView, ...] = ()
    packed: tuple[PackedView, ...] = ()
    quality: QualityView | None = None
    unmeasured: tuple[HoleView, ...] = ()
    sandbox: Sandbox | None = None


class RulebookView(Model):
    """Which policy judged, and how it uses each rule: advisory ones never decide alone."""

    policy: Text
    version: Text
    digest: Sha256
    template: bool = False
    unconfirmed: tuple[Text, ...] = ()
    rules: dict[RuleCode, Requirement] = Field(default_factory=dict)


class Timing(Model):
    """How long it took: the only part of a report that may differ between two runs."""

    media_s: float
    wall_s: float
    decode_s: float


class Report(Model):
    """The judged, explained evidence of one case. `notes` say under which conditions it was judged."""

    schema_: Literal["sixfaces.report/1"] = Field(default="sixfaces.report/1", alias="schema")
    case_id: Text
    verdict: Verdict
    criteria: dict[Criterion, CriterionJudgement]
    exhibits: tuple[ExhibitView, ...]
    rulebook: RulebookView
    observers: dict[Text, Text]
    notes: tuple[Say, ...] = ()
    timing: Timing | None = None
    salt: Annotated[Salt | None, Field(exclude_if=lambda it: it is None)] = None
    """Random, where an installation keeps it: its digest tells nobody who does not see this what it says."""
