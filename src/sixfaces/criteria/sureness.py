"""How far facts carry a decision: sure enough by the policy, and whether the footage was measured to its end."""

from collections.abc import Iterable, Sequence
from typing import TypeVar

from sixfaces.criteria.moments import quoted
from sixfaces.criteria.words import Words
from sixfaces.domain.evidence import ExhibitEvidence
from sixfaces.domain.facts import DecodeFact
from sixfaces.domain.model import Model, Say
from sixfaces.domain.naming import HOLES, STOPS
from sixfaces.domain.observation import Observation
from sixfaces.domain.policy import Policy

F = TypeVar("F", bound=Model)
Seen = Sequence[tuple[Observation, F]]
"""Observations with their facts, as `ExhibitEvidence.of` gives them."""


def is_sure(observation: Observation, policy: Policy) -> bool:
    """Whether the observer was sure enough for the observation to decide anything."""
    return observation.confidence >= policy.thresholds.evidence.confidence


def sure(seen: Iterable[tuple[Observation, F]], policy: Policy) -> list[tuple[Observation, F]]:
    """Only the observations that are sure enough."""
    least = policy.thresholds.evidence.confidence
    return [pair for pair in seen if pair[0].confidence >= least]


def least_confidence(seen: Iterable[tuple[Observation, F]]) -> float:
    """The confidence of the least sure observation; 1 if there is none."""
    return min((observation.confidence for observation, _ in seen), default=1.0)


def cut_short(seen: ExhibitEvidence) -> Words | None:
    """Why the footage was not measured to its end, if it was not: then what was not seen may still be there."""
    failure = seen.record.failure
    if failure is not None:
        told = HOLES.get(failure.code) or failure.text
        return Words(zh=quoted(told.zh.rstrip("。")), en=quoted(told.en.rstrip(".")))
    for _, decoded in seen.of(DecodeFact):
        if decoded.stopped_by is not None:
            return stopped(decoded.stopped_by)
    return None


def stopped(by: str) -> Words:
    """What ended decoding early, as a clause: the footage's own damage, or a limit of ours."""
    limit = STOPS.get(by) or Say(zh=quoted(by), en=quoted(by))
    return Words(zh=f"解码提前停止：{limit.zh}", en=f"decoding was stopped by {limit.en}")


def start_s(observation: Observation) -> float | None:
    """When an observation begins, in seconds, if it has a place in time."""
    return observation.span.start.seconds if observation.span is not None else None
