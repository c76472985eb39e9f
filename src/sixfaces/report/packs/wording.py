"""The words on the pages of a pack, in both languages."""

from sixfaces.domain.model import Say

WORDS = {
    "heading": Say(zh="拆包证据", en="Unboxing evidence"),
    "subheading": Say(
        zh="由封存的原始录像自动核验并整理",
        en="Checked and compiled by machine from the sealed original footage",
    ),
    "case": Say(zh="售后单", en="Case"),
    "order": Say(zh="订单号", en="Order"),
    "claim": Say(zh="售后申请", en="Claim"),
    "waybill": Say(zh="退货运单", en="Return waybill"),
    "footage": Say(zh="录像", en="Footage"),
    "policy": Say(zh="核验规则", en="Checked by policy"),
    "met": Say(zh="项满足", en="met"),
    "timeline": Say(zh="时间线", en="Timeline of the footage"),
    "points": Say(zh="逐项结论", en="What was checked, point by point"),
    "net": Say(zh="包裹六面展开图", en="The parcel's six faces, unfolded"),
    "net_note": Say(
        zh="各面按包裹最初在镜头前的放置命名；图上方为该面最清楚的一刻。",
        en="Named as the parcel first rests before the camera. Each picture is the clearest view of its face, "
        "with its time.",
    ),
    "not_shown": Say(zh="未出镜", en="not shown"),
    "moments": Say(zh="关键画面", en="Key moments"),
    "check": Say(zh="如何核对", en="How this can be checked"),
    "check_digest": Say(
        zh="下列文件已按 SHA-256 封存。原件任何一个字节改变，其 SHA-256 就不再相同。",
        en="These files are sealed by their SHA-256: an original of which one byte differs has another one.",
    ),
    "check_pack": Say(
        zh="证据包中的 pack.json 写明每张图片出自哪个原件、哪一时刻、做过什么处理；"
        "用 verify_bundle.py 可离线核对整包，无需联网，也无需信任本系统。",
        en="pack.json in the pack says of each picture which original it is from, at which moment, and what was "
        "done to it; verify_bundle.py checks the pack offline, without a server and without trusting whoever made it.",
    ),
    "file": Say(zh="原件", en="Original"),
    "size": Say(zh="大小", en="Size"),
    "left_out": Say(zh="未放入的内容", en="Left out"),
}

COUNT = Say(zh="计入判定的 {1} 项中 {0} 项满足", en="{0} of {1} points that count are met")
MASKED = Say(
    zh="个人信息已遮盖（灰色块）。图片取自录像；对每张图片做过什么，见 pack.json。",
    en="Personal data is masked (grey patches). Pictures are from the footage; pack.json says what was done to each.",
)
NOT_MASKED = Say(
    zh="图片取自录像；对每张图片做过什么，见 pack.json。",
    en="Pictures are from the footage; pack.json says what was done to each.",
)
