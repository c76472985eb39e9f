"""Statistics of the machine: how often people agree with it, whether it is as sure as it is right, whether what its
observers measure drifts. Nothing here says who answered what."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Annotated

from pydantic import AwareDatetime, Field

from sixfaces.domain.model import Model, Text, Unit
from sixfaces.domain.watching import Share

Month = Annotated[str, Field(pattern=r"^[0-9]{4}-(0[1-9]|1[0-2])$")]
"""A month of UTC, such as 2026-06."""
Number = Annotated[int, Field(ge=0)]


class WordOf(StrEnum):
    """Where a person's word comes from. Only samples are chosen by nobody: people look at doubtful cases first."""

    SAMPLE = "sample"
    """A blind answer on evidence that the machine accepted."""
    ASSESSMENT = "assessment"
    """A person's word on the seller's evidence."""
    DECISION = "decision"
    """A person's decision where the machine had recommended one."""
    SAMPLED_DECISION = "sampled_decision"
    """A blind answer on a decision that a policy signed."""


class AgreementFigure(Model):
    """How often people agreed with what the machine said in one month. `rule`: of which rule; None: the verdict, or the
    decision, as a whole. `said`: what it said; `people`: how often they said what, of decisions: how often they decided
    as recommended, or for which reason not. `gone`: this version has no such rule."""

    month: Month
    source: WordOf
    rule: Text | None = None
    gone: bool = False
    said: Text
    agrees: Share
    people: dict[Text, Number] = Field(default_factory=dict)


class ReliabilityBin(Model):
    """What was said with a confidence of `low` up to `high`: `sure` is the mean of the confidences, `right` how often
    it was so."""

    low: Unit
    high: Unit
    sure: Unit | None
    right: Share


class Miscalibration(StrEnum):
    """In which way confidence is wrong."""

    TOO_SURE = "too_sure"
    TOO_UNSURE = "too_unsure"


class Calibration(Model):
    """Confidence against what people found. `error`: the expected calibration error over `n` statements; `by_chance`:
    how large it would be in the mean if every confidence were true, which is not nothing for few statements. `found`:
    what is wrong beyond chance, with every bin of every table taken into account."""

    source: WordOf
    rule: Text | None = None
    n: Number
    error: Unit | None
    by_chance: Unit | None
    bins: tuple[ReliabilityBin, ...]
    found: Miscalibration | None = None
    chance: Unit | None = None


class Distribution(Model):
    """How a measure was distributed over `n` cases: the share of those of which it is so, or median and quartiles."""

    n: Number
    share: Share | None = None
    low: float | None = None
    median: float | None = None
    high: float | None = None


class Trend(Model):
    """One measure of one version of an observer, month by month; months without a case are left out."""

    measure: Text
    observer: Text
    version: Text
    months: dict[Month, Distribution]


class DriftKind(StrEnum):
    """What a drift is of."""

    WORLD = "world"
    """The same version measures otherwise than it used to: what is filmed has changed."""
    VERSION = "version"
    """Two versions measure otherwise in the same months: the observer has changed."""
    EITHER = "either"
    """A version took the place of another from one month to the next, so that nobody can tell which it is."""


class Drift(Model):
    """A measure that is distributed otherwise, beyond what chance explains at every look and over all measures.

    `since`: the month from which on it most likely is so; `before` and `after`: the distributions that differ, by
    `distance` (of cumulative shares, 0 to 1); `version` and `other`: of the later and of the earlier one. `strength`
    against `threshold` is what raised it, `chance` the probability of such a distance in one look.
    """

    kind: DriftKind
    measure: Text
    observer: Text
    version: Text
    other: Text | None = None
    since: Month
    before: Distribution
    after: Distribution
    distance: Unit
    chance: Unit
    strength: Annotated[float, Field(ge=0)]
    threshold: Annotated[float, Field(ge=0)]


class MonthLooked(Model):
    """How many judged cases of a month were looked at, and on how many of them people have said anything."""

    month: Month
    cases: Number
    answered: Number


class UnreadPart(Model):
    """A part of the archive that could not be read: its verdicts are in no figure."""

    part: Text
    code: Text
    verdicts: Number


class NotCounted(Model):
    """What is in no figure, and why. `blind`: cases that somebody is looking at again without knowing; `unkept`:
    verdicts whose material was never kept; `unreadable`: cases with facts of another version's form; `otherwise`:
    statements that the rules of this version would make otherwise, so that nobody can say how sure they were."""

    blind: Number = 0
    unkept: Number = 0
    unreadable: Number = 0
    otherwise: Number = 0
    parts: tuple[UnreadPart, ...] = ()


class MachineStatistics(Model):
    """All of it, of what the machine said from an instant to before another. Months are whole ones of UTC that the
    period touches."""

    from_: AwareDatetime = Field(alias="from")
    until: AwareDatetime
    months: tuple[MonthLooked, ...]
    agreement: tuple[AgreementFigure, ...]
    calibration: tuple[Calibration, ...]
    trends: tuple[Trend, ...]
    drifts: tuple[Drift, ...]
    watched: Number
    """How many measures of observers and versions were watched for drift: thresholds rise with it."""
    left_out: NotCounted


Cells = Mapping[int, int]
"""How many cases lie in each cell of a measure's scale."""
