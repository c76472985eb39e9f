"""What is told of the item: its best views, whether it was turned, how many came out."""

from collections.abc import Sequence
from dataclasses import replace

import cv2
import numpy as np
import pytest

from sixfaces.domain.observation import Measured
from sixfaces.domain.parcel_facts import InspectionFact, ItemViewFact, QuantityFact, Stage
from sixfaces.domain.time import MediaSpan
from sixfaces.media.frames import Bgr, FullFrame, MediumFrame
from sixfaces.observe.parcel.glimpse import Glimpse, ItemGlimpse
from sixfaces.observe.parcel.inspection import Episode, episodes, inspections, quantity, views
from sixfaces.observe.parcel.item_look import apart, cut, described, signature
from sixfaces.observe.parcel.items import MOST_VIEWS, POOL, ItemViews, keep_views
from sixfaces.observe.parcel.stages import StageSpan
from tests.unit.parcel.take_scripts import time

BOX = (200.0, 120.0, 80.0, 60.0)
RATE = 10


def side(number: int) -> Bgr:
    """One side of an item: bars of its own colour and direction on white."""
    picture = np.full((60, 80, 3), 235, np.uint8)
    rng = np.random.default_rng(number)
    colour = tuple(int(v) for v in rng.integers(0, 200, 3))
    for i in range(0, 160, 24):
        ends = (
            ((i, 0), (i, 60)) if number % 3 == 0 else ((0, i), (80, i)) if number % 3 == 1 else ((i, 0), (i - 60, 60))
        )
        cv2.line(picture, ends[0], ends[1], colour, 8)
    return picture


LOOKS = [signature(side(n)) for n in range(4)]


def item(look: bytes = b"", *, held: float = 0.3, parts: int = 1, angle: float = 0.0) -> ItemGlimpse:
    return ItemGlimpse(BOX, share=0.06, held=held, parts=parts, angle=angle, look=look)


def opened(items: Sequence[ItemGlimpse | None], *, inside: float = 0.1) -> tuple[list[Glimpse], list[StageSpan]]:
    """One second open, then item out, one glimpse for each of `items`."""
    all_items = [*[None] * RATE, *items]
    glimpses = [Glimpse(time(i / RATE), True, item=it, inside=inside) for i, it in enumerate(all_items)]
    last = len(glimpses) - 1
    spans = [(Stage.OPEN, 0, RATE), (Stage.ITEM_OUT, RATE, len(glimpses))]
    return glimpses, [
        StageSpan(s, a, b, MediaSpan(start=time(a / RATE), end=time(min(b, last) / RATE)), 0.95) for s, a, b in spans
    ]


def test_an_item_turned_in_the_hands_was_inspected_for_that_long() -> None:
    (found,) = inspections(*opened([item(LOOKS[i // 10]) for i in range(30)]))
    assert found.fact == InspectionFact(views=3)
    assert found.span is not None
    assert found.span.duration_s == pytest.approx(2.9)
    assert found.confidence >= 0.8


def test_an_item_held_still_is_not_surely_inspected() -> None:
    (found,) = inspections(*opened([item(LOOKS[0])] * 30))
    assert (found.fact, found.confidence) == (InspectionFact(views=1), 0.6)


def test_an_item_that_lies_on_the_table_is_not_inspected() -> None:
    assert inspections(*opened([item(LOOKS[i // 10], held=0.0) for i in range(30)])) == ()


def test_hands_that_cover_the_item_for_a_moment_do_not_divide_the_inspection() -> None:
    gaps: list[ItemGlimpse | None] = [None if i in (9, 10, 20) else item(LOOKS[i // 10]) for i in range(30)]
    assert len(inspections(*opened(gaps))) == 1
    assert len(episodes(*opened([item()] * 8 + [None] * 8 + [item()] * 8))) == 2
    assert episodes(*opened([None] * 5 + [item()] * 2 + [None] * 10)) == ()


def test_a_view_is_one_that_the_next_frame_confirms() -> None:
    assert views([item(LOOKS[n]) for n in (0, 0, 0, 1, 0, 0)]) == 1
    assert views([item(LOOKS[n]) for n in (0, 0, 1, 1, 2, 2, 0, 0)]) == 3
    assert views([]) == 0


def test_a_plain_item_is_turned_by_the_direction_of_its_axis() -> None:
    long = [replace(item(LOOKS[0], angle=a), box=(0.0, 0.0, 90.0, 30.0)) for a in (5.0, 5.0, 60.0, 60.0, 175.0, 175.0)]
    assert views(long) == 2


@pytest.mark.parametrize(
    ("items", "count", "sure"),
    [
        ([item()] * 30, 1, True),
        ([item()] * 8 + [None] * 12 + [item()] * 10, 2, False),
        ([item(parts=2)] * 30, 2, False),
        ([item()] * 7, 1, False),
    ],
)
def test_only_one_item_that_came_out_plainly_is_surely_counted(
    items: list[ItemGlimpse | None], count: int, sure: bool
) -> None:
    found = quantity(*opened(items))
    assert found is not None
    assert found.fact == QuantityFact(count=count)
    assert (found.confidence >= 0.8) is sure


def test_without_a_look_inside_afterwards_there_may_be_more() -> None:
    found = quantity(*opened([item()] * 30, inside=0.0))
    assert found is not None
    assert found.confidence < 0.8
    assert quantity(*opened([None] * 30)) is None


def test_light_and_a_small_shift_change_a_signature_less_than_another_side() -> None:
    darker = np.clip(side(0) * 0.85, 0, 255).astype(np.uint8)
    shifted = np.roll(side(0), 4, axis=1)
    assert max(apart(LOOKS[0], signature(darker)), apart(LOOKS[0], signature(shifted))) < 0.25
    assert min(apart(LOOKS[0], LOOKS[n]) for n in (1, 2)) > 0.33
    assert apart(LOOKS[0], b"") == 0.0


def pictured(number: int) -> Bgr:
    frame = np.full((360, 640, 3), 90, np.uint8)
    frame[120:180, 200:280] = side(number)
    return frame


def test_a_glimpse_is_described_by_the_pixels_of_its_item() -> None:
    frame = MediumFrame(0, time(0), pictured(1), cv2.cvtColor(pictured(1), cv2.COLOR_BGR2GRAY).astype(np.uint8))
    seen = described(Glimpse(time(0), True, item=item()), frame)
    assert seen.item is not None
    assert apart(seen.item.look, LOOKS[1]) < 0.2
    assert described(Glimpse(time(0), True), frame).item is None
    away = Glimpse(time(0), True, item=replace(item(), box=(900.0, 0.0, 40.0, 40.0)))
    assert described(away, frame) == away
    assert cut(pictured(0), (900.0, 0.0, 40.0, 40.0), 1.0, margin=0.1) is None


def full(seconds: float, number: int, *, blur: float = 0.0) -> FullFrame:
    large = cv2.resize(pictured(number), (1280, 720), interpolation=cv2.INTER_CUBIC).astype(np.uint8)
    if blur:
        large = cv2.GaussianBlur(large, (0, 0), blur).astype(np.uint8)
    return FullFrame(0, time(seconds), cv2.cvtColor(large, cv2.COLOR_BGR2GRAY).astype(np.uint8), lambda: large)


def collected(length_s: float) -> tuple[ItemViews, list[Glimpse]]:
    """A full frame each quarter of a second, every second one blurred, another side every three seconds."""
    collector, glimpses = ItemViews(), [Glimpse(time(i / RATE), True, item=item()) for i in range(int(length_s * RATE))]
    for i, glimpse in enumerate(glimpses):
        collector.glimpsed(glimpse)
        if i % 5 in (0, 2):
            collector.offer(full(i / RATE, i // 30 % 4, blur=6.0 if i % 5 == 2 else 0.0), 2.0)
    return collector, glimpses


def test_the_sharp_views_spread_over_the_take_are_kept_within_bounds() -> None:
    collector, glimpses = collected(14)
    kept: dict[str, bytes] = {}
    best = collector.best(glimpses, [Episode(0, len(glimpses), 30.0)])
    told = list(keep_views(best, lambda name, data: kept.update({name: data}), confidence=0.9))
    times = [v.time.seconds for v in best]
    assert len(best) == MOST_VIEWS <= POOL
    assert times == sorted(times)
    assert times[-1] - times[0] > 8
    assert all(round(t * RATE) % 5 == 0 for t in times)
    assert told[0] == Measured(fact=ItemViewFact(image="items/01.jpg"), span=MediaSpan.at(best[0].time), confidence=0.9)
    decoded = cv2.imdecode(np.frombuffer(kept["items/01.jpg"], np.uint8), cv2.IMREAD_COLOR)
    assert decoded is not None
    assert decoded.shape[1] > decoded.shape[0] > 120


def test_views_outside_of_the_stage_with_the_item_out_are_not_kept() -> None:
    collector, glimpses = collected(6)
    assert all(v.time.seconds <= 2.1 for v in collector.best(glimpses, [Episode(0, 20, 2.0)]))
    assert collector.best(glimpses, []) == ()


def test_a_full_frame_without_an_item_near_it_is_no_view() -> None:
    collector = ItemViews()
    collector.offer(full(0.0, 0), 2.0)
    collector.glimpsed(Glimpse(time(0), True))
    collector.offer(full(0.0, 0), 2.0)
    collector.glimpsed(Glimpse(time(1.0), True, item=item()))
    collector.offer(full(5.0, 0), 2.0)
    assert collector.best([Glimpse(time(0), True)], [Episode(0, 1, 9.0)]) == ()
