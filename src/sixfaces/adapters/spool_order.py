"""Where the bytes of an upload lie, and in which order: the same for every spool.

A place is `<upload>/<token>-<start>-<random>`: one writer's own, and what it holds begins at byte `start`.
"""

import re
import secrets
from collections.abc import Iterable

from sixfaces.domain.upload import Segment

_UPLOAD = re.compile(r"[A-Za-z0-9_-]{1,64}")
_PLACE = re.compile(r"([A-Za-z0-9_-]{1,64})/\d{1,20}-(\d{1,20})-[0-9a-f]{16}")


def upload_checked(upload_id: str) -> str:
    """The id itself. ValueError for one that could be no folder's name."""
    if not _UPLOAD.fullmatch(upload_id):
        raise ValueError(f"not an upload's id: {upload_id[:80]!r}")
    return upload_id


def new_place(upload_id: str, *, token: int, start: int) -> str:
    """A place that no other writer has, also none of the same token."""
    return f"{upload_checked(upload_id)}/{token}-{start}-{secrets.token_hex(8)}"


def begin_of(segment: Segment) -> int:
    """The byte of the upload that its place begins with. ValueError for a place outside this upload's."""
    place = _PLACE.fullmatch(segment.place)
    if not place or place[1] != segment.upload_id or int(place[2]) > segment.start:
        raise ValueError(f"not a place in this spool: {segment.place[:80]!r}")
    return int(place[2])


def in_order(upload_id: str, segments: Iterable[Segment]) -> list[Segment]:
    """The fewest segments that hold the same bytes. ValueError for a gap, an overlap or another upload's segment."""
    runs: list[Segment] = []
    for segment in sorted((s for s in segments if s.length), key=lambda s: s.start):
        end = runs[-1].start + runs[-1].length if runs else 0
        if segment.start != end or segment.upload_id != upload_id:
            raise ValueError(f"segments of {upload_id} do not join: {segment.start} after {end}")
        if runs and runs[-1].place == segment.place:
            runs[-1] = runs[-1].model_copy(update={"length": runs[-1].length + segment.length})
        else:
            runs.append(segment)
    return runs
