"""What the custody log needs of a database, by the terms of domain.records."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Protocol

from sixfaces.domain.custody import Checkpoint, ConsistencyProof, Deed, Entry, InclusionProof


class Custody(Protocol):
    """The log. An append takes the log's one lock until the transaction ends: append last."""

    def append(self, *deeds: Deed) -> Sequence[Entry]:
        """Each in its place."""
        ...

    def append_once(self, deed: Deed, *, within: timedelta) -> Entry | None:
        """The same, unless the very same deed was entered less than `within` ago; then None."""
        ...

    def done_at(self, deed: Deed, *, since: datetime) -> datetime | None:
        """When the very same deed was entered last, if not before `since`. Takes no lock."""
        ...

    def entries(self, *, first: int, limit: int) -> Sequence[Entry]:
        """In order."""
        ...

    def about(self, *subjects: str, after: int = -1, limit: int | None = None) -> Sequence[Entry]:
        """All entries on these subjects, in order; or those behind number `after`, so many at most."""
        ...

    def size(self) -> int:
        """How many entries there are."""
        ...

    def root(self, size: int) -> str:
        """Root hash (RFC 6962) of the first `size` entries."""
        ...

    def inclusion(self, seq: int, size: int) -> InclusionProof:
        """Raises CustodyError `custody.out_of_range`."""
        ...

    def inclusions(self, seqs: Sequence[int], size: int) -> Sequence[InclusionProof]:
        """The same of many, with as many questions as of one."""
        ...

    def consistency(self, old: int, new: int) -> ConsistencyProof:
        """Raises CustodyError `custody.out_of_range`."""
        ...

    def keep(self, checkpoint: Checkpoint) -> None:
        """A signed checkpoint; the same size again replaces one without a stamp."""
        ...

    def checkpoint(self, size: int | None = None) -> Checkpoint | None:
        """The newest, or the oldest that covers `size` entries."""
        ...

    def stamped(self, size: int, *, within: int) -> Checkpoint | None:
        """The first with a stamp among so many that cover `size` entries, oldest first."""
        ...
