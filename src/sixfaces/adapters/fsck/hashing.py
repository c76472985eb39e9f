"""RFC 6962 hashing and the bytes of custody entries, written anew from docs/custody.md."""

import hashlib
import json
from datetime import datetime
from typing import Any, NamedTuple

_PREFIX = b"sixfaces.entry/1\n"


class Node(NamedTuple):
    """A complete subtree: the 2^level leaves from position * 2^level on."""

    level: int
    position: int
    hash: bytes

    @property
    def place(self) -> tuple[int, int]:
        """When it was complete: after so many leaves, and in which order among those of one leaf."""
        return (self.position + 1) << self.level, self.level


class Tree:
    """A log that grows leaf after leaf."""

    def __init__(self) -> None:
        self.size = 0
        self._stack: list[Node] = []

    def add(self, leaf: bytes) -> list[Node]:
        """The subtrees that this leaf hash completes, itself first."""
        made = [Node(0, self.size, leaf)]
        self._stack.append(made[0])
        self.size += 1
        while len(self._stack) > 1 and self._stack[-1].level == self._stack[-2].level:
            right, left = self._stack.pop(), self._stack.pop()
            whole = hashlib.sha256(b"\x01" + left.hash + right.hash).digest()
            made.append(Node(left.level + 1, left.position // 2, whole))
            self._stack.append(made[-1])
        return made

    def root(self) -> bytes:
        """Root hash of all leaves so far."""
        if not self._stack:
            return hashlib.sha256(b"").digest()
        root = self._stack[-1].hash
        for node in self._stack[-2::-1]:
            root = hashlib.sha256(b"\x01" + node.hash + root).digest()
        return root


def leaf_of(fields: dict[str, Any], at: datetime) -> bytes:
    """Leaf hash of an entry: act, actor, body, seq, subject, tenant, and its instant in UTC."""
    told = f"{at:%Y-%m-%dT%H:%M:%S}.{at.microsecond:06d}Z"
    text = json.dumps(_sorted(fields | {"at": told}), ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(b"\x00" + _PREFIX + text.encode("utf-8", "surrogatepass")).digest()


def _sorted(value: Any) -> Any:  # noqa: ANN401 any JSON value
    """Maps in the order of their keys' UTF-16 code units (RFC 8785 §3.2.3)."""
    if isinstance(value, dict):
        return {key: _sorted(value[key]) for key in sorted(value, key=lambda k: k.encode("utf-16-be", "surrogatepass"))}
    return [_sorted(one) for one in value] if isinstance(value, list) else value
