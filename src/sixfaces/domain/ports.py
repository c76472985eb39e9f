"""What the pipeline needs from outside, as plain interfaces. Adapters and the observers' jail implement them."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple, Protocol

from sixfaces.domain.comparison import Comparison, ParcelSide, Reference
from sixfaces.domain.exhibit import Exhibit
from sixfaces.domain.observation import Record


class Progress(NamedTuple):
    """How far one exhibit (its digest, or its name for people) is measured; `share` 0..1, None while unknown."""

    exhibit: str
    share: float | None


OnProgress = Callable[[Progress], None]


class Pictures(Protocol):
    """Keeps derived pictures under the names that facts cite, such as `moments/03.jpg`."""

    def put(self, name: str, data: bytes) -> None:
        """Store one picture; the same name twice replaces it."""
        ...


class Results(Protocol):
    """Where a case's results go: all of them or none. Names are relative POSIX paths."""

    def put(self, name: str, data: bytes) -> None:
        """Store one file; the same name twice replaces it."""
        ...

    def get(self, name: str) -> bytes | None:
        """What was stored under the name, or None."""
        ...


class Observatory(Protocol):
    """Measures one exhibit, in a process that may be killed. Never raises for what the bytes contain."""

    def observe(self, exhibit: Exhibit, path: Path, *, pictures: Pictures, on_progress: OnProgress) -> Record:
        """All observations of the file at `path`, which is the exhibit's sealed bytes."""
        ...


class Comparer(Protocol):
    """Lays views of an item beside reference pictures, in a process that may be killed; bytes make it raise nothing."""

    def compare(
        self, references: Sequence[Reference], *, views: Mapping[str, bytes], pictures: Pictures
    ) -> tuple[Comparison, ...]:
        """One comparison for each reference; `views` are crops of one item by the names that facts cite.

        A fact's span is left open: who asks knows when the views were seen.
        """
        ...


class OutboundComparer(Protocol):
    """Lays the parcel that came back beside the one of a packing video, in a process that may be killed; bytes make it
    raise nothing."""

    def beside(self, returned: ParcelSide, packed: ParcelSide) -> Comparison:
        """One comparison, of box and item. A fact's span is left open."""
        ...


class Hints(Protocol):
    """Tells workers that a job may be ready. A hint may be lost, late or doubled: the database knows what is true."""

    def hint(self, job_id: str, *, priority: int) -> None:
        """Never raises for a broker that is away: the sweep hints again."""
        ...


class Stamper(Protocol):
    """A timestamp authority (RFC 3161). `chain` is the PEM of its certificates, archived with what it stamped."""

    chain: bytes

    def stamp(self, note: str) -> bytes:
        """Its whole answer in DER, checked. Raises CustodyError `custody.stamp_away` where there is none now, and
        `custody.stamp` where it does not hold."""
        ...
