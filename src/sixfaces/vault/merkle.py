"""The custody log's hash tree: proofs made and verified as in RFC 9162 §2.1.3 and §2.1.4, over `domain.hash_tree`.

Whoever keeps the hashes of complete subtrees can prove anything about the log by reading O(log n) of them.
"""

from collections.abc import Sequence

from sixfaces.domain.custody import ConsistencyProof, InclusionProof
from sixfaces.domain.errors import CustodyError
from sixfaces.domain.hash_tree import EMPTY_ROOT as EMPTY_ROOT
from sixfaces.domain.hash_tree import Growing as Growing
from sixfaces.domain.hash_tree import Node as Node
from sixfaces.domain.hash_tree import Nodes as Nodes
from sixfaces.domain.hash_tree import joined, peaks
from sixfaces.domain.hash_tree import leaf_hash as leaf_hash
from sixfaces.domain.hash_tree import node_hash as node_hash
from sixfaces.domain.hash_tree import root_of as root_of
from sixfaces.domain.model import Say


def root_at(size: int, nodes: Nodes) -> bytes:
    """Root hash of the first `size` leaves."""
    return joined([nodes(level, index) for level, index in peaks(size)])


def prove_inclusion(seq: int, size: int, nodes: Nodes) -> InclusionProof:
    """Raises CustodyError `custody.out_of_range` unless 0 <= seq < size."""
    if not 0 <= seq < size:
        raise out_of_range(f"{seq} of {size}")
    path, low, high = list[bytes](), 0, size
    while high - low > 1:
        middle = low + _split(high - low)
        if seq < middle:
            path.append(_range_hash(middle, high, nodes))
            high = middle
        else:
            path.append(_range_hash(low, middle, nodes))
            low = middle
    return InclusionProof(seq=seq, size=size, path=tuple(one.hex() for one in reversed(path)))


def prove_consistency(old: int, new: int, nodes: Nodes) -> ConsistencyProof:
    """Raises CustodyError `custody.out_of_range` unless 0 <= old <= new."""
    if not 0 <= old <= new:
        raise out_of_range(f"{old} of {new}")
    path, low, high = list[bytes](), 0, new
    if 0 < old < new:
        while old < high:
            middle = low + _split(high - low)
            if old <= middle:
                path.append(_range_hash(middle, high, nodes))
                high = middle
            else:
                path.append(_range_hash(low, middle, nodes))
                low = middle
        if low:  # the last subtree is not the whole old log: its hash must be told
            path.append(_range_hash(low, high, nodes))
    return ConsistencyProof(old=old, new=new, path=tuple(one.hex() for one in reversed(path)))


def proves_inclusion(proof: InclusionProof, *, leaf: str, root: str) -> bool:
    """Whether the leaf hash stands at its place under the root (RFC 9162 §2.1.3.2). Hexadecimal."""
    if not 0 <= proof.seq < proof.size:
        return False
    index, last, found = proof.seq, proof.size - 1, bytes.fromhex(leaf)
    for text in proof.path:
        if last == 0:
            return False
        beside = bytes.fromhex(text)
        if index & 1 or index == last:
            found = node_hash(beside, found)
            while not index & 1 and index:
                index, last = index >> 1, last >> 1
        else:
            found = node_hash(found, beside)
        index, last = index >> 1, last >> 1
    return last == 0 and found.hex() == root


def proves_consistency(proof: ConsistencyProof, *, old_root: str, new_root: str) -> bool:
    """Whether the newer log begins with the older one (RFC 9162 §2.1.4.2). Hexadecimal."""
    if not 0 <= proof.old <= proof.new:
        return False
    if proof.old == proof.new:
        return not proof.path and old_root == new_root
    if proof.old == 0:
        return not proof.path and old_root == EMPTY_ROOT.hex()
    path = [bytes.fromhex(text) for text in proof.path]
    if proof.old & (proof.old - 1) == 0:
        path.insert(0, bytes.fromhex(old_root))
    return bool(path) and _replayed(proof, path) == (old_root, new_root)


def nodes_over(leaves: Sequence[bytes]) -> Nodes:
    """A reader over leaf hashes in memory."""
    levels: list[list[bytes]] = [list(leaves)]
    while len(levels[-1]) > 1:
        below = levels[-1]
        levels.append([node_hash(below[i], below[i + 1]) for i in range(0, len(below) - 1, 2)])
    return lambda level, index: levels[level][index]


def _replayed(proof: ConsistencyProof, path: list[bytes]) -> tuple[str, str] | None:
    """Both roots as the path gives them, None where it is too long or too short."""
    index, last = proof.old - 1, proof.new - 1
    while index & 1:
        index, last = index >> 1, last >> 1
    old = new = path[0]
    for beside in path[1:]:
        if last == 0:
            return None
        if index & 1 or index == last:
            old, new = node_hash(beside, old), node_hash(beside, new)
            while not index & 1 and index:
                index, last = index >> 1, last >> 1
        else:
            new = node_hash(new, beside)
        index, last = index >> 1, last >> 1
    return (old.hex(), new.hex()) if last == 0 else None


def _range_hash(low: int, high: int, nodes: Nodes) -> bytes:
    """Hash of leaves low to high, a subtree of RFC 6962's splitting: `low` is a multiple of every part's size."""
    return joined([nodes(level, (low >> level) + index) for level, index in peaks(high - low)])


def _split(count: int) -> int:
    """The largest power of two below `count`."""
    return 1 << ((count - 1).bit_length() - 1)


def out_of_range(what: str) -> CustodyError:
    """The log has no such place."""
    return CustodyError(
        "custody.out_of_range",
        Say(zh=f"存证日志中没有这一位置（{what}）。", en=f"The custody log has no such place ({what})."),
        Say(zh="请先查询日志当前的条目数。", en="Ask for the log's size first."),
    )
