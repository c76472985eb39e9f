"""Facts about the file, its continuity and its quality: what observers of this part measure.

A fact is the value of an observation; its `kind` names it for ever. Units stand in the field names.
Facts about the parcel are in `parcel_facts`; facts read from print are in `reading_facts`.
"""

from base64 import b64decode
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import AwareDatetime, Field, model_validator

from sixfaces.domain.exhibit import Seconds
from sixfaces.domain.model import Model, Sha256, Text, Unit

Count = Annotated[int, Field(ge=0)]

REGION_BYTES = 32
"""Of one region's hash."""
_BASE64 = r"^[A-Za-z0-9+/]*={0,2}$"


class StreamFact(Model):
    """One stream of a container."""

    index: Count
    media: Literal["video", "audio", "data", "subtitle", "attachment", "unknown"]
    codec: Text
    profile: Text | None = None
    duration_s: Seconds | None = None
    packets: Count | None = None


class ContainerFact(Model):
    """What the container says about itself. Places and device serials are not kept, only that they exist."""

    kind: Literal["container"] = "container"
    format: Text
    brands: tuple[Text, ...] = ()
    duration_s: Seconds | None = None
    bit_rate: Count | None = None
    streams: tuple[StreamFact, ...] = ()
    variable_rate: bool = False
    fragmented: bool = False
    interlaced: bool = False
    has_location: bool = False
    device: Text | None = None
    trailing_bytes: Count = 0


class EditListFact(Model):
    """An edit list that does more than align start times: it hides or repeats recorded media."""

    kind: Literal["edit_list"] = "edit_list"
    entries: Count
    hidden_s: Seconds
    benign: bool
    detail: Text


class TimestampGapFact(Model):
    """A hole, step back or overlap between consecutive packets of one stream."""

    kind: Literal["timestamp_gap"] = "timestamp_gap"
    stream: Literal["video", "audio"]
    gap_s: float
    expected_s: Seconds


class ToolKind(StrEnum):
    """What sort of program a tag betrays."""

    RECORDER = "recorder"
    TRANSCODER = "transcoder"
    EDITOR = "editor"
    GENERATOR = "generator"
    UNKNOWN = "unknown"


class ToolTagFact(Model):
    """A tag, a stream's user data or an EXIF field that names the program that wrote the file."""

    kind: Literal["tool_tag"] = "tool_tag"
    field: Text
    value: Text
    tool: ToolKind


class ReencodeHintFact(Model):
    """A trace of earlier encoding: advisory, never proof. `strength` is how unusual it is in camera originals."""

    kind: Literal["reencode_hint"] = "reencode_hint"
    hint: Text
    detail: Text
    strength: Unit


class ProvenanceState(StrEnum):
    """State of a C2PA manifest."""

    ABSENT = "absent"
    VALID = "valid"
    TRUSTED = "trusted"
    BROKEN = "broken"


class ProvenanceFact(Model):
    """The C2PA manifest as an offline reader judged it."""

    kind: Literal["provenance"] = "provenance"
    state: ProvenanceState
    generator: Text | None = None
    issuer: Text | None = None
    problems: tuple[Text, ...] = ()
    actions: tuple[Text, ...] = ()


class TimeSource(StrEnum):
    """Where a statement about the time of capture comes from."""

    CONTAINER = "container"
    EXIF = "exif"
    CHALLENGE = "challenge"
    PROVENANCE = "provenance"


class TimeTrust(StrEnum):
    """How far a statement of time can be believed: a device clock is `weak`, our own signature `strong`."""

    NONE = "none"
    WEAK = "weak"
    FAIR = "fair"
    STRONG = "strong"


class CaptureTimeFact(Model):
    """One statement of when recording started. `zone_known` is false where the device gave local time only."""

    kind: Literal["capture_time"] = "capture_time"
    source: TimeSource
    instant: AwareDatetime
    zone_known: bool = True
    trust: TimeTrust
    field: Text


class GroupsFact(Model):
    """The take's groups of pictures: how many, and the root of the hash tree over them (docs/clips.md). `parameters` is
    the SHA-256 of the codec's configuration record."""

    kind: Literal["groups"] = "groups"
    form: Literal["sixfaces.take/1"] = "sixfaces.take/1"
    root: Sha256
    groups: Annotated[int, Field(ge=1)]
    codec: Text
    parameters: Sha256


class DecodeFact(Model):
    """How far the bytes could be decoded. `expected_s` is what the header claims, `covered_s` what frames span."""

    kind: Literal["decode"] = "decode"
    frames: Count
    corrupt_frames: Count = 0
    covered_s: Seconds
    expected_s: Seconds | None = None
    errors: tuple[Text, ...] = ()
    stopped_by: Text | None = None


class BreakCause(StrEnum):
    """Why a recording is not one continuous take at this moment."""

    CUT = "cut"
    DISSOLVE = "dissolve"
    JUMP = "jump"
    FREEZE = "freeze"
    BLACK = "black"
    PAUSE = "pause"
    SPEED_CHANGE = "speed_change"
    TIMESTAMP_GAP = "timestamp_gap"
    AUDIO_BREAK = "audio_break"


class BreakFact(Model):
    """A break in continuity. `certain` breaks divide takes; the others are for a person to look at.

    `score` and `threshold` are in the detector's own robust units (multiples of the local spread).
    """

    kind: Literal["break"] = "break"
    cause: BreakCause
    certain: bool
    score: float
    threshold: float
    lost_s: Seconds | None = None


class TakeFact(Model):
    """One continuous recording without a certain break; its span is the observation's."""

    kind: Literal["take"] = "take"
    index: Count


class Steadiness(StrEnum):
    """How the camera was held."""

    FIXED = "fixed"
    HANDHELD = "handheld"
    UNSTEADY = "unsteady"


class ContinuityFact(Model):
    """What the continuity observer could have seen: the shortest removal it would find on this footage."""

    kind: Literal["continuity"] = "continuity"
    steadiness: Steadiness
    frames: Count
    smallest_removal_s: Seconds | None = None
    audio_checked: bool = False


class UsabilityFact(Model):
    """Per-second quality of the picture; one number per `step_s` in each series.

    `sharpness` is 0 (defocused or smeared) to 1 (crisp), normalised by the local contrast so that plain
    cardboard is not called blurred; nan-free: a step without texture to judge carries -1.
    `luma` is the mean luma 0..1, `dark` and `bright` the shares of clipped pixels, `noise` the sigma of luma 0..1.
    """

    kind: Literal["usability"] = "usability"
    step_s: Annotated[float, Field(gt=0)]
    sharpness: tuple[float, ...]
    luma: tuple[Unit, ...]
    dark: tuple[Unit, ...]
    bright: tuple[Unit, ...]
    noise: tuple[Unit, ...]


class FingerprintFact(Model):
    """Perceptual hashes over time (one for a photo): 256-bit, hex; `quality` 0..1, low for flat pictures."""

    kind: Literal["fingerprint"] = "fingerprint"
    algorithm: Text
    at_s: tuple[Seconds, ...]
    hashes: tuple[Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")], ...]
    quality: tuple[Unit, ...]


class RegionsFact(Model):
    """Regions of a kept picture by which copies of it are found: hashes of their looks, and where they lie.

    `hashes` is base64 of 32 bytes a region, `anchors` of four big-endian 16-bit numbers: x, y and diameter in eighths
    of a pixel, the direction in 1/65536 of a turn. Both are in pixels of a picture of `width` x `height`, of which
    `picture` is the one that people are shown.
    """

    kind: Literal["regions"] = "regions"
    algorithm: Text
    picture: Text
    width: Annotated[int, Field(gt=0)]
    height: Annotated[int, Field(gt=0)]
    regions: Count
    hashes: Annotated[str, Field(pattern=_BASE64)]
    anchors: Annotated[str, Field(pattern=_BASE64)]

    @model_validator(mode="after")
    def _even(self) -> "RegionsFact":
        if len(self.hash_bytes()) != REGION_BYTES * self.regions or len(self.anchor_bytes()) != 8 * self.regions:
            raise ValueError("hashes and anchors are of as many regions as there are")
        return self

    def hash_bytes(self) -> bytes:
        """The hashes, one after the other."""
        return b64decode(self.hashes)

    def anchor_bytes(self) -> bytes:
        """The anchors, one after the other."""
        return b64decode(self.anchors)


class MomentFact(Model):
    """A picture kept for people: a key moment of the take, stored as `image` beside the report."""

    kind: Literal["moment"] = "moment"
    label: Text
    image: Text


class UnmeasuredFact(Model):
    """An honest hole: facts of the kinds in `of` were not measured, and why (a stable code, and words)."""

    kind: Literal["unmeasured"] = "unmeasured"
    of: tuple[Text, ...]
    code: Text
    detail: Text
