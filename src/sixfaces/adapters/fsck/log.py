"""The custody log: every entry, the tree over them, and what was signed about it.

1. entries count from 0 without holes, none older than the one before, each with the leaf hash of its bytes
2. the tree's nodes are those of the entries, all of them and no others
3. the head counts the entries
4. checkpoints are what their notes say, have the root that the entries had then, and are signed by a known key
"""

from collections.abc import Iterator
from datetime import datetime

from sixfaces.adapters.fsck.fault import Fault, fault
from sixfaces.adapters.fsck.hashing import Node, Tree, leaf_of
from sixfaces.adapters.fsck.look import Look, tree_of
from sixfaces.adapters.fsck.rows import Row, instant
from sixfaces.adapters.fsck.signatures import check_signatures

_ENTRIES = 'SELECT seq, tenant, act, subject, actor, CAST(body AS TEXT), "at", leaf FROM log_entries ORDER BY seq'
_NODES = "SELECT level, position, hash FROM log_nodes ORDER BY (position + 1) << level, level"
_CHECKPOINTS = "SELECT size, root FROM checkpoints ORDER BY size"
_HEAD = "SELECT (SELECT max(size) FROM log_head), (SELECT count(*) FROM log_entries)"
_NO_HASH = bytes(32)


def check_log(look: Look) -> Iterator[Fault]:
    """All of the above."""
    yield from _Walk(look).faults()
    for size, entries in look.rows.ask(_HEAD):
        if (size or 0) != entries:
            yield fault("head_differs", f"log_head {size}, entries {entries}")
    yield from check_signatures(look)


class _Walk:
    """Goes over entries, nodes and checkpoints side by side, each in the order in which the log grew."""

    def __init__(self, look: Look) -> None:
        self._look = look
        self._tree = Tree()
        self._nodes = (Node(*row) for row in look.rows.ask(_NODES))
        self._node = next(self._nodes, None)
        self._checkpoints = look.rows.ask(_CHECKPOINTS)
        self._checkpoint = next(self._checkpoints, None)
        self._is_forked = False

    def faults(self) -> Iterator[Fault]:
        """1., 2. and the roots of 4. Once an entry is missing, the tree after it cannot be made again."""
        yield from self._rooted()
        next_seq, last, is_whole = 0, None, True
        for row in self._look.rows.ask(_ENTRIES):
            self._look.counted["entries"] += 1
            seq, at = row[0], instant(row[6])
            if seq != next_seq:
                yield fault("log_hole", f"entries {next_seq} to {seq - 1}")
                is_whole = False
            if last is not None and at < last:
                yield fault("entry_order", f"entry {seq}")
            next_seq, last = seq + 1, at
            leaf, is_right = _leaf(row, at)
            if not is_right:
                yield fault("entry_changed", f"entry {seq}")
            if is_whole:
                yield from self._grown(leaf)
        if is_whole:
            yield from self._rest()

    def _grown(self, leaf: bytes) -> Iterator[Fault]:
        """2. One leaf more."""
        for made in self._tree.add(leaf):
            while self._node is not None and self._node.place < made.place:
                yield fault("node_unfounded", _named(self._node))
                self._node = next(self._nodes, None)
            if self._node is None or self._node.place != made.place:
                yield fault("node_missing", _named(made))
                continue
            if bytes(self._node.hash) != made.hash:
                yield fault("node_changed", _named(made))
            self._node = next(self._nodes, None)
        yield from self._rooted()

    def _rooted(self) -> Iterator[Fault]:
        """4. Checkpoints of this size. After the first wrong root all are wrong: only that one is told."""
        while self._checkpoint is not None and self._checkpoint[0] <= self._tree.size:
            size, root = self._checkpoint
            if size == self._tree.size and root != self._tree.root().hex() and not self._is_forked:
                self._is_forked = True
                yield fault("checkpoint_root", f"checkpoint {size}")
            self._checkpoint = next(self._checkpoints, None)

    def _rest(self) -> Iterator[Fault]:
        """What stands on entries that are not there."""
        while self._node is not None:
            yield fault("node_unfounded", _named(self._node))
            self._node = next(self._nodes, None)
        if self._checkpoint is not None:
            yield fault("checkpoint_ahead", f"checkpoint {self._checkpoint[0]}, entries {self._tree.size}")


def _leaf(row: Row, at: datetime) -> tuple[bytes, bool]:
    """The leaf that the entry carries, and whether it is that of its bytes. One that is no hash is made anew."""
    seq, tenant, act, subject, actor, body, _, stored = row
    tree = tree_of(body)
    fields = {"seq": seq, "tenant": tenant, "act": act, "subject": subject, "actor": actor, "body": tree}
    real = _NO_HASH if tree is None else leaf_of(fields, at)
    try:
        told = bytes.fromhex(stored)
    except ValueError:
        told = b""
    return (told, told == real) if len(told) == len(_NO_HASH) else (real, False)


def _named(node: Node) -> str:
    return f"node {node.position} of level {node.level}"
