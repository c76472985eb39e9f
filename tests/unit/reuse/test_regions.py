"""The observer: a photo as it is, of a video what was cut out of it, and never more than a record can hold."""

import cv2
import numpy as np

from fixtures.build import MEDIA
from sixfaces.domain.facts import RegionsFact
from sixfaces.domain.observation import Measured
from sixfaces.media.frames import Photo
from sixfaces.observe.decoding import Outlet
from sixfaces.observe.guard import Guarded
from sixfaces.observe.regions import MOST_OF_CUT, MOST_OF_PHOTO, MOST_OF_VIDEO, Regions

JPEG = (MEDIA / "ukbench00120.jpg").read_bytes()


def observed(observer: Regions, kept: list[tuple[str, bytes]]) -> list[RegionsFact]:
    told: list[Measured] = []
    outlet = Outlet(
        fact=lambda name, measured: told.append(measured),
        finished=lambda name, seconds: None,
        media=lambda info: None,
        step=lambda step: None,
        kept=kept,
    )
    outlet.finish(Guarded(observer))
    return [measured.fact for measured in told if isinstance(measured.fact, RegionsFact)]


def new() -> Regions:
    return Regions(lambda name, picture: None)


def test_of_a_video_only_faces_and_item_views_are_looked_at() -> None:
    kept = [(name, JPEG) for name in ("moments/01.jpg", "faces/top.jpg", "text/01.jpg", "items/01.jpg")]
    facts = observed(new(), kept)
    assert [fact.picture for fact in facts] == ["faces/top.jpg", "items/01.jpg"]
    assert {fact.regions for fact in facts} == {MOST_OF_CUT}


def test_a_video_never_has_more_than_a_record_can_hold() -> None:
    facts = observed(new(), [(f"items/{number:02d}.jpg", JPEG) for number in range(1, 30)])
    assert sum(fact.regions for fact in facts) == MOST_OF_VIDEO


def test_of_a_photo_the_picture_itself_is_looked_at_once() -> None:
    bgr = np.asarray(cv2.imdecode(np.frombuffer(JPEG, np.uint8), cv2.IMREAD_COLOR), np.uint8)
    gray = np.asarray(cv2.cvtColor(bgr, cv2.COLOR_BGR2GRAY), np.uint8)
    observer = new()
    observer.photo(Photo(bgr=bgr, gray=gray, format="jpeg", exif={}, quant_tables=(), embedded=(), trailing_bytes=0))
    (fact,) = observed(observer, [("moments/01.jpg", JPEG), ("faces/top.jpg", JPEG)])
    assert (fact.picture, fact.regions) == ("moments/01.jpg", MOST_OF_PHOTO)
    assert (fact.width, fact.height) == (640, 480)


def test_what_is_no_picture_is_passed_over() -> None:
    assert observed(new(), [("faces/top.jpg", b"no picture")]) == []
