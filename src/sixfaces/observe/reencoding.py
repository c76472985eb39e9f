"""Traces of earlier encoding. Each is a hint and no proof: honest footage that went through a messenger has them, too.

`strength` is how unusual the trace is in files straight from a camera, by our judgement of how recorders write:
0.9 contradicts what the file claims to be, 0.6 is the habit of programs more than of recorders, 0.3 is common in both.
"""

import re
from collections.abc import Iterator

import numpy as np

from sixfaces.domain.facts import ReencodeHintFact
from sixfaces.domain.observation import Measured
from sixfaces.media.probe import ContainerProbe, StreamProbe
from sixfaces.observe.container_marks import brands, is_fragmented, unread_structure
from sixfaces.observe.foreign_text import plain
from sixfaces.observe.tool_tags import device

_SOFTWARE_ENCODER = re.compile(r"x264|x265|Lavc|libvpx|SVT-|AOMedia", re.IGNORECASE)
_LAVF_BRANDS = ("isom", "isom", "iso2", "avc1", "mp41")
_LAVF_HEVC_BRANDS = ("isom", "isom", "iso2", "mp41")
_ZERO_MINOR = "512"
KEYINT = 250
"""Frames between key frames when x264, x265 and FFmpeg are not told otherwise; recorders use one or two seconds."""


def container_hints(probe: ContainerProbe) -> Iterator[Measured]:
    """All hints of a container, strongest cause first."""
    picture = probe.streams[probe.picture]
    maker = _claimed_recorder(probe)
    encoders = [
        text for text in (*probe.encoder_strings, picture.tags.get("encoder", "")) if _SOFTWARE_ENCODER.search(text)
    ]
    if encoders and maker:
        yield _hint("software_encoder_in_phone_file", f"{plain(encoders[0], most=40)} in a file of {maker}", 0.9)
    elif encoders:
        yield _hint("software_encoder", plain(encoders[0], most=60), 0.5)
    if not encoders and _stripped(probe):
        yield _hint("tags_stripped", "brands and handlers of FFmpeg's muxer without its name", 0.7)
    yield from _gop_hint(picture)
    if (unread := unread_structure(probe)) is not None:
        yield _hint("structure_unread", unread, 0.9)
    if is_fragmented(probe.boxes):
        yield _hint("fragmented", "written in fragments, as browsers and streaming tools do", 0.2)
    if probe.boxes and not probe.tags.get("creation_time"):
        yield _hint("no_creation_time", "the header has no time of creation", 0.3)


def _hint(hint: str, detail: str, strength: float) -> Measured:
    return Measured(fact=ReencodeHintFact(hint=hint, detail=detail, strength=strength))


def _claimed_recorder(probe: ContainerProbe) -> str | None:
    """The device or phone system that the file claims to come from."""
    if (named := device(probe.tags)) is not None:
        return named
    handlers = {stream.tags.get("handler_name") for stream in probe.streams}
    if "com.android.version" in probe.tags or "VideoHandle" in handlers:
        return "an Android recorder"
    return "an Apple recorder" if "Core Media Video" in handlers else None


def _stripped(probe: ContainerProbe) -> bool:
    """FFmpeg's muxer wrote it, and was told not to say so (or the name was taken out)."""
    major_minor = probe.tags.get("major_brand") == "isom" and probe.tags.get("minor_version") == _ZERO_MINOR
    handlers = {stream.tags.get("handler_name") for stream in probe.streams}
    known = brands(probe.boxes) in (_LAVF_BRANDS, _LAVF_HEVC_BRANDS)
    return major_minor and known and "VideoHandler" in handlers and "encoder" not in probe.tags


def _gop_hint(picture: StreamProbe) -> Iterator[Measured]:
    """Key frames exactly 250 frames apart at most, but also nearer: a fixed limit and scene cuts."""
    keys = np.flatnonzero(picture.packets.key)
    if keys.size < 3:
        return
    steps = np.diff(keys)
    if int(steps.max()) == KEYINT:
        yield _hint("default_key_interval", f"key frames at most {KEYINT} frames apart, {keys.size} of them", 0.6)
