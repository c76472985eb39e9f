"""How names, addresses and accounts are written where they are told as such: patterns over folded text.

Each pattern covers too much rather than too little, but for numbers of things, which are evidence.
"""

import re

HAN = r"\u4e00-\u9fff"
STARRED = r"(?:\+?86[\s-]?)?(?:1[3-9]\d\*|0\d{2,3}-?\*)"
"""A phone number that has been covered already: names stand beside it."""

_SURNAMES = (
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜"
    "范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文張劉陳楊趙黃吳孫馬羅鄭謝韓馮鄧許盧蔣賈"
)
_TWO = "欧阳|歐陽|司马|上官|诸葛|东方|皇甫|尉迟|公孙|慕容|令狐|司徒|夏侯|端木|南宫"
_SURNAME = rf"(?:{_TWO}|[{_SURNAMES}])"
_NO_NAME = r"(?!谢谢|方便|高兴|万一|于是|任何|常用|金额|白色|黄色|马上)"
_WHO = "收件人|寄件人|收货人|发货人|发件人|收件方|寄件方|联系人|签收人|退货人|姓名|买家|卖家|客户|收方|寄方"
_CALLED = r"(?:(?:联系电话|联系方式|手机号码?|手机|电话号码|电话|号码|(?i:tel|phone|mobile))[\s:.]{0,3})?"
_BETWEEN = r"[\s,:/、(_|-]{0,3}"
_CALL = (
    "电话|手机|号码|单号|运单|快递|快件|联系|客服|座机|热线|手机号|手机号码|电话号码|联系电话|联系方式|订单|编号|商品|支付宝|微信|"
    "微信号|虚拟号|虚拟号码|备用|备用号|转接|拨打|谢谢|退货|换货|维修|开箱|拆箱|验货|入库|视频|或者|以及|本机|小号"
)

HAN_NAMES = (
    re.compile(rf"(?P<before>(?:{_WHO})(?:\s*:\s*|\s+|是|为|叫))(?P<name>[{HAN}·]+)"),
    re.compile(rf"(?P<before>{_WHO})(?P<name>{_SURNAME}[{HAN}]{{1,2}})(?![{HAN}])"),
    re.compile(rf"(?P<before>(?<![{HAN}])[收寄发][:\s]+)(?P<name>[{HAN}]{{2,4}})(?![{HAN}])"),
    re.compile(
        r"(?P<before>(?<![A-Za-z])(?i:name|receiver|recipient|consignee|contact|buyer|customer|attn|to|from)[\"']?\s*[:=]"
        rf"\s*[\"']?)(?P<name>{_SURNAME}[{HAN}]{{1,2}})(?![{HAN}])"
    ),
    re.compile(rf"(?P<before>(?<![{HAN}]))(?P<name>{_NO_NAME}{_SURNAME}[{HAN}]{{1,2}})(?=\s{{0,2}}[收启](?![{HAN}]))"),
    re.compile(
        rf"(?P<before>(?<![{HAN}]))(?!(?:{_CALL})[\s,:/、])(?P<name>[{HAN}][{HAN}·]{{1,3}})(?=[\s,:/、]{{1,3}}{STARRED})"
    ),
    re.compile(rf"(?P<before>)(?P<name>{_NO_NAME}{_SURNAME}[{HAN}]{{1,2}}?)(?={_BETWEEN}{_CALLED}{STARRED})"),
    re.compile(rf"(?P<before>(?<=\*\d{{4}})[\s,/、)_-]{{1,3}})(?P<name>{_NO_NAME}{_SURNAME}[{HAN}]{{1,2}})(?![{HAN}])"),
    re.compile(rf"(?P<before>)(?P<name>(?:{_TWO})[{HAN}]{{0,2}}?|[{_SURNAMES}][{HAN}]{{1,2}}?)(?=先生|女士|小姐)"),
)
"""Names in Chinese: after what says whose they are, before 收, beside a number, before a title."""

WORD = r"[A-Z][\w'’.-]*\*{0,3}"
_WRITTEN = r"(?P<name>[A-Z][a-z'’]+(?:[ ]{1,2}[A-Z][a-z'’]+){0,3})"
_LATIN = rf"(?P<name>{WORD}(?:[ ]{{1,2}}{WORD}){{0,3}})"
LATIN_NAMES = (
    re.compile(
        r"(?P<before>(?<![A-Za-z])(?:(?i:recipient|consignee|receiver|addressee|sender|shipper|ship[ ]to|deliver[ ]to"
        r"|attn|buyer|seller|customer|contact|name)|TO|FROM|To|From)\s*:\s*)" + _LATIN
    ),
    re.compile(rf"(?P<before>(?:{_WHO}|(?<![{HAN}])[收寄发])\s*(?:[:]|是|为|叫)?\s*){_WRITTEN}"),
    re.compile(r"(?P<before>(?<![A-Za-z])(?:Mr|Mrs|Ms|Miss|Dr)\.?[ ])" + _LATIN),
    re.compile(
        r"(?P<before>(?<![A-Za-z]))(?P<name>[A-Z][a-z'’]+(?:[ ][A-Z][a-z'’]+){1,3})"
        r"(?=[\s,(]{1,3}(?:\+?86[\s-]?)?1[3-9]\d\*)"
    ),
)

_PLACE = (
    "省|市|区|區|县|縣|镇|鎮|乡|鄉|路|街|道|巷|弄|段|村|园|園|苑|城|庄|莊|里|湾|灣|府|庭|厦|廈|广场|廣場|公寓|中心|"
    "大楼|大樓"
)
_UNIT = "号楼|號樓|号|號|弄|栋|棟|幢|座|单元|單元|楼|樓|层|層|室|房|组|組|#"
_REST = r"[\dA-Za-z号號弄栋棟幢座单單元楼樓层層室房院\-#]"
PLACES = (
    re.compile(
        rf"(?P<before>[{HAN}A-Za-z]{{1,20}}?(?:{_PLACE}))[\dA-Za-z一二三四五六七八九十百-]{{1,8}}(?:{_UNIT}){_REST}{{0,24}}"
    ),
    re.compile(rf"(?P<before>[{HAN}](?:{_PLACE}))(?<!\d)\d{{1,3}}(?:-\d{{1,4}}){{1,3}}(?![\d-])"),
    re.compile(rf"(?P<before>)(?<![\dA-Za-z])\d{{1,4}}(?:号楼|號樓|栋|棟|幢|座|单元|單元){_REST}{{1,16}}"),
    re.compile(r"(?P<before>)(?<![\dA-Za-z])\d{1,3}(?:楼|樓|层|層)\d{1,4}(?:室|房|号|號)"),
    re.compile(r"(?P<before>)(?<![\dA-Za-z])[A-Za-z]座\d{1,4}(?:楼|樓|层|層|室|房|号|號)?[\d-]{0,5}[室房]?"),
    re.compile(r"(?P<before>)(?<![\dA-Za-z.])\d{3,4}(?:室|房)(?![间屋内])"),
    re.compile(r"(?P<before>)(?<![\dA-Za-z])\d{1,3}[组組]\d{1,4}[号號]"),
    re.compile(
        r"(?P<before>)(?<![\dA-Za-z])\d{1,5}[A-Za-z]?[ ](?:[A-Z][\w'’.-]*[ ]){1,4}"
        r"(?:Street|St|Road|Rd|Avenue|Ave|Lane|Ln|Drive|Dr|Boulevard|Blvd|Way|Court|Ct|Square|Sq)\b\.?"
    ),
)
"""What leads to a door. What stands before it may be known: `before` stays."""

_END = r"(?![A-Za-z0-9])"
ACCOUNTS = (
    re.compile(
        r"(?P<before>(?:微信号?|(?<![A-Za-z])(?i:wechat|weixin|wx)(?:[ ]?(?i:id))?)[\s:=是为]{1,3})"
        r"(?P<name>[A-Za-z][\w-]{5,19})(?![\w-])"
    ),
    re.compile(rf"(?P<before>(?<![A-Za-z])(?i:qq)号?[\s:=是为]{{0,3}})(?P<name>[1-9]\d{{4,10}}){_END}"),
    re.compile(
        r"(?P<before>(?:护照号?码?|(?i:passport)(?:[ ](?i:no))?\.?)[\s:=#]{0,3})"
        rf"(?P<name>[A-Z]{{1,2}}\d{{7,8}}){_END}"
    ),
    re.compile(rf"(?P<before>(?:身份证|身份證|证件)号?码?[\s:=是为]{{0,3}})(?P<name>\d{{17}}[\dXx]|\d{{15}}){_END}"),
    re.compile(rf"(?P<before>(?:银行卡|卡|账|帐)号?码?[\s:=是为]{{1,3}})(?P<name>\d(?:[ -]?\d){{15,18}}){_END}"),
    re.compile(
        rf"(?P<before>[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼])(?P<name>[A-Z][·\s-]?"
        rf"(?=[A-Z]{{0,5}}\d)[A-HJ-NP-Z0-9]{{5,6}}){_END}"
    ),
    re.compile(
        r"(?P<before>https?://(?:u\.wechat\.com|weixin\.qq\.com/[a-z]|work\.weixin\.qq\.com|qm\.qq\.com|qr\.alipay\.com"
        r"|wa\.me|t\.me|line\.me|wxp)/)(?P<name>[\x21-\x7e]+)"
    ),
)
"""By what somebody is found or identified, where it is told as such: all of `name` but its first character goes."""
