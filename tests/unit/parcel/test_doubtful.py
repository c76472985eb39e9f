"""A watch that may have held on to nothing is told as an absence that is not sure."""

import pytest

from sixfaces.domain.parcel_facts import AbsenceFact
from sixfaces.domain.time import MediaTime
from sixfaces.observe.parcel.doubtful import CONFIDENCE, Frame, doubted, doubtful_absences
from sixfaces.observe.parcel.glimpse import Glimpse

SIZE = (640, 360)


def seen(*, none: float = 0.02, place: tuple[float, float, float] = (320, 180, 200), found: bool = True) -> Glimpse:
    kind = (none, 1 - none, 0.0, 0.0)
    return Glimpse(
        time=MediaTime(ticks=0, den=10), found=found, kind=kind, state=(1, 0, 0, 0), seal=(1, 0, 0), place=place
    )


def frames(*doubts: bool) -> list[Frame]:
    return [Frame(MediaTime(ticks=k, den=10), doubt) for k, doubt in enumerate(doubts)]


def test_a_parcel_in_plain_view_is_not_doubted() -> None:
    assert not doubted(seen(), SIZE).doubted


@pytest.mark.parametrize("odd", [seen(none=0.1), seen(place=(600, 180, 200)), seen(place=(320, 20, 200))])
def test_a_look_that_may_show_none_or_hangs_at_the_edge_is(odd: Glimpse) -> None:
    assert doubted(odd, SIZE).doubted


def test_what_is_lost_already_is_no_doubt_but_an_absence_of_its_own() -> None:
    assert not doubted(seen(none=0.9, found=False), SIZE).doubted


def test_only_a_stretch_that_lasts_is_told_and_never_as_sure() -> None:
    told = list(doubtful_absences(frames(False, True, True, False, True, True, True, True, False, True)))
    assert [m.span.seconds for m in told if m.span is not None] == [(0.4, 0.7)]
    assert told[0].fact == AbsenceFact(reason="left_frame")
    assert told[0].confidence == CONFIDENCE < 0.8


def test_goods_before_an_opened_parcel_raise_doubt_by_themselves() -> None:
    busy, gone = doubted(seen(none=0.1), SIZE), doubted(seen(none=0.4), SIZE)
    opening = MediaTime(ticks=10, den=10)
    take = [(busy if k < 16 else gone)._replace(time=MediaTime(ticks=k, den=10)) for k in range(4, 22)]
    told = [m.span.seconds for m in doubtful_absences(take, opening) if m.span is not None]
    assert told == [(0.4, 0.9), (1.6, 2.1)]
