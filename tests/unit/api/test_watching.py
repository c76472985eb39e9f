"""Who watches is asked for together, and never left waiting for somebody who has gone."""

import asyncio
from collections.abc import Awaitable, Callable, Collection, Mapping

import pytest

from sixfaces.adapters.records.trouble import unavailable
from sixfaces.api import watching
from sixfaces.api.watching import Sender, Watcher, Watching
from sixfaces.domain.people import ApiRole, Principal
from sixfaces.pipeline.ids import new_id

ONE = (Principal(tenant="main", key_id=new_id(), role=ApiRole.REVIEWER), "Bearer one")
OTHER = (Principal(tenant="other", key_id=new_id(), role=ApiRole.REVIEWER), "Bearer two")


class Told:
    """Answers, and counts the questions."""

    def __init__(self) -> None:
        self.newest: dict[str, int] = {}
        self.gone: set[Sender] = set()
        self.questions = list[set[str]]()
        self.is_away = False

    def tell(self, cases: Collection[str]) -> Mapping[str, int]:
        self.questions.append(set(cases))
        if self.is_away:
            raise unavailable()
        return self.newest

    def watching(self) -> Watching:
        return Watching(asyncio.Event(), newest=self.tell, gone=lambda senders: self.gone & set(senders))


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watching, "POLL_S", 0.01)
    monkeypatch.setattr(watching, "GOOD_S", 0.01)


def run(work: Callable[[], Awaitable[None]]) -> None:
    async def all_of_it() -> None:
        async with asyncio.timeout(20):
            await work()

    asyncio.run(all_of_it())


def caught_up(case: str, sender: Sender, last: int) -> Watcher:
    """One that knows of nothing more."""
    made = Watcher(case, sender, last=last)
    made.told(last)
    assert not made.is_behind
    return made


def test_only_who_is_behind_is_stirred() -> None:
    async def work() -> None:
        told = Told()
        told.newest = {"a": 5, "b": 7}
        hub = told.watching()
        first, second = caught_up("a", ONE, 4), caught_up("b", OTHER, 7)
        for one in (first, second):
            hub.enter(one)
        assert await first.stirred(within_s=10)
        assert (first.is_behind, second.is_behind, first.is_over) == (True, False, False)
        assert not await second.stirred(within_s=0.05)
        assert all(cases == {"a", "b"} for cases in told.questions)
        hub.leave(first)
        hub.leave(second)

    run(work)


def test_an_event_that_came_while_the_one_before_was_read_is_heard() -> None:
    async def work() -> None:
        told = Told()
        told.newest = {"a": 9}
        hub, one = told.watching(), caught_up("a", ONE, 4)
        hub.enter(one)
        assert await one.stirred(within_s=10)
        one.told(8)  # nine was not there yet when it read
        one.told(8)
        assert await one.stirred(within_s=10)
        assert one.is_behind
        hub.leave(one)

    run(work)


def test_nothing_is_asked_when_nobody_watches_and_again_for_the_next() -> None:
    async def work() -> None:
        told = Told()
        hub, one = told.watching(), caught_up("a", ONE, 0)
        hub.enter(one)
        while not told.questions:
            await asyncio.sleep(0)
        hub.leave(one)
        while len(asyncio.all_tasks()) > 1:
            await asyncio.sleep(0.01)
        told.newest, before = {"a": 1}, len(told.questions)
        next_one = caught_up("a", ONE, 0)
        hub.enter(next_one)
        assert await next_one.stirred(within_s=10)
        assert len(told.questions) > before
        hub.leave(next_one)

    run(work)


def test_whose_key_was_revoked_hears_no_more_and_the_others_do() -> None:
    async def work() -> None:
        told = Told()
        hub, first, second = told.watching(), caught_up("a", ONE, 0), caught_up("a", OTHER, 0)
        hub.enter(first)
        hub.enter(second)
        told.gone = {ONE}
        assert await first.stirred(within_s=10)
        assert (first.is_over, second.is_over) == (True, False)
        hub.leave(first)
        hub.leave(second)

    run(work)


def test_where_the_database_is_away_all_streams_end_and_the_next_asks_anew() -> None:
    async def work() -> None:
        told = Told()
        told.is_away = True
        hub, one = told.watching(), caught_up("a", ONE, 0)
        hub.enter(one)
        assert await one.stirred(within_s=10)
        assert one.is_over
        hub.leave(one)
        told.is_away, told.newest = False, {"a": 1}
        again = caught_up("a", ONE, 0)
        hub.enter(again)
        assert await again.stirred(within_s=10)
        assert (again.is_over, again.is_behind) == (False, True)
        hub.leave(again)

    run(work)
