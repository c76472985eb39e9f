"""The words of each ground of an appeal, for every answer (D18, D19)."""

from sixfaces.domain.answer import Answer
from sixfaces.domain.model import Say


def _three(met: Say, not_met: Say, cannot_tell: Say) -> dict[Answer, Say]:
    return {Answer.MET: met, Answer.NOT_MET: not_met, Answer.CANNOT_TELL: cannot_tell}


WORDS: dict[str, dict[Answer, Say]] = {
    "sign_for_proof": _three(
        Say(zh="有收件人签收的凭证。", en="There is proof that the addressee signed for it."),
        Say(zh="没有收件人签收的有效凭证。", en="There is no valid proof that the addressee signed for it."),
        Say(zh="签收情况尚待承运商核实。", en="The carrier has yet to say who signed for it."),
    ),
    "inspected_on_the_spot": _three(
        Say(
            zh="拆包视频有效，证明当场验货。",
            en="A valid unboxing video proves that the goods were inspected at the opening.",
        ),
        Say(
            zh="没有当场验货的有效证明。",
            en="There is no valid proof that the goods were inspected at the opening.",
        ),
        Say(zh="拆包视频需人工复核。", en="A person must look at the unboxing video."),
    ),
    "shows_problem": _three(
        Say(zh="证据显示了所称的问题。", en="The evidence shows what the seller says."),
        Say(zh="证据不能显示所称的问题。", en="The evidence cannot show what the seller says."),
        Say(
            zh="证据能否显示所称的问题待确认。",
            en="Whether the evidence shows what the seller says is to be settled.",
        ),
    ),
    "same_batch": _three(
        Say(zh="凭证与订单批次相符。", en="The proof is of the order's batch."),
        Say(zh="凭证与订单批次无关。", en="The proof has nothing to do with the order's batch."),
        Say(zh="批次未知。", en="The batch is not known."),
    ),
    "in_time": _three(
        Say(zh="凭证按时提交。", en="The proof came in time."),
        Say(zh="凭证未提交或逾期。", en="The proof did not come, or came late."),
        Say(zh="提交时间未知。", en="When the proof came is not known."),
    ),
    "promise_kept": _three(
        Say(zh="已履行对买家的承诺。", en="What was promised to the buyer was kept."),
        Say(zh="未履行对买家的承诺。", en="A promise to the buyer was not kept."),
        Say(zh="承诺是否履行未知。", en="Whether the promise was kept is not known."),
    ),
    "goods_in_order": _three(
        Say(zh="质检未发现所称问题。", en="The inspection found no such problem."),
        Say(zh="质检确认商品确有问题。", en="The inspection confirms the problem."),
        Say(zh="商品是否有问题尚无质检结论。", en="No inspection has settled whether there is a problem."),
    ),
    "not_counterfeit": _three(
        Say(zh="质检未发现假冒。", en="The inspection found no counterfeit."),
        Say(zh="质检确认假冒。", en="The inspection confirms a counterfeit."),
        Say(zh="是否假冒尚未确认。", en="Whether it is a counterfeit is not settled."),
    ),
    "not_refused_for_resale": _three(
        Say(zh="拒收退货有质检依据。", en="The inspection bears out that the return was refused."),
        Say(
            zh="以影响二次销售为由拒收质量问题退货，不成立。",
            en="A return for a fault was refused as unfit for resale: that does not hold.",
        ),
        Say(zh="拒收理由待确认。", en="Why the return was refused is to be settled."),
    ),
    "not_intact": _three(
        Say(zh="退回商品并非完好。", en="The goods did not come back intact."),
        Say(zh="商品完好退回。", en="The goods came back intact."),
        Say(zh="退回商品的状况未知。", en="How the goods came back is not known."),
    ),
    "served_promptly": _three(
        Say(zh="服务及时。", en="The seller served in time."),
        Say(zh="未在时限内服务。", en="The seller did not serve in time."),
        Say(zh="服务时效未知。", en="Whether the seller served in time is not known."),
    ),
    "return_address": _three(
        Say(zh="退货地址清楚无误。", en="The return address was clear and right."),
        Say(zh="退货地址不清或有误。", en="The return address was unclear or wrong."),
        Say(zh="退货地址是否清楚未知。", en="Whether the return address was clear is not known."),
    ),
    "other_way_offered": _three(
        Say(
            zh="商品不便退回，卖家已提供其他处理方式。",
            en="The goods cannot be sent back, and another way was offered.",
        ),
        Say(
            zh="商品性质不便退回，卖家未提供其他处理方式。",
            en="The goods' nature makes a return impossible, and no other way was offered.",
        ),
        Say(zh="是否提供其他处理方式未知。", en="Whether another way was offered is not known."),
    ),
    "decent_manner": _three(
        Say(zh="服务态度无不当。", en="The buyer was treated decently."),
        Say(zh="服务态度恶劣。", en="The buyer was treated abusively."),
        Say(zh="服务态度未知。", en="How the buyer was treated is not known."),
    ),
    "platform_supports_buyer": _three(
        Say(
            zh="平台介入，买家没有有效凭证或质检不支持其主张。",
            en="The platform stepped in, and no valid evidence bears the buyer out.",
        ),
        Say(
            zh="平台介入，买家的质量凭证有效。",
            en="The platform stepped in, and the buyer's evidence is valid.",
        ),
        Say(
            zh="平台介入，买家凭证的效力待确认。",
            en="The platform stepped in; whether the buyer's evidence is valid is to be settled.",
        ),
    ),
}
