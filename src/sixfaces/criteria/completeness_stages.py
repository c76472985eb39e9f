"""Whether the footage tells the whole unboxing: sealed, opened, item out, inspected (D5, D7, D8)."""

from sixfaces.criteria.answering import TOLERANCE, Witness, cannot_tell, cites, met, not_met, spans, unmeasured
from sixfaces.criteria.moments import count, moment, stretch, stretches
from sixfaces.criteria.rule import UNBOXING, Rule
from sixfaces.criteria.sureness import Seen, cut_short, is_sure, sure
from sixfaces.criteria.watching import Part, absences, breaks
from sixfaces.criteria.words import Words
from sixfaces.domain.answer import Answer
from sixfaces.domain.evidence import Evidence, ExhibitEvidence
from sixfaces.domain.model import Say
from sixfaces.domain.observation import Observation
from sixfaces.domain.parcel_facts import InspectionFact, QuantityFact, SealFact, Stage, StageFact
from sixfaces.domain.policy import Policy
from sixfaces.domain.rules import Finding, RuleCode

FROM_SEALED = Say(
    zh="请在拆封前开始录制，先展示完好的封口和胶带；事后补录不予认可。",
    en="Start recording before the parcel is opened and show the intact seal and tape first; footage made afterwards "
    "does not count.",
)
FILM_OPENING = Say(
    zh="请把划开封箱胶带、打开箱盖的过程完整拍进画面；本次可由人工查看。",
    en="Keep cutting the tape and lifting the flaps in the picture from start to end; for this footage, let a person "
    "look.",
)
FILM_ITEM = Say(
    zh="请在镜头前取出商品，最后展示空箱内部；本次可由人工查看。",
    en="Take the item out before the camera and show the inside of the empty box; for this footage, let a person look.",
)
STAGES: dict[Stage, Words] = {
    Stage.ABSENT: Words(zh="无包裹", en="absent"),
    Stage.SEALED: Words(zh="封口完好", en="sealed"),
    Stage.SHOWING: Words(zh="展示外观", en="being shown"),
    Stage.OPENING: Words(zh="正在拆封", en="being opened"),
    Stage.OPEN: Words(zh="已打开", en="open"),
    Stage.ITEM_OUT: Words(zh="商品已取出", en="with the item out"),
}
CLOSED = frozenset({Stage.SEALED, Stage.SHOWING})

BOUNDARY_S = 0.5
"""Stages follow one another without a gap, and their boundaries are told no better than this: a break this close to
one lies between the two stages."""


def sealed_at_start(evidence: Evidence, seen: ExhibitEvidence, policy: Policy) -> Finding:
    """When the footage starts the parcel is closed and its seal intact.

    1. Neither seal nor stages measured: cannot tell. 2. The seal was judged: that decides, unless the parcel is
    already being opened when it first appears. 3. Only stages were measured: the first one decides.
    """
    seals, first = seen.of(SealFact), _first_stage(seen)
    hole = seen.unmeasured(SealFact) is not None
    if not seals and (hole or first is None):
        return unmeasured(RuleCode.SEALED_AT_START, seen, SealFact, fix=FROM_SEALED)
    begun_open = first is not None and first[1].stage not in CLOSED
    doubtful = [o for o, _ in [*seals, *([first] if first else [])] if not is_sure(o, policy)]
    answers = {fact.intact for _, fact in seals}
    if answers == {Answer.NOT_MET} and not doubtful:
        return _unsealed(seen, seals, first)
    if begun_open and not doubtful and Answer.MET not in answers and first is not None:
        return _unsealed(seen, seals, first)
    if doubtful or begun_open or answers - {Answer.MET}:
        return _seal_unclear(seen, seals, first, policy=policy)
    observations = [*(o for o, _ in seals), *([first[0]] if first else [])]
    when = stretches(spans(observations))
    return met(
        RuleCode.SEALED_AT_START, seen, zh=f"录制开始时包裹封口完好（{when.zh}）。",
        en=f"The parcel is sealed when the footage starts (at {when.en}).",
        spans=spans(observations), cites=cites(observations), value=True,
    )  # fmt: skip


def _first_stage(seen: ExhibitEvidence) -> tuple[Observation, StageFact] | None:
    """The first stage with the parcel in view."""
    present = [(o, fact) for o, fact in seen.of(StageFact) if fact.stage is not Stage.ABSENT]
    return min(present, key=lambda pair: pair[0].span.start.seconds if pair[0].span else 0.0, default=None)


def _unsealed(seen: ExhibitEvidence, seals: Seen[SealFact], first: tuple[Observation, StageFact] | None) -> Finding:
    observations = [*(o for o, _ in seals), *([first[0]] if first else [])]
    when = stretches(spans(observations))
    if any(fact.intact is Answer.NOT_MET for _, fact in seals) or first is None:
        state = Words(zh="封口已破", en="its seal is broken")
    else:
        state = Words(zh=f"已处于“{STAGES[first[1].stage].zh}”状态", en=f"it is already {STAGES[first[1].stage].en}")
    return not_met(
        RuleCode.SEALED_AT_START, seen, zh=f"包裹首次出现时（{when.zh}）{state.zh}，录制不是从拆封前开始的。",
        en=f"When the parcel first appears (at {when.en}) {state.en}: the footage does not start before the opening.",
        fix=FROM_SEALED, spans=spans(observations), cites=cites(observations), value=False,
    )  # fmt: skip


def _seal_unclear(
    seen: ExhibitEvidence, seals: Seen[SealFact], first: tuple[Observation, StageFact] | None, *, policy: Policy
) -> Finding:
    observations = [*(o for o, _ in seals), *([first[0]] if first else [])]
    when, confidence = stretches(spans(observations)), min(o.confidence for o in observations)
    least = policy.thresholds.evidence.confidence
    why = Words(zh="画面中看不清，或前后不一致", en="it cannot be made out, or what is seen disagrees")
    if confidence < least:
        why = Words(
            zh=f"最低置信度 {confidence:.2f}，要求 {least:g}",
            en=f"least confidence {confidence:.2f}, required {least:g}",
        )
    return cannot_tell(
        RuleCode.SEALED_AT_START, seen,
        zh=f"录制开始时（{when.zh}）封口是否完好无法确定（{why.zh}）。",
        en=f"Whether the seal is intact when the footage starts (at {when.en}) is not sure ({why.en}).",
        fix=FROM_SEALED, spans=spans(observations), cites=cites(observations),
        value=confidence, threshold=least, margin=round(confidence - least, 3), unit="1",
    )  # fmt: skip


def opening_shown(evidence: Evidence, seen: ExhibitEvidence, policy: Policy) -> Finding:
    """The parcel is seen being opened.

    1. Stages not measured: cannot tell. 2. The opening was seen surely: met; unsurely: cannot tell. 3. Closed, then
    open, without an interruption between: it must be there, a person looks; with one: not met. 4. Never open: not met.
    """
    code = RuleCode.OPENING_SHOWN
    stages = seen.of(StageFact)
    if not stages:
        return unmeasured(code, seen, StageFact, fix=FILM_OPENING)
    opening = [(o, f) for o, f in stages if f.stage is Stage.OPENING]
    if opening:
        return _stage_seen(code, seen, opening, policy=policy, fix=FILM_OPENING)
    opened = [o for o, f in stages if f.stage in (Stage.OPEN, Stage.ITEM_OUT)]
    told: Witness = {"spans": spans(opened or [o for o, _ in stages]), "cites": cites(o for o, _ in stages)}
    when = stretches(told["spans"])
    if _uncertain_end(seen, policy):
        return _may_be_elsewhere(code, seen, Stage.OPENING, fix=FILM_OPENING, told=told)
    if not opened:
        return not_met(
            code, seen, zh=f"画面到结束包裹都未被打开（{when.zh}）。",
            en=f"The parcel is never opened in the footage ({when.en}).", fix=FILM_OPENING, **told,
        )  # fmt: skip
    since = _last_closed_s(seen, opened[0])
    lost = [g for g in (*breaks(seen, policy), *absences(seen, policy)) if g.part is not Part.BEFORE]
    between = [g for g in lost if since is not None and _within(g.observation, since, opened[0])]
    if between or since is None:
        return not_met(
            code, seen, zh=f"包裹在 {when.zh} 已打开，但拆封过程不在画面内。",
            en=f"The parcel is open at {when.en}, but its opening is not in the footage.", fix=FILM_OPENING, **told,
        )  # fmt: skip
    return cannot_tell(
        code, seen, zh=f"包裹在 {moment(since)} 仍封闭、{when.zh} 已打开，其间画面未中断，但未识别出拆封动作。",
        en=f"The parcel is closed until {moment(since)} and open at {when.en} without a gap, but the opening itself "
        "was not recognised.",
        fix=FILM_OPENING, **told,
    )  # fmt: skip


def item_shown(evidence: Evidence, seen: ExhibitEvidence, policy: Policy) -> Finding:
    """The item is seen coming out of the parcel. A parcel that held nothing has no item to show: a person looks."""
    code = RuleCode.ITEM_SHOWN
    stages = seen.of(StageFact)
    if not stages:
        return unmeasured(code, seen, StageFact, fix=FILM_ITEM)
    out = [(o, f) for o, f in stages if f.stage is Stage.ITEM_OUT]
    if out:
        return _stage_seen(code, seen, out, policy=policy, fix=FILM_ITEM)
    told: Witness = {"spans": spans(o for o, _ in stages), "cites": cites(o for o, _ in stages)}
    empty = [o for o, f in seen.of(QuantityFact) if f.count == 0]
    if empty:
        return cannot_tell(
            code, seen, zh="清点结果为 0 件，包裹可能是空的，需人工查看。",
            en="Nothing was counted: the parcel may have been empty, so a person must look.",
            fix=FILM_ITEM, spans=spans(empty), cites=cites(empty), value=0,
        )  # fmt: skip
    if _uncertain_end(seen, policy):
        return _may_be_elsewhere(code, seen, Stage.ITEM_OUT, fix=FILM_ITEM, told=told)
    last, fact = max(stages, key=lambda pair: pair[0].span.end.seconds if pair[0].span else 0.0)
    end = stretch(spans([last])[0]) if last.span else "?"
    return not_met(
        code, seen, zh=f"画面到结束（{end}，{STAGES[fact.stage].zh}）都未取出商品。",
        en=f"No item is taken out by the end of the footage ({end}, {STAGES[fact.stage].en}).", fix=FILM_ITEM, **told,
    )  # fmt: skip


def inspection_shown(evidence: Evidence, seen: ExhibitEvidence, policy: Policy) -> Finding:
    """The item is held and turned before the camera for long enough (D5, D7)."""
    code, least = RuleCode.INSPECTION_SHOWN, policy.thresholds.goods.inspection_s
    seen_all = seen.of(InspectionFact)
    fix = Say(
        zh=f"取出商品后，请在镜头前转动查看至少 {least:g} 秒，并拍清问题部位；本次可由人工查看。",
        en=f"After taking the item out, turn it before the camera for at least {least:g} s and show the problem "
        "clearly; for this footage, let a person look.",
    )
    stages = seen.of(StageFact)
    if seen.unmeasured(InspectionFact) is not None or not (seen_all or stages):
        return unmeasured(code, seen, InspectionFact, fix=fix)
    lasted = sum(o.span.duration_s for o, _ in sure(seen_all, policy) if o.span is not None)
    possible = sum(o.span.duration_s for o, _ in seen_all if o.span is not None)
    views = sum(f.views for _, f in seen_all)
    observations = [o for o, _ in seen_all]
    told: Witness = {
        "spans": spans(observations), "cites": cites(observations), "value": round(lasted, 3), "threshold": least,
        "margin": round(lasted - least, 3), "unit": "s",
    }  # fmt: skip
    zh = f"商品在镜头前查验 {lasted:.1f} 秒（要求 {least:g} 秒，{views} 个角度）"
    en = f"The item is inspected before the camera for {lasted:.1f} s ({least:g} s required, {count(views, 'view')})"
    if lasted >= least - TOLERANCE and observations:
        return met(code, seen, zh=f"{zh}。", en=f"{en}.", **told)
    if possible >= least - TOLERANCE or _uncertain_end(seen, policy):
        more = Words(zh="录像未测完或部分阶段识别不确定", en="some of the footage was not measured, or not surely")
        if possible > lasted:
            unsure = f"{possible - lasted:.1f}"
            more = Words(zh=f"另有 {unsure} 秒识别不确定", en=f"{unsure} s more are not sure")
        return cannot_tell(
            code, seen, zh=f"{zh}，{more.zh}。", en=f"{en}; {more.en}.",
            fix=fix, **told,
        )  # fmt: skip
    return not_met(code, seen, zh=f"{zh}，不足。", en=f"{en}: too short.", fix=fix, **told)


def _stage_seen(code: RuleCode, seen: ExhibitEvidence, found: Seen[StageFact], *, policy: Policy, fix: Say) -> Finding:
    """A stage that was observed: met if surely, else for a person."""
    certain = sure(found, policy)
    observations = [o for o, _ in certain or found]
    stage, times = STAGES[found[0][1].stage], spans(observations)
    when = stretches(times)
    if certain:
        return met(
            code, seen, zh=f"{when.zh} 拍到“{stage.zh}”的画面。", en=f"The parcel is seen {stage.en} at {when.en}.",
            spans=times, cites=cites(observations), value=True,
        )  # fmt: skip
    confidence, least = max(o.confidence for o in observations), policy.thresholds.evidence.confidence
    return cannot_tell(
        code, seen, zh=f"{when.zh} 疑似“{stage.zh}”，置信度 {confidence:.2f} 低于 {least:g}。",
        en=f"The parcel may be seen {stage.en} at {when.en}, but with confidence {confidence:.2f} only, below "
        f"{least:g}.",
        fix=fix, spans=times, cites=cites(observations),
        value=confidence, threshold=least, margin=round(confidence - least, 3), unit="1",
    )  # fmt: skip


def _may_be_elsewhere(code: RuleCode, seen: ExhibitEvidence, stage: Stage, *, fix: Say, told: Witness) -> Finding:
    """A stage that was not observed, where the measurement leaves room for it."""
    short = cut_short(seen) or Words(zh="部分阶段识别不确定", en="some stages are not sure")
    return cannot_tell(
        code, seen, zh=f"未识别到“{STAGES[stage].zh}”，但{short.zh}，无法排除。",
        en=f"The parcel was not recognised {STAGES[stage].en}, which may still be there: {short.en}.",
        fix=fix, **told,
    )  # fmt: skip


def _uncertain_end(seen: ExhibitEvidence, policy: Policy) -> bool:
    """Whether a stage that was not observed may still be in the footage."""
    return cut_short(seen) is not None or any(not is_sure(o, policy) for o, _ in seen.of(StageFact))


def _last_closed_s(seen: ExhibitEvidence, opened: Observation) -> float | None:
    """Until when the parcel was last seen closed before it was open, in seconds."""
    closed = [o.span for o, f in seen.of(StageFact) if f.stage in CLOSED and o.span is not None]
    ends = [span.end.seconds for span in closed if opened.span is None or span.start <= opened.span.start]
    return max(ends, default=None)


def _within(gap: Observation, since_s: float, opened: Observation) -> bool:
    if gap.span is None or opened.span is None:
        return True
    start, end = gap.span.seconds
    return end >= since_s - BOUNDARY_S and start <= opened.span.start.seconds + BOUNDARY_S


STAGE_RULES = (
    Rule(RuleCode.SEALED_AT_START, UNBOXING, sealed_at_start),
    Rule(RuleCode.OPENING_SHOWN, UNBOXING, opening_shown),
    Rule(RuleCode.ITEM_SHOWN, UNBOXING, item_shown),
    Rule(RuleCode.INSPECTION_SHOWN, UNBOXING, inspection_shown),
)
