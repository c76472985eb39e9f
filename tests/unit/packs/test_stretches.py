"""Which stretches of the footage a clip shows: in order, within the seconds, the opening first."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from sixfaces.domain.exhibit import MediaInfo
from sixfaces.report.packs.stretches import Stretch, stretches_of
from tests.unit.report.specimens import report, video

REPORT = report()


@given(st.floats(0.05, 200), st.floats(0.5, 400))
def test_stretches_stand_in_order_and_keep_the_seconds(seconds: float, length: float) -> None:
    view = video(media=MediaInfo(duration_s=length, width=640, height=360, fps=30.0, codec="h264"))
    found = stretches_of(REPORT, view, seconds=seconds)
    assert sum(one.seconds for one in found) <= max(seconds, 0.0) + 1e-6 or found == (Stretch(0.0, length),)
    assert all(one.seconds > 0 for one in found)
    assert all(earlier.to_s < later.from_s for earlier, later in pairwise(found))


def test_what_has_room_is_shown_uncut() -> None:
    assert stretches_of(REPORT, video(), seconds=70.0) == (Stretch(0.0, 61.2),)
    assert stretches_of(REPORT, video(), seconds=None) == (Stretch(0.0, 61.2),)


def test_the_opening_goes_in_before_anything_else() -> None:
    (first,) = stretches_of(REPORT, video(), seconds=10.0)
    assert first.from_s <= 26.0
    assert first.to_s >= 30.0


def test_more_seconds_show_the_item_and_the_label_as_well() -> None:
    found = stretches_of(REPORT, video(), seconds=50.0)

    def shows(at_s: float) -> bool:
        return any(one.from_s <= at_s <= one.to_s for one in found)

    assert shows(30.0)
    assert shows(43.0)
    assert shows(13.0)


def test_of_a_video_of_which_nothing_is_known_the_ends_are_shown() -> None:
    bare = video(stages=(), codes=())
    found = stretches_of(REPORT.model_copy(update={"criteria": {}}), bare, seconds=20.0)
    assert found[-1].to_s == 61.2
    assert found[0].from_s == 0.0


def test_a_video_without_a_length_has_no_stretches() -> None:
    assert stretches_of(REPORT, video(media=None), seconds=20.0) == ()
