"""What the course of claims needs of a database, beside domain.records and by the same terms: chronicle, inspections,
decisions, what was paid, and which clocks are due. Nothing of it is ever changed but the state of an inspection."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import NamedTuple, Protocol

from sixfaces.domain.case import Amount
from sixfaces.domain.chronicle import Money, Occurrence
from sixfaces.domain.decision import Decision, Unit
from sixfaces.domain.inspection import Inspection, InspectionState, QcVerdict, StepAnswer
from sixfaces.domain.model import Model
from sixfaces.domain.pages import Page
from sixfaces.domain.people import Id


class InspectionQuery(NamedTuple):
    """Which inspections: those that match everything given. `second_looks`: only those that look again."""

    case_id: str | None = None
    state: InspectionState | None = None
    holder: str | None = None
    station: str | None = None
    sop: str | None = None
    second_looks: bool = False
    line: int | None = None


class Payment(Model):
    """That something was given for a piece of an order, by which decision (D21): its price, or another piece in its
    stead. `part`: only so much of its price, as a compensation, so that the rest may still go back. `money` is the sum
    of the whole decision. `sku` and `title` are what its line of the order was called then."""

    platform: str | None = None
    order_id: str
    unit: Unit
    case_id: Id
    decision: Id
    money: Money | None = None
    part: Amount | None = None
    sku: str | None = None
    title: str | None = None


class Chronicle(Protocol):
    """What happened to claims."""

    def add(self, occurrence: Occurrence) -> bool:
        """False, and nothing done, where the case has an entry with this source and reference."""
        ...

    def of_case(self, case_id: str) -> Sequence[Occurrence]:
        """In the order in which they happened, those of one instant as they were recorded; struck ones too."""
        ...


class Inspections(Protocol):
    """Inspections and their answers."""

    def add(self, inspection: Inspection) -> None:
        """A new inspection."""
        ...

    def get(self, id: str, *, lock: bool = False) -> Inspection | None:
        """One inspection."""
        ...

    def find(self, query: InspectionQuery, page: Page) -> Sequence[Inspection]:
        """Newest first."""
        ...

    def change(self, inspection: Inspection) -> None:
        """Write its state, holder, station and revision, and when it was changed."""
        ...

    def answer(self, id: str, answer: StepAnswer) -> None:
        """One more answer."""
        ...

    def answers(self, id: str) -> Sequence[StepAnswer]:
        """All, in the order in which they were given."""
        ...


class QcVerdicts(Protocol):
    """What inspections concluded."""

    def add(self, verdict: QcVerdict) -> None:
        """The one verdict of its inspection."""
        ...

    def of_case(self, case_id: str) -> Sequence[QcVerdict]:
        """In the order in which they were given."""
        ...


class Decisions(Protocol):
    """What was decided."""

    def add(self, decision: Decision) -> bool:
        """False, and nothing done, where `supersedes` is not the case's current decision (None: it has one)."""
        ...

    def current(self, case_id: str) -> Decision | None:
        """The one that no other supersedes."""
        ...

    def of_case(self, case_id: str) -> Sequence[Decision]:
        """All, newest first."""
        ...


class Payments(Protocol):
    """What was given for which pieces of which order."""

    def pay(self, payments: Sequence[Payment]) -> Sequence[Payment]:
        """Enter them all, or none where something was given for the whole of any piece already: then what stands in
        the way. Parts stand beside each other and beside the whole: whoever pays adds them up, while the order is
        held."""
        ...

    def release(self, decision: str) -> None:
        """What this decision paid is not paid: it was superseded."""
        ...

    def of_order(self, order_id: str, platform: str | None = None) -> Sequence[Payment]:
        """All that stand, over all cases of the platform's order, and of cases that name no platform. None: of orders
        of this number on any platform, for it may be each."""
        ...


class Turns(Protocol):
    """When cases have to be looked at because of their clocks: at most one instant a case."""

    def put(self, case_id: str, at: datetime | None) -> None:
        """The next instant; None: no clock of it runs."""
        ...

    def due(self, *, limit: int) -> Collection[str]:
        """Ids of cases whose instant has come, of all tenants where the transaction is of none."""
        ...


class ClaimRows(Protocol):
    """The part of a transaction that the course of claims stands on."""

    chronicle: Chronicle
    inspections: Inspections
    qc_verdicts: QcVerdicts
    decisions: Decisions
    payments: Payments
    turns: Turns
