"""Whether the footage shows a waybill that can be read, be it the case's or not (D4, D5)."""

from sixfaces.criteria.answering import cannot_tell, cites, met, not_met, spans, unmeasured
from sixfaces.criteria.consistency_reading import other_waybills, reading
from sixfaces.criteria.consistency_waybill import CLOSER
from sixfaces.criteria.moments import count, quoted, stretches
from sixfaces.criteria.rule import UNBOXING, Rule
from sixfaces.criteria.sureness import Seen, cut_short, sure
from sixfaces.criteria.words import NOTHING, Words
from sixfaces.domain.evidence import Evidence, ExhibitEvidence
from sixfaces.domain.parcel_facts import Stage, StageFact
from sixfaces.domain.policy import Policy
from sixfaces.domain.reading_facts import CodeFact, TextFact
from sixfaces.domain.rules import Finding, RuleCode


def waybill_shown(evidence: Evidence, seen: ExhibitEvidence, policy: Policy) -> Finding:
    """A waybill was held so that it can be read.

    1. A waybill's code was read often enough, or the case's number by OCR: it was legible, met. 2. Too few reads:
    cannot tell. 3. No parcel is ever in view: not met. 4. Nothing was read: a person may still be able to read it.
    """
    code, needed = RuleCode.WAYBILL_SHOWN, policy.thresholds.reading.code_reads
    claimed = evidence.case.return_parcel.waybill
    ours = reading(seen, claimed, policy) if claimed is not None else None
    groups = [sure(group, policy) for group in other_waybills(evidence, seen, policy).values()]
    best = max([list(ours.ours) if ours else [], *groups], key=lambda g: sum(c.reads for _, c in g))
    reads = sum(c.reads for _, c in best)
    if reads < needed and ours is not None and ours.printed:
        return _printed(seen, ours.printed)
    if not best:
        return _nothing_read(seen, policy)
    ids, times, number = cites(o for o, _ in best), spans(o for o, _ in best), quoted(best[0][1].text)
    when = stretches(times)
    if reads < needed:
        return cannot_tell(
            code, seen, zh=f"运单号 {number} 仅读到 {reads} 次（{when.zh}），要求 {needed} 次。",
            en=f"The waybill {number} was read only {count(reads, 'time')} (at {when.en}); {needed} are needed.",
            fix=CLOSER, spans=times, cites=ids,
            value=reads, threshold=needed, margin=reads - needed, unit="reads",
        )  # fmt: skip
    return met(
        code, seen, zh=f"面单清晰可读：{when.zh} 读到运单号 {number}，共 {reads} 次（至少 {needed} 次）。",
        en=f"The label is legible: its waybill {number} was read {count(reads, 'time')} at {when.en} (at least "
        f"{needed}).",
        spans=times, cites=ids, value=reads, threshold=needed, margin=reads - needed, unit="reads",
    )  # fmt: skip


def _printed(seen: ExhibitEvidence, printed: Seen[TextFact]) -> Finding:
    times, best = spans(o for o, _ in printed), max((t for _, t in printed), key=lambda text: text.score)
    when, text = stretches(times), quoted(best.text)
    return met(
        RuleCode.WAYBILL_SHOWN, seen, zh=f"面单可读：{when.zh} 文字识别读到“{text}”（得分 {best.score:.2f}）。",
        en=f"The label is legible: OCR read “{text}” at {when.en} (score {best.score:.2f}).",
        spans=times, cites=cites(o for o, _ in printed), value=text,
    )  # fmt: skip


def _nothing_read(seen: ExhibitEvidence, policy: Policy) -> Finding:
    code, stages = RuleCode.WAYBILL_SHOWN, seen.of(StageFact)
    certain = cut_short(seen) is None and len(sure(stages, policy)) == len(stages)
    if stages and certain and all(fact.stage is Stage.ABSENT for _, fact in stages):
        times = spans(o for o, _ in stages)
        return not_met(
            code, seen, zh=f"画面中始终没有包裹（{stretches(times).zh}），也就没有面单。",
            en=f"No parcel, and so no label, is ever in view ({stretches(times).en}).",
            fix=CLOSER, spans=times, cites=cites(o for o, _ in stages), value=False,
        )  # fmt: skip
    if seen.unmeasured(CodeFact) is not None or seen.media is None:
        return unmeasured(code, seen, CodeFact, fix=CLOSER)
    read = [o for o, _ in seen.of(CodeFact)]
    others = count(len(read), "other code")
    also = Words(zh=f"（读到 {len(read)} 个其他条码）", en=f" ({others} read)") if read else NOTHING
    return cannot_tell(
        code, seen, zh=f"未读到运单号{also.zh}，面单是否清晰可读需人工查看。",
        en=f"No waybill was read{also.en}; a person must see whether the label is legible.",
        fix=CLOSER, spans=spans(read), cites=cites(read), missing="observation.code",
    )  # fmt: skip


RULE = Rule(RuleCode.WAYBILL_SHOWN, UNBOXING, waybill_shown)
