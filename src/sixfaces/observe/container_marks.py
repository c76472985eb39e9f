"""Plain readings of a container's outermost boxes."""

from collections.abc import Sequence

from sixfaces.media.boxes import MAX_BOXES, is_iso
from sixfaces.media.probe import Box, ContainerProbe

TIMING = frozenset(("moov/mvhd", "moov/trak/edts/elst", "moov/trak/mdia/mdhd", "moov/trak/mdia/hdlr"))
"""Boxes without which an edit list cannot be judged."""

LARGEST_HEADER = 16


def brands(boxes: Sequence[Box]) -> tuple[str, ...]:
    """The major brand and then the compatible ones, as stored."""
    payload = next((box.payload for box in boxes if box.path == "ftyp"), b"")
    codes = [payload[:4], *(payload[at : at + 4] for at in range(8, len(payload) - 3, 4))] if len(payload) >= 8 else []
    return tuple(code.decode("latin-1").replace("\x00", " ").strip() for code in codes[:32])


def is_fragmented(boxes: Sequence[Box]) -> bool:
    """Whether the media lie in movie fragments."""
    return any(box.path in ("moof", "moov/mvex") for box in boxes)


def names_a_place(probe: ContainerProbe) -> bool:
    """Whether a tag or box holds coordinates (ISO 6709 `location`, QuickTime `(c)xyz`, 3GPP `loci`)."""
    tags = [*probe.tags, *(tag for stream in probe.streams for tag in stream.tags)]
    return any("location" in tag.lower() for tag in tags) or any(
        box.path.endswith(("/\xa9xyz", "/loci")) for box in probe.boxes
    )


def unread_structure(probe: ContainerProbe) -> str | None:
    """Why our own walk did not see all that matters of an ISO file that has tracks, or None if it did.

    A header pushed behind thousands of boxes, or compressed, plays all the same: what cannot be read here must not
    pass for clean.
    """
    if not is_iso(probe.format):
        return None
    if not any(box.path == "moov/trak" for box in probe.boxes):
        return "no track was found by walking the boxes"
    if len(probe.boxes) >= MAX_BOXES and probe.boxes[-1].path.startswith("moov/"):
        return (
            f"the header has more than {MAX_BOXES} boxes"  # fragments behind the header may have as many as they like
        )
    short = (box for box in probe.boxes if box.path in TIMING and box.size - LARGEST_HEADER > len(box.payload))
    return "tables of timing could not be read whole" if any(short) else None
