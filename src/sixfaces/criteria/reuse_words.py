"""What is said of pictures that were found in an earlier case: where, and what was done to them."""

from sixfaces.criteria.answering import short
from sixfaces.criteria.words import Words
from sixfaces.domain.evidence import EarlierUse
from sixfaces.domain.model import Say
from sixfaces.domain.reuse import PictureMatch

LOOK = Say(
    zh="请将报告中并列的两张图片逐一比对，由人工判断是否为同一素材；请提交本案包裹自己的拆包录像。",
    en="Lay the two pictures in the report side by side and let a person judge; hand in this case's own footage.",
)

STRAIGHT_DEG = 3.0
"""Turns up to here are told as none."""

NEARLY_ALL = 0.7
"""Of a picture's area: what agrees beyond it is told as the whole picture."""


def seen_in(use: EarlierUse) -> Words:
    """The texts of a sure match."""
    how = _how(use)
    return Words(
        zh=f"同样的画面已在售后单 {short(use.other_case)} 中提交过（证据件 {use.other_exhibit[:12]}）：{how.zh}。",
        en=f"The same pictures were handed in for case {short(use.other_case)} (exhibit {use.other_exhibit[:12]}): "
        f"{how.en}.",
    )


def like_in(use: EarlierUse) -> Words:
    """The texts of a match that is not sure."""
    how = _how(use)
    common = use.shown is not None and use.shown.common
    why = Words(
        zh="这些内容在许多售后单中都有（可能是通用面单、纸箱或标志）",
        en="what agrees is in the pictures of many cases: it may be a form, a stock box or a logo",
    )
    other = Words(
        zh="可能是同一素材，也可能是另拍的同一物品或同款印刷",
        en="it may be a copy, or the same thing or the same print photographed anew",
    )
    said = why if common else other
    return Words(
        zh=f"画面与售后单 {short(use.other_case)} 的证据件 {use.other_exhibit[:12]} 相似：{how.zh}；{said.zh}。",
        en=f"The pictures are like those of exhibit {use.other_exhibit[:12]} in case {short(use.other_case)}: "
        f"{how.en}; {said.en}.",
    )


def filed_before(use: EarlierUse) -> Words:
    """The texts of the same case filed again."""
    return Words(
        zh=f"同样的画面已在售后单 {short(use.other_case)} 中提交过；"
        "两单为同一订单或同一售后申请，视为重新提交，不作重复使用处理。",
        en=f"The same pictures were handed in for case {short(use.other_case)}, on the same order or claim: the case "
        "was filed again, and that is no reuse.",
    )


def _how(use: EarlierUse) -> Words:
    """How many regions agree in how many pictures, and what leads from one picture to the other."""
    match = use.shown
    if match is None:
        return Words(zh="文件完全相同", en="the files are the same")
    done = _done(match)
    return Words(
        zh=f"{match.picture} 与 {match.other_picture} 有 {match.regions} 处一致"
        f"（共 {use.pictures} 张图片），{'、'.join(one.zh for one in done)}",
        en=f"{match.picture} and {match.other_picture} agree in {match.regions} regions "
        f"({use.pictures} picture{'s' if use.pictures != 1 else ''} in all), {', '.join(one.en for one in done)}",
    )


def _done(match: PictureMatch) -> list[Words]:
    turn = round(match.turn_deg) % 360
    told = [Words(zh="左右镜像", en="mirrored")] if match.mirrored else []
    if STRAIGHT_DEG <= match.turn_deg <= 360 - STRAIGHT_DEG:
        told.append(Words(zh=f"旋转 {turn}°", en=f"turned by {turn} degrees"))
    area = max(match.box[2] * match.box[3], match.other_box[2] * match.other_box[3])
    part = Words(zh="几乎整幅画面", en="nearly the whole picture")
    told.append(part if area >= NEARLY_ALL else Words(zh=f"约占画面 {area:.0%}", en=f"about {area:.0%} of a picture"))
    return told
