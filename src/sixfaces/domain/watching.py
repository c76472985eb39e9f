"""What is watched (D25, D26): figures with how many cases they rest on and how sure they are, and alarms."""

from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Annotated

from pydantic import AwareDatetime, Field

from sixfaces.domain.case import Name
from sixfaces.domain.model import Model, Say, Text, Unit
from sixfaces.domain.people import Id, TenantId
from sixfaces.domain.service_times import ClockCode


class Share(Model):
    """`k` of `n`, with the 95 % interval of Wilson; over nothing there is no value, and all is possible."""

    k: Annotated[int, Field(ge=0)]
    n: Annotated[int, Field(ge=0)]
    value: Unit | None
    low: Unit
    high: Unit


class Mean(Model):
    """A mean with its 95 % interval of Student; one value alone has none."""

    n: Annotated[int, Field(ge=0)]
    mean: float | None = None
    low: float | None = None
    high: float | None = None


class Spread(Model):
    """How long things took, in seconds. The interval of the median is of order statistics: it supposes no form."""

    n: Annotated[int, Field(ge=0)]
    mean: Mean
    median_s: float | None = None
    median_low_s: float | None = None
    median_high_s: float | None = None
    worst_s: float | None = None


class ClockFigure(Model):
    """One clock over all cases: `kept` of the runs that have ended or run out, against the share that its rule asks
    for. `running`: how many are still open and in time; they count in nothing else."""

    code: ClockCode
    title: Say
    target: Unit | None
    kept: Share
    times: Spread
    running: int


class CostFigure(Model):
    """What cases cost in one currency: refunds that were paid, and everything that was booked."""

    currency: Annotated[str, Field(pattern=r"^[A-Z]{3}$")]
    total: Decimal
    per_case: Mean
    """Over all cases of the period, those that cost nothing too."""


class Figures(Model):
    """The measures of D25 over the cases that were opened in a period, as they stand now."""

    cases: int
    clocks: tuple[ClockFigure, ...]
    resolved: Share
    resolution: Spread
    """From the claim to its end."""
    stars: Mean
    costs: tuple[CostFigure, ...]
    superseded: Share
    """First decisions that another took the place of."""
    second_looks: Share
    """Second looks at goods that found otherwise than the first."""
    overruled: Share
    """Decisions of persons that say otherwise than was recommended."""
    overruled_because: dict[Text, int]
    agreement: Share
    """Decisions of persons that are as recommended, where a recommendation was made."""
    by_row: dict[Text, Share]
    """The same for each row of the decision table."""
    by_rule: dict[Text, Share]
    """The same for each rule that failed in the seller's evidence."""
    evidence: Share
    """The machine's verdict on the seller's evidence is the person's as well; doubts of the machine do not count."""
    automatic: Share
    """First decisions that a policy signed."""


class PeriodFigures(Model):
    """Figures of one period; it ends before `until`."""

    from_: AwareDatetime = Field(alias="from")
    until: AwareDatetime
    figures: Figures


class Dimension(StrEnum):
    """What cases are grouped by."""

    ALL = "all"
    CATEGORY = "category"
    SUPPLIER = "supplier"
    BATCH = "batch"


class Group(Model):
    """Cases of one category, supplier or batch. `of`: the supplier of a batch."""

    dimension: Dimension
    name: Text = ""
    of: Text = ""


class DayCount(Model):
    """How many of something there were on one day in one group."""

    day: date
    group: Group
    what: Text
    n: Annotated[int, Field(ge=0)]


class ShippedUnits(Model):
    """Pieces that went out on one day: with them, complaints are counted per piece."""

    day: date
    category: Name | None = None
    supplier: Name | None = None
    batch: Name | None = None
    sku: Name | None = None
    units: Annotated[int, Field(ge=0, le=1_000_000_000)]


class Alarm(Model):
    """Something is more frequent than it used to be, beyond what chance explains at every look and over all groups.

    `strength` against `threshold` is what raised it (docs/watching.md); `chance` is the exact probability of so many
    `events` in so much `exposure` at the usual rate, for people to weigh. One is raised at a time of each measure and
    group, and stays until somebody says what they make of it.
    """

    id: Id
    tenant: TenantId
    measure: Text
    group: Group
    since: date
    """The day from which on the rise is most likely."""
    events: int
    exposure: float
    usual: float
    """The rate that was usual, with what is not known of it counted against an alarm."""
    chance: Unit
    strength: float
    threshold: float
    raised_at: AwareDatetime
    acknowledged_at: AwareDatetime | None = None
    acknowledged_by: Text | None = None
    note: Text | None = None


class DefectCount(Model):
    """How often one defect was confirmed in pieces of one supplier, batch, category and article (D15)."""

    supplier: Text
    batch: Text
    category: Text
    sku: Text
    code: Text
    lines: int
    """Inspected lines of orders in which it was confirmed."""
    inspected: int
    """Inspected lines of this supplier, batch, category and article."""
    shipped: int | None
    """Pieces of it that went out in the period, where that was told."""
    share: Share
    first_at: AwareDatetime
    last_at: AwareDatetime


class SupplierRecord(Model):
    """A supplier in short: inspected lines, and those with a confirmed defect."""

    supplier: Text
    inspected: int
    defective: int
    share: Share
    batches: int
    shipped: int | None
