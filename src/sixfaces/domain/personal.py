"""Personal data in text: which words of a text tell who somebody is, and the text with these covered.

The one rule for everything that is shown: phone numbers keep their ends (138****1234), names their first character
(张*), door numbers, mail addresses and identity numbers vanish. Numbers that are evidence stay: a waybill, a serial
number, an EAN has letters beside its digits or more of them than a phone has; those that the case itself states are
`known` and stay whatever they look like. `docs/privacy.md` says what it finds and what it cannot.
"""

import re
from collections.abc import Collection

from sixfaces.domain.personal_numbers import IDENTITY, LEFT, RIGHT

_GAP = r"[\s.·_-]{0,2}"
_HAN = r"\u4e00-\u9fff"

_MOBILE = re.compile(rf"{LEFT}(?:(?:\+|00)?86{_GAP})?(1[3-9]\d){_GAP}(\d{{4}}){_GAP}(\d{{4}}){RIGHT}")
_SPACED = re.compile(rf"{LEFT}1[\s-][3-9](?:[\s-]\d){{9}}{RIGHT}")
_LANDLINES = re.compile(rf"(?:{LEFT}|(?<=86))\(?(0\d{{2,3}})\)?[\s-]{{0,2}}(\d{{3,4}})[\s-]?(\d{{4}}){RIGHT}")
_FOREIGN = re.compile(rf"(?<![\dA-Za-z+])(\+[1-9]\d{{0,2}})(?:[\s.()-]{{0,2}}\d){{5,10}}[\s.-]?(\d{{2}}){RIGHT}")
_AMERICAN = re.compile(rf"{LEFT}(?!400|800)(?:\(\d{{3}}\)\s?|\d{{3}}[-.])\d{{3}}[-.](\d{{4}})(?![\dA-Za-z-])")
_MAIL = re.compile(r"(?<![\w.+-])([\w])[\w.+-]{0,63}@([\w-]+(?:\.[\w-]+)+)")

_SURNAMES = (
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜"
    "范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文"
)
_WHO = "收件人|寄件人|收货人|发货人|发件人|收件方|寄件方|联系人|签收人|退货人|姓名|买家|卖家|客户|收方|寄方"
_LABELLED = re.compile(rf"({_WHO})((?:\s*[:：]\s*|\s+|是|为|叫))([{_HAN}·]+)")
_UNPARTED = re.compile(rf"({_WHO})()([{_SURNAMES}][{_HAN}]{{1,2}})(?![{_HAN}])")
_SHORT = re.compile(rf"(?<![{_HAN}])([收寄发])([:：\s]+)([{_HAN}]{{2,4}})(?![{_HAN}])")
_TITLED = re.compile(rf"([{_SURNAMES}])[{_HAN}]{{1,2}}(?=先生|女士|小姐)")
_NUMBER = r"(?:\+?86[\s-]?)?(?:1[3-9]\d\*|0\d{2,3}-\*)"
_CALL = "电话|手机|号码|单号|运单|快递|快件|联系|客服|座机|热线|手机号|电话号码|联系电话|联系方式|订单|编号|商品"
_ALONE = re.compile(
    rf"(?<![{_HAN}])(?!(?:{_CALL})[\s,，:：])([{_HAN}][{_HAN}·]{{1,3}})(?=[\s,，:：/、]{{1,3}}{_NUMBER})"
)
_BESIDE = re.compile(rf"([{_SURNAMES}][{_HAN}]{{1,2}})(?=[\s,，:：/、]{{0,3}}{_NUMBER})")
_AFTER = re.compile(rf"(?<=\*\d{{4}})([\s,，/、]{{1,3}})([{_SURNAMES}][{_HAN}]{{1,2}})(?![{_HAN}])")
_WORD = r"[A-Z][\w'’.-]*\*{0,3}"
_WRITTEN = r"([A-Z][a-z'’]+(?:[ ]{1,2}[A-Z][a-z'’]+){0,3})"
_LATIN_NAME = rf"({_WORD}(?:[ ]{{1,2}}{_WORD}){{0,3}})"
_LATIN = re.compile(
    r"(?<![A-Za-z])((?:(?i:recipient|consignee|receiver|addressee|sender|shipper|ship[ ]to|deliver[ ]to|attn|buyer"
    r"|seller|customer|contact|name)|TO|FROM|To|From)\s*[:：]\s*)" + _LATIN_NAME
)
_LATIN_AFTER_HAN = re.compile(rf"((?:{_WHO}|(?<![{_HAN}])[收寄发])\s*(?:[:：]|是|为|叫)?\s*){_WRITTEN}")
_MISTER = re.compile(r"(?<![A-Za-z])((?:Mr|Mrs|Ms|Miss|Dr)\.?[ ])" + _LATIN_NAME)
_BESIDE_LATIN = re.compile(
    r"(?<![A-Za-z])()([A-Z][a-z'’]+(?:[ ][A-Z][a-z'’]+){1,3})(?=[\s,，]{1,3}(?:\+?86[\s-]?)?1[3-9]\d\*)"
)
_DOOR = re.compile(
    rf"([{_HAN}A-Za-z]{{1,20}}?(?:省|市|区|县|镇|乡|路|街|道|巷|弄|村|园|苑|城|庄|里|湾|府|庭))"
    rf"[\dA-Za-z一二三四五六七八九十百-]{{1,8}}(?:号|弄|栋|幢|座|单元|楼|室|#)[\dA-Za-z号弄栋幢座单元楼层室院\-#]{{0,24}}"
)
_ROOM = re.compile(r"(?<![\dA-Za-z])\d{1,4}(?:号楼|栋|幢|座|单元)[\dA-Za-z栋幢座单元楼层室-]{1,16}")
_STREET = re.compile(
    r"(?<![\dA-Za-z])\d{1,5}[A-Za-z]?[ ](?:[A-Z][\w'’.-]*[ ]){1,4}"
    r"(?:Street|St|Road|Rd|Avenue|Ave|Lane|Ln|Drive|Dr|Boulevard|Blvd|Way|Court|Ct|Square|Sq)\b\.?"
)

_PLAIN = str.maketrans("０１２３４５６７８９＋－（）", "0123456789+-()")
_OPAQUE = re.compile(
    r"[0-9a-f]{32,128}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|\d{4}-\d\d-\d\dT[\d:.]+(?:Z|[+-]\d\d:?\d\d)?"
)
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


def masked_text(text: str, known: Collection[str] = ()) -> str:
    """The text with personal data covered; the very same text where there is none. `known` numbers stay."""
    if not text or _OPAQUE.fullmatch(text) or text in known:
        return text
    plain = text.translate(_PLAIN)
    covered = _named(_placed(_called(plain, known)))
    return text if covered == plain else covered


def _called(text: str, known: Collection[str]) -> str:
    """Without numbers that somebody can be called or identified by."""

    def but_known(found: re.Match[str], covered: str) -> str:
        return found[0] if found[0] in known else covered

    text = IDENTITY.sub(lambda m: but_known(m, "*" * len(m[0]) if _is_identity(m[0]) else m[0]), text)
    text = _MAIL.sub(r"\1***@\2", text)
    text = _MOBILE.sub(lambda m: but_known(m, f"{m[1]}****{m[3]}"), text)
    text = _SPACED.sub(lambda m: f"{m[0][::2][:3]}****{m[0][::2][-4:]}", text)
    text = _LANDLINES.sub(lambda m: but_known(m, f"{m[1]}-****{m[3]}"), text)
    text = _FOREIGN.sub(lambda m: f"{m[1]}****{m[2]}", text)
    return _AMERICAN.sub(lambda m: but_known(m, f"***-***-{m[1]}"), text)


def _placed(text: str) -> str:
    """Without what leads to a door."""
    text = _DOOR.sub(r"\1****", text)
    text = _ROOM.sub("****", text)
    return _STREET.sub("****", text)


def _named(text: str) -> str:
    """Without the names that are told as names, or that stand beside a number."""
    for form in (_LABELLED, _UNPARTED, _SHORT):
        text = form.sub(lambda m: f"{m[1]}{m[2]}{_han(m[3])}", text)
    for form in (_ALONE, _BESIDE):
        text = form.sub(lambda m: _han(m[1]), text)
    text = _AFTER.sub(lambda m: m[1] + _han(m[2]), text)
    text = _TITLED.sub(r"\1*", text)
    for form in (_LATIN, _LATIN_AFTER_HAN, _MISTER, _BESIDE_LATIN):
        text = form.sub(lambda m: m[1] + re.sub(_WORD, lambda word: f"{word[0][0]}***", m[2]), text)
    return text


def _han(name: str) -> str:
    """The first character and a star for each other one. A longer run goes on after the name: three are taken."""
    end = len(name) if len(name) <= 4 or "·" in name else 3
    return name[0] + "*" * (end - 1) + name[end:]


def _is_identity(number: str) -> bool:
    """The check digit of GB 11643: order numbers of 18 digits hardly ever have it."""
    total = sum(int(digit) * weight for digit, weight in zip(number[:17], _WEIGHTS, strict=True))
    return "10X98765432"[total % 11] == number[17].upper()
