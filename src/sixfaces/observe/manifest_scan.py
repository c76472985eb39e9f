"""Is there a C2PA manifest at all? A walk over the outermost structure of a file, without any library.

Where the specification (C2PA 2.1, appendix A, "Embedding manifests into assets") puts the manifest:

- JPEG: APP11 segments whose payload begins with the letters JP (JPEG XT boxes, of which JUMBF is one kind)
- PNG: a chunk `caBX`
- WebP and AVI: a RIFF chunk `C2PA`
- MP4, MOV, HEIF, AVIF: a top-level `uuid` box with C2PA's own identifier

The walk skips payloads by seeking: its price does not grow with the size of the file.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

C2PA_UUID = bytes.fromhex("d8fec3d61b0e483c92975828877ec481")
MOST_STEPS = 20_000
"""More segments than any honest file has at its outermost level (fragmented recordings have two boxes a second)."""

_PNG = b"\x89PNG\r\n\x1a\n"
_STANDALONE = frozenset({0x01, *range(0xD0, 0xD9)})
_START_OF_SCAN, _END_OF_IMAGE, _APP11 = 0xDA, 0xD9, 0xEB


def has_manifest(path: Path) -> bool:
    """Whether the file has a place where a C2PA manifest is kept. True may still turn out to be something else.

    Files of other formats, and torn ones, have none that the walk can find. Errors: OSError.
    """
    with path.open("rb") as file:
        head = file.read(16)
        if head[:2] == b"\xff\xd8":
            return _found(_jpeg(file))
        if head[:8] == _PNG:
            return _found(_png(file))
        if head[:4] == b"RIFF":
            return _found(_riff(file))
        return _found(_boxes(file)) if head[4:8] == b"ftyp" else False


def _found(steps: Iterator[bool]) -> bool:
    return any(hit for hit, _ in zip(steps, range(MOST_STEPS), strict=False))


def _jpeg(file: BinaryIO) -> Iterator[bool]:
    file.seek(2)
    while len(mark := file.read(2)) == 2 and mark[0] == 0xFF:
        if mark[1] == 0xFF:  # fill byte
            file.seek(-1, 1)
        elif mark[1] in (_START_OF_SCAN, _END_OF_IMAGE):
            return
        elif mark[1] not in _STANDALONE:
            size = int.from_bytes(file.read(2))
            yield mark[1] == _APP11 and file.read(2) == b"JP"
            file.seek(max(size - 2, 0) - (2 if mark[1] == _APP11 else 0), 1)


def _png(file: BinaryIO) -> Iterator[bool]:
    file.seek(8)
    while len(head := file.read(8)) == 8:
        yield head[4:] == b"caBX"
        file.seek(int.from_bytes(head[:4]) + 4, 1)


def _riff(file: BinaryIO) -> Iterator[bool]:
    file.seek(12)
    while len(head := file.read(8)) == 8:
        yield head[:4] == b"C2PA"
        size = int.from_bytes(head[4:], "little")
        file.seek(size + size % 2, 1)


def _boxes(file: BinaryIO) -> Iterator[bool]:
    file.seek(0)
    while len(head := file.read(8)) == 8:
        size, used = int.from_bytes(head[:4]), 8
        if size == 1:
            size, used = int.from_bytes(file.read(8)), 16
        if head[4:] == b"uuid":
            yield file.read(16) == C2PA_UUID
            used += 16
        else:
            yield False
        if size < used:  # 0 means "to the end of the file"; all else below is a lie
            return
        file.seek(size - used, 1)
