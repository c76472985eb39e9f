"""What is left when everything has been pruned that may be: nobody finds a fault."""

from datetime import date, timedelta

from sixfaces.domain.chronicle import Party
from sixfaces.domain.notice import Notice, NoticeKind, NoticeState, ToldParty
from sixfaces.domain.notice_ports import NoticeQuery
from sixfaces.domain.pages import Page
from sixfaces.domain.watching import DayCount, Dimension, Group, ShippedUnits
from sixfaces.pipeline.ids import new_id
from sixfaces.pipeline.pruning import Keep, prune
from sixfaces.pipeline.watching.alarming import watch_tenant
from tests.rig.keeping import Keeping

AGES = -timedelta(days=400)
"""Everything is older than that."""


def test_an_installation_without_its_past_is_sound_and_what_is_held_keeps_it(
    either: Keeping, film: bytes, other: bytes
) -> None:
    case, held = either.case(film), either.case(other)
    hold = either.hold(held)
    gone = prune(either.service, Keep(AGES, AGES, AGES))
    assert gone["events"] > 0
    assert gone["jobs"] > 0
    assert gone["uploads"] > 0
    assert _told(either, case) == 0
    assert _told(either, held) > 0
    either.sound(case, held)
    either.lift(hold)
    assert prune(either.service, Keep(AGES, AGES, AGES))["uploads"] == 1
    assert _told(either, held) == 0
    either.sound(case, held)


def test_notices_of_cases_that_are_over_go_and_those_of_open_or_held_ones_stay(
    either: Keeping, film: bytes, other: bytes
) -> None:
    over, held = either.case(film), either.case(other)
    is_open = either.case(film + other, closed=False)
    for case in (over, held, is_open):
        noticed(either, case, Party.BUYER, is_sent=True)
        noticed(either, case, Party.SELLER, is_sent=False)
    hold = either.hold(held)
    assert prune(either.service, Keep(AGES, AGES, AGES))["notices"] == 1
    assert [left(either, case) for case in (over, held, is_open)] == [1, 2, 2]
    either.lift(hold)
    assert prune(either.service, Keep(AGES, AGES, AGES))["notices"] == 1
    either.sound(over, held, is_open)


def noticed(either: Keeping, case: str, party: ToldParty, *, is_sent: bool) -> None:
    """A notice that there is a claim."""
    with either.service.records.begin("main") as tx:
        new = Notice(
            id=new_id(), tenant="main", case_id=case, about=case, kind=NoticeKind.CLAIM_OPENED, party=party,
            next_attempt_at=tx.now + timedelta(minutes=30), created_at=tx.now,
        )  # fmt: skip
        sent = {"next_attempt_at": None, "ended_at": tx.now, "state": NoticeState.SENT} if is_sent else {}
        assert tx.notices.add(new.model_copy(update=sent))


def left(either: Keeping, case: str) -> int:
    with either.service.records.begin("main", reading=True) as tx:
        return len(tx.notices.find(NoticeQuery(case_id=case), Page()))


def test_counts_of_days_go_when_no_look_goes_back_to_them(either: Keeping) -> None:
    tenant = new_id()
    with either.service.records.begin(tenant) as tx:
        today = tx.now.date()
        for back in (0, 400, 480, 600, 4000):
            day = today - timedelta(days=back)
            one = DayCount(day=day, group=Group(dimension=Dimension.ALL, of="", name=""), what="cases", n=1)
            tx.day_counts.put(day, [one])
        tx.day_counts.ship([ShippedUnits(day=today - timedelta(days=4000), units=9)])
    watch_tenant(either.service, tenant)
    with either.service.records.begin(tenant, reading=True) as tx:
        days = {one.day for one in tx.day_counts.since(date.min)}
        assert tx.day_counts.shipped(date.min, today)
    assert min(days) == today - timedelta(days=480)
    with either.service.records.begin(tenant) as tx:
        assert tx.day_counts.prune(before=today, limit=1) == 1
        assert tx.day_counts.prune(before=date.min, limit=9) == 0


def _told(either: Keeping, case: str) -> int:
    with either.service.records.begin("main", reading=True) as tx:
        return len(tx.events.since(0, case_id=case))
