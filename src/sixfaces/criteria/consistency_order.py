"""Whether the parcel leads to the order or claim of the case (D1, D4)."""

import re

from sixfaces.criteria.answering import absent, cannot_tell, cites, met, not_met, spans
from sixfaces.criteria.consistency_numbers import SHORTEST_TOKEN, folded, normalised, shape
from sixfaces.criteria.consistency_reading import Reading, reading
from sixfaces.criteria.consistency_waybill import COMPARE, unread, winners
from sixfaces.criteria.moments import count, quoted, stretches
from sixfaces.criteria.rule import UNBOXING, Rule
from sixfaces.criteria.sureness import Seen, sure
from sixfaces.criteria.words import Words
from sixfaces.domain.evidence import Evidence, ExhibitEvidence
from sixfaces.domain.policy import Policy
from sixfaces.domain.reading_facts import CodeFact
from sixfaces.domain.rules import Finding, RuleCode

_ORDER_KEYS = r"ORDER[_ ]?(?:ID|NO|SN|NUMBER)|订单(?:编)?号"
_CLAIM_KEYS = r"(?:CLAIM|REFUND|RMA|AFTERSALE)[_ ]?(?:ID|NO|SN|NUMBER)|(?:售后|退款|退货)(?:单|编)号"
_VALUE = rf"[\"']?\s*[=:]\s*[\"']?([A-Z0-9-]{{{SHORTEST_TOKEN},}})"
_ORDER, _CLAIM = re.compile(rf"(?:{_ORDER_KEYS}){_VALUE}"), re.compile(rf"(?:{_CLAIM_KEYS}){_VALUE}")


def order_reference(evidence: Evidence, seen: ExhibitEvidence, policy: Policy) -> Finding:
    """The parcel leads to the order (D4).

    1. The case states neither order nor claim number: cannot tell. 2. A code on the parcel carries one: met. 3. The
    waybill binds the parcel to the case: met. 4. A code says outright that it belongs to another order or claim: not
    met, or, if the waybill is ours, for a person to resolve. 5. OCR alone: a person compares.
    """
    order, claim = evidence.case.order.order_id, evidence.case.claim.claim_id
    references = [reference for reference in (order, claim) if reference is not None]
    if not references:
        name = Words(zh="订单号或售后单号", en="an order or claim number")
        return absent(RuleCode.ORDER_REFERENCE, seen, path="case.order.order_id", name=name)
    for reference in references:
        read = reading(seen, reference, policy)
        if read.reads >= policy.thresholds.reading.code_reads:
            return _reference_read(seen, read, reference=reference, policy=policy)
    bound = winners(evidence, seen, policy)
    foreign = _other_reference(seen, {_ORDER: order, _CLAIM: claim}, policy)
    if foreign is not None:
        return _contradicted(seen, *foreign, references=references, bound=bound)
    if bound:
        number = quoted(bound[0][1].text)
        return met(
            RuleCode.ORDER_REFERENCE, seen,
            zh=f"运单号 {number} 与售后单一致，可凭运单号关联到该订单（{'、'.join(references)} 未在包裹上读到）。",
            en=f"The parcel's waybill {number} is the case's and leads to the order (not read on the parcel: "
            f"{', '.join(references)}).",
            spans=spans(o for o, _ in bound), cites=cites(o for o, _ in bound), value=number,
        )  # fmt: skip
    name, number = Words(zh="订单号或售后单号", en="The order or claim number"), " / ".join(references)
    return _printed_reference(seen, references, policy) or unread(
        RuleCode.ORDER_REFERENCE, seen, number=number, name=name
    )


def _reference_read(seen: ExhibitEvidence, read: Reading, *, reference: str, policy: Policy) -> Finding:
    times = spans(o for o, _ in read.ours)
    when, needed = stretches(times), policy.thresholds.reading.code_reads
    return met(
        RuleCode.ORDER_REFERENCE, seen,
        zh=f"包裹上的条码含 {reference}，于 {when.zh} 读到 {read.reads} 次（至少 {needed} 次），与售后单一致。",
        en=f"A code on the parcel carries {reference} ({count(read.reads, 'read')} at {when.en}, at least {needed}), "
        "as the case states.",
        spans=times, cites=cites(o for o, _ in read.ours), value=reference,
    )  # fmt: skip


def _other_reference(
    seen: ExhibitEvidence, expected: dict[re.Pattern[str], str | None], policy: Policy
) -> tuple[str, Seen[CodeFact]] | None:
    """A number that a code calls an order or claim number, that looks like ours, and is not."""
    for pair in sure(seen.of(CodeFact), policy):
        if pair[1].reads < policy.thresholds.reading.code_reads:
            continue
        for naming, ours in expected.items():
            named = naming.search(folded(pair[1].text)) if ours is not None else None
            if ours is None or named is None:
                continue
            if shape(named[1]) == shape(ours) and normalised(named[1]) != normalised(ours):
                return quoted(named[1]), [pair]
    return None


def _contradicted(
    seen: ExhibitEvidence, number: str, codes: Seen[CodeFact], *, references: list[str], bound: Seen[CodeFact]
) -> Finding:
    times, ids = spans(o for o, _ in codes), cites(o for o, _ in codes)
    when, ours = stretches(times), " / ".join(references)
    if bound:
        return cannot_tell(
            RuleCode.ORDER_REFERENCE, seen,
            zh=f"运单号与售后单一致，但 {when.zh} 的条码写明另一单号 {number}（售后单为 {ours}）。",
            en=f"The waybill is the case's, but a code at {when.en} names {number} where the case has {ours}.",
            fix=COMPARE, spans=times, cites=ids, value=number,
        )  # fmt: skip
    return not_met(
        RuleCode.ORDER_REFERENCE, seen,
        zh=f"{when.zh} 的条码写明单号 {number}，与售后单的 {ours} 不一致。",
        en=f"A code at {when.en} names {number}; the case has {ours}.",
        fix=COMPARE, spans=times, cites=ids, value=number,
    )  # fmt: skip


def _printed_reference(seen: ExhibitEvidence, references: list[str], policy: Policy) -> Finding | None:
    for reference in references:
        printed = reading(seen, reference, policy).printed
        if printed:
            times = spans(o for o, _ in printed)
            when, text = stretches(times), quoted(printed[0][1].text)
            return cannot_tell(
                RuleCode.ORDER_REFERENCE, seen,
                zh=f"文字识别在 {when.zh} 读到“{text}”，与 {reference} 相符，但文字识别仅供参考。",
                en=f"OCR read “{text}” at {when.en}, which agrees with {reference}, but OCR is advisory.",
                fix=COMPARE, spans=times, cites=cites(o for o, _ in printed), value=text,
            )  # fmt: skip
    return None


RULE = Rule(RuleCode.ORDER_REFERENCE, UNBOXING, order_reference)
