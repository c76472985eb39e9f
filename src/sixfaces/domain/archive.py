"""The archive of observations: cases as they were judged, row by row, in parts by day and version of the observers."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any, Literal, NamedTuple, Protocol

from pydantic import AwareDatetime, Field

from sixfaces.domain.answer import Answer, Verdict
from sixfaces.domain.case import CaseFile
from sixfaces.domain.errors import ArchiveError
from sixfaces.domain.evidence import History
from sixfaces.domain.filing import StoredVerdict
from sixfaces.domain.judgement import Lacks
from sixfaces.domain.model import Model, Say, Sha256, Text
from sixfaces.domain.observation import Record
from sixfaces.domain.people import Id, StationId, TenantId
from sixfaces.domain.policy import Policy

JUDGED = "judged.json.gz"
"""What one judging saw and said, beside its report.json."""


class SaidOf(Model):
    """What the rules said of one exhibit: (code, answer, what is missing), and what it amounted to. Codes are text, as
    a rule of an older version may be gone."""

    verdict: Verdict
    answers: tuple[tuple[Text, Answer, Lacks], ...]


class Judged(Model):
    """All that one judging saw and all that came out of it: enough to judge again, and no pixel needed. `records` are
    as the rules saw them, with challenge codes checked and comparisons in their place; `said` is in their order."""

    format: Literal["sixfaces.judged/1"] = "sixfaces.judged/1"
    case: CaseFile
    history: History
    policy: Policy
    observers: Text
    stations: tuple[StationId, ...] = ()
    records: tuple[Record, ...]
    said: tuple[SaidOf, ...]


class PartState(StrEnum):
    """Where a part stands."""

    WRITING = "writing"
    """Its bytes may be there or not; it holds nothing yet."""
    THERE = "there"
    GONE = "gone"
    """Others hold what it held; its bytes are to be removed."""


Group = tuple[str, str, str]
"""What parts that can be joined share: tenant, day, observers."""


class Part(Model):
    """One file of the archive: rows of one tenant, day and version of the observers. `first` and `last`: ids of
    verdicts."""

    id: Id
    tenant: TenantId
    day: Annotated[str, Field(pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$")]
    observers: Text
    place: Text
    state: PartState
    sha256: Sha256 | None = None
    bytes: int = 0
    cases: int = 0
    exhibits: int = 0
    first: Id | None = None
    last: Id | None = None
    made_at: AwareDatetime

    @property
    def group(self) -> Group:
        """With which parts it can be joined."""
        return self.tenant, self.day, self.observers


Row = Mapping[str, Any]
"""One judged case by the names of columns (`pipeline.archive.rows`)."""


class Meanings(NamedTuple):
    """What the numbers in rows stand for, each by its place: `roles` and `verdicts` of exhibits, `answers` of rules and
    what they lacked."""

    answers: tuple[str, ...]
    lacks: tuple[str, ...]
    roles: tuple[str, ...]
    verdicts: tuple[str, ...]


UNNAMED = Meanings(
    answers=("met", "not_met", "cannot_tell"),
    lacks=("", "case", "observation"),
    roles=("unboxing_video", "packing_video", "buyer_video", "buyer_photo", "qc_photo", "document"),
    verdicts=("accepted", "rejected", "needs_review"),
)
"""In parts that do not say, as those of before do not: this stays, whatever words there will be."""


class Head(NamedTuple):
    """What holds for all rows: the observers, the rules' codes in the order of `told`, the policies by digest as JSON,
    kinds of facts that rows leave out though they were measured, and what numbers mean."""

    observers: str
    codes: tuple[str, ...]
    policies: Mapping[str, str]
    left_out: tuple[str, ...] = ()
    meanings: Meanings = UNNAMED


class Block(Protocol):
    """Some hundred rows, column by column: a column is read when it is first asked for."""

    head: Head
    count: int

    def names(self) -> Sequence[str]:
        """Its columns."""
        ...

    def column(self, name: str) -> Sequence[Any]:
        """The values of all rows; None for each where the block has no such column."""
        ...


class Parts(Protocol):
    """Writes and reads the files of the archive. Raises ArchiveError `archive.not_installed` where what reads columns
    is not installed."""

    def available(self) -> bool:
        """Whether it is installed."""
        ...

    def write(self, rows: Iterable[Row], head: Head) -> bytes:
        """One file."""
        ...

    def read(self, data: bytes, *, part: str) -> Iterator[Block]:
        """Its blocks. Raises ArchiveError `archive.corrupt` and `archive.newer`, which name `part`."""
        ...


class NoParts:
    """An installation that keeps no archive."""

    def available(self) -> bool:
        """It is not."""
        return False

    def write(self, rows: Iterable[Row], head: Head) -> bytes:
        """Raises ArchiveError."""
        raise not_installed()

    def read(self, data: bytes, *, part: str) -> Iterator[Block]:
        """Raises ArchiveError."""
        raise not_installed()


def not_installed() -> ArchiveError:
    """What reads and writes columns is an extra."""
    return ArchiveError(
        "archive.not_installed",
        Say(
            zh="未安装读写档案所需的组件（pyarrow）。",
            en="What reads and writes the archive (pyarrow) is not installed.",
        ),
        Say(zh="请安装 sixfaces[archive]。", en="Install sixfaces[archive]."),
    )


class Standing(NamedTuple):
    """A case's newest verdict, and the part that holds it: None where none does yet, nothing in words where none will,
    as what it was given on was never kept."""

    verdict: str
    part: str | None


class Span(NamedTuple):
    """Verdicts by id: those after `after`, up to and with `until`."""

    after: str
    until: str


class Archive(Protocol):
    """The parts on record, and which verdicts they hold."""

    def loose(self, *, before: str, after: tuple[str, str] = ("", ""), limit: int) -> Sequence[StoredVerdict]:
        """Verdicts with ids below `before` that no part holds and whose results are there, by tenant and id, behind
        this tenant and id."""
        ...

    def several(self, ids: Collection[str]) -> Sequence[StoredVerdict]:
        """Those verdicts, by id."""
        ...

    def began(self, part: Part) -> None:
        """A part that is being written."""
        ...

    def holds(self, part: Part, verdicts: Collection[str], *, instead_of: Collection[str] = ()) -> bool:
        """The part is there, and holds these verdicts: loose ones until now, or held by the parts that it takes the
        place of. False, and the transaction is to be undone, unless all of it is so."""
        ...

    def unread(self, verdicts: Collection[str]) -> None:
        """What these verdicts were given on was never kept: no part will ever hold them."""
        ...

    def part(self, id: str) -> Part | None:
        """One part."""
        ...

    def parts(self, *, after: str = "", limit: int = 1000) -> Sequence[Part]:
        """Parts that are there, by id."""
        ...

    def small(self, *, cases: int, bytes: int, after: Group | None = None, limit: int) -> Sequence[Sequence[Part]]:
        """Parts of the same group that hold fewer cases and bytes than these each, where there are two or more; by
        group, behind `after`."""
        ...

    def held(self, part: str) -> Collection[str]:
        """Ids of the verdicts that the part holds and that were not erased."""
        ...

    def spoiled(self, case_id: str) -> Sequence[Part]:
        """Parts that hold erased verdicts on this case."""
        ...

    def unfinished(self, *, before: datetime, limit: int) -> Sequence[Part]:
        """Parts that are gone, and those whose writing began before that instant and never ended."""
        ...

    def forget(self, part: str) -> None:
        """The bytes of a part that is gone, or was never finished, have been removed."""
        ...

    def standing(self, span: Span, *, newest: str) -> Sequence[Standing]:
        """The verdicts in the span that were the newest on their case among those with ids up to `newest`, without
        erased ones."""
        ...

    def newest(self) -> str:
        """The highest id of a verdict; nothing in words where there is none."""
        ...

    def steps(self, span: Span, *, limit: int) -> Sequence[tuple[str, str | None]]:
        """Ids of verdicts that were not erased with their parts, by id."""
        ...
