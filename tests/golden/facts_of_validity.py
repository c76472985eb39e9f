"""Facts that validity and timeliness rules look at, with good values unless a test says otherwise."""

from datetime import datetime, timedelta
from typing import Any

from sixfaces.domain.answer import Answer
from sixfaces.domain.facts import (
    CaptureTimeFact,
    ContainerFact,
    DecodeFact,
    FingerprintFact,
    ProvenanceFact,
    ProvenanceState,
    TimeSource,
    TimeTrust,
    UsabilityFact,
)
from sixfaces.domain.observation import Measured
from sixfaces.domain.parcel_facts import RecaptureFact, SealFact
from sixfaces.domain.reading_facts import ChallengeFact, Signature
from tests.golden.building import RECORDED, fact


def decoded(**changes: Any) -> DecodeFact:  # noqa: ANN401 any field
    return DecodeFact.model_validate({"frames": 1800, "covered_s": 60.0, "expected_s": 60.0, **changes})


def usable(steps: int = 10, **changes: Any) -> UsabilityFact:  # noqa: ANN401 any field
    good = {"sharpness": 0.8, "luma": 0.5, "dark": 0.0, "bright": 0.0, "noise": 0.01}
    series = {name: (value,) * steps for name, value in good.items()}
    return UsabilityFact.model_validate({"step_s": 1.0, **series, **changes})


def fingerprints(*hashes: str) -> FingerprintFact:
    found = hashes or ("0f" * 32, "f0" * 32)
    return FingerprintFact(
        algorithm="dct256", at_s=tuple(map(float, range(len(found)))), hashes=found, quality=(1.0,) * len(found)
    )


NO_FINGERPRINTS = FingerprintFact(algorithm="dct256", at_s=(), hashes=(), quality=())
CONTAINER = ContainerFact(format="mp4")


def credentials(state: ProvenanceState, **changes: Any) -> ProvenanceFact:  # noqa: ANN401 any field
    return ProvenanceFact(state=state, **changes)


def recapture(likelihood: float) -> RecaptureFact:
    return RecaptureFact(likelihood=likelihood, signs=("moire",))


def seal(intact: Answer, confidence: float = 0.95) -> Measured:
    return fact(SealFact(intact=intact), 0.0, 3.0).model_copy(update={"confidence": confidence})


def captured(instant: datetime = RECORDED, **changes: Any) -> CaptureTimeFact:  # noqa: ANN401 any field
    base = {"source": TimeSource.CONTAINER, "trust": TimeTrust.WEAK, "field": "creation_time", "instant": instant}
    return CaptureTimeFact.model_validate({**base, **changes})


def shown_code(
    slot_from: datetime = RECORDED, *, at_s: float = 0.0, signature: Signature = Signature.VALID
) -> Measured:
    slot_to = slot_from + timedelta(seconds=30)
    return fact(ChallengeFact(station="S1", slot_from=slot_from, slot_to=slot_to, signature=signature), at_s)
