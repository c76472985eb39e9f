"""Whether the goods are the order's: barcode or serial first, then appearance against reference images (D7, D11)."""

from sixfaces.criteria.answering import absent, cannot_tell, cites, met, not_met, spans, unmeasured
from sixfaces.criteria.consistency_numbers import Match, article, match
from sixfaces.criteria.consistency_reading import article_of, is_retail, opened_s
from sixfaces.criteria.moments import count, names, quoted, stretches
from sixfaces.criteria.rule import UNBOXING, Rule
from sixfaces.criteria.sureness import Seen, start_s, sure
from sixfaces.criteria.words import Words
from sixfaces.domain.answer import Answer
from sixfaces.domain.case import OrderItem
from sixfaces.domain.evidence import Evidence, ExhibitEvidence
from sixfaces.domain.model import Say
from sixfaces.domain.observation import Observation
from sixfaces.domain.parcel_facts import ItemFact, ItemMatch
from sixfaces.domain.policy import Policy
from sixfaces.domain.reading_facts import CheckDigit, CodeFact
from sixfaces.domain.rules import Finding, RuleCode

SHOW_BARCODE = Say(
    zh="取出商品后，请将商品条码或序列号正对镜头停留约 1 秒；本次可由人工比对商品与订单。",
    en="After taking the item out, hold its barcode or serial number square to the camera for a second; for this "
    "footage, let a person compare the item with the order.",
)
_BY = {
    ItemMatch.BARCODE: Words(zh="条码", en="barcode"),
    ItemMatch.SERIAL: Words(zh="序列号", en="serial number"),
    ItemMatch.APPEARANCE: Words(zh="外观", en="appearance"),
    ItemMatch.EMBEDDING: Words(zh="自备模型", en="your own model"),
}
_RANK = {ItemMatch.BARCODE: 3, ItemMatch.SERIAL: 3, ItemMatch.APPEARANCE: 2, ItemMatch.EMBEDDING: 1}
"""Which evidence a finding speaks of first."""

_NAME = Words(zh="商品条码、序列号或参考图", en="a barcode, serial number or reference image of the item")


def item(evidence: Evidence, seen: ExhibitEvidence, policy: Policy) -> Finding:
    """The item is one that the order names.

    1. The order gives nothing to compare with: cannot tell. 2. Evidence for and against: a person decides. 3. The
    order's barcode or serial was read in the open parcel, or an observer recognised the item: met. 4. An observer found
    it to be another, or only a foreign article number was on it when it came out: not met. 5. The number was read, but
    not surely in the open parcel (an outer carton proves nothing about what is inside), or nothing was: cannot tell.
    """
    items = evidence.case.order.items
    if not any(line.barcodes or line.serials or line.reference_images for line in items):
        return absent(RuleCode.ITEM, seen, path="case.order.items.barcodes", name=_NAME)
    read = _order_numbers_read(seen, items, policy)
    compared = sure(seen.of(ItemFact), policy)
    same = [(o, f) for o, f in compared if _is_same(f, policy)]
    other = [(o, f) for o, f in compared if f.same is Answer.NOT_MET]
    opened = opened_s(seen, policy)
    inside = {number: codes for number, codes in read.items() if opened is not None and _ends_s(codes) >= opened}
    if (inside or same) and other:
        return _conflict(seen, [*(o for codes in inside.values() for o, _ in codes), *(o for o, _ in same + other)])
    if inside:
        return _number_read(seen, inside, policy)
    if same or other:
        return _compared(seen, same or other, policy)
    foreign = _foreign_articles(seen, items, policy)
    if foreign:
        return _foreign(seen, foreign, items)
    return _outside(seen, read) if read else _undecided(seen)


def _is_same(fact: ItemFact, policy: Policy) -> bool:
    """What a model's likeness means is the policy's to say; of all other evidence the observer answers for itself."""
    if fact.by is ItemMatch.EMBEDDING:
        return fact.score >= policy.thresholds.goods.item_embedding
    return fact.same is Answer.MET and (fact.by is not ItemMatch.APPEARANCE or fact.score >= _least(fact, policy))


def _least(fact: ItemFact, policy: Policy) -> float:
    goods = policy.thresholds.goods
    return goods.item_embedding if fact.by is ItemMatch.EMBEDDING else goods.item_score


def _order_numbers_read(
    seen: ExhibitEvidence, items: tuple[OrderItem, ...], policy: Policy
) -> dict[str, Seen[CodeFact]]:
    """The order's barcodes and serials that were read often enough, each with its codes."""
    found: dict[str, Seen[CodeFact]] = {}
    for line in items:
        for number in (*line.barcodes, *line.serials):
            codes = [(o, c) for o, c in sure(seen.of(CodeFact), policy) if _carries(c, number, policy)]
            if sum(c.reads for _, c in codes) >= policy.thresholds.reading.code_reads:
                found[number] = codes
    return found


def _ends_s(codes: Seen[CodeFact]) -> float:
    return max((o.span.end.seconds for o, _ in codes if o.span is not None), default=-1.0)


def _carries(code: CodeFact, number: str, policy: Policy) -> bool:
    carried = article_of(code)
    if carried is not None and carried == article(number):
        return True
    return match(code.text, number, visible=policy.thresholds.reading.masked_visible) is Match.FULL


def _foreign_articles(seen: ExhibitEvidence, items: tuple[OrderItem, ...], policy: Policy) -> Seen[CodeFact]:
    """Retail codes first seen once the parcel was open, read surely, where the order names every article's own."""
    opened = opened_s(seen, policy)
    if opened is None or not all(line.barcodes for line in items):
        return []
    expected = {article(number) for line in items for number in line.barcodes}
    return [
        (o, c)
        for o, c in sure(seen.of(CodeFact), policy)
        if is_retail(c)
        and c.check_digit is CheckDigit.OK
        and c.reads >= policy.thresholds.reading.code_reads
        and (begins := start_s(o)) is not None
        and begins >= opened
        and article_of(c) not in expected
    ]


def _number_read(seen: ExhibitEvidence, read: dict[str, Seen[CodeFact]], policy: Policy) -> Finding:
    observations = [o for codes in read.values() for o, _ in codes]
    times, numbers = spans(observations), names(sorted(read))
    when = stretches(times)
    reads, needed = sum(c.reads for codes in read.values() for _, c in codes), policy.thresholds.reading.code_reads
    return met(
        RuleCode.ITEM, seen,
        zh=f"读到订单商品的条码或序列号 {numbers.zh}（{when.zh}，共 {reads} 次，至少 {needed} 次）。",
        en=f"The order's barcode or serial {numbers.en} was read ({count(reads, 'read')} at {when.en}, at least "
        f"{needed}).",
        spans=times, cites=cites(observations), value=numbers.en,
    )  # fmt: skip


def _outside(seen: ExhibitEvidence, read: dict[str, Seen[CodeFact]]) -> Finding:
    observations = [o for codes in read.values() for o, _ in codes]
    times, numbers = spans(observations), names(sorted(read))
    when = stretches(times)
    return cannot_tell(
        RuleCode.ITEM, seen,
        zh=f"{when.zh} 读到订单商品的号码 {numbers.zh}，但无法确认是在开箱后的商品上读到的。",
        en=f"The order's number {numbers.en} was read at {when.en}, but not surely on the item after the opening.",
        fix=SHOW_BARCODE, spans=times, cites=cites(observations), value=numbers.en,
    )  # fmt: skip


def _compared(seen: ExhibitEvidence, facts: Seen[ItemFact], policy: Policy) -> Finding:
    best = max((f for _, f in facts), key=lambda fact: (_RANK[fact.by], fact.score))
    observations, by, least = [o for o, _ in facts], _BY[best.by], _least(best, policy)
    times, reference = spans(observations), quoted(best.reference)
    when = stretches(times)
    if _is_same(best, policy):
        return met(
            RuleCode.ITEM, seen,
            zh=f"{when.zh} 的商品与订单的 {reference} 相符（依据{by.zh}，得分 {best.score:.2f}，"
            f"要求 {least:g}）。",
            en=f"The item at {when.en} is the order's {reference} (by {by.en}, score {best.score:.2f}, required "
            f"{least:g}).",
            spans=times, cites=cites(observations),
            value=best.score, threshold=least, margin=round(best.score - least, 3), unit="1",
        )  # fmt: skip
    return not_met(
        RuleCode.ITEM, seen,
        zh=f"{when.zh} 的商品与订单的 {reference} 不符（依据{by.zh}，得分 {best.score:.2f}，要求 {least:g}）。",
        en=f"The item at {when.en} is not the order's {reference} (by {by.en}, score {best.score:.2f}, required "
        f"{least:g}).",
        fix=SHOW_BARCODE, spans=times, cites=cites(observations),
        value=best.score, threshold=least, margin=round(best.score - least, 3), unit="1",
    )  # fmt: skip


def _conflict(seen: ExhibitEvidence, observations: list[Observation]) -> Finding:
    times = spans(observations)
    when = stretches(times)
    return cannot_tell(
        RuleCode.ITEM, seen,
        zh=f"商品证据互相矛盾：有的与订单相符，有的不符（{when.zh}）。",
        en=f"The evidence about the item disagrees: some matches the order, some does not (at {when.en}).",
        fix=SHOW_BARCODE, spans=times, cites=cites(observations),
    )  # fmt: skip


def _foreign(seen: ExhibitEvidence, foreign: Seen[CodeFact], items: tuple[OrderItem, ...]) -> Finding:
    observations = [o for o, _ in foreign]
    times, numbers = spans(observations), names(sorted({c.text for _, c in foreign}))
    expected, when = names(sorted({b for line in items for b in line.barcodes})), stretches(times)
    return not_met(
        RuleCode.ITEM, seen,
        zh=f"开箱后（{when.zh}）商品上读到条码 {numbers.zh}，订单商品为 {expected.zh}。",
        en=f"After the opening (at {when.en}) the article number {numbers.en} was read; the order names "
        f"{expected.en}.",
        fix=SHOW_BARCODE, spans=times, cites=cites(observations), value=numbers.en,
    )  # fmt: skip


def _undecided(seen: ExhibitEvidence) -> Finding:
    compared = seen.of(ItemFact)
    if not compared:
        return unmeasured(RuleCode.ITEM, seen, ItemFact, fix=SHOW_BARCODE)
    seen_in, best = max(compared, key=lambda pair: (_RANK[pair[1].by], pair[1].score))
    observations = [o for o, _ in compared]
    times, by, reference = spans([seen_in]), _BY[best.by], quoted(best.reference)
    when, confidence = stretches(times), seen_in.confidence
    return cannot_tell(
        RuleCode.ITEM, seen,
        zh=f"{when.zh} 的商品与订单的 {reference} 比对不足以认定（依据{by.zh}，得分 {best.score:.2f}，"
        f"置信度 {confidence:.2f}）。",
        en=f"Comparing the item at {when.en} with the order's {reference} decides nothing (by {by.en}, score "
        f"{best.score:.2f}, confidence {confidence:.2f}).",
        fix=SHOW_BARCODE, spans=times, cites=cites(observations), value=best.score,
    )  # fmt: skip


RULE = Rule(RuleCode.ITEM, UNBOXING, item)
