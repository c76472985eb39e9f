"""The segments of an upload in order, with neighbours of one writer joined: what every spool assembles from."""

from collections.abc import Iterable

from sixfaces.domain.upload import Segment


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
