"""Rows for figures: by period, without planted cases; alarms once; items taken by one person each."""

from datetime import timedelta

from sixfaces.adapters.records.store import SqlRecords
from sixfaces.domain.chronicle import ClaimOpened, ClockTold
from sixfaces.domain.pages import Page
from sixfaces.domain.sampling import (
    LotOf,
    LotOutcome,
    PlantedFor,
    Strictness,
)
from sixfaces.domain.watching import DayCount, ShippedUnits
from sixfaces.domain.watching_records import Between
from sixfaces.pipeline.ids import new_id
from tests.contract.records.making import MINUTE, filed, verdict
from tests.contract.records.making_claims import decision, inspection, occurrence, qc_verdict
from tests.contract.records.making_watching import DAY, SHIRTS, alarm, item, lot, now_and_then, plant
from tests.contract.records.racing import race


def test_everything_of_a_case_comes_for_many_cases_at_once(records: SqlRecords) -> None:
    with records.begin("main") as tx:
        one, other = filed(tx, "C-1"), filed(tx, "C-2")
        entry = occurrence(tx, one, ClaimOpened())
        tx.chronicle.add(entry)
        first = decision(tx, one)
        second = decision(tx, one, supersedes=first.id)
        assert tx.decisions.add(first)
        assert tx.decisions.add(second)
        looked = inspection(tx, other)
        tx.inspections.add(looked)
        found = qc_verdict(tx, looked)
        tx.qc_verdicts.add(found)
        ids = [one.id, other.id]
        assert tx.watching.chronicles(ids) == {one.id: [entry]}
        assert tx.watching.entries(ids, ["claim.opened", "struck"]) == {one.id: [entry]}
        assert tx.watching.entries(ids, ["struck"]) == tx.watching.entries([], ["claim.opened"]) == {}
        assert tx.watching.decisions(ids) == {one.id: [second, first]}
        assert tx.watching.looks(ids) == {other.id: [found]}
        assert tx.watching.cases(ids) == {one.id: one, other.id: other}
        assert [case.id for case in tx.watching.cases_opened(now_and_then(tx))] == ids
        assert [case.id for case in tx.watching.cases_opened(now_and_then(tx, since=one.opened_at, after=one.id))] == [
            other.id
        ]
        assert tx.watching.cases_opened(Between(tx.now + MINUTE, tx.now + 2 * MINUTE)) == []
        assert [one.id for one in tx.watching.decided(now_and_then(tx))] == [first.id, second.id]
        assert tx.watching.looked(now_and_then(tx)) == [found]
        assert tx.watching.told("claim.opened", now_and_then(tx)) == [entry]
        assert tx.watching.tenants() == ["main"]


def test_a_case_is_of_the_day_on_which_its_claim_was_opened(records: SqlRecords) -> None:
    with records.begin("main") as tx:
        week, month = tx.now - timedelta(7), tx.now - timedelta(30)
        late, early = (
            filed(tx, "C-1", opened_at=str(week)),
            filed(tx, "C-2", opened_at=str(month)),
        )
        new = filed(tx, "C-3")
        assert [one.id for one in tx.watching.cases_opened(Between(month, tx.now + MINUTE))] == [
            early.id,
            late.id,
            new.id,
        ]
        assert [one.id for one in tx.watching.cases_opened(Between(month, tx.now + MINUTE, early.id))] == [
            late.id,
            new.id,
        ]
        assert [one.id for one in tx.watching.cases_opened(Between(week, tx.now))] == [late.id]
        said = late.file.model_copy(update={"claim": early.file.claim})
        tx.cases.change(late.id, file=said)
        assert {one.id for one in tx.watching.cases_opened(Between(month, week))} == {early.id, late.id}
        tx.cases.change(late.id, file=late.file.model_copy(update={"claim": new.file.claim}))
        assert {one.id for one in tx.watching.cases_opened(Between(week, tx.now + MINUTE))} == {late.id, new.id}


def test_cases_of_which_anything_was_written_are_told_with_when_it_was(records: SqlRecords) -> None:
    with records.begin("main") as tx:
        before = tx.now - MINUTE
        cases = [filed(tx, f"C-{n}") for n in range(3)]
        made = tx.now
        assert tx.watching.touched(before) == {case.id: made for case in cases}
    with records.begin("main") as tx:
        tx.chronicle.add(occurrence(tx, cases[0], ClaimOpened()))
        assert tx.decisions.add(decision(tx, cases[1]))
        later = tx.now
        assert tx.watching.touched(later) == {cases[0].id: later, cases[1].id: later}
    with records.begin("main") as tx:
        looked = inspection(tx, cases[2])
        tx.inspections.add(looked)
        tx.qc_verdicts.add(qc_verdict(tx, looked))
        assert set(tx.watching.touched(tx.now)) == {cases[2].id}


def test_planted_cases_are_in_no_figures(records: SqlRecords) -> None:
    with records.begin("main") as tx:
        case = filed(tx)
        tx.chronicle.add(occurrence(tx, case, ClockTold(code="a_clock", state="breached", since=tx.now)))
        assert tx.decisions.add(decision(tx, case))
        assert tx.verdicts.add(verdict(case, tx.now))
        assert len(tx.watching.said(LotOf.ACCEPTED, "default@1", now_and_then(tx))) == 1
        plant(tx, case)
        assert tx.watching.cases_opened(now_and_then(tx)) == []
        assert tx.watching.decided(now_and_then(tx)) == []
        assert tx.watching.told("clock.told", now_and_then(tx)) == []
        assert tx.watching.said(LotOf.ACCEPTED, "default@1", now_and_then(tx)) == []


def test_lots_are_made_of_what_the_machine_said_by_itself(records: SqlRecords) -> None:
    with records.begin("main") as tx:
        one, other = filed(tx, "C-1"), filed(tx, "C-2")
        by_policy = decision(tx, one).model_copy(update={"by": "policy:default@1"})
        assert tx.decisions.add(by_policy)
        assert tx.decisions.add(decision(tx, other))
        (found,) = tx.watching.said(LotOf.CLOSED, "default@1", now_and_then(tx))
        assert found == (by_policy.id, one.id, "refund_only")
        old = verdict(one, tx.now, revision=7)
        assert tx.verdicts.add(old)
        assert tx.watching.said(LotOf.ACCEPTED, "default@1", now_and_then(tx)) == [], "not on the present revision"


def test_counts_of_a_day_are_replaced_as_a_whole(records: SqlRecords) -> None:
    first = DayCount(day=DAY, group=SHIRTS, what="cases", n=3)
    with records.begin("main") as tx:
        assert tx.day_counts.counted(DAY) == {}
        tx.day_counts.put(DAY, [first, DayCount(day=DAY, group=SHIRTS, what="quality", n=1)])
        tx.day_counts.put(DAY, [first])
        tx.day_counts.put(DAY + timedelta(1), [first])
        tx.day_counts.put(DAY + timedelta(2), [])
        assert tx.day_counts.counted(DAY + timedelta(1)) == {DAY + timedelta(n): tx.now for n in (1, 2)}
        assert [(one.day, one.n) for one in tx.day_counts.since(DAY)] == [(DAY, 3), (DAY + timedelta(1), 3)]
        assert [one.n for one in tx.day_counts.sums(DAY, DAY + timedelta(2))] == [6]


def test_what_was_shipped_is_told_again_instead_of_twice(records: SqlRecords) -> None:
    sent = ShippedUnits(day=DAY, supplier="Dye & Co", batch="B7", units=100)
    with records.begin("main") as tx:
        tx.day_counts.ship([sent])
        tx.day_counts.ship([sent.model_copy(update={"units": 120})])
        (found,) = tx.day_counts.shipped(DAY, DAY + timedelta(1))
        assert (found.units, found.category) == (120, None)
        assert tx.day_counts.shipped(DAY + timedelta(1), DAY + timedelta(2)) == []


def test_of_an_alarm_one_is_open_however_many_raise_it(records: SqlRecords) -> None:
    def raised(_: int) -> bool:
        with records.begin("main") as tx:
            return tx.alarms.add(alarm(tx))

    assert sum(race(6, raised)) == 1
    with records.begin("main") as tx:
        assert tx.alarms.add(alarm(tx, measure="claims")), "another measure"
        (_, first) = tx.alarms.find(Page(), open=True)
        tx.alarms.acknowledge(first.model_copy(update={"acknowledged_at": tx.now, "note": "Seen."}))
        assert tx.alarms.get(first.id, lock=True) == first.model_copy(
            update={"acknowledged_at": tx.now, "note": "Seen."}
        )
        assert [one.id for one in tx.alarms.find(Page(), open=False)] == [first.id]
        again = alarm(tx)
        assert tx.alarms.add(again)
        assert tx.alarms.latest()["quality", SHIRTS].id == again.id


def test_lots_of_a_stream_never_overlap(records: SqlRecords) -> None:
    with records.begin("main") as tx:
        assert tx.samples.add(lot(tx), [])
        assert not tx.samples.add(lot(tx), [])
        assert tx.samples.add(lot(tx, 1), [])
        assert tx.samples.add(lot(tx, policy="other@1"), [])
        assert len(tx.samples.lots(Page())) == 3


def test_an_item_is_taken_by_one_person_who_holds_no_other(records: SqlRecords) -> None:
    with records.begin("main") as tx:
        of, case = lot(tx), filed(tx)
        assert tx.samples.add(of, [item(of, case, "a")])

    def taken(n: int) -> bool:
        with records.begin("main") as tx:
            return any(tx.samples.take(one.id, f"key:{n}") for one in tx.samples.waiting(f"key:{n}", limit=5))

    assert sum(race(6, taken)) == 1
    with records.begin("main") as tx:
        (held,) = tx.samples.items(of.id)
        assert held.holder is not None
        assert tx.samples.held(held.holder) == held
        assert tx.samples.hidden(held.holder, [case.id]) == {case.id}
        assert tx.samples.hidden("key:other", [case.id]) == set()
        tx.samples.answer(held.model_copy(update={"answer": "accepted", "answered_at": tx.now}))
        assert tx.samples.held(held.holder) is None
        assert tx.samples.hidden(held.holder, [case.id]) == set()
        assert [one.id for one in tx.samples.answered(Page(), planted=False)] == [held.id]
        tx.samples.end(of.model_copy(update={"outcome": LotOutcome.ACCEPTED, "ended_at": tx.now}))
        ended = tx.samples.lot(of.id, lock=True)
        assert ended is not None
        assert ended.outcome is LotOutcome.ACCEPTED


def test_what_somebody_has_taken_and_left_waits_again(records: SqlRecords) -> None:
    with records.begin("main") as tx:
        of, case = lot(tx), filed(tx)
        assert tx.samples.add(of, [item(of, case, "a")])
        (one,) = tx.samples.waiting("key:1", limit=9)
        assert tx.samples.take(one.id, "key:1") is not None
        assert tx.samples.release(before=tx.now) == 0
        assert tx.samples.release(before=tx.now + MINUTE) == 1
        assert tx.samples.held("key:1") is None
        taken = tx.samples.take(one.id, "key:2")
        assert taken is not None
        tx.samples.answer(taken.model_copy(update={"answer": "accepted", "answered_at": tx.now}))
        assert tx.samples.release(before=tx.now + MINUTE) == 0
        tx.samples.end(of.model_copy(update={"outcome": LotOutcome.VOID}))
        assert tx.samples.waiting("key:1", limit=9) == []


def test_known_cases_that_are_retired_answered_or_left_over_wait_for_nobody(records: SqlRecords) -> None:
    with records.begin("main") as tx:
        of, case = lot(tx), filed(tx)
        known = plant(tx, case)
        two = [item(of, case, word).model_copy(update={"lot": None, "planted": known.id}) for word in "ab"]
        assert tx.samples.add(of, [*two, item(of, filed(tx, "C-2"), "c")])
        assert len(tx.samples.waiting("key:1", limit=9)) == 3
        taken = tx.samples.take(two[0].id, "key:1")
        assert taken is not None
        tx.samples.answer(taken.model_copy(update={"answer": "accepted", "answered_at": tx.now}))
        assert [one.planted for one in tx.samples.waiting("key:1", limit=9)] == [None]
        assert len(tx.samples.waiting("key:2", limit=9)) == 2
        tx.planting.retire(known.id)
        assert [one.planted for one in tx.samples.waiting("key:2", limit=9)] == [None]
        assert tx.samples.drop_planted() == 1
        assert len(tx.samples.answered(Page(), planted=True)) == 1


def test_a_stream_goes_on_where_it_was(records: SqlRecords) -> None:
    with records.begin("main") as tx:
        new = tx.samples.stream(LotOf.CLOSED, "default@1", lock=True)
        assert new.strictness is Strictness.NORMAL
        tx.samples.keep_stream(new.model_copy(update={"score": 12}))
    with records.begin("main", reading=True) as tx:
        assert tx.samples.stream(LotOf.CLOSED, "default@1").score == 12
        assert len(tx.samples.streams()) == 1


def test_a_planted_case_is_in_the_library_once_and_stays_there_retired(records: SqlRecords) -> None:
    with records.begin("main") as tx:
        one = plant(tx, filed(tx))
        assert not tx.planting.add(one.model_copy(update={"id": new_id()}))
        retired = tx.planting.retire(one.id)
        assert retired is not None
        assert retired.retired_at is not None
        assert tx.planting.of_case(one.case_id) == retired
        assert tx.planting.find(Page(), standing=True) == []
        assert tx.planting.find(Page(), for_=PlantedFor.REVIEWERS) == [retired]
