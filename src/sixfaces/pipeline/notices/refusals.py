"""What is answered to requests about links and notices that cannot be met."""

from sixfaces.domain.errors import ClaimError, RequestError
from sixfaces.domain.model import Say


def too_many_links(most: int) -> ClaimError:
    """The case has as many good links as it may."""
    return ClaimError(
        "claim.too_many_links",
        Say(zh=f"一个售后单最多有 {most} 个有效链接。", en=f"A case may have {most} good links at most."),
        Say(zh="请撤回不再使用的链接。", en="Revoke those that are no longer used."),
    )


def no_link() -> RequestError:
    """No token, or none that is good for this address: unknown, revoked, expired and misspelt ones are told alike, and
    so are cases that are not there."""
    return RequestError(
        "request.link",
        Say(zh="此链接无效或已失效。", en="This link leads nowhere."),
        Say(zh="请使用最近一封通知中的链接。", en="Use the link of your latest notice."),
    )


def cannot_be_sent_again() -> ClaimError:
    """A notice that was sent: who got it would get it twice."""
    return ClaimError(
        "claim.notice_sent",
        Say(zh="该通知已发送。", en="This notice has been sent."),
        Say(
            zh="同一事件不会重复通知；如需再次告知，请发送新的链接。",
            en="Nobody is told twice; make a new link instead.",
        ),
    )
