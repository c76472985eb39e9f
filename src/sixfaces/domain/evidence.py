"""Everything the rules may look at, prefetched: the case, the records, and what this installation knows."""

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, TypeVar

from sixfaces.domain.case import CaseFile
from sixfaces.domain.exhibit import Exhibit, MediaInfo
from sixfaces.domain.facts import UnmeasuredFact
from sixfaces.domain.model import Model, Sha256, Text
from sixfaces.domain.observation import Observation, Record
from sixfaces.domain.reuse import PictureMatch

F = TypeVar("F", bound=Model)
T = TypeVar("T")


class EarlierUse(Model):
    """A match of an exhibit in another case: of its bytes, or of its pictures, of which `shown` is the surest and
    `pictures` their number. `bits`: how far the whole pictures are apart, of 256. `sure`: it can be nothing but a copy.
    `resubmission`: that case is on the same order or claim, and so says why."""

    exhibit: Sha256
    other_case: Text
    other_exhibit: Sha256
    bits: int
    sure: bool = True
    resubmission: bool = False
    shown: PictureMatch | None = None
    pictures: int = 0


class EarlierTake(Model):
    """An unboxing take of the same waybill that was sealed before; `than` is the take that it is earlier than, None
    where it is earlier than all of the case's."""

    waybill: Text
    exhibit: Sha256
    case_id: Text
    than: Sha256 | None = None


class History(Model):
    """What this installation knows of earlier evidence. `searched` is false for a fresh command-line run;
    `pictures_compared` is false where earlier exhibits were looked for by their bytes, but not by what they show;
    `flat` are exhibits none of whose pictures shows enough to be looked for."""

    searched: bool = False
    pictures_compared: bool = True
    uses: tuple[EarlierUse, ...] = ()
    takes: tuple[EarlierTake, ...] = ()
    flat: tuple[Sha256, ...] = ()


@dataclass(frozen=True)
class ExhibitEvidence:
    """One exhibit's record, indexed by kind of fact. `worded`: whether anybody will read what is found; where not, the
    answers alone are told."""

    record: Record
    worded: bool = True

    @property
    def exhibit(self) -> Exhibit:
        """The exhibit itself."""
        return self.record.exhibit

    @property
    def media(self) -> MediaInfo | None:
        """The medium, or None if nothing could be decoded."""
        return self.record.media

    @cached_property
    def _by_kind(self) -> Mapping[type[Model], Sequence[tuple[Observation, Model]]]:
        index: dict[type[Model], list[tuple[Observation, Model]]] = {}
        for observation in self.record.observations:
            fact = observation.fact
            index.setdefault(type(fact), []).append((observation, fact))
        return index

    @cached_property
    def _derived(self) -> dict[Hashable, Any]:
        return {}

    def once(self, key: Hashable, derive: Callable[[], T]) -> T:
        """What several rules derive from this exhibit, derived once. `key` names it and all else that it depends on."""
        if key not in self._derived:
            self._derived[key] = derive()
        found: T = self._derived[key]
        return found

    def of(self, fact: type[F]) -> Sequence[tuple[Observation, F]]:
        """All observations of one class of fact, in record order, each with its typed fact."""
        return self._by_kind.get(fact, ())  # type: ignore[return-value]  # the index is by exact type

    def unmeasured(self, fact: type[Model]) -> UnmeasuredFact | None:
        """Why facts of this class are not in the record, if an observer said so."""
        holes = self.of(UnmeasuredFact)
        if not holes:
            return None
        kind = str(fact.model_fields["kind"].default)
        return next((hole for _, hole in holes if kind in hole.of), None)


@dataclass(frozen=True)
class LateEvidence(ExhibitEvidence):
    """An exhibit whose facts are read by kind, each when it is first asked for: `record` has none of them. `load` tells
    the observations of a kind such as `code`, in record order."""

    load: Callable[[str], Sequence[Observation]] = lambda kind: ()

    @cached_property
    def _loaded(self) -> dict[type[Model], Sequence[tuple[Observation, Model]]]:
        return {}

    def of(self, fact: type[F]) -> Sequence[tuple[Observation, F]]:
        """As of any exhibit."""
        found = self._loaded.get(fact)
        if found is None:
            kind = str(fact.model_fields["kind"].default)
            found = self._loaded[fact] = [(one, one.fact) for one in self.load(kind)]
        return found  # type: ignore[return-value]  # the index is by exact type


@dataclass(frozen=True)
class Evidence:
    """The whole case as the rules see it."""

    case: CaseFile
    exhibits: tuple[ExhibitEvidence, ...]
    history: History = field(default_factory=History)
