"""The pictures of a pack in all sizes in which they could go in, and what was done to each."""

import hashlib
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from sixfaces.domain.pack import Shown
from sixfaces.domain.report import Report
from sixfaces.media.jpeg_size import longest_of_jpeg
from sixfaces.observe.fitting.fitter import fit
from sixfaces.observe.fitting.messages import Fitting, Size
from sixfaces.pipeline.packing import refusals
from sixfaces.pipeline.packing.material import Material, Picture
from sixfaces.report.packs.shots import Shot

SIZES = (
    Size(longest=1280, quality=88),
    Size(longest=960, quality=84),
    Size(longest=640, quality=80),
    Size(longest=480, quality=74),
    Size(longest=320, quality=66),
)
"""From what fills half a page in print to what still shows a parcel and its label."""
MOST_NUMBERS = 100


LONGEST_KEPT = 4096
"""Pixels of the longer side of a picture that goes in as it is. What sets the pages decodes it outside of the jail, so
that its size is looked at first; anything else than a JPEG of such a size goes in as the jail has made it anew."""


class Prepared(NamedTuple):
    """A shot in all sizes, the largest first, with the picture that they were made of. `kept`: the largest is that
    picture as it is, bit for bit."""

    shot: Shot
    source: Picture
    sizes: tuple[bytes, ...]
    kept: bool


def prepared(material: Material, shots: Sequence[Shot], *, masked: bool, grey: bool) -> Mapping[str, Prepared]:
    """By the shot's path. Raises PackError `pack.picture`, and `pack.changed` for a picture that the report tells of
    and that is not there: a pack without it would say that nothing was filmed."""
    found = [(shot, _picture(material, shot.path)) for shot in shots]
    made: dict[str, Prepared] = {}
    for cover in (False, True):  # what has a twin is masked already
        now = [one for one in found if (masked and not one[1].masked) is cover]
        asked = Fitting(sizes=SIZES, grey=grey, cover=cover, numbers=_numbers(material.report))
        for (shot, picture), sizes in zip(now, fit([picture.data for _, picture in now], asked), strict=True):
            kept = not (grey or cover) and longest_of_jpeg(picture.data) in range(1, LONGEST_KEPT + 1)
            made[shot.path] = Prepared(shot, picture, (picture.data, *sizes[1:]) if kept else sizes, kept)
    return {shot.path: made[shot.path] for shot, _ in found}


def shown(one: Prepared, size: int, *, grey: bool, masked: bool) -> Shown:
    """What pack.json says of a picture that goes in in one of its sizes."""
    data = one.sizes[size]
    is_kept = one.kept and size == 0
    did = [] if is_kept else [f"jpeg {SIZES[size].quality}", f"at most {SIZES[size].longest} px"]
    did += ["grey"] if grey else []
    did += ["masked"] if masked else []
    at = one.shot.at_s
    return Shown(
        original=one.shot.original,
        at_ms=None if at is None else round(at * 1000),
        picture=one.source.sha256,
        file=hashlib.sha256(data).hexdigest(),
        did=tuple(did),
    )


def _picture(material: Material, path: str) -> Picture:
    picture = material.picture(path)
    if picture is None:
        raise refusals.changed(path)
    return picture


def _numbers(report: Report) -> tuple[str, ...]:
    """What codes say may stay where it is printed."""
    return tuple(dict.fromkeys(code.text for view in report.exhibits for code in view.codes))[:MOST_NUMBERS]
