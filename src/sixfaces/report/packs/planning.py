"""Which pictures go in, and how large: what shows most for a byte first.

Each picture can be had in several sizes. A plan begins with nothing and takes, again and again, the step that adds the
most worth for each further byte: a picture that is not in yet, in any size, or one that is in in a better size. What
must be in comes first, in its smallest size. The same pictures and the same budget give the same plan.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

SHARE_OF_SIZE = (1.0, 0.94, 0.85, 0.7, 0.5)
"""How much a picture is worth in each of its sizes, the largest first: half the pixels tell far more than half."""


class Candidate(NamedTuple):
    """A picture: what it is worth, its bytes in each size (the largest first), and whether it must be in."""

    name: str
    worth: float
    bytes: tuple[int, ...]
    must: bool = False


class Budget(NamedTuple):
    """So many bytes and so many pictures beside those that must be in; None: however many."""

    bytes: int
    pictures: int | None = None


class Step(NamedTuple):
    """One picture in a better size than before."""

    gain: float
    cost: int
    name: str
    size: int


def planned(candidates: Sequence[Candidate], budget: Budget) -> Mapping[str, int]:
    """Name to the size that it goes in with; what is not in the map is left out. What must be in is in it even if the
    budget does not hold it: whoever asked sees what the least would be (`least`)."""
    taken = {one.name: len(one.bytes) - 1 for one in candidates if one.must}
    left = budget.bytes - least(candidates)
    by_name = {one.name: one for one in candidates}
    while True:
        further = sum(not by_name[name].must for name in taken)
        full = budget.pictures is not None and further >= budget.pictures
        steps = [s for s in _steps(candidates, taken, full=full) if s.cost <= left]
        if not steps:
            return taken
        best = max(steps, key=lambda step: (step.gain / max(step.cost, 1), step.gain, step.name))
        taken[best.name] = best.size
        left -= best.cost


def least(candidates: Sequence[Candidate]) -> int:
    """Bytes of what must be in, in its smallest sizes."""
    return sum(one.bytes[-1] for one in candidates if one.must)


def spent(candidates: Sequence[Candidate], plan: Mapping[str, int]) -> int:
    """Bytes that a plan takes."""
    return sum(one.bytes[plan[one.name]] for one in candidates if one.name in plan)


def _steps(candidates: Sequence[Candidate], taken: Mapping[str, int], *, full: bool) -> Iterator[Step]:
    for one in candidates:
        now = taken.get(one.name)
        if now is None and full:
            continue
        worth_now, bytes_now = (0.0, 0) if now is None else (_worth(one, now), one.bytes[now])
        for size in range(len(one.bytes) if now is None else now):
            gain, cost = _worth(one, size) - worth_now, one.bytes[size] - bytes_now
            if gain > 0:
                yield Step(gain, cost, one.name, size)


def _worth(one: Candidate, size: int) -> float:
    place = size * (len(SHARE_OF_SIZE) - 1) / max(len(one.bytes) - 1, 1)
    return one.worth * SHARE_OF_SIZE[round(place)]
