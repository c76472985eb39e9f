"""What watching needs of a database, beside domain.records and by the same terms. Planted cases are in no statistics:
whatever is asked for figures leaves them out."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import NamedTuple, Protocol

from sixfaces.domain.chronicle import Occurrence
from sixfaces.domain.decision import Decision
from sixfaces.domain.filing import FiledCase, FiledExhibit
from sixfaces.domain.inspection import QcVerdict
from sixfaces.domain.pages import Page
from sixfaces.domain.sampling import Lot, LotOf, PlantedCase, PlantedFor, SampleItem, Stream
from sixfaces.domain.watching import Alarm, DayCount, Group, ShippedUnits


class Between(NamedTuple):
    """From an instant to before another; `after`: rows behind this id only, `limit` of them."""

    since: datetime
    until: datetime
    after: str = ""
    limit: int = 500


class Said(NamedTuple):
    """What the machine said by itself: a verdict or a decision, by its id."""

    id: str
    case_id: str
    said: str


class Watching(Protocol):
    """Many cases at a time, in the order of their ids."""

    def cases_opened(self, between: Between) -> Sequence[FiledCase]:
        """Cases whose claims were opened then, in that order, and of those opened just at `since` such as come behind
        `after`."""
        ...

    def cases(self, ids: Collection[str]) -> Mapping[str, FiledCase]:
        """These cases."""
        ...

    def chronicles(self, case_ids: Collection[str]) -> Mapping[str, Sequence[Occurrence]]:
        """As Chronicle.of_case, of several."""
        ...

    def entries(self, case_ids: Collection[str], kinds: Collection[str]) -> Mapping[str, Sequence[Occurrence]]:
        """Entries of these kinds in the chronicles of these cases, in the order in which they were recorded."""
        ...

    def decisions(self, case_ids: Collection[str]) -> Mapping[str, Sequence[Decision]]:
        """As Decisions.of_case, of several."""
        ...

    def looks(self, case_ids: Collection[str]) -> Mapping[str, Sequence[QcVerdict]]:
        """As QcVerdicts.of_case, of several."""
        ...

    def sealed(self, case_ids: Collection[str]) -> Mapping[str, Sequence[FiledExhibit]]:
        """The exhibits of each of these cases, in the order in which they were sealed."""
        ...

    def stations(self, case_ids: Collection[str]) -> Mapping[str, Collection[str]]:
        """Which stations handed in evidence of them."""
        ...

    def told(self, kind: str, between: Between) -> Sequence[Occurrence]:
        """Entries of this kind that happened then."""
        ...

    def decided(self, between: Between) -> Sequence[Decision]:
        """Decisions of then."""
        ...

    def looked(self, between: Between) -> Sequence[QcVerdict]:
        """Inspections that were concluded then."""
        ...

    def said(self, of: LotOf, policy: str, between: Between) -> Sequence[Said]:
        """What lots of this stream are made of: accepting verdicts on present revisions, or first decisions by a
        policy, of an edition `name@version`."""
        ...

    def touched(self, since: datetime) -> Mapping[str, datetime]:
        """Cases of which anything was written since then, and when that was, the last of it."""
        ...

    def tenants(self) -> Sequence[str]:
        """All that have cases."""
        ...


class DayCounts(Protocol):
    """What was counted on each day, and what was shipped."""

    def put(self, day: date, counts: Iterable[DayCount]) -> None:
        """All of a day, instead of what was there, and when that was: of a day without anything too."""
        ...

    def counted(self, first: date) -> Mapping[date, datetime]:
        """When each day from this one on was counted last; days that never were are left out."""
        ...

    def since(self, day: date) -> Sequence[DayCount]:
        """From this day on, day by day."""
        ...

    def sums(self, first: date, until: date) -> Sequence[DayCount]:
        """Sums over these days, `until` not among them; each says the first day as its own."""
        ...

    def prune(self, *, before: date, limit: int) -> int:
        """Forget the oldest counts of days before this one; how many. What was shipped stays."""
        ...

    def ship(self, units: Sequence[ShippedUnits]) -> None:
        """What went out; the same day and goods again take the place of what was told before."""
        ...

    def shipped(self, first: date, until: date) -> Sequence[ShippedUnits]:
        """What went out on these days, `until` not among them."""
        ...


class Alarms(Protocol):
    """Alarms; of each measure and group one at most is open."""

    def add(self, alarm: Alarm) -> bool:
        """False, and nothing done, where one of this measure and group is open."""
        ...

    def get(self, id: str, *, lock: bool = False) -> Alarm | None:
        """One alarm."""
        ...

    def find(self, page: Page, *, open: bool | None) -> Sequence[Alarm]:
        """Newest first; open ones, acknowledged ones, or all."""
        ...

    def acknowledge(self, alarm: Alarm) -> None:
        """Write who acknowledged it, when, and what they say."""
        ...

    def latest(self) -> Mapping[tuple[str, Group], Alarm]:
        """The last of each measure and group."""
        ...


class Samples(Protocol):
    """Lots, what was drawn of them, and the streams that they follow each other in."""

    def stream(self, of: LotOf, policy: str, *, lock: bool = False) -> Stream:
        """The stream; a new one where none is."""
        ...

    def streams(self) -> Sequence[Stream]:
        """All."""
        ...

    def keep_stream(self, stream: Stream) -> None:
        """How it stands now."""
        ...

    def add(self, lot: Lot, items: Sequence[SampleItem]) -> bool:
        """False, and nothing done, where a lot of the stream covers part of the same time."""
        ...

    def lot(self, id: str, *, lock: bool = False) -> Lot | None:
        """One lot."""
        ...

    def lots(self, page: Page) -> Sequence[Lot]:
        """Newest first."""
        ...

    def end(self, lot: Lot) -> None:
        """Write its outcome."""
        ...

    def item(self, id: str, *, lock: bool = False) -> SampleItem | None:
        """One item."""
        ...

    def items(self, lot: str) -> Sequence[SampleItem]:
        """All of a lot; planted ones are of none."""
        ...

    def held(self, holder: str) -> SampleItem | None:
        """What somebody has taken and not answered."""
        ...

    def waiting(self, holder: str, *, limit: int) -> Sequence[SampleItem]:
        """What nobody has taken of lots that have not ended, in the order in which it is given out; no known case that
        is retired or that this person has answered before."""
        ...

    def release(self, *, before: datetime) -> int:
        """What was taken before then and not answered waits again."""
        ...

    def drop_planted(self) -> int:
        """Known cases that nobody has taken go."""
        ...

    def take(self, id: str, holder: str) -> SampleItem | None:
        """It is theirs from now on; None where somebody else was faster."""
        ...

    def answer(self, item: SampleItem) -> None:
        """Write answer, note and instant."""
        ...

    def answered(self, page: Page, *, planted: bool) -> Sequence[SampleItem]:
        """Items that were answered, planted ones or others, newest first."""
        ...

    def hidden(self, holder: str, case_ids: Collection[str]) -> Collection[str]:
        """Those of the cases whose verdict this person must not see now."""
        ...


class Planting(Protocol):
    """The library of known cases."""

    def add(self, planted: PlantedCase) -> bool:
        """False where the case is planted already."""
        ...

    def get(self, id: str) -> PlantedCase | None:
        """One of them."""
        ...

    def of_case(self, case_id: str) -> PlantedCase | None:
        """The one that the case is, retired ones too."""
        ...

    def find(self, page: Page, *, for_: PlantedFor | None = None, standing: bool = False) -> Sequence[PlantedCase]:
        """Newest first; `standing`: without retired ones."""
        ...

    def retire(self, id: str) -> PlantedCase | None:
        """It is given to nobody any more, and stays out of statistics."""
        ...


class WatchedRows(Protocol):
    """The part of a transaction that watching stands on."""

    watching: Watching
    day_counts: DayCounts
    alarms: Alarms
    samples: Samples
    planting: Planting
