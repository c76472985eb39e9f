"""RFC 6962 §2.1 hashing: the tree under the custody log, and the one over a take's groups of pictures.

A complete subtree is named (level, position): the 2^level leaves from position * 2^level on.
"""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import NamedTuple

EMPTY_ROOT = hashlib.sha256().digest()
"""Root of a log without entries."""

Nodes = Callable[[int, int], bytes]
"""Reads the hash of the complete subtree (level, position); level 0 are the leaf hashes."""


class Node(NamedTuple):
    """A complete subtree and its hash, 32 bytes."""

    level: int
    position: int
    hash: bytes


def leaf_hash(data: bytes) -> bytes:
    """SHA-256(0x00 || data)."""
    return hashlib.sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """SHA-256(0x01 || left || right)."""
    return hashlib.sha256(b"\x01" + left + right).digest()


class Growing:
    """A log read or written leaf after leaf, remembering only the roots of its complete subtrees, left to right."""

    def __init__(self) -> None:
        self.size = 0
        self._peaks: list[bytes] = []

    @classmethod
    def resumed(cls, size: int, nodes: Nodes) -> "Growing":
        """The log of `size` leaves, ready for more."""
        log = cls()
        log.size = size
        log._peaks = [nodes(level, index) for level, index in peaks(size)]
        return log

    def append(self, leaf: bytes) -> list[Node]:
        """Add a leaf hash. Returns the subtrees that it completes, the leaf itself first."""
        done = [Node(0, self.size, leaf)]
        while done[-1].position % 2:
            _, position, right = done[-1]
            done.append(Node(len(done), position // 2, node_hash(self._peaks.pop(), right)))
        self._peaks.append(done[-1].hash)
        self.size += 1
        return done

    def root(self) -> bytes:
        """Root hash of all leaves so far."""
        return joined(self._peaks)


def root_of(leaves: Iterable[bytes]) -> bytes:
    """Root hash over leaf hashes."""
    log = Growing()
    for leaf in leaves:
        log.append(leaf)
    return log.root()


def peaks(size: int) -> Iterator[tuple[int, int]]:
    """The complete subtrees that a log of `size` leaves is made of, left to right."""
    start = 0
    for level in reversed(range(size.bit_length())):
        if size >> level & 1:
            yield level, start >> level
            start += 1 << level


def joined(tops: Sequence[bytes]) -> bytes:
    """Root hash over the hashes of complete subtrees, left to right."""
    if not tops:
        return EMPTY_ROOT
    root = tops[-1]
    for peak in reversed(tops[:-1]):
        root = node_hash(peak, root)
    return root
