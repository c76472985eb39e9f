"""The words of the report in both languages: short names of rules, answers, faces, stages and the like."""

from sixfaces.domain.answer import Answer, Verdict
from sixfaces.domain.exhibit import Medium, Role
from sixfaces.domain.facts import BreakCause
from sixfaces.domain.model import Say
from sixfaces.domain.parcel_facts import Face, Stage
from sixfaces.domain.report import UseView
from sixfaces.domain.rules import Criterion, Finding, Requirement
from sixfaces.domain.rules import RuleCode as R

VERDICT = {
    Verdict.ACCEPTED: Say(zh="证据可以采信", en="The evidence is accepted"),
    Verdict.REJECTED: Say(zh="证据不予采信", en="The evidence is rejected"),
    Verdict.NEEDS_REVIEW: Say(zh="需要人工复核", en="A person must review this"),
}

VERDICT_WHY = {
    Verdict.ACCEPTED: Say(zh="必需的规则全部满足，其中最要紧的是：", en="Every required rule is met. Above all:"),
    Verdict.REJECTED: Say(zh="以下必需的规则不满足：", en="These required rules are not met:"),
    Verdict.NEEDS_REVIEW: Say(
        zh="没有必需的规则被证明不满足，但以下各项系统无法自动判断，请人工查看：",
        en="No required rule is shown to fail, but these cannot be told automatically; a person has to look:",
    ),
}

DISAGREEING = Say(
    zh="这一售后单的多个拆包视频结论不一致，需由人工判断。请先看：",
    en="The unboxing videos of this case contradict each other, so a person must decide. To look at first:",
)

ANSWER = {
    Answer.MET: Say(zh="满足", en="met"),
    Answer.NOT_MET: Say(zh="不满足", en="not met"),
    Answer.CANNOT_TELL: Say(zh="无法判断", en="cannot tell"),
}

MARK = {Answer.MET: "✓", Answer.NOT_MET: "✕", Answer.CANNOT_TELL: "?"}
"""Signs beside the words, so that nothing rests on colour alone."""

VERDICT_MARK = {Verdict.ACCEPTED: "✓", Verdict.REJECTED: "✕", Verdict.NEEDS_REVIEW: "?"}

CRITERION = {
    Criterion.CONSISTENCY: Say(zh="一致性", en="Consistency"),
    Criterion.COMPLETENESS: Say(zh="完整性", en="Completeness"),
    Criterion.VALIDITY: Say(zh="有效性", en="Validity"),
    Criterion.TIMELINESS: Say(zh="时效性", en="Timeliness"),
}

QUESTION = {
    Criterion.CONSISTENCY: Say(zh="拍的是这一单的包裹和商品吗？", en="Is this the parcel and the item of this order?"),
    Criterion.COMPLETENESS: Say(zh="拆包全过程都拍到了吗？", en="Is the whole unpacking in the picture?"),
    Criterion.VALIDITY: Say(
        zh="画面清楚、文件完整、与提交时一致吗？", en="Is it clear, whole and as it was handed in?"
    ),
    Criterion.TIMELINESS: Say(
        zh="是首次拆封、并在时限内拍摄提交的吗？", en="Is it the first opening, filmed and handed in in time?"
    ),
}

RULE = {
    R.WAYBILL: Say(zh="运单号一致", en="Waybill agrees"),
    R.ORDER_REFERENCE: Say(zh="订单关联", en="Order reference agrees"),
    R.SAME_PARCEL: Say(zh="同一包裹", en="Same parcel throughout"),
    R.ITEM: Say(zh="商品一致", en="Item agrees"),
    R.QUANTITY: Say(zh="数量一致", en="Quantity agrees"),
    R.WEIGHT: Say(zh="重量相符", en="Weight agrees"),
    R.CLAIMED_DEFECT: Say(zh="瑕疵一致", en="Claimed defect agrees"),
    R.BATCH: Say(zh="批次一致", en="Batch agrees"),
    R.SAME_BOX_AS_PACKED: Say(zh="与发货时同一箱", en="Box that went out"),
    R.SAME_ITEM_AS_PACKED: Say(zh="与发货时同款商品", en="Item that went out"),
    R.SIX_FACES: Say(zh="六面出镜", en="All six faces shown"),
    R.SEALED_AT_START: Say(zh="开场封口完好", en="Sealed at the start"),
    R.WAYBILL_SHOWN: Say(zh="面单出镜", en="Waybill shown"),
    R.OPENING_SHOWN: Say(zh="拆封出镜", en="Opening shown"),
    R.ITEM_SHOWN: Say(zh="商品出镜", en="Item shown"),
    R.INSPECTION_SHOWN: Say(zh="验货出镜", en="Inspection shown"),
    R.ONE_TAKE: Say(zh="一镜到底", en="One uncut take"),
    R.ALWAYS_IN_VIEW: Say(zh="全程在画", en="Parcel always in view"),
    R.DECODES: Say(zh="可解码", en="File decodes"),
    R.RESOLUTION: Say(zh="分辨率", en="Resolution"),
    R.SHARPNESS: Say(zh="清晰度", en="Sharpness"),
    R.EXPOSURE: Say(zh="曝光", en="Exposure"),
    R.ORIGINAL: Say(zh="原始文件", en="Original file"),
    R.NOT_REUSED: Say(zh="未发现重复使用", en="No known reuse"),
    R.NOT_RECAPTURED: Say(zh="非翻拍", en="Not filmed off a screen"),
    R.PROVENANCE: Say(zh="来源可信", en="Provenance"),
    R.INTEGRITY: Say(zh="完整未改", en="Bytes as received"),
    R.FIRST_OPENING: Say(zh="首次开箱", en="First opening"),
    R.RECORDED_AFTER_SIGNING: Say(zh="签收后录制", en="Recorded after signing"),
    R.OPENED_PROMPTLY: Say(zh="及时拆包", en="Opened promptly"),
    R.SUBMITTED_IN_WINDOW: Say(zh="期内提交", en="Handed in in time"),
    R.CLOCK: Say(zh="时钟合理", en="Clock plausible"),
    R.CHALLENGE: Say(zh="动态验证", en="Challenge code"),
}

NO_VIDEO = Say(zh="没有拆包视频", en="No unboxing video")


def title(finding: Finding) -> Say:
    """What a finding is headed by: its rule, but for the one that stands for a video that is not there."""
    return NO_VIDEO if finding.missing == "exhibit.unboxing_video" else RULE[finding.code]


REQUIREMENT = {
    Requirement.REQUIRED: Say(zh="必需", en="required"),
    Requirement.REQUIRED_IF_KNOWN: Say(zh="已知则必需", en="if known"),
    Requirement.ADVISORY: Say(zh="仅供参考", en="advisory"),
}

FACE = {
    Face.TOP: Say(zh="顶面", en="top"),
    Face.BOTTOM: Say(zh="底面", en="bottom"),
    Face.FRONT: Say(zh="正面", en="front"),
    Face.BACK: Say(zh="背面", en="back"),
    Face.LEFT: Say(zh="左侧面", en="left"),
    Face.RIGHT: Say(zh="右侧面", en="right"),
}

STAGE = {
    Stage.ABSENT: Say(zh="无包裹", en="absent"),
    Stage.SEALED: Say(zh="封口完好", en="sealed"),
    Stage.SHOWING: Say(zh="展示外观", en="showing"),
    Stage.OPENING: Say(zh="正在拆封", en="opening"),
    Stage.OPEN: Say(zh="已打开", en="open"),
    Stage.ITEM_OUT: Say(zh="商品已取出", en="item out"),
}

ROLE = {
    Role.UNBOXING_VIDEO: Say(zh="拆包视频", en="unboxing video"),
    Role.PACKING_VIDEO: Say(zh="打包视频", en="packing video"),
    Role.BUYER_VIDEO: Say(zh="买家视频", en="buyer's video"),
    Role.BUYER_PHOTO: Say(zh="买家照片", en="buyer's photo"),
    Role.QC_PHOTO: Say(zh="质检照片", en="inspection photo"),
    Role.DOCUMENT: Say(zh="文件", en="document"),
}

MEDIUM = {
    Medium.VIDEO: Say(zh="视频", en="video"),
    Medium.PHOTO: Say(zh="照片", en="photo"),
    Medium.DOCUMENT: Say(zh="文件", en="document"),
    Medium.UNKNOWN: Say(zh="未知", en="unknown"),
}

BREAK: dict[str, Say] = {
    BreakCause.CUT: Say(zh="剪切", en="cut"),
    BreakCause.DISSOLVE: Say(zh="叠化", en="dissolve"),
    BreakCause.JUMP: Say(zh="同场景跳变", en="jump"),
    BreakCause.FREEZE: Say(zh="定格", en="freeze"),
    BreakCause.BLACK: Say(zh="黑屏", en="black"),
    BreakCause.PAUSE: Say(zh="录制暂停", en="pause"),
    BreakCause.SPEED_CHANGE: Say(zh="变速", en="speed change"),
    BreakCause.TIMESTAMP_GAP: Say(zh="时间戳间断", en="timestamp gap"),
    BreakCause.AUDIO_BREAK: Say(zh="声音中断", en="audio break"),
}

ABSENCE: dict[str, Say] = {
    "left_frame": Say(zh="离开画面", en="left the picture"),
    "hidden": Say(zh="被遮挡", en="hidden"),
}

SANDBOX: dict[str, Say] = {
    "bubblewrap": Say(zh="在 bubblewrap 沙箱中解码", en="decoded inside a bubblewrap sandbox"),
    "namespaces": Say(zh="在独立命名空间中解码", en="decoded in namespaces of its own"),
    "limits": Say(zh="在受资源限制的子进程中解码", en="decoded in a child process with resource limits"),
}

NETWORK: dict[str, Say] = {
    "none": Say(zh="无网络", en="without a network"),
    "reachable": Say(zh="⚠ 未隔离网络", en="⚠ not cut off from the network"),
}

COUNTED: dict[str, tuple[Say, Say]] = {
    "reads": (Say(zh="次", en="read"), Say(zh="次", en="reads")),
    "frames": (Say(zh="帧", en="frame"), Say(zh="帧", en="frames")),
    "traces": (Say(zh="处", en="trace"), Say(zh="处", en="traces")),
    "breaks": (Say(zh="处", en="break"), Say(zh="处", en="breaks")),
    "gaps": (Say(zh="处", en="gap"), Say(zh="处", en="gaps")),
    "faces": (Say(zh="面", en="face"), Say(zh="面", en="faces")),
    "items": (Say(zh="件", en="item"), Say(zh="件", en="items")),
    "takes": (Say(zh="段", en="take"), Say(zh="段", en="takes")),
    "fingerprints": (Say(zh="个", en="fingerprint"), Say(zh="个", en="fingerprints")),
    "bit": (Say(zh="位", en="bit"), Say(zh="位", en="bits")),
    "s": (Say(zh="秒", en="s"), Say(zh="秒", en="s")),
    "px": (Say(zh="像素", en="px"), Say(zh="像素", en="px")),
    "g": (Say(zh="克", en="g"), Say(zh="克", en="g")),
    "1/s": (Say(zh="帧/秒", en="fps"), Say(zh="帧/秒", en="fps")),
}
"""Units of findings behind one and behind several; others stand as they are."""

VALUES: dict[str, Say] = {
    "absent": Say(zh="没有", en="none"),
    "valid": Say(zh="有效", en="valid"),
    "trusted": Say(zh="有效且可信", en="trusted"),
    "broken": Say(zh="失效", en="broken"),
    "invalid": Say(zh="签名无效", en="invalid"),
    "unknown_key": Say(zh="密钥未登记", en="unknown key"),
    "photo": Say(zh="照片", en="photo"),
    "video": Say(zh="视频", en="video"),
}
"""What findings name by a code of the domain; whatever was read from footage stands as it is."""

YES, NO = Say(zh="是", en="yes"), Say(zh="否", en="no")

MOMENT: dict[str, Say] = {
    "first": Say(zh="开头", en="first"),
    "change": Say(zh="变化", en="change"),
    "last": Say(zh="结尾", en="last"),
    "photo": Say(zh="照片", en="photo"),
}
"""Labels of moments that observers give; others stand as they are."""


ITEM_BY: dict[str, Say] = {
    "barcode": Say(zh="条码", en="barcode"),
    "serial": Say(zh="序列号", en="serial number"),
    "appearance": Say(zh="图案重合", en="print found again"),
    "embedding": Say(zh="自备模型相似度", en="likeness by your own model"),
}
"""By what an item was compared, before the score."""


def item_by(by: str) -> Say:
    """By what an item was compared with its reference."""
    return ITEM_BY.get(by) or Say(zh=by, en=by)


def reused(use: UseView) -> Say:
    """What two pictures of different cases have to do with each other."""
    if use.resubmission:
        return Say(zh="同一订单或售后申请重新提交", en="the same order or claim, filed again")
    zh, en = ("同一素材", "a copy") if use.sure else ("相似，需人工判断", "alike: for a person to judge")
    done_zh, done_en = ("，左右镜像", ", mirrored") if use.mirrored else ("", "")
    return Say(zh=f"{zh}：{use.regions} 处一致{done_zh}", en=f"{en}: {use.regions} regions agree{done_en}")


def moment(label: str) -> Say:
    """What the picture of a moment is called."""
    return MOMENT.get(label) or Say(zh=label, en=label)
