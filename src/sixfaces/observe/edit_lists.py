"""Edit lists (ISO/IEC 14496-12, 8.6.6): what a player is told to show of what was recorded.

Nearly all recorders write one to align sound and picture, to skip the encoder's priming samples or the delay of
reordered frames. The same table can hide minutes of recorded media, repeat them, or put them in another order, and
no player shows a trace of it. So the presented stretches are held against the duration of all samples, which is taken
from the table of samples itself and only failing that from the header.
"""

import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import pairwise

from sixfaces.domain.facts import EditListFact
from sixfaces.domain.observation import Measured
from sixfaces.domain.time import MediaSpan, MediaTime
from sixfaces.media.probe import Box

PRIMING_S = {"video": 0.25, "audio": 0.5}
"""What a list may leave out and still be called alignment: a few frames, or some packets of sound. Removals shorter
than a quarter of a second change nothing that could be seen."""

REORDERED_FRAMES = 16
"""H.264 and HEVC reorder by at most sixteen pictures; presentation starts so much later than decoding."""

_KINDS = {b"vide": "video", b"soun": "audio"}
_MOST_EDITS = 1000


@dataclass(frozen=True, slots=True)
class Edit:
    """One entry: `media_s` is None for an empty edit (nothing is shown), `length_s` None for "to the end"."""

    media_s: Fraction | None
    length_s: Fraction | None
    rate: Fraction


@dataclass(slots=True)
class Track:
    """What the boxes of one track tell."""

    kind: str | None = None
    scale: int = 0
    header_ticks: int = 0
    samples: int = 0
    sample_ticks: int | None = None
    raw_edits: bytes | None = None
    edits: list[Edit] = field(default_factory=list)

    @property
    def recorded_s(self) -> Fraction:
        """Duration of all samples, 0 if unknown (fragmented files)."""
        ticks = self.sample_ticks if self.sample_ticks else self.header_ticks
        return Fraction(ticks, self.scale) if self.scale else Fraction(0)

    @property
    def reorder_s(self) -> Fraction:
        """The longest delay that reordering of frames can cause."""
        return self.recorded_s * REORDERED_FRAMES / self.samples if self.samples else Fraction(1, 2)


def edit_list_facts(boxes: Sequence[Box]) -> Iterator[Measured]:
    """One fact for each track of picture or sound whose edit list leaves out or rearranges anything at all."""
    for track in tracks(boxes):
        if track.kind is not None and track.edits and track.recorded_s > 0:
            found = _judged(track, track.kind)
            if found is not None:
                yield found


def tracks(boxes: Sequence[Box]) -> list[Track]:
    """All tracks in file order. Torn tables are read as far as they go."""
    movie_scale, found = 0, list[Track]()
    for box in boxes:
        if box.path == "moov/mvhd":
            movie_scale = _scale_and_duration(box.payload)[0]
        elif box.path == "moov/trak":
            found.append(Track())
        elif found and box.path.startswith("moov/trak/"):
            _note(found[-1], box.path.removeprefix("moov/trak/"), box.payload)
    for track in found:
        if track.raw_edits is not None and movie_scale and track.scale:
            track.edits = list(_edits(track.raw_edits, movie_scale, track.scale))
    return found


def _note(track: Track, path: str, payload: bytes) -> None:
    if path == "mdia/mdhd":
        track.scale, track.header_ticks = _scale_and_duration(payload)
    elif path == "mdia/hdlr":
        track.kind = _KINDS.get(payload[8:12])
    elif path == "mdia/minf/stbl/stts":
        track.samples, track.sample_ticks = _samples(payload)
    elif path == "edts/elst":
        track.raw_edits = payload


def _scale_and_duration(payload: bytes) -> tuple[int, int]:
    """Timescale and duration of `mvhd` and `mdhd`, whose beginnings agree; zeros if torn."""
    form, unknown = (">QQIQ", 2**64 - 1) if payload[:1] == b"\x01" else (">IIII", 2**32 - 1)
    if len(payload) < 4 + struct.calcsize(form):
        return 0, 0
    scale, duration = struct.unpack_from(form, payload, 4)[2:]
    return scale, 0 if duration == unknown else duration


def _samples(payload: bytes) -> tuple[int, int | None]:
    """Count and whole duration of the samples; None if the table is longer than what was kept of it."""
    count = int.from_bytes(payload[4:8])
    rows = payload[8 : 8 + 8 * count]
    if not count or len(rows) < 8 * count:
        return 0, None
    pairs = list(struct.iter_unpack(">II", rows))
    return sum(many for many, _ in pairs), sum(many * ticks for many, ticks in pairs)


def _edits(payload: bytes, movie_scale: int, media_scale: int) -> Iterator[Edit]:
    form = ">Qqhh" if payload[:1] == b"\x01" else ">Iihh"
    size = struct.calcsize(form)
    count = min(int.from_bytes(payload[4:8]), (len(payload) - 8) // size, _MOST_EDITS)
    for length, start, whole, part in struct.iter_unpack(form, payload[8 : 8 + max(0, count) * size]):
        media_s = None if start < 0 else Fraction(start, media_scale)
        yield Edit(media_s, Fraction(length, movie_scale) if length else None, Fraction(whole * 65536 + part, 65536))


def _judged(track: Track, kind: str) -> Measured | None:
    """Hold what is presented against what was recorded.

    1. The stretches shown, in order; one may reach past the end by the delay of reordering, not more.
    2. Recorded time in none of them is hidden; time in two of them is repeated.
    3. More than alignment needs, another order or another speed: not benign.
    """
    # 1.
    whole, least = track.recorded_s, PRIMING_S[kind]
    shown = [edit for edit in track.edits if edit.media_s is not None]
    starts = [edit.media_s for edit in shown if edit.media_s is not None]
    end = whole + min(min(starts, default=Fraction(0)), track.reorder_s)
    stretches = [
        (min(start, end), min(end, end if edit.length_s is None else start + edit.length_s * abs(edit.rate)))
        for start, edit in zip(starts, shown, strict=True)
    ]
    # 2.
    covered = _union(stretches)
    hidden = max(0.0, float(whole - covered))
    repeated = float(sum((stop - start for start, stop in stretches), Fraction(0)) - covered)
    # 3.
    faults = []
    if hidden > least:
        faults.append(f"hides {hidden:.2f} s of {float(whole):.2f} s recorded")
    if repeated > least:
        faults.append(f"repeats {repeated:.2f} s")
    if any(late > early for late, early in pairwise(starts)):
        faults.append("shows stretches in another order than recorded")
    if any(edit.rate != 1 for edit in shown):
        faults.append("changes the speed")
    if not faults and hidden == 0 and len(track.edits) == 1 and starts == [0]:
        return None
    detail = f"{kind}: {', '.join(faults) if faults else 'aligns the start'} ({len(track.edits)} entries)"
    fact = EditListFact(entries=len(track.edits), hidden_s=round(hidden, 4), benign=not faults, detail=detail)
    return Measured(fact=fact, span=_where(track.edits, end) if faults else None)


def _union(stretches: Sequence[tuple[Fraction, Fraction]]) -> Fraction:
    """Length of the union of stretches."""
    covered, reached = Fraction(0), Fraction(0)
    for start, stop in sorted(stretches):
        covered += max(Fraction(0), stop - max(start, reached))
        reached = max(reached, stop)
    return covered


def _where(edits: Sequence[Edit], end: Fraction) -> MediaSpan | None:
    """The moment of the presentation at which the most is left out: 0 for a cut beginning, its end for a cut end."""
    at, reached, worst, moment = Fraction(0), Fraction(0), Fraction(-1), Fraction(0)
    for edit in edits:
        if edit.media_s is not None and edit.media_s - reached > worst:
            worst, moment = edit.media_s - reached, at
        at += edit.length_s or 0
        if edit.media_s is not None:
            reached = edit.media_s + (edit.length_s or end - edit.media_s)
    if end - reached > worst:
        moment = at
    milliseconds = round(moment * 1000)
    return MediaSpan.at(MediaTime(ticks=milliseconds, den=1000)) if 0 <= milliseconds < 2**62 else None
