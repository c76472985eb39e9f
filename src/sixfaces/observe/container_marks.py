"""Plain readings of a container's outermost boxes."""

from collections.abc import Sequence

from sixfaces.media.probe import Box, ContainerProbe


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
