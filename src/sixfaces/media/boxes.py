"""Our own walk over the boxes of an ISO file (MP4, MOV, 3GP, HEIC), independent of the demuxer's view.

ISO/IEC 14496-12. Iterative and bounded: a thousand boxes inside each other are a note, not a recursion.
"""

from io import BytesIO
from pathlib import Path
from typing import BinaryIO

from sixfaces.media.probe import Box

MAX_BOXES = 5_000
MAX_DEPTH = 12
"""Real files nest to eight (moov/trak/mdia/minf/stbl/stsd/avc1/avcC)."""

MAX_PAYLOAD = 16_384
MAX_PAYLOADS = 1_000_000
"""Bytes kept of one payload and of all."""

_CONTAINER_TYPES = "moov trak mdia minf stbl dinf edts udta mvex moof traf mfra meta ilst iprp ipco"
_CONTAINERS = frozenset(_CONTAINER_TYPES.split())

_KEPT_TYPES = (
    "ftyp styp mvhd tkhd mdhd elst stts hdlr keys data name mean uuid mfro tfra mehd trex mfhd vmhd smhd stsd "
    "pitm infe free skip wide loci chpl"
)
_KEPT = frozenset(_KEPT_TYPES.split())
"""Types whose payload is kept if small. `free` too: editors leave their names there."""

_QUICKTIME_TEXT = 0xA9
"""First byte of QuickTime user data types such as (c)swr, shown as U+00A9."""


_DEMUXERS = frozenset(["mov", "mp4", "m4a", "3gp", "3g2", "mj2"])
"""Names under which one and the same demuxer is known; a forced one bears the name it was forced by."""


def is_iso(format_name: str) -> bool:
    """Whether the demuxer of this name reads ISO boxes."""
    return not _DEMUXERS.isdisjoint(format_name.split(","))


def walk(path: Path) -> tuple[tuple[Box, ...], int]:
    """All boxes in file order and the count of bytes at the end of the file that belong to no box.

    A box's path joins types with `/`, items of `ilst` under `meta` with `keys` carry their one-based number as `#1`.
    Stops quietly at MAX_BOXES; does not descend below MAX_DEPTH.
    """
    size = path.stat().st_size
    with path.open("rb") as file:
        return _Walk(file, size).run()


def walk_bytes(data: bytes) -> tuple[tuple[Box, ...], int]:
    """`walk` over bytes in memory."""
    return _Walk(BytesIO(data), len(data)).run()


class _Walk:
    def __init__(self, file: BinaryIO, size: int) -> None:
        self._file = file
        self._size = size
        self._found: list[Box] = []
        self._kept = 0

    def run(self) -> tuple[tuple[Box, ...], int]:
        trailing = 0
        pending = [("", 0, self._size)]
        while pending and len(self._found) < MAX_BOXES:
            parent, offset, end = pending.pop()
            header = self._header(offset, end)
            if header is None:
                if not parent:
                    trailing = end - offset
                continue
            name, start, stop, cut = header
            if stop < end:
                pending.append((parent, stop, end))
            inside = f"{parent}/{name}" if parent else name
            payload = self._payload(start, stop) if _wanted(name, inside) else b""
            self._found.append(Box(inside, offset, stop - offset, payload, cut))
            if self._opens(name, parent) and inside.count("/") < MAX_DEPTH:
                pending.append((inside, self._first_child(name, start, stop), stop))
        return tuple(self._found), trailing

    def _header(self, offset: int, end: int) -> tuple[str, int, int, bool] | None:
        """Type, where the payload starts, where the box stops, whether it claims more; None where no box can be."""
        if end - offset < 8:
            return None
        head = self._read(offset, 16)
        size, name, start = int.from_bytes(head[:4], "big"), _name(head[4:8]), offset + 8
        if name is None:
            return None
        if size == 1 and len(head) == 16:
            size, start = int.from_bytes(head[8:16], "big"), offset + 16
        elif size == 0:
            size = end - offset
        if offset + size < start:
            return None
        return name, start, min(offset + size, end), offset + size > end

    def _payload(self, start: int, stop: int) -> bytes:
        length = min(stop - start, MAX_PAYLOAD)
        if self._kept + length > MAX_PAYLOADS:
            return b""
        self._kept += length
        return self._read(start, length)

    def _opens(self, name: str, parent: str) -> bool:
        return name in _CONTAINERS or parent.endswith("/ilst")

    def _first_child(self, name: str, start: int, stop: int) -> int:
        """`meta` is a full box in ISO files and a plain one in QuickTime: a type in place of a size tells."""
        if name != "meta" or stop - start < 12:
            return start
        return start if self._read(start + 4, 4) == b"hdlr" else start + 4

    def _read(self, offset: int, length: int) -> bytes:
        self._file.seek(offset)
        return self._file.read(length)


def _wanted(name: str, inside: str) -> bool:
    if name in _CONTAINERS:
        return False
    return name in _KEPT or name.startswith("\xa9") or "/udta/" in inside or "/ilst/" in inside


def _name(raw: bytes) -> str | None:
    """The type as text; `#n` for the numbered items of `ilst`; None for what cannot be a type."""
    number = int.from_bytes(raw, "big")
    if 0 < number < 0x10000:
        return f"#{number}"
    if all(0x20 <= byte < 0x7F or byte == _QUICKTIME_TEXT for byte in raw) and len(raw) == 4:
        return raw.decode("latin-1").replace("/", "_")
    return None
