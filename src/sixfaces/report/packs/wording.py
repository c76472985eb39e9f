"""The words on the pages of a pack, in both languages."""

from enum import StrEnum

from sixfaces.domain.model import Say


class Behind(StrEnum):
    """What stands behind a pack: the log of an installation, a key that signs it, or whoever made it alone."""

    LOG = "log"
    KEY = "key"
    NOBODY = "nobody"


SUBHEADING = {
    Behind.LOG: Say(
        zh="由封存的原始文件自动核验并整理",
        en="Checked and compiled by machine from the sealed originals",
    ),
    Behind.KEY: Say(zh="由原始文件自动核验并整理", en="Checked and compiled by machine from the originals"),
    Behind.NOBODY: Say(zh="由原始文件自动核验并整理", en="Checked and compiled by machine from the originals"),
}

_SAYS = Say(
    zh="证据包中的 pack.json 写明每张图片出自哪个原件、哪一时刻、做过什么处理。",
    en="pack.json in the pack says of each picture which original it is from, at which moment, and what was done to "
    "it. ",
)

CHECK_DIGEST = {
    Behind.LOG: Say(
        zh="下列文件已按 SHA-256 封存于存证日志。原件任何一个字节改变，其 SHA-256 就不再相同。",
        en="These files are sealed in a custody log by SHA-256: a file of which one byte differs has another one.",
    ),
    Behind.KEY: Say(
        zh="核验所用的文件及其 SHA-256。文件任何一个字节改变，其 SHA-256 就不再相同。",
        en="The files that were checked, by their SHA-256: a file of which one byte differs has another one.",
    ),
}
CHECK_DIGEST[Behind.NOBODY] = CHECK_DIGEST[Behind.KEY]

CHECK_PACK = {
    Behind.LOG: Say(
        zh=_SAYS.zh + "用 verify_bundle.py 可离线核对整包与日志的签名，无需联网；公钥请从别处核对。",
        en=_SAYS.en
        + "verify_bundle.py checks the pack and what the log says of it, offline and without a server; compare "
        "the public keys with ones from elsewhere.",
    ),
    Behind.KEY: Say(
        zh=_SAYS.zh
        + "用 verify_bundle.py 可离线核对整包自签名以来未被改动；文件本身的来历由制作者说明，没有日志为证。",
        en=_SAYS.en
        + "verify_bundle.py checks, offline, that nothing in the pack was changed since it was signed. No log "
        "stands behind it: where the files are from rests on whoever made it.",
    ),
    Behind.NOBODY: Say(
        zh=_SAYS.zh + "用 verify_bundle.py 可离线核对包内各部分相符；本包未签名，也没有日志为证，其内容由制作者说明。",
        en=_SAYS.en + "verify_bundle.py checks, offline, that its parts agree. Nobody has signed it and no log stands "
        "behind it: what it says rests on whoever made it.",
    ),
}

WORDS = {
    "heading": Say(zh="拆包证据", en="Unboxing evidence"),
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
    "not_shown": Say(zh="该录像中无此面画面", en="no view in this video"),
    "moments": Say(zh="关键画面", en="Key moments"),
    "check": Say(zh="如何核对", en="How this can be checked"),
    "left_out": Say(zh="未放入的内容", en="Left out"),
}

COUNT = Say(zh="计入判定的 {1} 项中 {0} 项满足", en="{0} of {1} points that count are met")
MASKED = Say(
    zh="个人信息已遮盖（灰色块）。图片取自录像与照片；对每张图片做过什么，见 pack.json。",
    en="Personal data is masked (grey patches). Pictures are from footage and photos; pack.json says what was done.",
)
NOT_MASKED = Say(
    zh="图片取自录像与照片；对每张图片做过什么，见 pack.json。",
    en="Pictures are from footage and photos; pack.json says what was done to each.",
)
