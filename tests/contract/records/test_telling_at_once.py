"""Who holds a case tells its events, while others tell theirs of the same case: nobody waits for ever."""

import threading

from sixfaces.adapters.records.store import SqlRecords
from tests.contract.records.making import filed
from tests.contract.records.racing import race


def test_who_has_locked_a_case_and_who_tells_of_it_do_not_wait_for_each_other(records: SqlRecords) -> None:
    with records.begin("main") as tx:
        case = filed(tx)
    locked, told = threading.Event(), threading.Event()

    def run(number: int) -> None:
        if number == 0:
            with records.begin("main") as tx:
                tx.cases.get(case.id, lock=True)
                locked.set()
                told.wait(0.3)
                tx.events.tell(case.id, "exhibit.sealed", {})
            return
        locked.wait(30)
        with records.begin("main") as tx:
            tx.events.tell(case.id, "exhibit.observing", {})
        told.set()

    race(2, run)
    with records.begin("main", reading=True) as tx:
        assert len(tx.events.since(0, case_id=case.id)) == 2
