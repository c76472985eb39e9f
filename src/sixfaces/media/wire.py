"""The wire between a jailed child and its parent: length-prefixed messages, each kind with its own largest size.

A message is one byte of kind, four bytes of length (big-endian), then the payload: JSON, or a named blob. Nothing
that crosses the wire is ever unpickled or decoded as media by the parent.
"""

import json
import re
import struct
from collections.abc import Iterator
from enum import IntEnum
from typing import Any, BinaryIO, NamedTuple

from sixfaces.domain.model import Model

_HEAD = struct.Struct(">BI")
_MEBIBYTE = 1 << 20


class Kind(IntEnum):
    """What a message carries."""

    HELLO = 1
    REQUEST = 2
    PLAN = 3
    MEDIA = 4
    FACT = 5
    PICTURE = 6
    CROP = 7
    PROGRESS = 8
    FAILURE = 9
    DONE = 10
    FINISHED = 11
    REFERENCE = 12
    GROUPS = 13
    CLIP = 14
    PIECE = 15


LARGEST: dict[Kind, int] = {
    Kind.HELLO: 4096,
    Kind.REQUEST: 65536,
    Kind.PLAN: 65536,
    Kind.MEDIA: 65536,
    Kind.FACT: 16 * _MEBIBYTE,
    Kind.PICTURE: 8 * _MEBIBYTE,
    Kind.CROP: 8 * _MEBIBYTE,
    Kind.PROGRESS: 256,
    Kind.FAILURE: 65536,
    Kind.DONE: 4096,
    Kind.FINISHED: 4096,
    Kind.REFERENCE: 32 * _MEBIBYTE,
    Kind.GROUPS: 96 * _MEBIBYTE,
    Kind.CLIP: 4 * _MEBIBYTE,
    Kind.PIECE: _MEBIBYTE,
}

PICTURE_NAME = re.compile(r"[a-z]{1,32}/[a-z0-9_-]{1,64}\.jpg")
CROP_NAME = re.compile(r"[a-z]{1,32}/[a-z0-9_-]{1,64}")
_BLOB_NAMES = {Kind.PICTURE: PICTURE_NAME, Kind.CROP: CROP_NAME, Kind.REFERENCE: CROP_NAME}


class WireError(Exception):
    """The other side does not keep to the protocol."""


class Message(NamedTuple):
    """One message as it came off the wire."""

    kind: Kind
    payload: bytes


class Blob(NamedTuple):
    """A picture or crop: bytes under a checked name."""

    name: str
    data: bytes


def packed(kind: Kind, payload: bytes) -> bytes:
    """The bytes of one message. Raises WireError if the payload is over its kind's largest size."""
    if len(payload) > LARGEST[kind]:
        raise WireError(f"a {kind.name} message of {len(payload)} bytes is over {LARGEST[kind]}")
    return _HEAD.pack(kind, len(payload)) + payload


def packed_json(kind: Kind, value: object) -> bytes:
    """One JSON message."""
    return packed(kind, json.dumps(value, ensure_ascii=False, allow_nan=False).encode())


def packed_blob(kind: Kind, name: str, data: bytes) -> bytes:
    """One named blob. Raises WireError for a name outside the kind's pattern."""
    if not _BLOB_NAMES[kind].fullmatch(name):
        raise WireError(f"not a name for a {kind.name}: {name[:100]!r}")
    return packed(kind, bytes([len(name)]) + name.encode("ascii") + data)


def json_of(message: Message) -> dict[str, Any]:
    """The object that a small JSON message carries. Raises WireError if it carries anything else."""
    try:
        value = json.loads(message.payload)
    except (ValueError, RecursionError) as error:
        raise WireError(f"a {message.kind.name} message is not JSON") from error
    if not isinstance(value, dict):
        raise WireError(f"a {message.kind.name} message is not an object")
    return value


def blob_of(message: Message) -> Blob:
    """The blob that a PICTURE, CROP or REFERENCE message carries. Raises WireError if it is malformed."""
    size = message.payload[0] if message.payload else 0
    name = message.payload[1 : 1 + size].decode("ascii", "replace")
    if not _BLOB_NAMES[message.kind].fullmatch(name):
        raise WireError(f"a {message.kind.name} under a forbidden name")
    return Blob(name, message.payload[1 + size :])


class Parser:
    """Cuts a stream of bytes into messages; holds at most one unfinished message."""

    def __init__(self) -> None:
        self._buffer = bytearray()

    @property
    def unfinished(self) -> bool:
        """Whether bytes of an incomplete message are waiting."""
        return bool(self._buffer)

    def feed(self, data: bytes) -> Iterator[Message]:
        """The messages that are complete now. Raises WireError as soon as a head is not allowed."""
        self._buffer += data
        while len(self._buffer) >= _HEAD.size:
            kind, size = _checked_head(self._buffer)
            if len(self._buffer) < _HEAD.size + size:
                return
            payload = bytes(self._buffer[_HEAD.size : _HEAD.size + size])
            del self._buffer[: _HEAD.size + size]
            yield Message(kind, payload)


def read(stream: BinaryIO) -> Message | None:
    """The next message of a blocking stream, or None at its end. Raises WireError for anything else."""
    head = stream.read(_HEAD.size)
    if not head:
        return None
    if len(head) < _HEAD.size:
        raise WireError("the stream ends inside a message")
    kind, size = _checked_head(head)
    payload = stream.read(size)
    if len(payload) < size:
        raise WireError("the stream ends inside a message")
    return Message(kind, payload)


class ChildEnd:
    """The child's end of the wire; blocking."""

    def __init__(self, source: BinaryIO, sink: BinaryIO) -> None:
        self._source, self._sink = source, sink

    def receive(self) -> Message | None:
        """The parent's next message, None when there are no more."""
        return read(self._source)

    def send(self, kind: Kind, value: object) -> None:
        """Send one JSON message."""
        self.send_raw(packed_json(kind, value))

    def send_model(self, kind: Kind, value: Model) -> None:
        """Send one model as JSON."""
        self.send_raw(packed(kind, value.model_dump_json().encode()))

    def send_blob(self, kind: Kind, name: str, data: bytes) -> None:
        """Send one picture or crop."""
        self.send_raw(packed_blob(kind, name, data))

    def send_raw(self, data: bytes) -> None:
        """Send bytes as they are: for messages that are packed already."""
        self._sink.write(data)
        self._sink.flush()


def _checked_head(data: bytes | bytearray) -> tuple[Kind, int]:
    number, size = _HEAD.unpack_from(data)
    if number not in Kind.__members__.values():
        raise WireError(f"unknown kind of message {number}")
    kind = Kind(number)
    if size > LARGEST[kind]:
        raise WireError(f"a {kind.name} message of {size} bytes is over {LARGEST[kind]}")
    return kind, size
