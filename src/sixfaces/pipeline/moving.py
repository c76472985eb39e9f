"""All bytes of an installation from one store to another. What is there already is not sent again: a move that died is
begun anew."""

from collections.abc import Callable, Iterable
from typing import NamedTuple

from sixfaces.domain.blobs import Blobs, Spool
from sixfaces.domain.upload import Segment

ORIGINALS = "originals/"
_PIECE = 1 << 20

OnKey = Callable[[str], None]


class Copied(NamedTuple):
    """How many of each there are in the new store."""

    originals: int
    derived: int


def copy_blobs(source: Blobs, target: Blobs, *, gone: Iterable[str] = (), on_key: OnKey = lambda _: None) -> Copied:
    """Every original, checked against its digest on both sides, and all derived bytes. `gone`: prefixes of what may
    have been erased since an earlier move; what the source has no more under these goes in the target too.

    Raises StoreError: `store.corrupt` names an original that is damaged in the source, which has to be restored first.
    """
    for prefix in gone:
        there = set(source.list(prefix))
        for key in [key for key in target.list(prefix) if key not in there]:
            target.erase(key)
    originals = derived = 0
    for key in source.list(""):
        if key.startswith(ORIGINALS):
            sha256 = key.rpartition("/")[2]
            with source.fetched(key, sha256=sha256) as path:
                target.seal(key, path, sha256=sha256)
            originals += 1
        else:
            data = source.get(key)
            if data is not None and target.get(key) != data:
                target.put(key, data)
            derived += 1
        on_key(key)
    return Copied(originals, derived)


def copy_segment(source: Spool, target: Spool, segment: Segment, *, token: int) -> Segment:
    """Bytes of an unfinished upload; where they lie now. Raises StoreError."""
    writer = target.writer(segment.upload_id, token=token, start=segment.start)
    try:
        with source.read(segment) as file:
            while piece := file.read(_PIECE):
                writer.write(piece)
        kept = writer.flush()
    finally:
        writer.close()
    if kept is None or kept.length != segment.length:
        raise AssertionError(f"{segment.place}: the spool has other bytes than it was read to have")
    return kept
