"""The pictures of a report that can go into a pack, each with its words and with what it is worth to who decides.

1. faces     the six sides of the parcel, as one net: shown whole or not at all
2. moments   worth the more, the more findings that carry the verdict are about them, and by the stage: the seal, the
             opening and the item say more than the rest
3. items     the item before the camera
4. photos    of the buyer and of the inspection
"""

from collections.abc import Iterator
from typing import NamedTuple

from sixfaces.domain.model import Say
from sixfaces.domain.parcel_facts import Face, Stage
from sixfaces.domain.report import ExhibitView, Report
from sixfaces.domain.rules import Finding
from sixfaces.report.clocks import clock
from sixfaces.report.decisive import heard
from sixfaces.report.words import FACE, ROLE, STAGE

WHOLE = 0.9
"""A finding about so much of the video points at no moment in it."""

WORTH = {
    Stage.ABSENT: 0.5,
    Stage.SHOWING: 2.0,
    Stage.SEALED: 4.0,
    Stage.OPENING: 6.0,
    Stage.OPEN: 5.0,
    Stage.ITEM_OUT: 6.0,
}
_NO_STAGE, _END, _CODE, _FINDING, _MOST_FINDINGS = 1.0, 1.5, 3.0, 1.0, 4
_ITEM, _PHOTO, _FACE = 7.0, 7.0, 9.0


class Shot(NamedTuple):
    """A picture: its path beside report.json, of which original and when, what stands below it, what it is worth."""

    path: str
    original: str
    at_s: float | None
    caption: Say
    worth: float
    face: Face | None = None


def shots_of(report: Report) -> tuple[Shot, ...]:
    """All pictures that a pack of the report may show, each once; faces first, then in order of time."""
    found: dict[str, Shot] = {}
    carrying = heard(report)
    for view in report.exhibits:
        for shot in (*_faces(view), *_items(view), *_moments(view, carrying)):
            found.setdefault(shot.path, shot)
    return tuple(sorted(found.values(), key=lambda one: (one.face is None, one.original, one.at_s or 0.0, one.path)))


def net_of(shots: tuple[Shot, ...]) -> tuple[Shot, ...]:
    """The faces of the one video that shows the most of them."""
    by_video: dict[str, list[Shot]] = {}
    for shot in shots:
        if shot.face is not None:
            by_video.setdefault(shot.original, []).append(shot)
    fullest: list[Shot] = max(by_video.values(), key=lambda one: len(one), default=[])
    return tuple(fullest)


def stage_at(view: ExhibitView, at_s: float) -> Stage | None:
    """The stage that the video is in at a moment."""
    return next((one.stage for one in view.stages if one.from_s <= at_s <= one.to_s), None)


def _faces(view: ExhibitView) -> Iterator[Shot]:
    for face, shown in view.faces.items():
        if shown.image is not None:
            yield Shot(shown.image, view.sha256, shown.best_s, FACE[face], _FACE, face)


def _items(view: ExhibitView) -> Iterator[Shot]:
    for item in view.items:
        if item.view is not None:
            what = Say(zh="商品", en="the item")
            yield Shot(item.view, view.sha256, item.from_s, _timed(what, item.from_s), _ITEM)


def _moments(view: ExhibitView, carrying: list[Finding]) -> Iterator[Shot]:
    length = (view.media.duration_s if view.media else None) or 0.0
    for moment in view.moments:
        if not length:
            yield Shot(moment.image, view.sha256, None, ROLE[view.role], _PHOTO)
            continue
        stage = stage_at(view, moment.at_s)
        worth = WORTH[stage] if stage is not None else _NO_STAGE
        worth += _END if moment.label in {"first", "last"} else 0.0
        worth += _CODE if any(code.from_s <= moment.at_s <= code.to_s for code in view.codes) else 0.0
        about = sum(_is_about(finding, view, moment.at_s, length=length) for finding in carrying)
        worth += _FINDING * min(about, _MOST_FINDINGS)
        what = STAGE[stage] if stage is not None else Say(zh="画面", en="the scene")
        yield Shot(moment.image, view.sha256, moment.at_s, _timed(what, moment.at_s), worth)


def _is_about(finding: Finding, view: ExhibitView, at_s: float, *, length: float) -> bool:
    if finding.exhibit not in {None, view.sha256}:
        return False
    return any(start <= at_s <= end for start, end in finding.spans if end - start < WHOLE * length)


def _timed(what: Say, at_s: float) -> Say:
    return Say(zh=f"{clock(at_s)} {what.zh}", en=f"{clock(at_s)} {what.en}")
