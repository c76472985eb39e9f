"""Events: watchers of a case miss none, whatever is committed at once."""

import pytest

from sixfaces.adapters.records.store import SqlRecords
from sixfaces.pipeline.ids import new_id
from tests.contract.records.making import filed
from tests.contract.records.racing import race


def test_events_after_a_number_come_in_order(records: SqlRecords) -> None:
    with records.begin("main") as tx:
        case, other = filed(tx, "C-1"), filed(tx, "C-2")
        for n in range(3):
            tx.events.tell(case.id, "exhibit.sealed", {"n": n, "名": ["a", None, 1.5]})
            tx.events.tell(other.id, "else", {})
    with records.begin("main", reading=True) as tx:
        events = tx.events.since(0, case_id=case.id)
        assert [one.body["n"] for one in events] == [0, 1, 2]
        assert events[0].body["名"] == ["a", None, 1.5]
        assert tx.events.since(events[0].id, case_id=case.id, limit=1) == [events[1]]
        assert tx.events.since(events[-1].id, case_id=case.id) == []


def test_a_watcher_who_asks_all_the_time_sees_every_event(records: SqlRecords) -> None:
    with records.begin("main") as tx:
        case = filed(tx)
    seen: list[int] = []

    def tell(number: int) -> None:
        if number:
            for _ in range(10):
                with records.begin("main") as tx:
                    tx.events.tell(case.id, "told", {})
            return
        while len(seen) < 40:
            with records.begin("main", reading=True) as tx:
                seen.extend(one.id for one in tx.events.since(seen[-1] if seen else 0, case_id=case.id))

    race(5, tell)
    assert len(seen) == len(set(seen)) == 40


def test_nothing_is_told_of_a_case_that_is_not_there(records: SqlRecords) -> None:
    with pytest.raises(LookupError), records.begin("main") as tx:
        tx.events.tell(new_id(), "told", {})
