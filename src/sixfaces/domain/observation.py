"""Observations: what an observer measured, when in the footage, how surely, by which version."""

from collections.abc import Iterable
from typing import Annotated, Literal

from pydantic import Field

from sixfaces.domain import facts, packed_facts, parcel_facts, reading_facts
from sixfaces.domain.exhibit import Exhibit, MediaInfo, Seconds
from sixfaces.domain.model import Model, Salt, Say, Sha256, Text, Unit
from sixfaces.domain.time import MediaSpan

Fact = Annotated[
    facts.ContainerFact
    | facts.EditListFact
    | facts.TimestampGapFact
    | facts.ToolTagFact
    | facts.ReencodeHintFact
    | facts.ProvenanceFact
    | facts.CaptureTimeFact
    | facts.GroupsFact
    | facts.DecodeFact
    | facts.BreakFact
    | facts.TakeFact
    | facts.ContinuityFact
    | facts.UsabilityFact
    | facts.FingerprintFact
    | facts.RegionsFact
    | facts.MomentFact
    | facts.UnmeasuredFact
    | reading_facts.CodeFact
    | reading_facts.TextFact
    | reading_facts.ChallengeFact
    | parcel_facts.ParcelFact
    | parcel_facts.FaceFact
    | parcel_facts.StageFact
    | parcel_facts.SealFact
    | parcel_facts.AbsenceFact
    | parcel_facts.IdentityFact
    | parcel_facts.ItemViewFact
    | parcel_facts.ItemFact
    | parcel_facts.QuantityFact
    | parcel_facts.WeightFact
    | parcel_facts.InspectionFact
    | parcel_facts.DefectMatchFact
    | parcel_facts.RecaptureFact
    | packed_facts.PackedBoxFact
    | packed_facts.PackedItemFact,
    Field(discriminator="kind"),
]
"""The union of all facts; a new kind of fact is one class and one line here."""


class Measured(Model):
    """A fact as an observer hands it over: without the identity that the exhibit's record gives it."""

    fact: Fact
    span: MediaSpan | None = None
    confidence: Unit = 1.0


class Observation(Measured):
    """A measured fact with its place in the record. `id` is unique within the exhibit: o1, o2 …"""

    id: Annotated[str, Field(pattern=r"^o[1-9][0-9]*$")]
    observer: Text
    version: Text


class MediaFailure(Model):
    """Why an exhibit could not be measured, or only in part: a stable code and words (see domain.errors)."""

    code: Text
    text: Say
    fix: Say


class Sandbox(Model):
    """What stood between the foreign bytes and the machine while they were decoded."""

    kind: Literal["bubblewrap", "namespaces", "limits"]
    network: Literal["none", "reachable"]


class Record(Model):
    """Everything measured about one exhibit: the input of judging, kept so that no rule needs the pixels again.

    `images` maps the names that facts cite to the digest of each derived picture. `decode_s` and `took` are seconds, of
    everything in the jail and of each observer there: kept beside the record, as no two runs agree on them.
    """

    format: Literal["sixfaces.record/1"] = "sixfaces.record/1"
    exhibit: Exhibit
    media: MediaInfo | None = None
    observations: tuple[Observation, ...] = ()
    observers: dict[Text, Text] = Field(default_factory=dict)
    images: dict[Text, Sha256] = Field(default_factory=dict)
    failure: MediaFailure | None = None
    sandbox: Sandbox | None = None
    salt: Annotated[Salt | None, Field(exclude_if=lambda it: it is None)] = None
    """Random, where an installation keeps it: its digest tells nobody who does not see this what it says."""
    decode_s: Seconds | None = Field(default=None, exclude=True)
    took: dict[Text, Seconds] = Field(default_factory=dict, exclude=True)


def numbered(measured: Iterable[tuple[str, str, Measured]], *, first: int = 1) -> tuple[Observation, ...]:
    """Give (observer, version, measured) triples their ids, in the order given."""
    return tuple(
        Observation(
            id=f"o{index}", observer=observer, version=version, fact=m.fact, span=m.span, confidence=m.confidence
        )
        for index, (observer, version, m) in enumerate(measured, first)
    )
