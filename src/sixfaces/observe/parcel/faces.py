"""FaceFacts: when each face was turned to the camera, for how long and how well, from the log of a whole take.

1. Each frame's final pose says how each face stood; the log says what lay over its slot and how crisp it was.
2. A stretch is a run of frames in which one face stays in view at all. "At all" are the loosest limits that a policy
   may set, so that nothing a policy could want is thrown away; breaks up to `BRIDGED_S` do not end a stretch.
3. One fact a stretch, with its series. Its own view is the one best for people: facing, clear, crisp and large.
"""

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sixfaces.domain.observation import Measured
from sixfaces.domain.parcel_facts import Face, FaceFact, FaceMoment, FaceSeries
from sixfaces.domain.time import MediaSpan, MediaTime
from sixfaces.observe.parcel.atlas_faces import NamedView
from sixfaces.observe.parcel.cuboid import FACES
from sixfaces.observe.parcel.face_log import FLATTEST, FaceGlimpse, FaceLog
from sixfaces.observe.parcel.pose import Pose
from sixfaces.observe.parcel.slots import facing, shorter_edges, slots_of

Real = NDArray[np.float64]

LEAST_SHARE = 0.1
LEAST_EDGE_PX = 8.0
"""The loosest limits on cover, frame and size that `FaceThresholds` allows."""

BRIDGED_S = 0.35
"""Two or three frames lost to a hand or to blur do not make two views of one."""

LONGEST_STEP_S = 0.15
"""A frame stands for no more time than this: medium frames are at most 0.125 s apart unless some are missing."""

MOST_MOMENTS = 400
"""A longer series is thinned, each moment taking the worst of those it stands for: 40 s at full detail."""

FRONTAL = 0.5
"""Cosine (60 degrees) and, as a share, cover and frame: what `dwell_s` tells people without a policy at hand."""


@dataclass(frozen=True, slots=True)
class Placed:
    """One medium frame when the take is known: its final pose, the rotation that turned the tracker's axes into the
    final ones (rotation_true = rotation_tracked @ turn), and (6,) how likely each face's name is right there."""

    pose: Pose
    turn: Real
    sure: Real


class _Moment(NamedTuple):
    """A face in one frame: the time, how it stood, how surely it is that face, the label's share."""

    time: MediaTime
    at: FaceMoment
    sure: float
    label: float


def face_facts(log: FaceLog, placed: Sequence[Placed], *, scale: float, until: MediaTime | None) -> list[Measured]:
    """Facts of all faces in the order of time. `scale` is full over medium pixels; nothing after `until` counts.

    `image` is not set yet: see `with_pictures`.
    """
    tracks: list[list[_Moment]] = [[] for _ in FACES]
    steps = _steps([frame.pose.time.seconds for frame in placed])
    for frame, for_s in zip(placed, steps, strict=True):
        glimpse = log.at(frame.pose.index)
        if glimpse is not None and (until is None or frame.pose.time < until):
            _note(tracks, frame, glimpse, for_s=for_s, scale=scale)
    carrier = _label_face(tracks)
    facts = [
        _fact(FACES[face], part, waybill=face == carrier)
        for face, track in enumerate(tracks)
        for part in _stretches(track)
    ]
    return sorted(facts, key=lambda m: (m.span.start.exact if m.span else 0, FACES.index(_of(m).face)))


def _steps(times: list[float]) -> list[float]:
    """How long each frame stands: half the way to its neighbours."""
    if len(times) < 2:
        return [LONGEST_STEP_S / 2] * len(times)
    gaps = np.minimum(np.diff(times), LONGEST_STEP_S)
    halves = np.concatenate([[gaps[0] / 2], (gaps[:-1] + gaps[1:]) / 2, [gaps[-1] / 2]])
    return [float(step) for step in np.maximum(halves, 0.0)]


def _note(tracks: list[list[_Moment]], frame: Placed, seen: FaceGlimpse, *, for_s: float, scale: float) -> None:
    cosines = facing(frame.pose)
    edges = shorter_edges(frame.pose.corners) * scale
    for face, slot in enumerate(slots_of(frame.turn)):
        if cosines[face] < FLATTEST or edges[face] < LEAST_EDGE_PX or np.isnan(seen.uncovered[slot]):
            continue
        if min(seen.uncovered[slot], seen.in_frame[slot]) < LEAST_SHARE:
            continue
        at = FaceMoment(
            round(frame.pose.time.seconds, 3), round(for_s, 3), _unit(cosines[face]), _unit(seen.uncovered[slot]),
            _unit(seen.in_frame[slot]), round(float(edges[face]), 1), _unit(seen.sharpness[slot]),
        )  # fmt: skip
        tracks[face].append(_Moment(frame.pose.time, at, float(frame.sure[face]), float(seen.label[slot])))


def _unit(value: float) -> float:
    return round(min(1.0, max(0.0, float(value))), 4)


def _stretches(track: list[_Moment]) -> Iterator[list[_Moment]]:
    part: list[_Moment] = []
    for moment in track:
        if part and moment.time.seconds - part[-1].time.seconds > BRIDGED_S:
            yield part
            part = []
        part.append(moment)
    if part:
        yield part


LEAST_LABEL = 0.03
"""Label's share of a face, in the mean over its best views, from which the face carries it: a third of A6 on a face
of 40 by 40 cm."""


def _label_face(tracks: list[list[_Moment]]) -> int | None:
    """The face that carries the waybill label: the one with by far the most of it over all frames."""
    totals = np.array([sum(m.label * m.at.view_cos for m in track) for track in tracks])
    best = int(totals.argmax())
    shares = sorted((m.label for m in tracks[best]), reverse=True)
    if not shares or float(np.mean(shares[: max(3, len(shares) // 2)])) < LEAST_LABEL:
        return None
    return best if totals[best] >= 2 * np.delete(totals, best).max() else None


def _fact(face: Face, part: list[_Moment], *, waybill: bool) -> Measured:
    best = max(part, key=lambda moment: (_worth(moment.at), -moment.at.at_s))
    return Measured(
        fact=FaceFact(
            face=face, view_cos=best.at.view_cos, dwell_s=round(_dwell(part), 3), uncovered=best.at.uncovered,
            in_frame=best.at.in_frame, edge_px=best.at.edge_px, sharpness=best.at.sharpness, best_s=best.at.at_s,
            waybill=waybill, series=_series(part, best.at),
        ),
        span=MediaSpan(start=part[0].time, end=part[-1].time),
        confidence=_confidence(part),
    )  # fmt: skip


def _worth(at: FaceMoment) -> float:
    """How much a view is worth to a person: as much as its weakest side leaves of it."""
    return at.view_cos * at.uncovered * at.in_frame * (0.1 + at.sharpness) * math.sqrt(min(1.0, at.edge_px / 160))


def _dwell(part: list[_Moment]) -> float:
    clear = (m.at for m in part if min(m.at.view_cos, m.at.uncovered, m.at.in_frame) >= FRONTAL)
    return sum(at.for_s for at in clear)


def _series(part: list[_Moment], best: FaceMoment) -> FaceSeries:
    rows = [moment.at for moment in part]
    size = -(-len(rows) // MOST_MOMENTS)
    if size > 1:
        rows = [_merged(rows[first : first + size], best) for first in range(0, len(rows), size)]
    columns = zip(*rows, strict=True)
    return FaceSeries.model_validate(dict(zip(FaceMoment._fields, columns, strict=True)))


def _merged(rows: list[FaceMoment], best: FaceMoment) -> FaceMoment:
    """One row for several: their time together, the worst of each number. The one with the best view is that view."""
    for_s = round(sum(row.for_s for row in rows), 3)
    if best in rows:
        return best._replace(for_s=for_s)
    worst = [min(column) for column in zip(*rows, strict=True)]
    return FaceMoment(*worst)._replace(for_s=for_s)


def _confidence(part: list[_Moment]) -> float:
    """How likely the stretch really shows this face: the smoother's probability of the name where the face was best
    seen, in the mean over time. The weight leaves out the flat beginning and end, where another face is nearer."""
    weights = np.array([m.at.for_s * _worth(m.at) + 1e-9 for m in part])
    sure = float(np.average([m.sure for m in part], weights=weights))
    return calibrated(sure)


CALIBRATION = ((0.0, 0.0), (0.6, 0.5), (0.8, 0.78), (0.85, 0.84), (0.9, 0.9), (0.95, 0.95), (1.0, 0.98))
"""Points of the line from the smoother's probability to what is believed of it: how often names were right on 42 takes,
rendered and photo-like, rounded down."""


def calibrated(probability: float) -> float:
    """The probability as it is to be believed."""
    told, true = zip(*CALIBRATION, strict=True)
    return round(float(np.interp(probability, told, true)), 4)


def with_pictures(
    facts: Sequence[Measured], best: Mapping[Face, NamedView], keep: Callable[[str, bytes], None]
) -> list[Measured]:
    """Keep the best picture of each face and name it in the fact of the stretch that it comes from."""
    named: list[Measured] = []
    for measured in facts:
        fact = _of(measured)
        view = best.get(fact.face)
        if view is not None and measured.span is not None and _during(view, measured.span):
            image = f"faces/{fact.face.value}.jpg"
            keep(image, view.jpeg())
            measured = measured.model_copy(update={"fact": fact.model_copy(update={"image": image})})
        named.append(measured)
    return named


def _during(view: NamedView, span: MediaSpan) -> bool:
    """Whether the picture comes from the span. It may lie between medium frames, so a little beyond either end too;
    stretches of one face are farther apart than that."""
    start, end = span.seconds
    return start - BRIDGED_S / 2 <= view.view.time.seconds <= end + BRIDGED_S / 2


def _of(measured: Measured) -> FaceFact:
    fact = measured.fact
    assert isinstance(fact, FaceFact)
    return fact
