"""What is answered to requests about endpoints that cannot be met."""

from sixfaces.domain.errors import WebhookError
from sixfaces.domain.model import Say


def too_many(most: int) -> WebhookError:
    """The tenant has as many endpoints as it may."""
    return WebhookError(
        "webhook.too_many",
        Say(zh=f"最多只能有 {most} 个 Webhook 端点。", en=f"There may be {most} endpoints of webhooks at most."),
        Say(zh="请删除不再使用的端点。", en="Delete those that are no longer used."),
    )


def disabled() -> WebhookError:
    """Nothing can be sent to it."""
    return WebhookError(
        "webhook.disabled",
        Say(zh="该端点已停用，无法发送。", en="The endpoint is disabled: nothing is sent to it."),
        Say(zh="请先启用该端点，再重试。", en="Enable it, then try again."),
    )
