"""Turns codes that claim to be challenge codes into what they prove, by the keys this installation knows.

The footage only shows a text; whose signature it bears is for the holder of the keys to say, outside the jail.
"""

from collections.abc import Iterator, Mapping

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from sixfaces.domain.errors import ChallengeError
from sixfaces.domain.facts import UnmeasuredFact
from sixfaces.domain.observation import Measured, Observation, Record, numbered
from sixfaces.domain.reading_facts import CodeFact
from sixfaces.vault.challenge import looks_like_challenge, verify

OBSERVER, VERSION = "challenge", "1"

Keyring = Mapping[str, Ed25519PublicKey]
"""Public keys by their id."""


def with_challenges(record: Record, keys: Keyring) -> Record:
    """The record with its challenge codes judged by `keys`; what an earlier judging said is replaced."""
    kept = tuple(o for o in record.observations if o.observer != OBSERVER)
    told = ((OBSERVER, VERSION, measured) for o in kept for measured in _proven(o, keys))
    next_id = 1 + max((int(o.id[1:]) for o in kept), default=0)
    update = {
        "observations": kept + numbered(told, first=next_id),
        "observers": {**record.observers, OBSERVER: VERSION},
    }
    return record.model_copy(update=update)


def _proven(observation: Observation, keys: Keyring) -> Iterator[Measured]:
    """The challenge that a code is, if it claims to be one; a damaged one leaves a hole that says so."""
    code = observation.fact
    if not isinstance(code, CodeFact) or not looks_like_challenge(code.text):
        return
    try:
        yield Measured(fact=verify(code.text, keys), span=observation.span, confidence=observation.confidence)
    except ChallengeError as exc:
        yield Measured(fact=UnmeasuredFact(of=("challenge",), code=exc.code, detail=exc.text.en), span=observation.span)
