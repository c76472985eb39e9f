"""The parcel, its faces and stages: an observer by interface only. It measures nothing yet and says so.

Rules about the parcel read this hole and answer `cannot_tell` with its reason.
"""

from collections.abc import Iterable
from typing import ClassVar

from sixfaces.domain.facts import UnmeasuredFact
from sixfaces.domain.observation import Measured
from sixfaces.observe.observer import Observer, Tier


class Parcel(Observer):
    """Stands where the parcel's observer will stand."""

    name: ClassVar[str] = "parcel"
    version: ClassVar[str] = "0"
    wants: ClassVar[frozenset[Tier]] = frozenset({Tier.MEDIUM})
    measures: ClassVar[tuple[str, ...]] = (
        *("parcel", "face", "stage", "seal", "absence", "identity"),
        *("item", "quantity", "weight", "inspection", "defect_match", "recapture"),
    )

    def finish(self) -> Iterable[Measured]:
        """One hole for all kinds of fact about the parcel."""
        detail = "no observer measures this yet"
        yield Measured(fact=UnmeasuredFact(of=self.measures, code="observer_absent", detail=detail))
