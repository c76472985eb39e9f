"""Why an attempt did not arrive: one table of codes, each with its words and a way out."""

from sixfaces.domain.filing import Quarantine
from sixfaces.domain.model import Say

URL, NAME, ADDRESS = "webhook.url", "webhook.name", "webhook.address"
CONNECT, TLS, TIMEOUT, ANSWER = "webhook.connect", "webhook.tls", "webhook.timeout", "webhook.answer"
REDIRECT, STATUS, GONE = "webhook.redirect", "webhook.status", "webhook.gone"
DISABLED, KEY = "webhook.disabled", "webhook.key"

_CHECK = ("请检查该端点的服务是否在运行、防火墙是否放行。", "See that the endpoint runs and that it can be reached.")
_TABLE: dict[str, tuple[str, str, tuple[str, str]]] = {
    URL: (
        "该地址不再允许接收 Webhook",
        "nothing is sent to such an address any more",
        ("请改用 https 地址。", "Change the endpoint's address to https."),
    ),
    NAME: ("域名无法解析", "the host's name does not resolve", ("请检查 DNS 记录。", "Check its DNS records.")),
    ADDRESS: (
        "域名指向内部网络",
        "the host leads into a private network",
        (
            "请使用公网地址；如确需内网地址，由管理员设置 SIXFACES_WEBHOOK_ALLOWED_NETWORKS。",
            "Use a public address; private ones need SIXFACES_WEBHOOK_ALLOWED_NETWORKS.",
        ),
    ),
    CONNECT: ("无法建立连接", "no connection could be made", _CHECK),
    TLS: ("TLS 证书无效", "its TLS certificate does not hold", ("请更新证书。", "Renew the certificate.")),
    TIMEOUT: (
        "端点 15 秒内未响应",
        "it did not answer within 15 seconds",
        ("请先返回 2xx，再异步处理。", "Answer 2xx first, and do the work afterwards."),
    ),
    ANSWER: ("端点返回的不是有效的 HTTP 响应", "its answer is not HTTP", _CHECK),
    REDIRECT: (
        "端点返回了重定向，系统不会跳转",
        "it redirects, which is not followed",
        ("请将端点地址改为最终地址。", "Change the endpoint's address to where it leads."),
    ),
    STATUS: ("端点返回了非 2xx 状态码", "its answer was not 2xx", ("请查看端点的日志。", "Read the endpoint's log.")),
    GONE: (
        "端点返回 410，已停用",
        "it answered 410 and is disabled",
        ("如仍需接收，请重新启用端点并补发。", "If it is still wanted, enable it and replay."),
    ),
    DISABLED: (
        "端点已停用",
        "the endpoint is disabled",
        ("请重新启用端点，再补发。", "Enable the endpoint, then replay."),
    ),
    KEY: (
        "无法读取端点的签名密钥",
        "the endpoint's secret cannot be read",
        (
            "请确认各服务器与 worker 使用同一份 webhooks.key，或轮换该端点的密钥。",
            "See that servers and workers share one webhooks.key, or rotate the endpoint's secret.",
        ),
    ),
}


def reason(code: str) -> Quarantine:
    """The words of a code."""
    zh, en, (fix_zh, fix_en) = _TABLE[code]
    return Quarantine(code=code, text=Say(zh=f"{zh}。", en=f"{en[0].upper()}{en[1:]}."), fix=Say(zh=fix_zh, en=fix_en))
