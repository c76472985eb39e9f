"""Why a notice was not sent: one table of codes, each with its words and a way out."""

from sixfaces.domain.filing import Quarantine
from sixfaces.domain.model import Say

OFF, ADDRESS, ERASED, UNWANTED = "notice.off", "notice.address", "notice.erased", "notice.unwanted"
CONNECT, TLS, LOGIN, TIMEOUT = "notice.connect", "notice.tls", "notice.login", "notice.timeout"
LATER, REFUSED, ANSWER, KEY = "notice.later", "notice.refused", "notice.answer", "notice.key"
OVER, SENDER, UNREADABLE, LOST = "notice.over", "notice.sender", "notice.unreadable", "notice.lost"

_SERVER = ("请检查 SIXFACES_SMTP_URL 与邮件服务器。", "Look at SIXFACES_SMTP_URL and at the mail server.")
_TABLE: dict[str, tuple[str, str, tuple[str, str]]] = {
    OFF: (
        "未设置邮件服务器",
        "no mail server is set",
        ("请设置 SIXFACES_SMTP_URL 与 SIXFACES_MAIL_FROM。", "Set SIXFACES_SMTP_URL and SIXFACES_MAIL_FROM."),
    ),
    ADDRESS: (
        "该方没有可用的邮箱地址",
        "this side has no address that mail can go to",
        ("请在售后单的 contacts 中更正。", "Correct it in the case's contacts."),
    ),
    ERASED: (
        "售后单已删除",
        "the case was erased",
        ("无需处理。", "Nothing needs to be done."),
    ),
    UNWANTED: (
        "该类通知已由商家关闭",
        "the tenant does not want such notices sent",
        ("如需发送，请修改通知规则。", "Change the rule of notices if they are wanted."),
    ),
    OVER: (
        "所催办的事项已完成或不再需要",
        "what it asks for has come, or is wanted no more",
        ("无需处理。", "Nothing needs to be done."),
    ),
    SENDER: (
        "邮件服务器拒绝以此发件地址发信",
        "the mail server takes nothing from this sender",
        (
            "请检查 SIXFACES_MAIL_FROM 与邮件服务器的发信权限。",
            "Look at SIXFACES_MAIL_FROM and at whom the server lets send.",
        ),
    ),
    UNREADABLE: (
        "无法读取售后单的现状",
        "how the claim stands cannot be read",
        ("系统会自动重试；请运行 sixfaces fsck 检查数据。", "It is tried again by itself. Run sixfaces fsck."),
    ),
    LOST: (
        "发送过程每次都中断，没有结果",
        "every attempt ended without saying how",
        ("请查看发信进程的日志，然后重发。", "Look at the log of the process that sends, then send it again."),
    ),
    CONNECT: ("无法连接邮件服务器", "the mail server cannot be reached", _SERVER),
    TLS: ("邮件服务器的 TLS 证书无效", "the mail server's TLS does not hold", _SERVER),
    LOGIN: ("邮件服务器拒绝登录", "the mail server refuses the login", _SERVER),
    TIMEOUT: ("邮件服务器未及时应答", "the mail server did not answer in time", _SERVER),
    ANSWER: ("邮件服务器的应答无法理解", "the mail server's answer makes no sense", _SERVER),
    LATER: (
        "邮件服务器暂不接收",
        "the mail server does not take it now",
        ("系统会自动重试。", "It is tried again by itself."),
    ),
    REFUSED: (
        "邮件服务器拒收此邮件",
        "the mail server refuses this message",
        ("请核对收件地址与发件地址，更正后重发。", "Check the addresses of both sides, then send it again."),
    ),
    KEY: (
        "无法使用进度链接的密钥",
        "the key of links cannot be used",
        ("请确认各进程使用同一份 links.key。", "See that all processes share one links.key."),
    ),
}
CODES = tuple(_TABLE)


def reason(code: str) -> Quarantine:
    """The words of a code."""
    zh, en, (fix_zh, fix_en) = _TABLE[code]
    return Quarantine(code=code, text=Say(zh=f"{zh}。", en=f"{en[0].upper()}{en[1:]}."), fix=Say(zh=fix_zh, en=fix_en))
