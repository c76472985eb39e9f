"""Whether the footage is one take with the parcel always in view (D5)."""

from sixfaces.criteria.answering import TOLERANCE, Witness, cannot_tell, cites, met, not_met, spans, unmeasured
from sixfaces.criteria.moments import count, listed, stretch, stretches
from sixfaces.criteria.rule import UNBOXING, Rule
from sixfaces.criteria.sureness import cut_short, is_sure
from sixfaces.criteria.watching import Gap, Part, absences, breaks, continuity_measured, interrupts_picture
from sixfaces.criteria.words import NOTHING, Words
from sixfaces.domain.evidence import Evidence, ExhibitEvidence
from sixfaces.domain.facts import BreakFact, ContinuityFact, Steadiness, TakeFact
from sixfaces.domain.model import Say
from sixfaces.domain.parcel_facts import AbsenceFact, ParcelFact
from sixfaces.domain.policy import Policy
from sixfaces.domain.rules import Finding, RuleCode

ONE_GO = Say(
    zh="请一镜到底地录制，勿暂停、剪辑、变速或转码，并提交相机直出的原始文件；本次可由人工查看所列时刻。",
    en="Record in one go without pausing, cutting, changing speed or converting, and hand in the camera's own file; "
    "for this footage, let a person look at the moments listed.",
)
STEADY = Say(
    zh="请固定机位、光线稳定地拍摄，并以较高帧率和码率录制，使短暂剪切也能被发现；本次可由人工查看。",
    en="Film with a fixed camera in steady light at a higher frame and bit rate, so that even a short removal would be "
    "found; for this footage, let a person look.",
)
IN_VIEW = Say(
    zh="请让包裹从展示到取出商品始终留在画面内，不被身体遮挡；本次可由人工查看所列时刻。",
    en="Keep the parcel in the picture and unhidden from showing it to taking the item out; for this footage, let a "
    "person look at the moments listed.",
)

HIDING = {
    Steadiness.FIXED: Words(zh="画面中动静太少", en="too little moves in the picture"),
    Steadiness.HANDHELD: Words(zh="手持拍摄，画面晃动", en="the camera was hand-held"),
    Steadiness.UNSTEADY: Words(zh="画面晃动过大", en="the camera shakes too much"),
}
LOW_RATE = 15.0
"""Frames a second below which a sentence names the rate as a reason: even a quick hand moves far between two frames."""


def one_take(evidence: Evidence, seen: ExhibitEvidence, policy: Policy) -> Finding:
    """No cut, pause, jump or change of speed.

    1. Continuity not measured: cannot tell. 2. A sure break: not met. 3. A doubtful one: a person looks. 4. Shorter
    than any unboxing: not met. 5. A removal worth hiding could go unseen on this footage: cannot tell. 6. Else met.
    """
    code = RuleCode.ONE_TAKE
    if not continuity_measured(seen):
        return unmeasured(code, seen, BreakFact, fix=ONE_GO)
    found = breaks(seen, policy)
    certain = [gap for gap in found if gap.sure]
    takes = seen.of(TakeFact)
    if certain:
        return not_met(
            code, seen, zh=f"录制不连续，共 {len(certain)} 处：{_told(certain).zh}。",
            en=f"The recording is not one take; {count(len(certain), 'break')} found: {_told(certain).en}.",
            fix=ONE_GO, **_of_breaks(certain),
        )  # fmt: skip
    if found or len(takes) > 1:
        told = _told(found) if found else stretches(spans(o for o, _ in takes))
        return cannot_tell(
            code, seen, zh=f"可能不连续，需人工查看：{told.zh}。",
            en=f"The recording may be interrupted; a person must look: {told.en}.",
            fix=ONE_GO, **_of_breaks(found),
        )  # fmt: skip
    return _unbroken(seen, policy)


def _of_breaks(gaps: list[Gap]) -> Witness:
    observations = [gap.observation for gap in gaps]
    return {
        "spans": spans(observations), "cites": cites(observations),
        "value": len(gaps), "threshold": 0, "margin": -len(gaps), "unit": "breaks",
    }  # fmt: skip


def _told(gaps: list[Gap]) -> Words:
    """Each break with its moment, its cause and the detector's score against its threshold."""
    return listed([_described(gap) for gap in gaps])


def _described(gap: Gap) -> Words:
    span, fact = spans([gap.observation]), gap.observation.fact
    when = stretch(span[0]) if span else "?"
    score, least = (fact.score, fact.threshold) if isinstance(fact, BreakFact) else (0.0, 0.0)
    lost = Words(zh=f"，缺 {gap.length_s:.2f} 秒", en=f", {gap.length_s:.2f} s lost") if gap.length_s else NOTHING
    return Words(
        zh=f"{when} {gap.what.zh}（强度 {score:.1f}，阈值 {least:.1f}{lost.zh}）",
        en=f"{when} {gap.what.en} (score {score:.1f}, threshold {least:.1f}{lost.en})",
    )


def _unbroken(seen: ExhibitEvidence, policy: Policy) -> Finding:
    """No break was found: whether that means there is none."""
    code, limits = RuleCode.ONE_TAKE, policy.thresholds.continuity
    takes, measured = seen.of(TakeFact), seen.of(ContinuityFact)
    observations = [*(o for o, _ in takes), *(o for o, _ in measured)]
    ids, times = cites(observations), spans(o for o, _ in takes)
    length = sum(end - start for start, end in times) if times else _duration_s(seen)
    short = cut_short(seen)
    if short is not None:
        return cannot_tell(
            code, seen, zh=f"已测部分未发现中断，但录像未测完（{short.zh}）。",
            en=f"No break was found, but the footage was not measured to its end ({short.en}).",
            fix=ONE_GO, spans=times, cites=ids,
        )  # fmt: skip
    if length is not None and length < limits.shortest_take_s - TOLERANCE:
        return not_met(
            code, seen, zh=f"录像仅 {length:.1f} 秒，短于 {limits.shortest_take_s:g} 秒，不可能包含完整拆包过程。",
            en=f"The footage lasts {length:.1f} s, less than {limits.shortest_take_s:g} s: too short for an unboxing.",
            fix=ONE_GO, spans=times, cites=ids, value=round(length, 3), threshold=limits.shortest_take_s,
            margin=round(length - limits.shortest_take_s, 3), unit="s",
        )  # fmt: skip
    hidden = [fact.smallest_removal_s for _, fact in measured]
    if not hidden or any(s is None or s > limits.removal_s + TOLERANCE for s in hidden):
        return _could_hide(seen, policy, ids=ids, spans_=times)
    smallest = max(s for s in hidden if s is not None)
    when = stretches(times)
    return met(
        code, seen,
        zh=f"一镜到底（{when.zh}），未发现剪切、暂停或跳变；可发现短至 {smallest:g} 秒的删减（要求 "
        f"{limits.removal_s:g} 秒）。",
        en=f"One take ({when.en}) without a cut, pause or jump; a removal as short as {smallest:g} s would be found "
        f"({limits.removal_s:g} s required).",
        spans=times, cites=ids, value=smallest, threshold=limits.removal_s,
        margin=round(limits.removal_s - smallest, 3), unit="s",
    )  # fmt: skip


def _duration_s(seen: ExhibitEvidence) -> float | None:
    return seen.media.duration_s if seen.media is not None else None


def _could_hide(
    seen: ExhibitEvidence, policy: Policy, *, ids: tuple[str, ...], spans_: tuple[tuple[float, float], ...]
) -> Finding:
    known = [fact.smallest_removal_s for _, fact in seen.of(ContinuityFact) if fact.smallest_removal_s is not None]
    least, most = policy.thresholds.continuity.removal_s, max(known, default=None)
    why = _why_hidden(seen)
    told = Words(
        zh=f"未发现中断，但无法证明此画面上的短暂删减会被发现（要求能发现 {least:g} 秒的删减）{why.zh}。",
        en=f"No break was found, but nothing shows that a short removal would be noticed on this footage (one of "
        f"{least:g} s must be){why.en}.",
    )
    if most:
        length = f"{most:.3g}"
        told = Words(
            zh=f"未发现中断，但在此画面上短于 {length} 秒的删减可能看不出来（要求能发现 {least:g} 秒的删减）{why.zh}。",
            en=f"No break was found, but on this footage a removal shorter than {length} s could go unnoticed (one of "
            f"{least:g} s must be found){why.en}.",
        )
    return cannot_tell(
        RuleCode.ONE_TAKE, seen, zh=told.zh, en=told.en,
        fix=STEADY, spans=spans_, cites=ids, value=most, threshold=least,
        margin=round(least - most, 3) if most is not None else None, unit="s",
    )  # fmt: skip


def _why_hidden(seen: ExhibitEvidence) -> Words:
    """What probably hides removals, as far as the record tells: the camera, the scene, the frame rate."""
    fact = next((fact for _, fact in seen.of(ContinuityFact)), None)
    fps = seen.media.fps if seen.media is not None else None
    why = [HIDING[fact.steadiness]] if fact is not None else []
    if fps is not None and fps < LOW_RATE:
        why.append(Words(zh=f"每秒只有 {fps:.3g} 帧", en=f"there are only {fps:.3g} frames a second"))
    if not why:
        return NOTHING
    return Words(
        zh=f"，可能因为{'、'.join(w.zh for w in why)}", en=f", probably because {' and '.join(w.en for w in why)}"
    )


def always_in_view(evidence: Evidence, seen: ExhibitEvidence, policy: Policy) -> Finding:
    """The parcel is in view from its first sight until the item is out.

    1. Not measured: cannot tell. 2. Surely out of view for too long, or for the time that a break removed: not met.
    3. Unsurely so, or with the item already out, or over a break that hides nobody knows how much: cannot tell.
    4. Else met.
    """
    code, longest = RuleCode.ALWAYS_IN_VIEW, policy.thresholds.continuity.absence_s
    parcels = seen.of(ParcelFact)
    if seen.unmeasured(AbsenceFact) is not None or not parcels:
        return unmeasured(code, seen, AbsenceFact, fix=IN_VIEW)
    if not continuity_measured(seen):
        return unmeasured(code, seen, BreakFact, fix=IN_VIEW)
    away = [gap for gap in absences(seen, policy) if gap.part is not Part.BEFORE]
    cuts = interrupts_picture(seen, policy)
    certain = [g for g in away if g.sure and g.part is Part.DURING]
    certain += [g for g in cuts if g.sure and (g.length_s or 0.0) > longest]
    doubtful = [g for g in (*away, *cuts) if g not in certain]
    if certain:
        return not_met(
            code, seen, zh=f"包裹有 {len(certain)} 段不在画面内，超过允许的 {longest:g} 秒：{_stretches(certain).zh}。",
            en=f"The parcel is out of view for more than the {longest:g} s allowed: {_stretches(certain).en}.",
            fix=IN_VIEW, **_of_absences(certain, longest),
        )  # fmt: skip
    short = cut_short(seen)
    unsure = [o for o, _ in parcels if not is_sure(o, policy)]
    if doubtful or short is not None or unsure:
        told = _stretches(doubtful) if doubtful else short or Words(
            zh=f"跟踪置信度仅 {min(o.confidence for o in unsure):.2f}",
            en=f"tracked with confidence {min(o.confidence for o in unsure):.2f} only",
        )  # fmt: skip
        return cannot_tell(
            code, seen, zh=f"包裹是否始终在画面内无法确定：{told.zh}。",
            en=f"Whether the parcel is always in view is not sure: {told.en}.",
            fix=IN_VIEW, **_of_absences(doubtful, longest),
        )  # fmt: skip
    return _always(seen, longest)


def _always(seen: ExhibitEvidence, allowed: float) -> Finding:
    parcels = [o for o, _ in seen.of(ParcelFact)]
    away = [o.span.duration_s for o, _ in seen.of(AbsenceFact) if o.span is not None]
    longest = max((s for s in away if s <= allowed), default=0.0)
    told = Words(
        zh=f"包裹始终在画面内，没有离开过（允许离开 {allowed:g} 秒）。",
        en=f"The parcel is always in view and never leaves it ({allowed:g} s allowed).",
    )
    if longest > 0:
        told = Words(
            zh=f"包裹始终在画面内；最长离开 {longest:.1f} 秒（允许 {allowed:g} 秒）。",
            en=f"The parcel is always in view; the longest absence is {longest:.1f} s ({allowed:g} s allowed).",
        )
    return met(
        RuleCode.ALWAYS_IN_VIEW, seen, zh=told.zh, en=told.en,
        spans=spans(parcels), cites=cites(parcels),
        value=round(longest, 3), threshold=allowed, margin=round(allowed - longest, 3), unit="s",
    )  # fmt: skip


def _stretches(gaps: list[Gap]) -> Words:
    """Each stretch out of view with its reason and length."""
    parts = []
    for gap in gaps:
        span = spans([gap.observation])
        when = stretch(span[0]) if span else "?"
        length = Words(zh=f" {gap.length_s:.1f} 秒", en=f" for {gap.length_s:.1f} s") if gap.length_s else NOTHING
        parts.append(Words(zh=f"{when} {gap.what.zh}{length.zh}", en=f"{when} {gap.what.en}{length.en}"))
    return listed(parts)


def _of_absences(gaps: list[Gap], allowed: float) -> Witness:
    observations = [gap.observation for gap in gaps]
    lengths = [gap.length_s for gap in gaps if gap.length_s is not None]
    value = round(max(lengths), 3) if lengths else None
    return {
        "spans": spans(observations), "cites": cites(observations), "value": value, "threshold": allowed,
        "margin": round(allowed - value, 3) if value is not None else None, "unit": "s",
    }  # fmt: skip


TAKE_RULES = (
    Rule(RuleCode.ONE_TAKE, UNBOXING, one_take),
    Rule(RuleCode.ALWAYS_IN_VIEW, UNBOXING, always_in_view),
)
