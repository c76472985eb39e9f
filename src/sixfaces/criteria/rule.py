"""A rule: a pure function from the evidence and a policy to one finding about one exhibit."""

from collections.abc import Callable
from dataclasses import dataclass

from sixfaces.domain.evidence import Evidence, ExhibitEvidence
from sixfaces.domain.exhibit import Role
from sixfaces.domain.policy import Policy
from sixfaces.domain.rules import Finding, RuleCode

Judge = Callable[[Evidence, ExhibitEvidence, Policy], Finding]

EVERY_ROLE = frozenset(Role)
VIDEOS = frozenset(role for role in Role if role.is_video)
UNBOXING = frozenset({Role.UNBOXING_VIDEO})
PICTURES = EVERY_ROLE - {Role.DOCUMENT}


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule: its stable code, the roles of exhibit it applies to, and the function that judges."""

    code: RuleCode
    roles: frozenset[Role]
    judge: Judge
