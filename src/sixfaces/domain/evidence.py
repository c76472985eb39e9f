"""Everything the rules may look at, prefetched: the case, the records, and what this installation knows."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TypeVar

from sixfaces.domain.case import CaseFile
from sixfaces.domain.exhibit import Exhibit, MediaInfo
from sixfaces.domain.facts import UnmeasuredFact
from sixfaces.domain.model import Model, Sha256, Text
from sixfaces.domain.observation import Observation, Record

F = TypeVar("F", bound=Model)


class EarlierUse(Model):
    """A perceptual match of an exhibit in another case."""

    exhibit: Sha256
    other_case: Text
    other_exhibit: Sha256
    bits: int


class EarlierTake(Model):
    """An unboxing take of the same waybill that was sealed before."""

    waybill: Text
    exhibit: Sha256
    case_id: Text


class History(Model):
    """What this installation knows of earlier evidence. `searched` is false for a fresh command-line run."""

    searched: bool = False
    uses: tuple[EarlierUse, ...] = ()
    takes: tuple[EarlierTake, ...] = ()


@dataclass(frozen=True)
class ExhibitEvidence:
    """One exhibit's record, indexed by kind of fact."""

    record: Record

    @property
    def exhibit(self) -> Exhibit:
        """The exhibit itself."""
        return self.record.exhibit

    @property
    def media(self) -> MediaInfo | None:
        """The medium, or None if nothing could be decoded."""
        return self.record.media

    @cached_property
    def _by_kind(self) -> Mapping[type[Model], list[Observation]]:
        index: dict[type[Model], list[Observation]] = {}
        for observation in self.record.observations:
            index.setdefault(type(observation.fact), []).append(observation)
        return index

    def of(self, fact: type[F]) -> list[tuple[Observation, F]]:
        """All observations of one class of fact, in record order, each with its typed fact."""
        return [(o, o.fact) for o in self._by_kind.get(fact, ())]  # type: ignore[misc]  # the index is by exact type

    def unmeasured(self, fact: type[Model]) -> UnmeasuredFact | None:
        """Why facts of this class are not in the record, if an observer said so."""
        kind = str(fact.model_fields["kind"].default)
        for _, hole in self.of(UnmeasuredFact):
            if kind in hole.of:
                return hole
        return None


@dataclass(frozen=True)
class Evidence:
    """The whole case as the rules see it."""

    case: CaseFile
    exhibits: tuple[ExhibitEvidence, ...]
    history: History = field(default_factory=History)
