"""What is answered to tokens that are not good, or not for here."""

from sixfaces.domain.errors import IdentityError
from sixfaces.domain.model import Say

_ASK_AGAIN = Say(zh="请重新登录以取得新的令牌。", en="Sign in again for a new token.")
_MAPPING = Say(
    zh="请管理员检查身份提供方写入令牌的声明，以及 SIXFACES_OIDC_* 的设置。",
    en="Have an administrator check the claims that the provider puts into tokens, and SIXFACES_OIDC_*.",
)


def untrusted() -> IdentityError:
    """Malformed, of a stranger, signed by an unknown key or in a way that is not allowed: all told alike."""
    return IdentityError(
        "identity.token",
        Say(zh="令牌不是由受信任的身份提供方签发的。", en="The token is not signed by a trusted identity provider."),
        Say(
            zh="请使用受信任的身份提供方签发的令牌，或以 sf_ 开头的密钥。",
            en="Send a token of a trusted identity provider, or a key that begins with sf_.",
        ),
    )


def malformed(claim: str) -> IdentityError:
    """The provider has signed it, and a claim is not there or is not what it must be."""
    return IdentityError(
        "identity.claim",
        Say(zh=f"令牌的声明 {claim} 缺失或无效。", en=f"The claim {claim} of the token is missing or wrong."),
        _MAPPING,
    )


def expired() -> IdentityError:
    """Its time is over."""
    return IdentityError("identity.expired", Say(zh="令牌已过期。", en="The token has expired."), _ASK_AGAIN)


def not_yet() -> IdentityError:
    """It is from the future, or for it."""
    return IdentityError(
        "identity.not_yet",
        Say(zh="令牌尚未生效。", en="The token is not valid yet."),
        Say(
            zh="请检查服务器与身份提供方的时钟，或稍后重试。",
            en="Compare the clocks of this server and of the provider, or try again later.",
        ),
    )


def wrong_audience() -> IdentityError:
    """It was given for something else."""
    return IdentityError(
        "identity.audience",
        Say(zh="令牌不是为本服务签发的。", en="The token is not for this service."),
        Say(
            zh="请为 SIXFACES_OIDC_AUDIENCE 所指的受众申请令牌。",
            en="Ask the provider for a token whose audience is that of SIXFACES_OIDC_AUDIENCE.",
        ),
    )


def no_role() -> IdentityError:
    """Nothing in it is one of our roles."""
    return IdentityError(
        "identity.role",
        Say(zh="令牌未授予本服务的任何角色。", en="The token gives no role in this service."),
        Say(
            zh="请管理员在身份提供方处授予角色，并检查 SIXFACES_OIDC_ROLES 的对应关系。",
            en="Have an administrator give you a role at the provider, and check SIXFACES_OIDC_ROLES.",
        ),
    )


def no_tenant() -> IdentityError:
    """It says for no tenant, or one that this provider may not speak for."""
    return IdentityError(
        "identity.tenant",
        Say(zh="令牌未指明可用的商家。", en="The token names no tenant that it may be for."),
        _MAPPING,
    )


def no_station() -> IdentityError:
    """The role is that of a station, and there is no such station at work."""
    return IdentityError(
        "identity.station",
        Say(zh="令牌未指明在用的工位。", en="The token names no station that is in use."),
        Say(
            zh="请在令牌中写入工位编号，并确认该工位已设立且未停用。",
            en="Have the token name the station, and see that it is set up and not retired.",
        ),
    )


def blocked() -> IdentityError:
    """An admin of the tenant lets this person in no more, whatever the provider says."""
    return IdentityError(
        "identity.blocked",
        Say(zh="管理员已停用你在本服务的访问。", en="An admin has blocked you from this service."),
        Say(zh="请联系贵公司的管理员。", en="Talk to an admin of your company."),
    )


def changed() -> IdentityError:
    """The same token no longer means what it meant when the request began: its mapping was changed meanwhile."""
    return IdentityError(
        "identity.changed",
        Say(
            zh="令牌所授予的角色或工位在请求期间发生了变化。",
            en="What the token gives has changed while it was in use.",
        ),
        Say(zh="请重新发出请求。", en="Begin the request again."),
    )


def provider_away() -> IdentityError:
    """Whether the token is good cannot be found out now: the provider's keys are not to be had."""
    return IdentityError(
        "identity.provider_away",
        Say(zh="暂时无法向身份提供方查询其公钥。", en="The identity provider's keys cannot be had at the moment."),
        Say(
            zh="请稍后重试；以 sf_ 开头的密钥不受影响。",
            en="Try again in a moment; keys that begin with sf_ are not affected.",
        ),
    )
