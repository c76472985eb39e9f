"""Holds: what keeps evidence, who may lift it, and that of a hold and an erasure exactly one wins."""

import threading
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta

import pytest

from sixfaces.domain.custody import Act
from sixfaces.domain.erasing import EraseReason, ErasureState, Retention
from sixfaces.domain.errors import RecordsError, RequestError
from sixfaces.domain.exhibit import Role
from sixfaces.pipeline.holding import beyond_holding
from sixfaces.pipeline.retention import apply_retention, set_retention
from tests.rig.keeping import Keeping

RACES, MOST_RACES = 6, 60


def refused(call: Callable[[], object]) -> tuple[str, object]:
    with pytest.raises(RequestError) as caught:
        call()
    return caught.value.code, getattr(caught.value, "members", {}).get("holds")


def test_an_open_case_and_each_hold_keep_it_until_all_are_gone(either: Keeping, film: bytes) -> None:
    case = either.case(film, closed=False)
    first, second = either.hold(case), either.hold(case)
    assert refused(lambda: either.ask(case)) == ("request.held", ["case_open", first.id, second.id])
    either.close(case)
    either.lift(first)
    assert refused(lambda: either.ask(case, exhibit=either.exhibits(case)[0].id)) == ("request.held", [second.id])
    either.lift(second)
    either.lift(second)
    assert either.erase(case).state is ErasureState.DONE
    with either.service.records.begin("main", reading=True) as tx:
        told = [one.body["done"] for one in tx.custody.about(case) if one.act is Act.HOLD]
    assert told == ["placed", "placed", "lifted", "lifted"]
    either.sound(case)


def test_a_hold_with_an_end_ends(either: Keeping, film: bytes) -> None:
    case = either.case(film)
    with either.service.records.begin("main", reading=True) as tx:
        now = tx.now
    hold = either.hold(case, until=now + timedelta(seconds=0.4))
    assert refused(lambda: either.ask(case)) == ("request.held", [hold.id])
    assert refused(lambda: either.hold(case, until=now))[0] == "request.invalid"
    while True:
        with either.service.records.begin("main", reading=True) as tx:
            if tx.now > now + timedelta(seconds=0.4):
                break
    assert either.erase(case).state is ErasureState.DONE


def test_a_hold_that_comes_before_the_worker_wins_and_the_erasure_says_so(either: Keeping, film: bytes) -> None:
    case = either.case(film)
    asked = either.ask(case)
    hold = either.hold(case)
    either.work()
    erasure = either.erasure(asked.id)
    assert (erasure.state, erasure.holds) == (ErasureState.REFUSED, (hold.id,))
    assert [one.erased for one in either.exhibits(case)] == [None]
    either.sound(case)


def test_of_a_hold_and_an_erasure_at_once_exactly_one_wins(either: Keeping, film: bytes) -> None:
    """Raced until either has come first at least once; whoever has won most starts a little later."""
    came_first = Counter[bool]()
    for number in range(MOST_RACES):
        hold_won = _raced(either, film + b"%d" % number, ahead_s=(came_first[True] - came_first[False]) * 0.002)
        came_first[hold_won] += 1
        if number + 1 >= RACES and len(came_first) == 2:
            break
    assert set(came_first) == {True, False}
    either.sound()


def _raced(either: Keeping, film: bytes, *, ahead_s: float) -> bool:
    """One race: whether the hold won. The worker starts so much ahead of the hold."""
    case = either.case(film)
    asked = either.ask(case)
    start, placed = threading.Barrier(2), list[str]()

    def hold() -> None:
        start.wait()
        threading.Event().wait(max(0, ahead_s))
        with suppress(RequestError, RecordsError):  # too late, or to be tried again: then nobody holds it
            placed.append(either.hold(case).id)

    thread = threading.Thread(target=hold)
    thread.start()
    start.wait()
    threading.Event().wait(max(0, -ahead_s))
    either.work()
    thread.join()
    stones = [one.erased is not None for one in either.exhibits(case)]
    expected = (ErasureState.REFUSED, [False]) if placed else (ErasureState.DONE, [True])
    assert (either.erasure(asked.id).state, stones) == expected
    return bool(placed)


def test_a_hold_says_what_it_came_too_late_for(either: Keeping, film: bytes, other: bytes) -> None:
    case = either.case(film, other)
    first, second = either.exhibits(case)
    asked = either.ask(case, exhibit=first.id)
    with either.service.records.begin("main") as tx:
        assert beyond_holding(tx, case) == ()
        tx.erasures.change(asked.model_copy(update={"state": ErasureState.BEGUN, "began_at": tx.now}))
    hold = either.hold(case)
    with either.service.records.begin("main") as tx:
        assert beyond_holding(tx, case) == (asked.id,)
        tx.erasures.change(asked)
    assert refused(lambda: either.ask(case, exhibit=second.id)) == ("request.held", [hold.id])
    either.work()


def backdated(made: Keeping, case: str, days: int) -> None:
    """As if the case had been closed so long ago."""
    from sqlalchemy import update

    from sixfaces.adapters.records.tables import cases

    with made.service.records.begin("main") as tx:
        scope = tx.holds._scope  # type: ignore[attr-defined]  # the clock is the database's: only its rows can be old
        past = tx.now - timedelta(days=days)
        scope.done(update(cases).where(cases.c.id == case).values(closed_at=past))


def test_what_has_been_kept_long_enough_is_erased_and_nothing_else(either: Keeping, film: bytes) -> None:
    old, young, held, open_ = (either.case(film + name) for name in (b"old", b"young", b"held", b"open"))
    assert apply_retention(either.service) == 0, "for ever unless something was said"
    for case, days in ((old, 31), (young, 29), (held, 31), (open_, 31)):
        backdated(either, case, days)
    either.hold(held)
    either.reopen(open_)
    with either.service.records.begin("main") as tx:
        set_retention(tx, either.who.principal, Retention(days=30))
    assert apply_retention(either.service) == 1
    assert apply_retention(either.service) == 0, "what is on its way is not asked for again"
    either.work()
    assert [either.filed(case).erased_at is not None for case in (old, young, held, open_)] == [
        True,
        False,
        False,
        False,
    ]
    (exhibit,) = either.exhibits(old)
    assert exhibit.erased is not None
    assert (exhibit.erased.reason, exhibit.erased.by) == (EraseReason.RETENTION_EXPIRED, "retention")
    with either.service.records.begin("main") as tx:
        set_retention(tx, either.who.principal, Retention())
    either.sound(old)


def test_roles_go_sooner_or_later_than_their_case(either: Keeping, film: bytes) -> None:
    case, kept = either.case(film + b"1"), either.case(film + b"2")
    backdated(either, case, 11)
    backdated(either, kept, 40)
    for retention, is_erased in (
        (Retention(roles={Role.BUYER_PHOTO: 1}), (False, False)),
        (Retention(days=30, roles={Role.UNBOXING_VIDEO: None}), (False, False)),
        (Retention(days=30, roles={Role.UNBOXING_VIDEO: 50}), (False, False)),
        (Retention(roles={Role.UNBOXING_VIDEO: 10}), (True, True)),
    ):
        with either.service.records.begin("main") as tx:
            set_retention(tx, either.who.principal, retention)
        apply_retention(either.service)
        either.work()
        found = tuple(either.exhibits(one)[0].erased is not None for one in (case, kept))
        assert found == is_erased, retention
    assert either.filed(case).erased_at is None, "only its exhibit was over"
    with either.service.records.begin("main") as tx:
        set_retention(tx, either.who.principal, Retention())
    either.sound(case, kept)


def test_a_tombstone_and_the_log_say_who_wanted_it_and_why(either: Keeping, film: bytes) -> None:
    case = either.case(film)
    either.erase(case, reason=EraseReason.COURT_ORDER, by="key:court")
    (exhibit,) = either.exhibits(case)
    assert exhibit.erased is not None
    assert (exhibit.erased.reason, exhibit.erased.by) == (EraseReason.COURT_ORDER, "key:court")
    with either.service.records.begin("main", reading=True) as tx:
        told = [(one.actor, one.body["reason"]) for one in tx.custody.about(exhibit.id) if one.act is Act.ERASE]
    assert told[0] == ("key:court", "court_order")
