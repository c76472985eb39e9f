"""Words for both sides of a claim (D13, D24): what happened, what is wanted, what was decided. Only what either side
may know is said here; what has no words here is told to nobody."""

from collections.abc import Callable
from typing import Any

from sixfaces.domain import chronicle as c
from sixfaces.domain.case import ClaimKind, ClaimReason
from sixfaces.domain.chronicle import Leg, Money, Party
from sixfaces.domain.currencies import digits_of
from sixfaces.domain.decision import FreightBearer, Overrule, Remedy
from sixfaces.domain.model import Say
from sixfaces.domain.rules import RuleCode
from sixfaces.domain.sop import QcOutcome
from sixfaces.domain.standing import ClaimStage

PARTY = {
    Party.BUYER: Say(zh="买家", en="the buyer"),
    Party.SELLER: Say(zh="卖家", en="the seller"),
    Party.CARRIER: Say(zh="承运商", en="the carrier"),
    Party.SUPPLIER: Say(zh="供应商", en="the supplier"),
    Party.PLATFORM: Say(zh="平台", en="the platform"),
    Party.SERVICE_POINT: Say(zh="服务点", en="the service point"),
}
KIND = {
    ClaimKind.REFUND_UNSHIPPED: Say(zh="未发货仅退款", en="Refund before shipping"),
    ClaimKind.REFUND_IN_TRANSIT: Say(zh="货在途退款", en="Refund in transit"),
    ClaimKind.REFUND_ONLY: Say(zh="仅退款", en="Refund only"),
    ClaimKind.RETURN_REFUND: Say(zh="退货退款", en="Return and refund"),
    ClaimKind.EXCHANGE: Say(zh="换货", en="Exchange"),
    ClaimKind.REPAIR: Say(zh="维修", en="Repair"),
}
REASON = {
    ClaimReason.NO_REASON: Say(zh="七天无理由", en="No reason given"),
    ClaimReason.SIZE_COLOUR: Say(zh="尺码或颜色不合适", en="Size or colour"),
    ClaimReason.QUALITY_DEFECT: Say(zh="质量问题", en="Quality defect"),
    ClaimReason.DAMAGED: Say(zh="商品破损", en="Damaged"),
    ClaimReason.WRONG_ITEM: Say(zh="商品错发", en="Wrong item"),
    ClaimReason.MISSING_ITEM: Say(zh="商品或赠品漏发", en="Item or gift missing"),
    ClaimReason.NOT_AS_DESCRIBED: Say(zh="与描述不符", en="Not as described"),
    ClaimReason.COUNTERFEIT: Say(zh="假冒商品", en="Counterfeit"),
    ClaimReason.PERISHABLE: Say(zh="生鲜变质", en="Spoiled goods"),
    ClaimReason.NOT_RECEIVED: Say(zh="未收到货", en="Not received"),
}
REMEDY = {
    Remedy.NONE: Say(zh="不支持该申请", en="The claim is not upheld"),
    Remedy.COMPENSATE: Say(zh="补偿", en="Compensation"),
    Remedy.RESEND: Say(zh="补发", en="What is missing is sent"),
    Remedy.EXCHANGE: Say(zh="换货", en="Exchange"),
    Remedy.REPAIR: Say(zh="维修", en="Repair"),
    Remedy.PARTIAL_REFUND: Say(zh="部分退款", en="Partial refund"),
    Remedy.RETURN_REFUND: Say(zh="退货退款", en="Refund for the returned goods"),
    Remedy.REFUND_ONLY: Say(zh="退款，无需退货", en="Refund without a return"),
    Remedy.ASK_PERSON: Say(zh="由人工裁定", en="A person decides"),
}
FREIGHT = {
    FreightBearer.BUYER: Say(zh="退货运费由买家承担。", en="The buyer pays for the way back."),
    FreightBearer.SELLER: Say(zh="退货运费由卖家承担。", en="The seller pays for the way back."),
    FreightBearer.CARRIER: Say(zh="退货运费由承运商承担。", en="The carrier pays for the way back."),
}
FOUND = {
    QcOutcome.DEFECT_CONFIRMED: Say(zh="质检确认商品存在质量问题。", en="The inspection confirms a defect."),
    QcOutcome.NO_QUALITY_PROBLEM: Say(zh="质检未发现质量问题。", en="The inspection found no quality problem."),
    QcOutcome.SWAPPED: Say(
        zh="质检认为退回的并非所售商品。", en="The inspection found other goods than those that were sold."
    ),
    QcOutcome.INCOMPLETE: Say(zh="质检发现退回商品不完整。", en="The inspection found that something is missing."),
    QcOutcome.USED: Say(zh="质检发现商品有使用痕迹。", en="The inspection found traces of use."),
    QcOutcome.REFERRED: Say(
        zh="商品送服务点或供应商检测。", en="The goods go to a service point or the supplier for diagnosis."
    ),
}
AWAITED = Say(zh="等待检测答复，之后继续处理。", en="Its answer is awaited; then the claim goes on.")
UNSETTLED = Say(
    zh="检测未能得出结论，由人工继续处理。", en="The diagnosis came to no conclusion; a person decides how to go on."
)
DIAGNOSED = {
    QcOutcome.DEFECT_CONFIRMED: Say(
        zh="检测答复确认存在质量问题，以此为准。", en="The diagnosis confirms a defect: that is what counts."
    ),
    QcOutcome.NO_QUALITY_PROBLEM: Say(
        zh="检测答复未发现质量问题，以此为准。", en="The diagnosis found no defect: that is what counts."
    ),
}
ALIKE = Say(zh="复检结论与首次一致。", en="Both inspections agree.")
MOST = Say(zh="各次结论不一致，以多数为准。", en="The inspections differ: what most of them found counts.")
DIFFER = Say(
    zh="两次结论不一致，将由第三人裁定。", en="The inspections differ: a third person decides which one counts."
)
DIFFERED = Say(zh="两次结论不一致，已由人工裁定。", en="The inspections differ: a person has decided.")
FIT = {
    True: Say(zh="商品可再次销售。", en="The goods can be sold again."),
    False: Say(zh="商品不能再按原状销售。", en="The goods cannot be sold again as they were."),
}
PUBLIC = {
    RuleCode.NOT_REUSED.value: Say(
        zh="画面与此前其他售后单中提交的相同。", en="The pictures are those of earlier evidence for another claim."
    ),
    RuleCode.FIRST_OPENING.value: Say(
        zh="录像不能证明是该包裹的首次拆封。", en="The footage does not show the first opening of this parcel."
    ),
}
"""Findings that compare with the cases of others: what they found is told without whose."""
PROMISE = Say(zh="请履行对买家的承诺：{text}", en="Please keep what the buyer was promised: {text}")
_BY_PERSON = Say(zh="工作人员查看全部材料后作出此裁定。", en="A member of staff looked at everything and decided so.")
OVERRULED = {
    Overrule.NEW_FACTS: Say(zh="依据新的事实作出此裁定。", en="It was decided so because of new facts."),
    Overrule.GOODWILL: Say(zh="出于善意作出此裁定。", en="It was decided so as a gesture of goodwill."),
    Overrule.DISCRETION: Say(zh="结合具体情况酌情裁定。", en="It was decided at discretion, for the circumstances."),
    Overrule.PLATFORM_ORDER: Say(zh="依据平台要求作出此裁定。", en="It was decided so as the platform asked."),
    Overrule.LAW: Say(zh="依据法律规定作出此裁定。", en="It was decided so because the law asks for it."),
    Overrule.AGREEMENT: Say(zh="依据双方协商一致作出此裁定。", en="It was decided so as both sides agreed."),
    Overrule.FRAUD: _BY_PERSON,
    Overrule.MACHINE_WRONG: _BY_PERSON,
}
"""What is said of a decision that differs from the recommendation. A suspicion is no reason to be told to anybody."""
STAGE = {
    ClaimStage.INCOMPLETE: Say(zh="材料尚未齐全", en="Something is still missing"),
    ClaimStage.UNDER_REVIEW: Say(zh="正在处理", en="The claim is being looked at"),
    ClaimStage.DECIDED: Say(zh="已作出裁定", en="It has been decided"),
    ClaimStage.REFUND_DUE: Say(zh="退款已确认，等待支付", en="The refund is confirmed and on its way"),
    ClaimStage.REFUND_PAID: Say(zh="退款已支付", en="The refund has been paid"),
    ClaimStage.SETTLED: Say(zh="售后已完结", en="The claim is settled"),
    ClaimStage.WITHDRAWN: Say(zh="申请已撤销", en="The claim was withdrawn"),
}
SEND_BACK = Say(
    zh="请将商品寄回，并把退货标签贴在包裹上。", en="Please send the goods back, with the return label on the parcel."
)


DUTY = {
    "first_reply": Say(zh="请回复买家。", en="Please answer the buyer."),
    "first_review": Say(
        zh="请审核退货申请，同意或说明不同意的理由。", en="Please review the return: agree to it or say why not."
    ),
    "unshipped_refund": Say(zh="请处理未发货退款申请。", en="Please settle the refund of what was not shipped."),
    "not_received_answer": Say(
        zh="买家称未收到货，请核实签收情况并答复。",
        en="The buyer has not received the goods: please find out who signed for them, and answer.",
    ),
    "return_inspected": Say(
        zh="请拆包验收退货，并拍摄完整的拆包视频。", en="Please unpack and inspect the return, all of it on film."
    ),
    "refund_paid": Say(zh="请支付已确认的退款。", en="Please pay the refund that was confirmed."),
}
"""What a clock asks of its holder; of others their title is told."""
_ZONES = {
    "Asia/Shanghai": Say(zh="北京时间", en="China Standard Time"),
    "UTC": Say(zh="协调世界时（UTC）", en="UTC"),
}


def zone_of(name: str) -> Say:
    """A time zone as people call it."""
    return _ZONES.get(name, Say(zh=f"{name} 时间", en=name))


def amount(money: Money) -> Say:
    """An amount with its currency, to its last digit: with the decimals that the currency has, and more where there
    are more."""
    stored = -int(money.amount.normalize().as_tuple().exponent)
    number = f"{money.amount:,.{max(digits_of(money.currency), stored)}f}"
    plain = f"{money.currency} {number}"
    return Say(zh=f"{number} 元" if money.currency == "CNY" else plain, en=plain)


def happened(what: c.Happening, party: Party) -> Say | None:
    """What a side is told of an entry of the chronicle; None where it is none of its business."""
    words = _WORDS.get(type(what))
    return words(what, party) if words is not None else None


Words = Callable[[Any, Party], Say | None]


def _plain(zh: str, en: str) -> Words:
    return lambda what, party: Say(zh=zh, en=en)


def _by_leg(outbound: Say, back: Say) -> Words:
    return lambda what, party: outbound if what.leg is Leg.OUTBOUND else back


def _replied(what: c.Replied, party: Party) -> Say:
    if what.by is party:
        return Say(zh="您已回复。", en="You replied.")
    return Say(zh=f"{PARTY[what.by].zh}已回复。", en=f"{_begun(PARTY[what.by].en)} replied.")


def _reviewed(what: c.Reviewed, party: Party) -> Say:
    if what.agreed:
        return Say(zh="申请审核通过。", en="The claim was reviewed and agreed to.")
    return Say(zh="申请审核未通过。", en="The claim was reviewed and not agreed to.")


def _intercepted(what: c.Intercepted, party: Party) -> Say:
    if what.leg is Leg.RETURN:
        return _return_intercepted(what)
    if what.done is None:
        return Say(zh="已请承运商拦截包裹。", en="The carrier was asked to stop the parcel.")
    if what.done:
        return Say(zh="包裹已拦截。", en="The carrier stopped the parcel.")
    return Say(zh="承运商未能拦截包裹。", en="The carrier could not stop the parcel.")


def _return_intercepted(what: c.Intercepted) -> Say:
    if what.done is None:
        return Say(zh="已请承运商拦截退货包裹。", en="The carrier was asked to stop the return.")
    if what.done:
        return Say(zh="退货包裹已拦截。", en="The carrier stopped the return.")
    return Say(zh="承运商未能拦截退货包裹。", en="The carrier could not stop the return.")


def _answered(what: c.CarrierAnswered, party: Party) -> Say:
    if what.leg is Leg.RETURN:
        return _return_answered(what)
    if what.delivered is None:
        return Say(zh="承运商已答复，去向仍不明确。", en="The carrier answered; where the parcel went is still open.")
    if what.delivered:
        return Say(zh="承运商答复：已交付收件人。", en="The carrier says that the addressee has the parcel.")
    return Say(zh="承运商答复：未交付收件人。", en="The carrier says that the addressee does not have the parcel.")


def _return_answered(what: c.CarrierAnswered) -> Say:
    if what.delivered is None:
        return Say(
            zh="承运商已答复，退货去向仍不明确。", en="The carrier answered; where the return went is still open."
        )
    if what.delivered:
        return Say(zh="承运商答复：退货已交付卖家。", en="The carrier says that the seller has the return.")
    return Say(zh="承运商答复：退货未交付卖家。", en="The carrier says that the seller does not have the return.")


def _asked(what: c.EvidenceAsked, party: Party) -> Say:
    if what.of is party:
        return Say(zh="请您补充凭证。", en="You were asked for evidence.")
    return Say(zh=f"已请{PARTY[what.of].zh}补充凭证。", en=f"{_begun(PARTY[what.of].en)} was asked for evidence.")


def _came(what: c.EvidenceCame, party: Party) -> Say:
    if what.of is party:
        return Say(zh="您的凭证已收到。", en="Your evidence has arrived.")
    return Say(zh=f"{PARTY[what.of].zh}提交了凭证。", en=f"{_begun(PARTY[what.of].en)} handed in evidence.")


def _paused(what: c.Paused, party: Party) -> Say:
    if what.waits_for is party:
        return Say(zh="处理暂停，等待您的回应。", en="The claim waits for you.")
    return Say(zh=f"处理暂停，等待{PARTY[what.waits_for].zh}。", en=f"The claim waits for {PARTY[what.waits_for].en}.")


def _referred(what: c.Referred, party: Party) -> Say:
    return Say(zh=f"商品已送{PARTY[what.to].zh}检测。", en=f"The goods went to {PARTY[what.to].en} for diagnosis.")


def _diagnosed(what: c.ReferralAnswered, party: Party) -> Say:
    zh, en = PARTY[what.by].zh, _begun(PARTY[what.by].en)
    if what.defect is None:
        return Say(zh=f"{zh}已答复，未能得出结论。", en=f"{en} answered without a conclusion.")
    if what.defect:
        return Say(zh=f"{zh}检测确认存在问题。", en=f"{en} confirms a defect.")
    return Say(zh=f"{zh}检测未发现问题。", en=f"{en} found no defect.")


def _promise(what: c.PromiseEnded, party: Party) -> Say:
    if what.kept:
        return Say(zh="卖家已履行承诺。", en="The seller kept a promise.")
    return Say(zh="卖家未履行承诺。", en="The seller did not keep a promise.")


def _excused(what: c.Excused, party: Party) -> Say | None:
    """Why somebody was late may be an illness: nobody else's business."""
    if party is not Party.BUYER:
        return None
    return Say(zh="您说明的逾期原因已记录。", en="Your reason for being late was taken down.")


def _confirmed(what: c.RefundConfirmed, party: Party) -> Say:
    sum_ = amount(what.money)
    return Say(zh=f"确认退款 {sum_.zh}。", en=f"A refund of {sum_.en} was confirmed.")


def _paid(what: c.RefundPaid, party: Party) -> Say:
    sum_ = amount(what.money)
    return Say(zh=f"已退款 {sum_.zh}。", en=f"{sum_.en} was paid back.")


def _decided(what: c.Decided, party: Party) -> Say:
    remedy = REMEDY.get(Remedy(what.remedy)) if what.remedy in set(Remedy) else None
    if remedy is None:
        return Say(zh="已作出裁定。", en="It was decided.")
    return Say(zh=f"已裁定：{remedy.zh}。", en=f"Decided: {remedy.en[0].lower()}{remedy.en[1:]}.")


def _begun(en: str) -> str:
    return f"{en[0].upper()}{en[1:]}"


_WORDS: dict[type, Words] = {
    c.ClaimOpened: _plain("申请已提交。", "The claim was opened."),
    c.ClaimCompleted: _plain("所需材料已齐全，开始处理。", "Everything needed is there; the claim is looked at."),
    c.ClaimWithdrawn: _plain("买家撤销了申请。", "The buyer withdrew the claim."),
    c.Replied: _replied,
    c.Reviewed: _reviewed,
    c.Shipped: _by_leg(
        Say(zh="商品已发出。", en="The goods were shipped."),
        Say(zh="退货已寄出。", en="The return was handed to the carrier."),
    ),
    c.Signed: _by_leg(
        Say(zh="商品包裹已签收。", en="The parcel with the goods was signed for."),
        Say(zh="退货包裹已签收。", en="The return was signed for."),
    ),
    c.Refused: _by_leg(
        Say(zh="商品包裹被拒收。", en="The parcel with the goods was refused."),
        Say(zh="退货包裹被拒收。", en="The return was refused."),
    ),
    c.Intercepted: _intercepted,
    c.CameBack: _by_leg(
        Say(zh="商品包裹已退回卖家。", en="The parcel with the goods came back to the seller."),
        Say(zh="退货包裹已退回买家。", en="The return came back to the buyer."),
    ),
    c.Lost: _by_leg(
        Say(zh="承运商告知商品包裹已遗失。", en="The carrier lost the parcel with the goods."),
        Say(zh="承运商告知退货包裹已遗失。", en="The carrier lost the return."),
    ),
    c.CarrierAsked: _plain("已向承运商查询包裹去向。", "The carrier was asked where the parcel is."),
    c.CarrierAnswered: _answered,
    c.EvidenceAsked: _asked,
    c.EvidenceCame: _came,
    c.Paused: _paused,
    c.Resumed: _plain("处理继续。", "The claim goes on."),
    c.Referred: _referred,
    c.ReferralAnswered: _diagnosed,
    c.PromiseEnded: _promise,
    c.Excused: _excused,
    c.Stepped: _plain("平台已介入。", "The platform stepped in."),
    c.RefundConfirmed: _confirmed,
    c.RefundPaid: _paid,
    c.Inspected: _plain("退回的商品已完成质检。", "The goods were inspected."),
    c.Decided: _decided,
    c.Settled: _plain("售后已完结。", "The claim was settled."),
}
