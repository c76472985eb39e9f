"""Which policy judges a case: the one asked for, else the platform's own, else the default, and says which."""

from sixfaces.domain.case import CaseFile
from sixfaces.domain.model import Say
from sixfaces.domain.policy import Policy
from sixfaces.rulebook.loader import load_policy, policy_asked_for, policy_names

DEFAULT = "default"


def choose_policy(case: CaseFile, asked: str | None = None) -> tuple[Policy, Say]:
    """The policy and why it was chosen; `asked` is a name, `name@version` or the path of a file.

    Raises RulebookError if the one asked for is unknown or unfit.
    """
    if asked is not None:
        policy = policy_asked_for(asked)
        return policy, Say(
            zh=f"按指定规则 {_shown(policy)} 核验。", en=f"Judged by the policy that was asked for, {_shown(policy)}."
        )
    if case.platform in policy_names():
        policy = load_policy(str(case.platform))
        return policy, Say(
            zh=f"按平台规则 {_shown(policy)} 核验。", en=f"Judged by the platform's policy, {_shown(policy)}."
        )
    policy = load_policy(DEFAULT)
    if case.platform is None:
        return policy, Say(
            zh=f"售后单未写明平台，按通用规则 {_shown(policy)} 核验。",
            en=f"The case names no platform: judged by the default policy, {_shown(policy)}.",
        )
    return policy, Say(
        zh=f"没有平台 {case.platform} 的规则，按通用规则 {_shown(policy)} 核验。",
        en=f"There is no policy for the platform {case.platform}: judged by the default policy, {_shown(policy)}.",
    )


def _shown(policy: Policy) -> str:
    return f"{policy.name} {policy.version}"
