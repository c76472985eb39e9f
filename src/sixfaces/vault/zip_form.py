"""The one form of ZIP that bundles have: members stored uncompressed, one behind the other from the first byte on, no
remarks, no gaps, no dates. Every byte of such a file follows from its members' names and bytes, so that a reader can
hold every byte against what it must be: nothing can hide between members, overlap or unfold to more than it is.

Each member is followed by its checksum and size (ZIP's data descriptor), for it is written while its bytes pass by;
fields of 64 bits stand where 32 are too few. Any unzip program reads it.
"""

import re
import struct
import zlib
from collections.abc import Iterable, Iterator, Sequence
from typing import BinaryIO, NamedTuple

from sixfaces.vault.faults import custody_error

NAME = re.compile(r"[a-z0-9_][a-z0-9._-]{0,99}(/[a-z0-9_][a-z0-9._-]{0,99}){0,7}")
"""Lower case, so that no two names are one on any file system; no part begins with a dot or a hyphen."""
MOST_MEMBERS = 60_000
MOST_DIRECTORY = 32 * 2**20
LIMIT_32 = 0xFFFF_FFFF
"""From this size or place on, fields of 64 bits are used."""
PIECE = 2**20

_WIDE = 0xFFFF_FFFF
_STREAMED, _DATE = 0x0008, 0x0021
_LOCAL, _CENTRAL = struct.Struct("<4s5H3L2H"), struct.Struct("<4s6H3L5H2L")
_END, _END_64, _LOCATOR = struct.Struct("<4s4H2LH"), struct.Struct("<4sQ2H2L4Q"), struct.Struct("<4sLQL")


class Member(NamedTuple):
    """One file inside: its bytes are those from `start` to `end` of the archive."""

    name: str
    size: int
    crc: int
    offset: int

    @property
    def start(self) -> int:
        """Where its bytes begin."""
        return self.offset + len(_local(self.name, self.size))

    @property
    def end(self) -> int:
        """Where its bytes end and its descriptor begins."""
        return self.start + self.size


class ZipWriting:
    """An archive as a stream: yield everything from `member` for each file, then everything from `ending`."""

    def __init__(self) -> None:
        self._members: list[Member] = []
        self._names: set[str] = set()
        self._offset = 0

    def member(self, name: str, pieces: Iterable[bytes], *, size: int) -> Iterator[bytes]:
        """One file of exactly `size` bytes. ValueError if it has more or fewer, or for a name that is not allowed."""
        if not NAME.fullmatch(name) or name in self._names:
            raise ValueError(f"not a name for a member: {name[:80]!r}")
        self._names.add(name)
        yield _local(name, size)
        crc, written = 0, 0
        for piece in pieces:
            crc, written = zlib.crc32(piece, crc), written + len(piece)
            yield piece
        if written != size:
            raise ValueError(f"{name}: {written} bytes instead of {size}")
        member = Member(name, size, crc, self._offset)
        yield _descriptor(member)
        self._members.append(member)
        self._offset = member.end + len(_descriptor(member))

    def ending(self) -> Iterator[bytes]:
        """The directory."""
        yield _directory(self._members, self._offset)


def members_of(file: BinaryIO) -> tuple[Member, ...]:
    """The members of an archive, in order. Raises CustodyError `custody.bundle_form`, which names the byte range,
    for anything but this one form. The members' own bytes are not read."""
    length = file.seek(0, 2)
    count, at = _end_of(file, length)
    if count > MOST_MEMBERS or not 0 <= length - at <= MOST_DIRECTORY:
        raise _wrong("directory", at, length)
    directory = _read(file, at, length - at)
    members = tuple(_parsed(directory, count))
    if len({member.name for member in members}) != count:
        raise _wrong("directory: a name twice", at, length)
    if _directory(members, at) != directory:
        raise _wrong("directory", at, length)
    offset = 0
    for member in members:
        _check_frame(file, member, offset)
        offset = member.end + len(_descriptor(member))
    if offset != at:
        raise _wrong("gap", offset, at)
    return members


def bytes_of(file: BinaryIO, member: Member) -> Iterator[bytes]:
    """A member's bytes in pieces of 1 MiB."""
    for start in range(member.start, member.end, PIECE):
        yield _read(file, start, min(PIECE, member.end - start))


def _check_frame(file: BinaryIO, member: Member, offset: int) -> None:
    """Header and descriptor are where and what they must be."""
    header, behind = _local(member.name, member.size), _descriptor(member)
    if member.offset != offset or _read(file, offset, len(header)) != header:
        raise _wrong(member.name, offset, offset + len(header))
    if _read(file, member.end, len(behind)) != behind:
        raise _wrong(member.name, member.end, member.end + len(behind))


def _end_of(file: BinaryIO, length: int) -> tuple[int, int]:
    """How many members there are, and where the directory begins."""
    if length < _END.size:
        raise _wrong("end", 0, length)
    end = _END.unpack(_read(file, length - _END.size, _END.size))
    count, at = end[4], end[6]
    if end[3] == 0xFFFF or _WIDE in end[5:7]:
        start = length - _END.size - _LOCATOR.size - _END_64.size
        if start < 0:
            raise _wrong("end", 0, length)
        wide = _END_64.unpack(_read(file, start, _END_64.size))
        count, at = wide[7], wide[9]
    if end[0] != b"PK\5\6" or not 0 <= at <= length:
        raise _wrong("end", length - _END.size, length)
    return count, at


def _parsed(directory: bytes, count: int) -> Iterator[Member]:
    """What the directory says; whether it says it in the one form is seen by writing it again."""
    place = 0
    for _ in range(count):
        head = directory[place : place + _CENTRAL.size]
        if len(head) < _CENTRAL.size:
            raise custody_error("bundle_form", "directory")
        fields = _CENTRAL.unpack(head)
        crc, size, name_length, extra_length, offset = fields[7], fields[9], fields[10], fields[11], fields[16]
        place += _CENTRAL.size
        name, place = directory[place : place + name_length].decode("latin-1"), place + name_length
        wide, place = list(_wide_of(directory[place : place + extra_length])), place + extra_length
        if size == _WIDE and wide:
            size = wide.pop(0)
            wide = wide[1:]
        if offset == _WIDE and wide:
            offset = wide.pop(0)
        if not NAME.fullmatch(name):
            raise custody_error("bundle_form", f"directory: {name[:80]!a}")
        yield Member(name, size, crc, offset)


def _wide_of(extra: bytes) -> tuple[int, ...]:
    count = max(0, len(extra) - 4) // 8
    return struct.unpack(f"<{count}Q", extra[4 : 4 + 8 * count]) if count else ()


def _local(name: str, size: int) -> bytes:
    told = name.encode("ascii")
    if size < LIMIT_32:
        return _LOCAL.pack(b"PK\3\4", 20, _STREAMED, 0, 0, _DATE, 0, 0, 0, len(told), 0) + told
    head = _LOCAL.pack(b"PK\3\4", 45, _STREAMED, 0, 0, _DATE, 0, _WIDE, _WIDE, len(told), 20)
    return head + told + struct.pack("<2H2Q", 1, 16, 0, 0)


def _descriptor(member: Member) -> bytes:
    form = "<4sL2L" if member.size < LIMIT_32 else "<4sL2Q"
    return struct.pack(form, b"PK\7\x08", member.crc, member.size, member.size)


def _central(member: Member) -> bytes:
    name, extra = member.name.encode("ascii"), b""
    size, offset = member.size, member.offset
    if size >= LIMIT_32:
        extra, size = struct.pack("<2Q", size, size), _WIDE
    if offset >= LIMIT_32:
        extra, offset = extra + struct.pack("<Q", offset), _WIDE
    needed = 45 if extra else 20
    extra = struct.pack("<2H", 1, len(extra)) + extra if extra else b""
    made, mode = 0x0300 | needed, 0o100644 << 16
    return _CENTRAL.pack(
        b"PK\1\2", made, needed, _STREAMED, 0, 0, _DATE, member.crc, size, size, len(name), len(extra), 0, 0, 0,
        mode, offset,
    ) + name + extra  # fmt: skip


def _directory(members: Sequence[Member], at: int) -> bytes:
    """Everything behind the last member."""
    told = b"".join(map(_central, members))
    count, size, start = len(members), len(told), at
    if count >= 0xFFFF or start >= LIMIT_32:
        told += _END_64.pack(b"PK\6\6", 44, 0x032D, 45, 0, 0, count, count, size, start)
        told += _LOCATOR.pack(b"PK\6\7", 0, start + size, 1)
        count, size, start = 0xFFFF, _WIDE, _WIDE
    return told + _END.pack(b"PK\5\6", 0, 0, count, count, size, start, 0)


def _read(file: BinaryIO, start: int, count: int) -> bytes:
    file.seek(start)
    data = file.read(count)
    if len(data) != count:
        raise _wrong("end", start, start + count)
    return data


def _wrong(what: str, start: int, end: int) -> Exception:
    return custody_error("bundle_form", f"{what} [{start}:{end}]")
