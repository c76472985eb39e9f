"""Finds a picture again among all that a tenant's exhibits show.

1. catch up   the index gets what is on record and not in it, and loses what is on record no more
2. ask        the hashes near to each of the picture's regions, as they are and mirrored
3. weigh      a region that many exhibits have (a carrier's form, a stock box, a logo) tells nothing: it is left out
4. choose     exhibits that share several of the others
5. look       lay all regions of each of their pictures beside the picture's own (`agreement`)
"""

import threading
from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

import numpy as np

from sixfaces.adapters.reuse.agreement import Agreement, agreement
from sixfaces.adapters.reuse.index import RegionIndex
from sixfaces.adapters.reuse.patches import Bits, Patches, patches_of
from sixfaces.domain.facts import RegionsFact
from sixfaces.domain.observation import Record
from sixfaces.domain.records import Records
from sixfaces.domain.regions import ALGORITHM
from sixfaces.domain.reuse import Found, PictureMatch

NEIGHBOURS = 12
NEAR_BITS = 36
"""Hashes of copies lie within 25 of 256 nine times in ten; of a million others one lies within 36 now and then."""

COMMON = 6
"""Cases, besides the one asked about, whose pictures have a region: from so many on it is left out."""

MOST_CANDIDATES = 12
"""Exhibits that are looked at for one picture."""

LEAST_REGIONS = 12
"""A picture with fewer is too flat to be looked for."""


class Limits(NamedTuple):
    """What an agreement must have at least, and at most."""

    regions: int
    rate: float
    error: float
    bits: float
    shear: float


EXACT = (Limits(8, 0.2, 0.0045, 30.0, 1.3), Limits(6, 0.35, 0.003, 16.0, 1.05))
ALIKE = (Limits(8, 0.08, 0.008, 36.0, 1.6), *EXACT, Limits(5, 0.3, 0.004, 16.0, 1.1))
"""Set by copies and by pairs of other pictures (`python -m tests.bench.bench_reuse`): unrelated ones agree in 7 regions
at most, and photos of the same scene in up to 58, with twice the error of a copy."""


def meets(found: Agreement, limits: tuple[Limits, ...]) -> bool:
    """Whether the agreement is within one of the limits."""
    return any(
        found.regions >= one.regions
        and found.rate >= one.rate
        and found.error <= one.error
        and found.bits <= one.bits
        and found.shear <= one.shear
        for one in limits
    )


class RegionSearch:
    """Implements `domain.reuse.ReuseSearch` on files below `folder`, one folder for each tenant."""

    def __init__(self, records: Records, folder: Path) -> None:
        self._records, self._folder = records, folder
        self._indexes: dict[str, RegionIndex] = {}
        self._lock = threading.Lock()

    def find(self, tenant: str, record: Record, *, but: Collection[str] = ()) -> Found:
        """As in the interface."""
        asked = [(fact.picture, patches_of(fact)) for fact in regions_of(record)]
        fit = [(name, patches) for name, patches in asked if len(patches) >= LEAST_REGIONS]
        left_out = frozenset((*but, record.exhibit.sha256))
        with self._lock:
            index = self._caught_up(tenant)
            held = len(index.known)
            cases = _Cases(self._records, tenant)
            near = [(name, patches, _near(index, patches, left_out, cases=cases)) for name, patches in fit]
        others: dict[str, Mapping[str, Patches]] = {}
        matches: list[PictureMatch] = []
        for name, patches, neighbours in near:
            for sha256 in _candidates(neighbours):
                if sha256 not in others:
                    others[sha256] = self._pictures(tenant, sha256)
                matches += _matches(name, patches, sha256, others=others[sha256], common=neighbours.common)
        matches.sort(key=lambda m: (m.common, not m.exact, -m.regions, m.other, m.other_picture))
        return Found(matches=tuple(matches), asked=len(asked), flat=len(asked) - len(fit), held=held)

    def _caught_up(self, tenant: str) -> RegionIndex:
        """1."""
        index = self._indexes.get(tenant)
        if index is None:
            index = self._indexes[tenant] = RegionIndex(self._folder / tenant)
        with self._records.begin(tenant, reading=True) as transaction:
            there = frozenset(transaction.observations.measured())
        index.drop([sha256 for sha256 in index.known if sha256 not in there])
        for sha256 in sorted(there.difference(index.known)):
            index.add(sha256, _all_bits(self._pictures(tenant, sha256)))
        index.save_if_due()
        return index

    def _pictures(self, tenant: str, sha256: str) -> dict[str, Patches]:
        with self._records.begin(tenant, reading=True) as transaction:
            found = transaction.observations.newest(sha256)
        return {fact.picture: patches_of(fact) for fact in regions_of(found[0])} if found else {}


class _Cases:
    """In which case exhibits were handed in first."""

    def __init__(self, records: Records, tenant: str) -> None:
        self._records, self._tenant = records, tenant
        self._known: dict[str, str] = {}

    def count(self, shas: Collection[str]) -> int:
        """Of how many cases these exhibits are. Each is looked up once."""
        for sha256 in shas:
            if sha256 not in self._known:
                with self._records.begin(self._tenant, reading=True) as transaction:
                    alike = transaction.exhibits.with_bytes(sha256)
                self._known[sha256] = alike[0].case_id if alike else sha256
        return len({self._known[sha256] for sha256 in shas})


class _Near(NamedTuple):
    """votes: how many uncommon regions an exhibit shares, by its digest; common: which of the picture's regions are;
    shared: how many of these an exhibit has."""

    votes: Counter[str]
    shared: Counter[str]
    common: frozenset[int]


def regions_of(record: Record) -> Iterator[RegionsFact]:
    """The record's regions of the present algorithm."""
    facts = (one.fact for one in record.observations)
    return (fact for fact in facts if isinstance(fact, RegionsFact) and fact.algorithm == ALGORITHM)


def _all_bits(pictures: Mapping[str, Patches]) -> Bits:
    return np.concatenate([np.zeros((0, 32), np.uint8), *(patches.bits for patches in pictures.values())])


def _near(index: RegionIndex, patches: Patches, left_out: Collection[str], *, cases: _Cases) -> _Near:
    """2. and 3."""
    asked = np.concatenate([patches.bits, patches.mirrored.bits])
    sharing: dict[int, set[str]] = defaultdict(set)
    for place, found in enumerate(index.near(asked, NEIGHBOURS)):
        its = {sha256 for sha256, _, bits in found if bits <= NEAR_BITS and sha256 not in left_out}
        sharing[place % len(patches)] |= its
    common = frozenset(place for place, its in sharing.items() if len(its) >= COMMON and cases.count(its) >= COMMON)
    votes = Counter(sha256 for place, its in sharing.items() if place not in common for sha256 in its)
    shared = Counter(sha256 for place in common for sha256 in sorted(sharing[place]))
    return _Near(votes, shared, common)


def _candidates(near: _Near) -> list[str]:
    """4. Those that share uncommon regions, and then the few that share most of the common ones: where they agree as a
    copy, a person is to be told."""
    votes = sorted((-count, sha256) for sha256, count in near.votes.items() if count >= 2)
    shared = sorted((-count, sha256) for sha256, count in near.shared.items() if count >= EXACT[0].regions)
    chosen = [sha256 for _, sha256 in votes[:MOST_CANDIDATES]] + [sha256 for _, sha256 in shared[:2]]
    return list(dict.fromkeys(chosen))


def _matches(
    name: str, patches: Patches, sha256: str, *, others: Mapping[str, Patches], common: frozenset[int]
) -> Iterator[PictureMatch]:
    """5. What agrees by common regions for the most part is told as that, where it agrees as a copy does."""
    uncommon = np.array([place not in common for place in range(len(patches))], bool)
    for other, theirs in others.items():
        found = agreement(patches, theirs)
        if found is None or not meets(found, ALIKE):
            continue
        if 2 * len(common.intersection(found.which)) > found.regions:
            if meets(found, EXACT):
                yield told(found, (name, sha256, other), common=True)
            continue
        rest = agreement(patches.only(uncommon), theirs) if common else found
        if rest is not None and meets(rest, ALIKE):
            yield told(found, (name, sha256, other))


def told(found: Agreement, names: tuple[str, str, str], *, common: bool = False) -> PictureMatch:
    """An agreement between a picture and another exhibit's; `names`: picture, other exhibit, its picture."""
    return PictureMatch(
        picture=names[0],
        other=names[1],
        other_picture=names[2],
        regions=found.regions,
        rate=found.rate,
        bits=found.bits,
        error=found.error,
        box=_inside(found.box),
        other_box=_inside(found.other_box),
        scale=found.scale,
        turn_deg=found.turn_deg,
        mirrored=found.mirrored,
        exact=meets(found, EXACT),
        common=common,
    )


def _inside(box: tuple[float, float, float, float]) -> tuple[float, float, float, float]:
    x, y, wide, high = (min(1.0, max(0.0, value)) for value in box)
    return x, y, wide, high
