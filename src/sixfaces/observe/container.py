"""The container's biography: what a file says about itself, and where that does not hang together.

1. What it is: format, brands, streams, device.               -> container
2. What it hides or repeats by its edit lists.                -> edit_list       (see `edit_lists`)
3. Where its packets' times jump.                             -> timestamp_gap   (see `timestamp_gaps`)
4. Which programs left their names.                           -> tool_tag        (see `tool_tags`, `tools`)
5. What betrays an earlier encoding.                          -> reencode_hint   (see `reencoding`, `photo_hints`)
Places and serial numbers are not kept: only that the file names a place.
"""

from collections.abc import Iterable, Iterator
from typing import ClassVar

import numpy as np

from sixfaces.domain.facts import ContainerFact, StreamFact, UnmeasuredFact
from sixfaces.domain.observation import Measured
from sixfaces.media.frames import Photo
from sixfaces.media.probe import MISSING, ContainerProbe, PacketTable, StreamProbe
from sixfaces.observe.container_marks import brands, is_fragmented, names_a_place, unread_structure
from sixfaces.observe.edit_lists import edit_list_facts
from sixfaces.observe.foreign_text import plain
from sixfaces.observe.observer import KeepPicture, Observer, Tier
from sixfaces.observe.photo_hints import photo_hints
from sixfaces.observe.reencoding import container_hints
from sixfaces.observe.timestamp_gaps import timestamp_gap_facts
from sixfaces.observe.tool_tags import container_tool_tags, device, photo_tool_tags

VARYING_STEP = 0.1
VARYING_SHARE = 0.05
"""A stream has a variable rate if one step in twenty is a tenth longer or shorter than the middle one."""

MEDIA = ("video", "audio", "data", "subtitle", "attachment")


class ContainerBiography(Observer):
    """Headers, packets and tags; no pixel is looked at."""

    name: ClassVar[str] = "container"
    version: ClassVar[str] = "1"
    wants: ClassVar[frozenset[Tier]] = frozenset({Tier.CONTAINER, Tier.PHOTO})
    measures: ClassVar[tuple[str, ...]] = ("container", "edit_list", "timestamp_gap", "tool_tag", "reencode_hint")

    def __init__(self, keep: KeepPicture) -> None:
        super().__init__(keep)
        self._found: list[Measured] = []

    def container(self, probe: ContainerProbe) -> None:
        """Everything a video's container tells."""
        self._found = [
            Measured(fact=_container_fact(probe)),
            *edit_list_facts(probe.boxes),
            *timestamp_gap_facts(probe),
            *container_tool_tags(probe),
            *container_hints(probe),
            *_holes(probe),
        ]

    def photo(self, photo: Photo) -> None:
        """Everything a photo's file tells."""
        fact = ContainerFact(
            format=photo.format,
            has_location="GPS" in photo.exif,
            device=device(photo.exif),
            trailing_bytes=photo.trailing_bytes,
        )
        self._found = [Measured(fact=fact), *photo_tool_tags(photo), *photo_hints(photo)]

    def finish(self) -> Iterable[Measured]:
        """The container first, then what was found in it."""
        return self._found


def _container_fact(probe: ContainerProbe) -> ContainerFact:
    picture = probe.streams[probe.picture]
    return ContainerFact(
        format=plain(probe.format),
        brands=tuple(map(plain, brands(probe.boxes))),
        duration_s=probe.duration_s,
        bit_rate=probe.bit_rate,
        streams=tuple(map(_stream_fact, probe.streams)),
        variable_rate=_varies(picture.packets),
        fragmented=is_fragmented(probe.boxes),
        interlaced=picture.interlaced,
        has_location=names_a_place(probe),
        device=device(probe.tags),
        trailing_bytes=probe.trailing_bytes,
    )


def _holes(probe: ContainerProbe) -> Iterator[Measured]:
    why = unread_structure(probe)
    if why is not None:
        yield Measured(fact=UnmeasuredFact(of=("edit_list",), code="structure_unread", detail=why))


def _stream_fact(stream: StreamProbe) -> StreamFact:
    return StreamFact.model_validate(
        {
            "index": stream.index,
            "media": stream.media if stream.media in MEDIA else "unknown",
            "codec": plain(stream.codec),
            "profile": plain(stream.profile) if stream.profile else None,
            "duration_s": stream.duration_s,
            "packets": int(stream.packets.size.size),
        }
    )


def _varies(packets: PacketTable) -> bool:
    steps = np.diff(np.unique(packets.pts[packets.pts != MISSING])).astype(np.float64)
    if steps.size < 2:
        return False
    return float(np.mean(np.abs(steps / np.median(steps) - 1) > VARYING_STEP)) > VARYING_SHARE
