"""What would make a recommendation surer, in words: what is awaited, and from whom."""

from collections.abc import Iterator

from sixfaces.domain.case import ClaimReason
from sixfaces.domain.chronicle import Side
from sixfaces.domain.decision import Found, Remedy, Situation, TableRow, Whereabouts, Window
from sixfaces.domain.model import Say

_MUST_COME_BACK = frozenset({Remedy.RETURN_REFUND, Remedy.EXCHANGE, Remedy.REPAIR, Remedy.PARTIAL_REFUND})
_NO_EVIDENCE = frozenset({Side.NONE, Side.REJECTED, Side.LATE})
WITHOUT_PROOF = frozenset({ClaimReason.NO_REASON, ClaimReason.SIZE_COLOUR, ClaimReason.NOT_RECEIVED})
"""Reasons that the buyer need not show in pictures (D3)."""


def awaited(row: TableRow, situation: Situation, *, stepped_in: bool = False) -> tuple[Say, ...]:
    """What is still to come. `stepped_in`: the claim is in the platform's hands (D19)."""
    return (*(_of_platform(situation) if stepped_in else ()), *_awaited(row, situation))


def _of_platform(situation: Situation) -> Iterator[Say]:
    yield Say(zh="平台介入后的人工裁定。", en="A person's decision, now that the platform stepped in.")
    if situation.where is Whereabouts.WITH_SELLER and situation.seller in _NO_EVIDENCE:
        yield Say(
            zh="卖家的有效举证（拆包视频等）。", en="Valid evidence of the seller's, such as the video of the unboxing."
        )


def _awaited(row: TableRow, situation: Situation) -> Iterator[Say]:
    is_here = situation.where is Whereabouts.WITH_SELLER
    if row.remedy in _MUST_COME_BACK and not is_here:
        yield Say(zh="商品退回卖家。", en="The goods, back at the seller's.")
    if is_here and situation.found is Found.NONE:
        yield Say(zh="退回商品的质检结论。", en="An inspection of what came back.")
    if situation.found is Found.REFERRED:
        yield Say(zh="服务点或供应商的检测答复。", en="The answer of the service point or supplier.")
    if situation.found is Found.DISPUTED:
        yield Say(zh="第三人的质检结论。", en="A third look at the goods.")
    if situation.reason not in WITHOUT_PROOF and situation.found is Found.NONE:
        if situation.buyer in _NO_EVIDENCE:
            yield Say(
                zh="买家清楚显示问题的照片或视频。", en="Photos or video of the buyer's that show the problem clearly."
            )
        elif situation.buyer is Side.NEEDS_REVIEW:
            yield Say(zh="人工查看买家的照片或视频。", en="A person's look at the buyer's photos or video.")
    if situation.seller is Side.NEEDS_REVIEW:
        yield Say(zh="人工复核卖家的拆包视频。", en="A person's look at the seller's unboxing video.")
    if situation.window is Window.UNKNOWN and situation.reason in {ClaimReason.NO_REASON, ClaimReason.SIZE_COLOUR}:
        yield Say(zh="买家签收包裹的时间。", en="When the buyer signed for the parcel.")
    if situation.where is Whereabouts.SIGNED_BY_UNKNOWN and situation.reason is ClaimReason.NOT_RECEIVED:
        yield Say(zh="承运商关于签收人的答复。", en="The carrier's answer on who signed for the parcel.")
