"""Whether the parcel is the one the case is about, by its printed numbers (D4, D9)."""

from sixfaces.criteria.answering import absent, cannot_tell, cites, met, not_met, spans, unmeasured
from sixfaces.criteria.consistency_reading import Reading, other_waybills, reading, rival_reads
from sixfaces.criteria.moments import count, names, quoted, stretches
from sixfaces.criteria.rule import UNBOXING, Rule
from sixfaces.criteria.sureness import Seen, is_sure, sure
from sixfaces.criteria.words import NOTHING, Words
from sixfaces.domain.evidence import Evidence, ExhibitEvidence
from sixfaces.domain.model import Say
from sixfaces.domain.policy import Policy
from sixfaces.domain.reading_facts import CodeFact, TextFact
from sixfaces.domain.rules import Finding, RuleCode

CLOSER = Say(
    zh="请将面单条码正对镜头、靠近并停留约 1 秒，使最窄的条至少占 2 个像素，避免反光；本次可由人工查看面单画面。",
    en="Hold the label's barcode square to the camera, close and still for a second, so that its narrowest bar is at "
    "least 2 pixels wide and free of glare; for this footage, let a person read the label.",
)
COMPARE = Say(
    zh="请人工对照画面中的面单与售后单上的运单号；若售后单录错，请更正后重新核验。",
    en="Let a person compare the label in the footage with the case's waybill; if the case has a typing error, "
    "correct it and verify again.",
)
_NAME = Words(zh="退货运单号", en="the return waybill")


def waybill(evidence: Evidence, seen: ExhibitEvidence, policy: Policy) -> Finding:
    """The waybill read from the footage is the case's.

    1. The case states no waybill: cannot tell. 2. A code carries it: met, if it won the vote. 3. It was read only in
    part or by OCR: a person compares. 4. One other waybill was read instead: not met; several: the neighbours' may be
    in the picture, a person compares. 5. Nothing was read: cannot tell.
    """
    claimed = evidence.case.return_parcel.waybill
    if claimed is None:
        return absent(RuleCode.WAYBILL, seen, path="case.return_parcel.waybill", name=_NAME)
    read = reading(seen, claimed, policy)
    others = other_waybills(evidence, seen, policy)
    if read.ours:
        return _voted(seen, read, others=others, claimed=claimed, policy=policy)
    if read.doubtful:
        return _in_doubt(seen, read.doubtful, claimed)
    if read.printed:
        return _printed(seen, read.printed, claimed)
    if others:
        return _another(seen, others, claimed=claimed, policy=policy)
    return unread(RuleCode.WAYBILL, seen, number=claimed, name=Words(zh="运单号", en="The waybill"))


def _voted(
    seen: ExhibitEvidence, read: Reading, *, others: dict[str, Seen[CodeFact]], claimed: str, policy: Policy
) -> Finding:
    limits = policy.thresholds.reading
    ids, times = cites(o for o, _ in read.ours), spans(o for o, _ in read.ours)
    when = stretches(times)
    if read.reads < limits.code_reads:
        return cannot_tell(
            RuleCode.WAYBILL, seen,
            zh=f"与售后单一致的运单号 {claimed} 仅读到 {read.reads} 次（{when.zh}），"
            f"少于要求的 {limits.code_reads} 次。",
            en=f"The case's waybill {claimed} was read only {count(read.reads, 'time')} (at {when.en}); "
            f"{limits.code_reads} are needed.",
            fix=CLOSER, spans=times, cites=ids,
            value=read.reads, threshold=limits.code_reads, margin=read.reads - limits.code_reads, unit="reads",
        )  # fmt: skip
    rivals, strongest = _strongest(seen, read, others=others, claimed=claimed, policy=policy)
    if strongest is not None and read.reads < limits.rival_ratio * rivals[strongest]:
        lead = read.reads / rivals[strongest] if rivals[strongest] else read.reads
        return cannot_tell(
            RuleCode.WAYBILL, seen,
            zh=f"画面中同时读到售后单的运单号 {claimed}（{read.reads} 次，{when.zh}）和另一号码 {quoted(strongest)}"
            f"（{rivals[strongest]} 次），领先不足 {limits.rival_ratio:g} 倍，无法确定哪一个属于该包裹。",
            en=f"Both the case's waybill {claimed} ({count(read.reads, 'read')}, at {when.en}) and {quoted(strongest)} "
            f"({count(rivals[strongest], 'read')}) were read; a lead of {limits.rival_ratio:g} to 1 is needed to say "
            "which belongs to the parcel.",
            fix=COMPARE, spans=times, cites=ids,
            value=round(lead, 3), threshold=limits.rival_ratio, margin=round(lead - limits.rival_ratio, 3), unit="1",
        )  # fmt: skip
    return met(
        RuleCode.WAYBILL, seen,
        zh=f"面单运单号与售后单一致：{claimed}，于 {when.zh} 共读到 {read.reads} 次（至少 {limits.code_reads} 次）。",
        en=f"The label carries the case's waybill {claimed}: {count(read.reads, 'read')} at {when.en} "
        f"(at least {limits.code_reads}).",
        spans=times, cites=ids, value=quoted(read.ours[0][1].text),
    )  # fmt: skip


def _strongest(
    seen: ExhibitEvidence, read: Reading, *, others: dict[str, Seen[CodeFact]], claimed: str, policy: Policy
) -> tuple[dict[str, int], str | None]:
    """The votes for every other number, and the number with the most."""
    elsewhere = {number: sum(c.reads for o, c in group if is_sure(o, policy)) for number, group in others.items()}
    rivals = {**elsewhere, **rival_reads(seen, read.ours, number=claimed, policy=policy)}
    return rivals, max(rivals, key=lambda number: (rivals[number], number), default=None)


def winners(evidence: Evidence, seen: ExhibitEvidence, policy: Policy) -> Seen[CodeFact]:
    """The codes by which `waybill` is met; none where it is not."""
    claimed, limits = evidence.case.return_parcel.waybill, policy.thresholds.reading
    read = reading(seen, claimed, policy) if claimed is not None else None
    if claimed is None or read is None or not read.ours or read.reads < limits.code_reads:
        return []
    others = other_waybills(evidence, seen, policy)
    rivals, strongest = _strongest(seen, read, others=others, claimed=claimed, policy=policy)
    outvoted = strongest is not None and read.reads < limits.rival_ratio * rivals[strongest]
    return [] if outvoted else read.ours


def _in_doubt(seen: ExhibitEvidence, doubtful: Seen[CodeFact], claimed: str) -> Finding:
    ids, times = cites(o for o, _ in doubtful), spans(o for o, _ in doubtful)
    when, text = stretches(times), quoted(doubtful[0][1].text)
    return cannot_tell(
        RuleCode.WAYBILL, seen,
        zh=f"{when.zh} 读到的条码“{text}”与售后单运单号 {claimed} 部分相符或读取不稳定，不足以认定一致。",
        en=f"The code “{text}” read at {when.en} agrees with the case's waybill {claimed} only in part, or not "
        "steadily enough to count.",
        fix=COMPARE, spans=times, cites=ids, value=text,
    )  # fmt: skip


def _printed(seen: ExhibitEvidence, printed: Seen[TextFact], claimed: str) -> Finding:
    best = max(printed, key=lambda pair: (pair[1].score, pair[1].reads))
    ids, times = cites(o for o, _ in printed), spans(o for o, _ in printed)
    when, text = stretches(times), quoted(best[1].text)
    masked = Words(zh="，部分字符被遮盖", en=", partly masked") if best[1].masked else NOTHING
    return cannot_tell(
        RuleCode.WAYBILL, seen,
        zh=f"条码未读出；文字识别在 {when.zh} 读到“{text}”（得分 {best[1].score:.2f}{masked.zh}），与售后单运单号 "
        f"{claimed} 相符，但文字识别仅供参考。",
        en=f"No code was read; OCR read “{text}” at {when.en} (score {best[1].score:.2f}{masked.en}), which agrees "
        f"with the case's waybill {claimed}, but OCR is advisory.",
        fix=COMPARE, spans=times, cites=ids, value=text,
    )  # fmt: skip


def _another(seen: ExhibitEvidence, others: dict[str, Seen[CodeFact]], *, claimed: str, policy: Policy) -> Finding:
    needed = policy.thresholds.reading.code_reads
    votes = {number: sum(c.reads for _, c in sure(group, policy)) for number, group in others.items()}
    pairs = [pair for group in others.values() for pair in group]
    ids, times = cites(o for o, _ in pairs), spans(o for o, _ in pairs)
    when, numbers = stretches(times), names(sorted(others))
    if len(others) == 1 and votes[only := next(iter(others))] >= needed:
        return not_met(
            RuleCode.WAYBILL, seen,
            zh=f"面单运单号为 {quoted(only)}（{when.zh} 读到 {votes[only]} 次），与售后单的 {claimed} 不一致。",
            en=f"The label carries the waybill {quoted(only)} ({count(votes[only], 'read')} at {when.en}), not the "
            f"case's {claimed}.",
            fix=COMPARE, spans=times, cites=ids, value=quoted(only),
        )  # fmt: skip
    return cannot_tell(
        RuleCode.WAYBILL, seen,
        zh=f"画面中读到其他运单号 {numbers.zh}（{when.zh}），未读到售后单的 {claimed}；可能是旁边的包裹或旧面单。",
        en=f"Other waybills were read ({numbers.en}, at {when.en}) but not the case's {claimed}; they "
        "may be on neighbouring parcels or old labels.",
        fix=CLOSER, spans=times, cites=ids, value=numbers.en,
    )  # fmt: skip


def unread(code: RuleCode, seen: ExhibitEvidence, *, number: str, name: Words) -> Finding:
    """`cannot_tell`, because nothing that was read bears on the number, which is called `name`."""
    if seen.unmeasured(CodeFact) is not None or seen.media is None:
        return unmeasured(code, seen, CodeFact, fix=CLOSER)
    read = seen.of(CodeFact)
    also = NOTHING
    if read:
        also = Words(zh=f"（读到 {len(read)} 个其他条码）", en=f" ({count(len(read), 'other code')} read)")
    return cannot_tell(
        code, seen,
        zh=f"画面中未读到{name.zh} {number}{also.zh}，无法比对。",
        en=f"{name.en} {number} was not read anywhere in the footage{also.en}, so it cannot be compared.",
        fix=CLOSER, cites=cites(o for o, _ in read), missing="observation.code",
    )  # fmt: skip


RULE = Rule(RuleCode.WAYBILL, UNBOXING, waybill)
