"""Proofs that groups of pictures belong to a take: a hash tree over its groups, and what lies beside some of them.

1. The tree is that of RFC 6962 over the leaves of all groups, in order (`domain.groups`, docs/clips.md).
2. A proof names which groups a clip holds, and has the hashes of the largest subtrees that hold none of them, left
   to right: with the clip's own leaves they give the root, and in no other way.
3. How many groups the take has is part of what is signed. Nothing else is believed of a proof: too many hashes, too
   few, or groups beside each other in two ranges are refused.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Annotated, NamedTuple

from pydantic import Field

from sixfaces.domain.clip import MOST_STRETCHES
from sixfaces.domain.hash_tree import node_hash, root_of
from sixfaces.domain.model import Model, Sha256

MOST_GROUPS = 1_000_000
MOST_RANGES = MOST_STRETCHES


class Range(NamedTuple):
    """Groups `first` to `first + groups - 1`."""

    first: Annotated[int, Field(ge=0, lt=MOST_GROUPS)]
    groups: Annotated[int, Field(ge=1, le=MOST_GROUPS)]


class TakeProof(Model):
    """That some groups stand at their places among the `size` groups of the take with this root."""

    root: Sha256
    size: Annotated[int, Field(ge=1, le=MOST_GROUPS)]
    ranges: Annotated[tuple[Range, ...], Field(min_length=1, max_length=MOST_RANGES)]
    path: tuple[Sha256, ...]


def take_root(leaves: Iterable[bytes]) -> str:
    """Root over leaf hashes of 32 bytes, hexadecimal."""
    return root_of(leaves).hex()


def proof_of(leaves: Sequence[bytes], ranges: Iterable[range]) -> TakeProof:
    """The proof for some of a take's groups. ValueError for ranges that are empty, not in order, touching or beyond."""
    kept = tuple(Range(one.start, len(one)) for one in ranges)
    if not kept or not _in_order(kept, len(leaves)):
        raise ValueError(f"not ranges of {len(leaves)} groups: {kept[:8]}")
    path = list[bytes]()
    _proven(leaves, (0, len(leaves)), kept, path=path)
    return TakeProof(root=take_root(leaves), size=len(leaves), ranges=kept, path=tuple(one.hex() for one in path))


def holds(proof: TakeProof, leaves_of_clip: Sequence[bytes]) -> bool:
    """Whether the clip's leaves, in order, stand where the proof says, under its root."""
    if not _in_order(proof.ranges, proof.size) or sum(one.groups for one in proof.ranges) != len(leaves_of_clip):
        return False
    beside, own = iter(proof.path), iter(leaves_of_clip)
    try:
        found = _rebuilt((0, proof.size), proof.ranges, own, beside=beside)
    except StopIteration:
        return False
    return next(beside, None) is None and found.hex() == proof.root


def _in_order(ranges: Sequence[Range], size: int) -> bool:
    reached = -1
    for one in ranges:
        if one.first <= reached or one.groups < 1:
            return False
        reached = one.first + one.groups
    return reached <= size


def _touching(place: tuple[int, int], ranges: Sequence[Range]) -> list[Range]:
    """The ranges that have groups in the subtree over leaves low to high."""
    low, high = place
    return [one for one in ranges if one.first < high and one.first + one.groups > low]


def _halves(place: tuple[int, int]) -> tuple[tuple[int, int], tuple[int, int]]:
    low, high = place
    middle = low + (1 << ((high - low - 1).bit_length() - 1))
    return (low, middle), (middle, high)


def _proven(leaves: Sequence[bytes], place: tuple[int, int], ranges: Sequence[Range], *, path: list[bytes]) -> None:
    inside = _touching(place, ranges)
    if not inside:
        path.append(root_of(leaves[place[0] : place[1]]))
    elif place[1] - place[0] > 1:
        for half in _halves(place):
            _proven(leaves, half, inside, path=path)


def _rebuilt(place: tuple[int, int], ranges: Sequence[Range], own: Iterator[bytes], *, beside: Iterator[str]) -> bytes:
    """The subtree's hash. StopIteration where there are fewer hashes than it takes."""
    inside = _touching(place, ranges)
    if not inside:
        return bytes.fromhex(next(beside))
    if place[1] - place[0] == 1:
        return next(own)
    first, second = _halves(place)
    left = _rebuilt(first, inside, own, beside=beside)
    return node_hash(left, _rebuilt(second, inside, own, beside=beside))
