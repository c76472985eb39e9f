"""What is answered where a claim cannot go on as asked."""

from collections.abc import Sequence

from sixfaces.domain.claim_records import Payment
from sixfaces.domain.errors import ClaimError, RecordsError
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


def remedy_needed() -> ClaimError:
    """The table has asked a person, who answers with nothing."""
    return ClaimError(
        "claim.remedy_needed",
        Say(zh="规则表没有给出建议，须由人工写明补救方式。", en="The table asks a person: it names no remedy to sign."),
        Say(
            zh="请填写 remedy，以及 overrules（理由代码）与 note。",
            en="Give `remedy`, with the reason's code as `overrules` and a `note`.",
        ),
    )


def pays_nothing(remedy: str) -> ClaimError:
    """Money beside a remedy that is none of money."""
    return ClaimError(
        "claim.pays_nothing",
        Say(zh=f"补救方式 {remedy} 不含退款。", en=f"The remedy {remedy} brings no money."),
        Say(zh="请填写含退款的 remedy，或去掉 refund。", en="Name a `remedy` that pays, or leave out `refund`."),
    )


def moved() -> ClaimError:
    """The recommendation is no longer the one that was looked at."""
    return ClaimError(
        "claim.moved",
        Say(zh="建议裁定已与您看到的不同。", en="The recommendation is no longer the one that you saw."),
        Say(
            zh="请重新读取建议，将其 ETag 放入 If-Match 后再裁定。",
            en="Read the recommendation again and send its ETag as If-Match.",
        ),
    )


def verifying() -> ClaimError:
    """The evidence is not judged yet."""
    return ClaimError(
        "claim.verifying",
        Say(zh="证据仍在核验中。", en="The evidence is still being verified."),
        Say(
            zh="请等待核验完成；如必须立即裁定，请填写 unverified: true 并附 note。",
            en="Wait for the verdict; to decide without it, say `unverified: true` and why in `note`.",
        ),
    )


def order_lines(unclear: Sequence[Payment]) -> ClaimError:
    """Nobody can tell which pieces were paid for already."""
    cases = ", ".join(sorted({one.case_id for one in unclear}))
    return ClaimError(
        "claim.order_lines",
        Say(
            zh=f"该订单的商品行与已赔付的售后单不一致：{cases}。",
            en=f"The order's lines stand otherwise in a case that something was given in: {cases}.",
        ),
        Say(
            zh="请按该单的顺序与编号列出订单商品（order.items），用 claim.lines 写明申请的是哪几行。",
            en="List order.items as that case does, in its order; claim.lines says which of them are claimed.",
        ),
    )


def currency(known: str) -> ClaimError:
    """Money in another currency than the order's."""
    return ClaimError(
        "claim.currency",
        Say(zh=f"订单币种为 {known}。", en=f"The order is in {known}."),
        Say(zh="请以订单币种填写 refund。", en="Give `refund` in the order's currency."),
    )


def too_fine(currency: str) -> ClaimError:
    """An amount that nobody can pay."""
    return ClaimError(
        "claim.too_fine",
        Say(zh=f"{currency} 没有这么小的单位。", en=f"{currency} has no unit as small as that."),
        Say(zh="请填写可支付的金额。", en="Round the amount to what can be paid."),
    )


def other_decided() -> RecordsError:
    """Another case of the order was decided between looking and deciding: whoever asks looks again."""
    return RecordsError(
        "records.conflict",
        Say(zh="该订单的另一售后单刚刚作出裁定。", en="Another case of the order was decided meanwhile."),
        Say(zh="请重试。", en="Try again."),
    )


def paid_already(standing: Sequence[Payment]) -> ClaimError:
    """No piece is paid for twice."""
    cases = ", ".join(sorted({one.case_id for one in standing}))
    return ClaimError(
        "claim.paid_already",
        Say(zh=f"部分商品已在其他售后单中赔付：{cases}。", en=f"Pieces of it were paid for in another case: {cases}."),
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


def own_reference() -> ClaimError:
    """A reference such as only the product itself gives."""
    return ClaimError(
        "claim.own_reference",
        Say(zh="该编号以系统保留的前缀开头。", en="References that begin so are the product's own."),
        Say(zh="请使用您自己的编号。", en="Give your own number."),
    )


def reference_used(entry: str) -> ClaimError:
    """The source has told something else under this number."""
    return ClaimError(
        "claim.reference_used",
        Say(zh=f"同一编号已用于另一条内容：{entry}。", en=f"Something else was told under this reference: {entry}."),
        Say(
            zh="更正请用 struck 作废原条目，再以新编号登记。",
            en="To correct it, strike that entry, and tell it anew under another reference.",
        ),
    )


def not_struck(entry: str) -> ClaimError:
    """Nothing of the case, or nothing that anybody may strike."""
    return ClaimError(
        "claim.not_struck",
        Say(
            zh=f"条目 {entry} 不存在，或由系统记录，不能作废。",
            en=f"The entry {entry} is not there, or not yours.",
        ),
        Say(zh="请核对条目编号；裁定只能由新的裁定取代。", en="Check its id; a decision is superseded by another one."),
    )


def no_proof() -> ClaimError:
    """A proof that nobody has handed in."""
    return ClaimError(
        "claim.no_proof",
        Say(zh="所称凭证不是该售后单的证据文件。", en="What is named as proof is no exhibit of the case."),
        Say(zh="请先上传凭证，再填写其 SHA-256。", en="Upload it to the case first, then name its SHA-256."),
    )
