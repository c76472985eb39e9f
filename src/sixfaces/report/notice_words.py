"""Subjects and first sentences of notices, for each side."""

from collections.abc import Callable, Iterable

from sixfaces.domain.chronicle import Party
from sixfaces.domain.model import Say
from sixfaces.domain.notice import NoticeKind
from sixfaces.domain.standing import Due, DueKind, Standing

_B, _S = Party.BUYER, Party.SELLER

SUBJECT = {
    NoticeKind.CLAIM_OPENED: Say(zh="售后申请已受理", en="Your claim has been received"),
    NoticeKind.CLAIM_INCOMPLETE: Say(zh="售后申请缺少材料", en="Something is missing for your claim"),
    NoticeKind.CLAIM_COMPLETE: Say(zh="售后材料已齐全", en="Your claim is complete"),
    NoticeKind.CLAIM_WITHDRAWN: Say(zh="售后申请已撤销", en="The claim was withdrawn"),
    NoticeKind.EVIDENCE_ASKED: Say(zh="请补充凭证", en="Evidence is needed from you"),
    NoticeKind.DEADLINE_NEAR: Say(zh="时限将至，请尽快处理", en="A deadline is near"),
    NoticeKind.CLOCK_BREACHED: Say(zh="已超过处理时限", en="A deadline has passed"),
    NoticeKind.PARCEL_SIGNED: Say(zh="包裹已签收", en="The parcel was signed for"),
    NoticeKind.PARCEL_CAME_BACK: Say(zh="包裹已退回", en="The parcel came back"),
    NoticeKind.INSPECTED: Say(zh="商品已完成质检", en="The goods were inspected"),
    NoticeKind.DECIDED: Say(zh="售后已作出裁定", en="Your claim has been decided"),
    NoticeKind.REFUND_CONFIRMED: Say(zh="退款已确认", en="Your refund is confirmed"),
    NoticeKind.REFUND_PAID: Say(zh="退款已支付", en="The refund was paid"),
    NoticeKind.SETTLED: Say(zh="售后已完结", en="The claim is settled"),
}
PARTLY_PAID = Say(zh="退款已部分支付", en="A part of the refund was paid")
SELLERS_SUBJECT = {
    NoticeKind.CLAIM_OPENED: Say(zh="收到新的售后申请", en="A new after-sales claim"),
    NoticeKind.CLAIM_INCOMPLETE: Say(zh="售后申请缺少材料", en="Something is missing for a claim"),
    NoticeKind.CLAIM_COMPLETE: Say(zh="售后材料已齐全，请处理", en="A claim is complete and waits for you"),
    NoticeKind.DECIDED: Say(zh="售后已作出裁定", en="A claim has been decided"),
}
"""Where the seller's differs."""

_LEAD: dict[NoticeKind, Say | dict[Party, Say]] = {
    NoticeKind.CLAIM_OPENED: {
        _B: Say(
            zh="我们已收到您的售后申请。有进展时会通知您，您也可以随时查看进度。",
            en="We have your claim. You will hear from us when it moves, and can look at any time.",
        ),
        _S: Say(zh="买家提交了售后申请，请及时处理。", en="The buyer has opened a claim. Please answer in time."),
    },
    NoticeKind.CLAIM_INCOMPLETE: Say(
        zh="售后申请还缺少以下材料，补齐后才能继续处理。",
        en="The claim cannot go on until the following has arrived.",
    ),
    NoticeKind.CLAIM_COMPLETE: {
        _B: Say(zh="您的材料已齐全，我们开始处理。", en="We have everything we need and are looking at your claim."),
        _S: Say(zh="买家的材料已齐全，处理时限开始计算。", en="The claim is complete: your time to answer runs."),
    },
    NoticeKind.CLAIM_WITHDRAWN: {
        _B: Say(
            zh="您的售后申请已撤销，无需再做任何操作。", en="Your claim was withdrawn. Nothing more is to be done."
        ),
        _S: Say(zh="买家撤销了售后申请。", en="The buyer withdrew the claim."),
    },
    NoticeKind.EVIDENCE_ASKED: Say(
        zh="为查明事实，请在截止时间前提交以下凭证。逾期提交的凭证将不予采纳。",
        en="To settle the facts we need the following of you in time. Evidence that comes late does not count.",
    ),
    NoticeKind.DEADLINE_NEAR: Say(zh="以下事项即将到期，请尽快处理。", en="The following is due soon."),
    NoticeKind.CLOCK_BREACHED: {
        _B: Say(
            zh="以下事项已超过截止时间，我们将依据现有材料继续处理。",
            en="The following did not come in time. We go on with what we have.",
        ),
        _S: Say(
            zh="以下事项已超过处理时限，请立即处理。超时会影响申诉结果。",
            en="The following is late. Please act now: being late counts against an appeal.",
        ),
    },
    NoticeKind.PARCEL_SIGNED: Say(zh="承运商告知包裹已签收。", en="The carrier says that the parcel was signed for."),
    NoticeKind.PARCEL_CAME_BACK: Say(
        zh="承运商告知包裹已退回寄件方。", en="The carrier says that the parcel is with its sender again."
    ),
    NoticeKind.INSPECTED: Say(zh="退回的商品已完成质检，结果如下。", en="The goods were inspected. This was found:"),
    NoticeKind.DECIDED: {
        _B: Say(zh="您的售后申请已有裁定结果。", en="Your claim has been decided."),
        _S: Say(zh="该售后申请已有裁定结果。", en="The claim has been decided."),
    },
    NoticeKind.REFUND_CONFIRMED: Say(
        zh="您的退款已确认，将按原支付方式退回。", en="Your refund is confirmed and goes back the way you paid."
    ),
    NoticeKind.REFUND_PAID: {
        _B: Say(
            zh="退款已支付，到账时间以支付机构为准。",
            en="The refund was paid. Your bank may take some days to show it.",
        ),
        _S: Say(zh="该售后的退款已支付给买家。", en="The buyer has been paid."),
    },
    NoticeKind.SETTLED: Say(
        zh="该售后已完结，感谢您的配合。", en="Everything that was decided has been carried out. Thank you."
    ),
}
WANTED = frozenset({NoticeKind.CLAIM_OPENED, NoticeKind.CLAIM_COMPLETE, NoticeKind.DECIDED, NoticeKind.PARCEL_SIGNED})
"""Notices that also say everything that is wanted of their side."""
ASKING: dict[NoticeKind, Callable[[Due], bool]] = {
    NoticeKind.CLAIM_INCOMPLETE: lambda due: due.what is DueKind.MATERIAL,
    NoticeKind.EVIDENCE_ASKED: lambda due: due.what is DueKind.EVIDENCE and not due.late,
    NoticeKind.DEADLINE_NEAR: lambda due: due.by is not None and not due.late,
    NoticeKind.CLOCK_BREACHED: lambda due: due.late,
}
"""Notices that are about nothing else, and what of it they are about."""
EXPLAINED = frozenset({NoticeKind.DECIDED})
FOUND = frozenset({NoticeKind.INSPECTED, NoticeKind.DECIDED})
MONEY = frozenset({NoticeKind.DECIDED, NoticeKind.REFUND_CONFIRMED, NoticeKind.REFUND_PAID, NoticeKind.SETTLED})


def asked_by(kind: NoticeKind, standing: Standing) -> Iterable[Due]:
    """What a notice says is wanted of its side."""
    if kind in ASKING:
        return filter(ASKING[kind], standing.asked)
    return standing.asked if kind in WANTED else ()


def subject_of(kind: NoticeKind, standing: Standing) -> Say:
    """What it is about, in a few words."""
    if _is_partly_paid(kind, standing):
        return PARTLY_PAID
    return SELLERS_SUBJECT.get(kind, SUBJECT[kind]) if standing.party is Party.SELLER else SUBJECT[kind]


def lead_of(kind: NoticeKind, standing: Standing) -> Say:
    """Its first sentence."""
    if _is_partly_paid(kind, standing):
        return Say(zh=f"{PARTLY_PAID.zh}，其余部分尚未支付。", en=f"{PARTLY_PAID.en}. The rest is still to come.")
    lead = _LEAD[kind]
    return lead if isinstance(lead, Say) else lead[standing.party]


def _is_partly_paid(kind: NoticeKind, standing: Standing) -> bool:
    return kind is NoticeKind.REFUND_PAID and standing.refund is not None and standing.refund.paid_at is None
