"""What is answered where a claim cannot go on as asked."""

from collections.abc import Sequence

from sixfaces.domain.claim_records import Payment
from sixfaces.domain.errors import ClaimError
from sixfaces.domain.model import Say


def incomplete(paths: Sequence[str]) -> ClaimError:
    """Without these nothing can be decided."""
    named = ", ".join(paths)
    return ClaimError(
        "claim.incomplete",
        Say(zh=f"申请缺少：{named}。", en=f"The claim lacks {named}."),
        Say(zh="请补全后再试。", en="Add it to the case and ask again."),
    )


def withdrawn() -> ClaimError:
    """The buyer wants nothing any more."""
    return ClaimError(
        "claim.withdrawn",
        Say(zh="买家已撤销该申请。", en="The buyer withdrew the claim."),
        Say(
            zh="如买家重新申请，请先记录 claim.opened。",
            en="Where the buyer claims again, enter `claim.opened` first.",
        ),
    )


def until_past() -> ClaimError:
    """A deadline that was over when it was set."""
    return ClaimError(
        "claim.until_past",
        Say(zh="截止时间不晚于事件发生的时间。", en="The deadline is over at the instant at which it was set."),
        Say(zh="请填写更晚的 until。", en="Give a later `until`."),
    )


def superseded() -> ClaimError:
    """Somebody else decided in the meantime."""
    return ClaimError(
        "claim.superseded",
        Say(zh="该售后单已有新的裁定。", en="The case has been decided by somebody else meanwhile."),
        Say(
            zh="请查看当前裁定；如需改判，请在 supersedes 中写明它。",
            en="Look at the current decision; to change it, name it as `supersedes`.",
        ),
    )


def reason_needed() -> ClaimError:
    """Who decides otherwise says why."""
    return ClaimError(
        "claim.reason_needed",
        Say(zh="裁定与建议不同，须说明理由。", en="The decision differs from the recommendation and says not why."),
        Say(zh="请填写 overrules（理由代码）与 note。", en="Give the reason's code as `overrules`, and a `note`."),
    )


def paid_already(standing: Sequence[Payment]) -> ClaimError:
    """No piece is paid for twice."""
    cases = ", ".join(sorted({one.case_id for one in standing}))
    return ClaimError(
        "claim.paid_already",
        Say(zh=f"部分商品已在其他售后单中退款：{cases}。", en=f"Pieces of it were paid for in another case: {cases}."),
        Say(zh="请重新查看建议，只对未退款的部分裁定。", en="Ask for the recommendation again: it leaves them out."),
    )


def too_much() -> ClaimError:
    """More than the pieces are worth."""
    return ClaimError(
        "claim.too_much",
        Say(zh="退款金额超过申请商品的价值与运费之和。", en="The refund is more than the goods and their freight."),
        Say(zh="请降低金额；补偿请使用 compensate。", en="Lower it; what goes beyond is a compensation."),
    )


def amount_needed() -> ClaimError:
    """A remedy in money without an amount."""
    return ClaimError(
        "claim.amount_needed",
        Say(zh="该补救方式须写明金额。", en="This remedy needs an amount."),
        Say(zh="请填写 refund。", en="Give `refund`: amount and currency."),
    )


def not_ours_to_say(kind: str) -> ClaimError:
    """What only the product itself enters."""
    return ClaimError(
        "claim.own_entry",
        Say(zh=f"{kind} 由系统记录，不能手工添加。", en=f"{kind} is entered by the product itself."),
        Say(zh="请使用相应的操作（质检、裁定）。", en="Use the operation it belongs to: inspect, decide."),
    )


def from_the_future() -> ClaimError:
    """Nothing has happened yet that lies ahead."""
    return ClaimError(
        "claim.from_the_future",
        Say(zh="事件时间晚于现在。", en="It is said to have happened in the future."),
        Say(zh="请核对时间与时区。", en="Check the instant and its time zone."),
    )
