"""How many, how heavy, with which defect and of which batch the returned goods are (D7, D15, D18)."""

from sixfaces.criteria.answering import TOLERANCE, absent, cannot_tell, cites, met, not_met, spans, unmeasured
from sixfaces.criteria.moments import stretches
from sixfaces.criteria.rule import UNBOXING, Rule
from sixfaces.criteria.sureness import is_sure, least_confidence, sure
from sixfaces.criteria.words import Words
from sixfaces.domain.answer import Answer
from sixfaces.domain.case import CaseFile, ClaimReason
from sixfaces.domain.evidence import Evidence, ExhibitEvidence
from sixfaces.domain.exhibit import Role
from sixfaces.domain.model import Say
from sixfaces.domain.parcel_facts import DefectMatchFact, QuantityFact, WeightFact
from sixfaces.domain.policy import Policy
from sixfaces.domain.rules import Finding, RuleCode

RETURNED = UNBOXING | {Role.QC_PHOTO}
COUNT_OUT = Say(
    zh="请逐件取出并在镜头前清点，最后展示空箱；若只退部分商品，请在售后单文件中只列应退商品和数量。",
    en="Take the items out one by one before the camera and show the empty box at the end; if only part comes back, "
    "list only that part in the case file.",
)
WEIGH = Say(
    zh="请在镜头前重新称重，读数保持可见，并核对承运商的称重记录与商品标称重量。",
    en="Weigh the parcel again before the camera with the reading in view, and check the carrier's record and the "
    "items' stated weights.",
)
CLOSE_UP = Say(
    zh="请以买家照片的角度近距离拍摄瑕疵部位；本次可由人工并排比对。",
    en="Film the defect close up from the angle of the buyer's photo; for this footage, let a person compare them side "
    "by side.",
)
ASK_BUYER = Say(
    zh="请向买家索取能看清问题的照片或视频，并以 buyer_photo 角色提交。",
    en="Ask the buyer for a photo or video that clearly shows the problem and hand it in with the role buyer_photo.",
)
COMPARE_BATCH = Say(
    zh="请人工将商品上的批号与该订单的进货或出库记录核对。",
    en="Let a person compare the batch number on the goods with the order's purchase or dispatch record.",
)
REASONS = {
    ClaimReason.NO_REASON: Words(zh="七天无理由", en="no reason given"),
    ClaimReason.SIZE_COLOUR: Words(zh="尺码或颜色不合适", en="size or colour"),
    ClaimReason.QUALITY_DEFECT: Words(zh="质量问题", en="quality defect"),
    ClaimReason.DAMAGED: Words(zh="破损", en="damaged"),
    ClaimReason.WRONG_ITEM: Words(zh="发错货", en="wrong item"),
    ClaimReason.MISSING_ITEM: Words(zh="少件漏发", en="missing item"),
    ClaimReason.NOT_AS_DESCRIBED: Words(zh="与描述不符", en="not as described"),
    ClaimReason.COUNTERFEIT: Words(zh="假冒商品", en="counterfeit"),
    ClaimReason.PERISHABLE: Words(zh="生鲜变质", en="perished"),
    ClaimReason.NOT_RECEIVED: Words(zh="未收到货", en="not received"),
}
_DEFECTS = frozenset({
    ClaimReason.QUALITY_DEFECT, ClaimReason.DAMAGED, ClaimReason.NOT_AS_DESCRIBED, ClaimReason.COUNTERFEIT,
    ClaimReason.WRONG_ITEM,
})  # fmt: skip


def quantity(evidence: Evidence, seen: ExhibitEvidence, policy: Policy) -> Finding:
    """As many items come out of the parcel as the case lists. More than that is for a person: it may be packaging."""
    expected = _expected_count(evidence.case)
    if expected is None:
        name = Words(zh="每件商品的数量", en="the quantity of every item")
        return absent(RuleCode.QUANTITY, seen, path="case.order.items.quantity", name=name)
    counted = seen.of(QuantityFact)
    if not counted:
        return unmeasured(RuleCode.QUANTITY, seen, QuantityFact, fix=COUNT_OUT)
    observations = [o for o, _ in counted]
    times, numbers = spans(observations), sorted({fact.count for _, fact in counted})
    when, told = stretches(times), " / ".join(map(str, numbers))
    zh, en = (
        f"{when.zh} 取出 {told} 件，订单为 {expected} 件",
        f"Items taken out at {when.en}: {told}; ordered: {expected}",
    )
    if len(numbers) > 1 or len(sure(counted, policy)) < len(counted):
        confidence = least_confidence(counted)
        return cannot_tell(
            RuleCode.QUANTITY, seen, zh=f"{zh}，清点结果不确定（置信度 {confidence:.2f}）。",
            en=f"{en}. The count is not sure (confidence {confidence:.2f}).",
            fix=COUNT_OUT, spans=times, cites=cites(observations), value=numbers[0], threshold=expected, unit="items",
        )  # fmt: skip
    return _counted(seen, numbers[0], expected, zh=zh, en=en)


def _counted(seen: ExhibitEvidence, taken: int, expected: int, *, zh: str, en: str) -> Finding:
    observations = [o for o, _ in seen.of(QuantityFact)]
    ids, times, apart = cites(observations), spans(observations), -abs(taken - expected)
    if taken == expected:
        return met(
            RuleCode.QUANTITY, seen, zh=f"{zh}，数量一致。", en=f"{en}. They agree.",
            spans=times, cites=ids, value=taken, threshold=expected, margin=apart, unit="items",
        )  # fmt: skip
    if taken > expected:
        return cannot_tell(
            RuleCode.QUANTITY, seen, zh=f"{zh}，多出 {taken - expected} 件，可能含包装或赠品。",
            en=f"{en}. The {taken - expected} more may be packaging or a gift.",
            fix=COUNT_OUT, spans=times, cites=ids, value=taken, threshold=expected, margin=apart, unit="items",
        )  # fmt: skip
    return not_met(
        RuleCode.QUANTITY, seen, zh=f"{zh}，少 {expected - taken} 件。", en=f"{en}. That is {expected - taken} short.",
        fix=COUNT_OUT, spans=times, cites=ids, value=taken, threshold=expected, margin=apart, unit="items",
    )  # fmt: skip


def _expected_count(case: CaseFile) -> int | None:
    quantities = [item.quantity for item in case.order.items]
    return sum(q for q in quantities if q is not None) if quantities and None not in quantities else None


def claimed_defect(evidence: Evidence, seen: ExhibitEvidence, policy: Policy) -> Finding:
    """The returned item shows the defect that the buyer's photo shows (D3, D7).

    1. No reason stated, or one that claims no defect: nothing to compare. 2. No buyer photo or video: cannot tell.
    3. Not compared: cannot tell. 4. The comparison decides if it is sure and one-sided.
    """
    reason = evidence.case.claim.reason
    if reason is None:
        name = Words(zh="售后原因", en="the reason of the claim")
        return absent(RuleCode.CLAIMED_DEFECT, seen, path="case.claim.reason", name=name)
    if reason not in _DEFECTS:
        return cannot_tell(
            RuleCode.CLAIMED_DEFECT, seen, zh=f"售后原因（{REASONS[reason].zh}）不涉及可比对的瑕疵。",
            en=f"The claim's reason ({REASONS[reason].en}) names no defect to compare.",
            fix=CLOSE_UP, missing="case.claim.reason",
        )  # fmt: skip
    if not any(other.exhibit.role in (Role.BUYER_PHOTO, Role.BUYER_VIDEO) for other in evidence.exhibits):
        return cannot_tell(
            RuleCode.CLAIMED_DEFECT, seen, zh="没有买家照片或视频，无从比对所称瑕疵。",
            en="There is no photo or video by the buyer to compare the claimed defect with.",
            fix=ASK_BUYER, missing="case.exhibits.buyer_photo",
        )  # fmt: skip
    compared = seen.of(DefectMatchFact)
    if not compared:
        return unmeasured(RuleCode.CLAIMED_DEFECT, seen, DefectMatchFact, fix=CLOSE_UP)
    observations, answers = [o for o, _ in compared], {fact.same for _, fact in compared}
    times, score = spans(observations), max(fact.score for _, fact in compared)
    when, ids = stretches(times), cites(observations)
    if answers == {Answer.MET} and all(is_sure(o, policy) for o in observations):
        return met(
            RuleCode.CLAIMED_DEFECT, seen, zh=f"{when.zh} 的商品与买家照片显示同一瑕疵（得分 {score:.2f}）。",
            en=f"The item at {when.en} shows the same defect as the buyer's photo (score {score:.2f}).",
            spans=times, cites=ids, value=score, unit="1",
        )  # fmt: skip
    if answers == {Answer.NOT_MET} and all(is_sure(o, policy) for o in observations):
        return not_met(
            RuleCode.CLAIMED_DEFECT, seen, zh=f"{when.zh} 的商品与买家照片所示瑕疵不符（得分 {score:.2f}）。",
            en=f"The item at {when.en} does not show the defect in the buyer's photo (score {score:.2f}).",
            fix=CLOSE_UP, spans=times, cites=ids, value=score, unit="1",
        )  # fmt: skip
    return cannot_tell(
        RuleCode.CLAIMED_DEFECT, seen, zh=f"{when.zh} 的商品与买家照片的瑕疵比对不确定（得分 {score:.2f}）。",
        en=f"Whether the item at {when.en} shows the defect in the buyer's photo is not sure (score {score:.2f}).",
        fix=CLOSE_UP, spans=times, cites=ids, value=score, unit="1",
    )  # fmt: skip


def weight(evidence: Evidence, seen: ExhibitEvidence, policy: Policy) -> Finding:
    """The parcel is as heavy as its goods (D18: short or swapped goods show on the scale).

    Packaging only adds: a parcel lighter than its goods by more than the tolerance lacks something, one heavier by more
    may be packed heavily, which a person must see. Two scales that disagree decide nothing.
    """
    scales = sure(seen.of(WeightFact), policy)
    case = evidence.case
    carrier_g = case.return_parcel.weight_g
    expected = _expected_grams(case)
    if expected is None:
        lacking = "quantity" if _expected_count(case) is None else "weight_g"
        name = Words(zh="每件商品的数量和重量", en="the quantity and weight of every item")
        return absent(RuleCode.WEIGHT, seen, path=f"case.order.items.{lacking}", name=name)
    weights = [*([carrier_g] if carrier_g is not None else []), *(fact.grams for _, fact in scales)]
    if not weights:
        name = Words(zh="退货包裹重量（承运商称重）", en="the parcel's weight on the carrier's scale")
        return absent(RuleCode.WEIGHT, seen, path="case.return_parcel.weight_g", name=name)
    tolerance = max(policy.thresholds.goods.weight_tolerance * expected, policy.thresholds.goods.weight_tolerance_g)
    return _weighed(seen, weights, expected, tolerance=tolerance, policy=policy)


def _weighed(
    seen: ExhibitEvidence, weights: list[float], expected: float, *, tolerance: float, policy: Policy
) -> Finding:
    observations = [o for o, _ in sure(seen.of(WeightFact), policy)]
    ids, times = cites(observations), spans(observations)
    lightest, heaviest = min(weights), max(weights)
    told = " / ".join(f"{grams:g}" for grams in weights)
    zh = f"包裹重 {told} 克，商品应重 {expected:g} 克（允许相差 {tolerance:g} 克）"
    en = f"The parcel weighs {told} g, its goods should weigh {expected:g} g (within {tolerance:g} g)"
    apart = round(lightest - expected, 3)
    margin = round(tolerance - abs(apart), 3)
    if heaviest - lightest > tolerance + TOLERANCE:
        return cannot_tell(
            RuleCode.WEIGHT, seen, zh=f"{zh}，两次称重相差 {heaviest - lightest:g} 克，互相矛盾。",
            en=f"{en}; the scales disagree by {heaviest - lightest:g} g.",
            fix=WEIGH, spans=times, cites=ids, value=lightest, threshold=expected, margin=margin, unit="g",
        )  # fmt: skip
    if apart < -tolerance - TOLERANCE:
        return not_met(
            RuleCode.WEIGHT, seen, zh=f"{zh}，轻了 {-apart:g} 克，可能缺件或被调换。",
            en=f"{en}: {-apart:g} g too light, so something is missing or swapped.",
            fix=WEIGH, spans=times, cites=ids, value=lightest, threshold=expected, margin=margin, unit="g",
        )  # fmt: skip
    if apart > tolerance + TOLERANCE:
        return cannot_tell(
            RuleCode.WEIGHT, seen, zh=f"{zh}，重了 {apart:g} 克，可能是包装或其他物品。",
            en=f"{en}: {apart:g} g heavier, by its packaging or by something else.",
            fix=WEIGH, spans=times, cites=ids, value=lightest, threshold=expected, margin=margin, unit="g",
        )  # fmt: skip
    return met(
        RuleCode.WEIGHT, seen, zh=f"{zh}，相符。", en=f"{en}: they agree.",
        spans=times, cites=ids, value=lightest, threshold=expected, margin=margin, unit="g",
    )  # fmt: skip


def _expected_grams(case: CaseFile) -> float | None:
    lines = case.order.items
    known = [item.weight_g * item.quantity for item in lines if item.weight_g is not None and item.quantity is not None]
    return sum(known) if lines and len(known) == len(lines) else None


def batch(evidence: Evidence, seen: ExhibitEvidence, policy: Policy) -> Finding:
    """The goods are of the order's batch (D15, D18). Case files state no batch yet, so nobody can tell."""
    return cannot_tell(
        RuleCode.BATCH, seen, zh="售后单文件未记录商品批次，无法核对退回商品是否属于该订单的批次。",
        en="The case file records no batch, so whether the goods are of the order's batch cannot be judged.",
        fix=COMPARE_BATCH, missing="case.order.items.batch",
    )  # fmt: skip


GOODS_RULES = (
    Rule(RuleCode.QUANTITY, UNBOXING, quantity),
    Rule(RuleCode.WEIGHT, UNBOXING, weight),
    Rule(RuleCode.CLAIMED_DEFECT, RETURNED, claimed_defect),
    Rule(RuleCode.BATCH, UNBOXING, batch),
)
