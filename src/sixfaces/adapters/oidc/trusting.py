"""Whether the identity providers that the settings name can be trusted as they are named."""

from collections.abc import Sequence

from sixfaces.adapters.oidc.checker import TokenChecker
from sixfaces.adapters.oidc.fetching import is_safe
from sixfaces.domain.errors import SettingsError
from sixfaces.domain.identity import TrustedIssuer
from sixfaces.domain.model import Say


def checker_of(issuers: Sequence[TrustedIssuer], *, is_insecure: bool) -> TokenChecker:
    """Checks tokens of these. Raises SettingsError `settings.oidc` for two of one name, for addresses that are not
    HTTPS, and where one of several may speak for every tenant."""
    if len({one.issuer for one in issuers}) != len(issuers):
        raise oidc_error("同一身份提供方出现了两次", "the same provider is named twice")
    for one in issuers:
        if not is_insecure and not all(is_safe(url) for url in (one.issuer, one.jwks_url) if url is not None):
            raise oidc_error(f"{one.issuer} 不是 HTTPS 地址", f"{one.issuer} is not an HTTPS address")
        if len(issuers) > 1 and one.tenant_claim is not None and one.tenants is None:
            raise oidc_error(
                f"有多个身份提供方时，须以 tenants 写明 {one.issuer} 可代表的商家",
                f"with several providers, tenants must say for whom {one.issuer} may speak",
            )
    return TokenChecker(issuers, is_insecure=is_insecure)


def oidc_error(why_zh: str, why_en: str) -> SettingsError:
    """The settings of identity providers cannot be."""
    return SettingsError(
        "settings.oidc",
        Say(zh=f"身份提供方的设置有误：{why_zh}。", en=f"The settings of identity providers are wrong: {why_en}."),
        Say(zh="请更正 SIXFACES_OIDC_* 环境变量。", en="Correct the variables SIXFACES_OIDC_*."),
    )
