"""Whether the parcel that is opened is the parcel that was shown (D7: no swap, 调包)."""

from sixfaces.criteria.answering import cannot_tell, cites, met, not_met, spans, unmeasured
from sixfaces.criteria.moments import listed, moment, quoted, stretch, stretches
from sixfaces.criteria.rule import UNBOXING, Rule
from sixfaces.criteria.sureness import cut_short, is_sure, sure
from sixfaces.criteria.watching import Gap, Part, absences, continuity_measured, interrupts_picture
from sixfaces.criteria.words import NOTHING, Words
from sixfaces.domain.answer import Answer
from sixfaces.domain.evidence import Evidence, ExhibitEvidence
from sixfaces.domain.facts import BreakFact
from sixfaces.domain.model import Say
from sixfaces.domain.naming import identified_by
from sixfaces.domain.observation import Observation
from sixfaces.domain.parcel_facts import IdentityFact, ParcelFact
from sixfaces.domain.policy import Policy
from sixfaces.domain.rules import Finding, RuleCode

UNBROKEN = Say(
    zh="请从展示包裹到取出商品一镜到底地拍摄，包裹始终留在画面内；本次可由人工比对中断前后的面单、胶带和箱面。",
    en="Film in one go from showing the parcel to taking the item out, with the parcel always in the picture; for this "
    "footage, let a person compare label, tape and faces before and after the gap.",
)


def same_parcel(evidence: Evidence, seen: ExhibitEvidence, policy: Policy) -> Finding:
    """One parcel throughout: watched without a gap, or known again after each.

    1. Parcel or continuity not measured: cannot tell. 2. A parcel surely not the one before: not met. 3. A gap after
    which nothing identifies the parcel: cannot tell. 4. The parcel followed in part only: cannot tell. 5. Else met.
    """
    if not seen.of(ParcelFact):
        return unmeasured(RuleCode.SAME_PARCEL, seen, ParcelFact, fix=UNBROKEN)
    if not continuity_measured(seen):
        return unmeasured(RuleCode.SAME_PARCEL, seen, BreakFact, fix=UNBROKEN)
    swaps = [(o, f) for o, f in sure(seen.of(IdentityFact), policy) if f.same is Answer.NOT_MET]
    if swaps:
        return _swapped(seen, swaps)
    gaps = [*interrupts_picture(seen, policy), *(gap for gap in absences(seen, policy) if gap.part is Part.DURING)]
    known = [(o, f) for o, f in sure(seen.of(IdentityFact), policy) if f.same is Answer.MET]
    open_gaps = [gap for gap in gaps if not any(_bridges(o, gap.observation) for o, _ in known)]
    doubts = [(o, f) for o, f in seen.of(IdentityFact) if f.same is not Answer.MET or not is_sure(o, policy)]
    if open_gaps or doubts:
        return _unproven(seen, open_gaps, doubts)
    return _followed(seen, policy, gaps=gaps, known=known)


def _bridges(identity: Observation, gap: Observation) -> bool:
    """Whether an identification speaks of this gap: their spans touch."""
    if identity.span is None or gap.span is None:
        return False
    return identity.span.start <= gap.span.end and gap.span.start <= identity.span.end


def _swapped(seen: ExhibitEvidence, swaps: list[tuple[Observation, IdentityFact]]) -> Finding:
    observations = [o for o, _ in swaps]
    when, by = stretches(spans(observations)), identified_by(swaps[0][1].by)
    return not_met(
        RuleCode.SAME_PARCEL, seen,
        zh=f"{when.zh} 前后不是同一包裹（依据：{quoted(by.zh)}）。",
        en=f"The parcel after {when.en} is not the one before (by {quoted(by.en)}).",
        fix=UNBROKEN, spans=spans(observations), cites=cites(observations), value=quoted(swaps[0][1].by),
    )  # fmt: skip


def _unproven(seen: ExhibitEvidence, gaps: list[Gap], doubts: list[tuple[Observation, IdentityFact]]) -> Finding:
    observations = [*(gap.observation for gap in gaps), *(o for o, _ in doubts)]
    compared = _compared(doubts)
    when = stretches(spans(observations))
    kinds = listed([Words(zh=zh, en=en) for zh, en in dict.fromkeys((gap.what.zh, gap.what.en) for gap in gaps)] or [
        Words(zh="跟踪中断", en="tracking lost")
    ])  # fmt: skip
    return cannot_tell(
        RuleCode.SAME_PARCEL, seen,
        zh=f"{when.zh} 处中断（{kinds.zh}），之后无法确认仍是同一包裹{compared.zh}。",
        en=f"The watch breaks at {when.en} ({kinds.en}); nothing proves that the parcel is the same afterwards"
        f"{compared.en}.",
        fix=UNBROKEN, spans=spans(observations), cites=cites(observations),
        value=len(observations), threshold=0, margin=-len(observations), unit="gaps",
    )  # fmt: skip


def _compared(doubts: list[tuple[Observation, IdentityFact]]) -> Words:
    """What a comparison of both sides came to, as it stands behind the rest; nothing if none was made."""
    if not doubts:
        return NOTHING
    names = [identified_by(by) for by in dict.fromkeys(fact.by for _, fact in doubts)]
    told = listed([Words(zh=quoted(by.zh), en=quoted(by.en)) for by in names])
    return Words(zh=f"（比对结果：{told.zh}）", en=f" (compared: {told.en})")


def _followed(
    seen: ExhibitEvidence, policy: Policy, *, gaps: list[Gap], known: list[tuple[Observation, IdentityFact]]
) -> Finding:
    parcel, fact = seen.of(ParcelFact)[0]
    allowed = policy.thresholds.continuity.absence_s
    absent_s = sum(gap.length_s or 0.0 for gap in absences(seen, policy))
    lost_s = parcel.span.duration_s - fact.tracked_s - absent_s if parcel.span is not None else 0.0
    short = cut_short(seen)
    if not is_sure(parcel, policy) or lost_s > allowed or short is not None:
        why = short or Words(
            zh=f"有 {max(lost_s, 0.0):.1f} 秒未能跟踪，允许 {allowed:g} 秒，置信度 {parcel.confidence:.2f}",
            en=f"{max(lost_s, 0.0):.1f} s could not be followed, {allowed:g} s are allowed, confidence "
            f"{parcel.confidence:.2f}",
        )
        return cannot_tell(
            RuleCode.SAME_PARCEL, seen,
            zh=f"包裹仅跟踪到 {fact.tracked_s:.1f} 秒（{why.zh}），不足以认定全程为同一包裹。",
            en=f"The parcel was followed for only {fact.tracked_s:.1f} s ({why.en}): not enough to say it is one.",
            fix=UNBROKEN, spans=spans([parcel]), cites=cites([parcel]),
            value=round(max(lost_s, 0.0), 3), threshold=allowed, margin=round(allowed - lost_s, 3), unit="s",
        )  # fmt: skip
    observations = [parcel, *(gap.observation for gap in gaps), *(o for o, _ in known)]
    times = spans([parcel])
    ends = stretch(times[0]) if times else moment(fact.tracked_s)
    again = (
        Words(zh=f"，{len(gaps)} 处中断后均重新认出", en=f", and known again after {len(gaps)} gaps") if gaps else None
    )
    return met(
        RuleCode.SAME_PARCEL, seen,
        zh=f"包裹在 {ends} 被连续跟踪 {fact.tracked_s:.1f} 秒{again.zh if again else ''}，为同一包裹。",
        en=f"The parcel was followed for {fact.tracked_s:.1f} s over {ends}{again.en if again else ''}: it is one.",
        spans=times, cites=cites(observations),
        value=round(max(lost_s, 0.0), 3), threshold=allowed, margin=round(allowed - lost_s, 3), unit="s",
    )  # fmt: skip


RULE = Rule(RuleCode.SAME_PARCEL, UNBOXING, same_parcel)
