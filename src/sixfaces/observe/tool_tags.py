"""Where programs leave their names: container and stream tags, handlers, user data, encoder strings, EXIF and XMP."""

import json
import re
from collections.abc import Iterator, Mapping

from sixfaces.domain.facts import ToolKind, ToolTagFact
from sixfaces.domain.observation import Measured
from sixfaces.media.frames import Photo
from sixfaces.media.probe import Box, ContainerProbe
from sixfaces.observe.foreign_text import plain
from sixfaces.observe.tools import DEVICE_FIELDS, kind_of

PROGRAM_FIELDS = frozenset(
    (
        "encoder", "encoded_by", "software", "writing_library", "writing_application", "creation_tool", "tool",
        "comment", "description", "handler_name", "firmware", "product", "vendor", "compressor",
        "com.apple.quicktime.software", "com.apple.quicktime.comment", "com.apple.quicktime.description",
        "com.android.version", "com.android.capture.fps",
    )
)  # fmt: skip
"""Tags that programs fill. Titles, artists and the like are people's words and are not read."""

FREE_TEXT = frozenset(("comment", "description", "com.apple.quicktime.comment", "com.apple.quicktime.description"))
"""People may write here, too: only marks that we know are told, and a generator's name alone is not proof."""

SILENT_HANDLERS = re.compile(r"^(video|sound|metadata|data|timecode|core media|)[ a-z]*$", re.IGNORECASE)

HEARSAY = 0.4
"""Confidence in a generator that is merely named, or that says itself that it only suspects (GB 45438 labels 2, 3)."""

_CREATOR = re.compile(rb"CreatorTool(?:>|=\")([^<\"]{1,200})")
_MADE_WITH = re.compile(rb"(IsoMedia File Produced[ -~]{0,60}|HandBrake[ -~]{0,60})")
MOST_TAGS = 24


def container_tool_tags(probe: ContainerProbe) -> Iterator[Measured]:
    """What the container names as its writers, each name once."""
    yield from _distinct(_container_pairs(probe))


def photo_tool_tags(photo: Photo) -> Iterator[Measured]:
    """What EXIF names as the picture's last writer, and generators' labels among its fields."""
    fields = ("software", "processingsoftware", "creatortool", "aigc")
    yield from _distinct((field, text) for field, text in photo.exif.items() if field.lower() in fields)


def device(tags: Mapping[str, str]) -> str | None:
    """Maker and model as `Apple iPhone 13`, from a container's tags or EXIF; None if neither is named."""
    found = {field.lower().rpartition(".")[2]: text for field, text in tags.items() if field.lower() in DEVICE_FIELDS}
    maker, model = found.get("make") or found.get("manufacturer"), found.get("model")
    if maker and model and model.lower().startswith(maker.lower().split()[0]):
        maker = None
    return plain(" ".join(part for part in (maker, model) if part), most=80) or None


def _container_pairs(probe: ContainerProbe) -> Iterator[tuple[str, str]]:
    for field, text in probe.tags.items():
        if field.lower() in PROGRAM_FIELDS or field.lower() in DEVICE_FIELDS or field.upper() == "AIGC":
            yield field, text
    for stream in probe.streams:
        for field, text in stream.tags.items():
            if field.lower() in PROGRAM_FIELDS:
                yield field, text
    for text in probe.encoder_strings:
        yield "encoder_string", text.partition(" - options:")[0]
    for box in probe.boxes:
        yield from _box_pairs(box)


def _box_pairs(box: Box) -> Iterator[tuple[str, str]]:
    name = box.path.rpartition("/")[2]
    if box.path == "beam":
        yield "box", "beam (WhatsApp)"
    elif name in ("\xa9swr", "\xa9too", "\xa9enc", "\xa9fmt") and not box.path.count("/ilst/"):
        yield "software", box.payload[4:].decode("utf-8", "replace")
    elif name == "uuid" and (tool := _CREATOR.search(box.payload)):
        yield "CreatorTool", tool[1].decode("utf-8", "replace")
    elif name in ("free", "skip") and (made := _MADE_WITH.search(box.payload)):
        yield "free", made[1].decode("ascii")


def _distinct(pairs: Iterator[tuple[str, str]]) -> Iterator[Measured]:
    told: set[tuple[str, str]] = set()
    for field, text in pairs:
        value = plain(text)
        if not value or (field, value) in told or len(told) >= MOST_TAGS:
            continue
        tool = kind_of(field, value)
        if tool is ToolKind.UNKNOWN and (field.lower() in FREE_TEXT or field == "handler_name"):
            continue
        told.add((field, value))
        yield Measured(
            fact=ToolTagFact(field=plain(field, most=60), value=value, tool=tool), confidence=_sure(field, text, tool)
        )


def _sure(field: str, text: str, tool: ToolKind) -> float:
    """1 but for generators: certain only where the label of GB 45438-2025 says "generated"."""
    if tool is not ToolKind.GENERATOR:
        return 1.0
    if field.upper() != "AIGC":
        return HEARSAY
    try:
        label = json.loads(text)
    except (ValueError, RecursionError):
        return HEARSAY
    return 1.0 if isinstance(label, dict) and str(label.get("Label")) == "1" else HEARSAY
