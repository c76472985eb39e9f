"""Where the watch over the parcel was interrupted: cuts of the recording and stretches out of view (D5)."""

from dataclasses import dataclass
from enum import Enum

from sixfaces.criteria.sureness import is_sure, start_s, sure
from sixfaces.criteria.words import Words
from sixfaces.domain.evidence import ExhibitEvidence
from sixfaces.domain.facts import BreakCause, BreakFact, ContinuityFact, TakeFact
from sixfaces.domain.observation import Observation
from sixfaces.domain.parcel_facts import AbsenceFact, Stage, StageFact
from sixfaces.domain.policy import Policy

CAUSES: dict[BreakCause, Words] = {
    BreakCause.CUT: Words(zh="剪切", en="cut"),
    BreakCause.DISSOLVE: Words(zh="叠化转场", en="dissolve"),
    BreakCause.JUMP: Words(zh="同场景跳变", en="jump within the scene"),
    BreakCause.FREEZE: Words(zh="画面定格", en="frozen picture"),
    BreakCause.BLACK: Words(zh="黑屏", en="black picture"),
    BreakCause.PAUSE: Words(zh="录制暂停", en="pause of the recording"),
    BreakCause.SPEED_CHANGE: Words(zh="变速", en="change of speed"),
    BreakCause.TIMESTAMP_GAP: Words(zh="时间戳间断", en="gap in the timestamps"),
    BreakCause.AUDIO_BREAK: Words(zh="声音中断", en="break in the sound"),
}

ABSENCES: dict[str, Words] = {
    "left_frame": Words(zh="离开画面", en="out of the frame"),
    "hidden": Words(zh="被遮挡", en="hidden"),
}


class Part(Enum):
    """In which part of the unboxing a stretch out of view lies."""

    BEFORE = "before"
    """The parcel has not been shown yet: nothing was being watched."""
    DURING = "during"
    AFTER = "after"
    """The item is out: what happens to the empty parcel matters less."""


@dataclass(frozen=True, slots=True)
class Gap:
    """One interruption of the watch. `length_s` is None where nobody knows how much was lost."""

    observation: Observation
    sure: bool
    length_s: float | None
    what: Words
    part: Part


def continuity_measured(seen: ExhibitEvidence) -> bool:
    """Whether the absence of breaks in the record means anything."""
    takes, measured = seen.of(TakeFact), seen.of(ContinuityFact)
    return seen.unmeasured(BreakFact) is None and bool(takes or measured)


def interrupts_picture(seen: ExhibitEvidence, policy: Policy) -> list[Gap]:
    """Breaks after which the picture may show something else; a doubtful break of the sound alone is none."""
    sound = {o.id for o, fact in seen.of(BreakFact) if fact.cause is BreakCause.AUDIO_BREAK and not fact.certain}
    return [gap for gap in breaks(seen, policy) if gap.observation.id not in sound]


def breaks(seen: ExhibitEvidence, policy: Policy) -> list[Gap]:
    """Breaks of the recording in order; `sure` if the observer called it certain and was sure enough."""
    return [
        Gap(o, fact.certain and is_sure(o, policy), fact.lost_s, CAUSES[fact.cause], Part.DURING)
        for o, fact in seen.of(BreakFact)
    ]


def absences(seen: ExhibitEvidence, policy: Policy) -> list[Gap]:
    """Stretches with the parcel out of view that are longer than the policy allows, in order."""
    longest = policy.thresholds.continuity.absence_s
    return [
        Gap(o, is_sure(o, policy), o.span.duration_s, ABSENCES[fact.reason], _part(seen, o, policy))
        for o, fact in seen.of(AbsenceFact)
        if o.span is not None and o.span.duration_s > longest
    ]


def _part(seen: ExhibitEvidence, absence: Observation, policy: Policy) -> Part:
    begins = start_s(absence) or 0.0
    shown = [o.span.start.seconds for o, f in seen.of(StageFact) if f.stage is not Stage.ABSENT and o.span is not None]
    out = [o.span.start.seconds for o, f in sure(seen.of(StageFact), policy) if f.stage is Stage.ITEM_OUT and o.span]
    if out and begins >= min(out):
        return Part.AFTER
    starts = [o.span.start.seconds for o, _ in seen.of(TakeFact) if o.span is not None]
    first_frame = min(starts, default=0.0)
    at_once = begins <= first_frame + policy.thresholds.continuity.absence_s
    return Part.BEFORE if at_once and (not shown or min(shown) > begins) else Part.DURING
