"""The course of claims: entries are added once, one decision follows another, no piece is paid for twice."""

from datetime import timedelta
from decimal import Decimal

from sixfaces.adapters.records.store import SqlRecords
from sixfaces.domain.chronicle import ClaimOpened, Leg, Party, Signed, SignedBy
from sixfaces.domain.claim_records import InspectionQuery
from sixfaces.domain.inspection import InspectionState, StepAnswer, Witness
from sixfaces.domain.pages import Page
from sixfaces.pipeline.ids import new_id
from tests.contract.records.making import MINUTE, filed
from tests.contract.records.making_claims import decision, inspection, occurrence, paying, qc_verdict
from tests.contract.records.racing import race


def test_the_chronicle_is_told_in_the_order_in_which_things_happened(records: SqlRecords) -> None:
    with records.begin("main") as tx:
        case = filed(tx)
        signed = Signed(leg=Leg.OUTBOUND, by=SignedBy.LOCKER, waybill="SF1")
        late = occurrence(tx, case, signed, at=tx.now + MINUTE)
        early = occurrence(tx, case, ClaimOpened(), at=tx.now - MINUTE)
        assert tx.chronicle.add(late)
        assert tx.chronicle.add(early)
        assert tx.chronicle.of_case(case.id) == [early, late]


def test_the_same_reference_of_the_same_source_is_one_entry(records: SqlRecords) -> None:
    with records.begin("main") as tx:
        case = filed(tx)
        assert tx.chronicle.add(occurrence(tx, case, ClaimOpened(), reference="n1"))
        assert not tx.chronicle.add(occurrence(tx, case, ClaimOpened(), reference="n1"))
        assert tx.chronicle.add(occurrence(tx, case, ClaimOpened(), reference="n1", source=Party.PLATFORM))
        assert tx.chronicle.add(occurrence(tx, case, ClaimOpened()))
        assert tx.chronicle.add(occurrence(tx, case, ClaimOpened()))
        assert len(tx.chronicle.of_case(case.id)) == 4


def test_turns_come_when_they_are_due_and_a_case_has_one(records: SqlRecords) -> None:
    with records.begin("main") as tx:
        now, later = filed(tx, "C-1"), filed(tx, "C-2")
        tx.turns.put(now.id, tx.now + timedelta(days=9))
        tx.turns.put(now.id, tx.now - MINUTE)
        tx.turns.put(later.id, tx.now + MINUTE)
    with records.begin(None, reading=True) as tx:
        assert tx.turns.due(limit=10) == [now.id]
    with records.begin("main") as tx:
        tx.turns.put(now.id, None)
        assert tx.turns.due(limit=10) == []


def test_an_inspection_goes_from_hand_to_hand_and_keeps_every_answer(records: SqlRecords) -> None:
    with records.begin("main") as tx:
        case = filed(tx)
        one = inspection(tx, case)
        tx.inspections.add(one)
        witness = Witness(exhibit="a" * 64, at_s=1.5)
        first = StepAnswer(step="look", values=("worn",), witnesses=(witness,), by="key:1", at=tx.now)
        second = StepAnswer(step="look", values=("clean",), by="key:2", at=tx.now)
        tx.inspections.answer(one.id, first)
        tx.inspections.answer(one.id, second)
        assert tx.inspections.answers(one.id) == [first, second]
        put_aside = one.model_copy(update={"state": InspectionState.SUSPENDED, "holder": None, "revision": 2})
        tx.inspections.change(put_aside)
        assert tx.inspections.get(one.id, lock=True) == put_aside
        assert tx.inspections.find(InspectionQuery(state=InspectionState.SUSPENDED), Page()) == [put_aside]
        assert tx.inspections.find(InspectionQuery(holder="key:1"), Page()) == []


def test_inspections_are_found_by_sop_and_station_and_second_looks_by_themselves(records: SqlRecords) -> None:
    with records.begin("main") as tx:
        case = filed(tx)
        first = inspection(tx, case, station="S-1")
        second = inspection(tx, case, second_of=first.id, sop="luxury")
        tx.inspections.add(first)
        tx.inspections.add(second)
        of_case = InspectionQuery(case_id=case.id)
        assert tx.inspections.find(of_case, Page()) == [second, first]
        assert tx.inspections.find(of_case._replace(second_looks=True), Page()) == [second]
        assert tx.inspections.find(of_case._replace(station="S-1"), Page()) == [first]
        assert tx.inspections.find(of_case._replace(sop="luxury"), Page()) == [second]


def test_a_qc_verdict_comes_back_as_it_was_given(records: SqlRecords) -> None:
    with records.begin("main") as tx:
        case = filed(tx)
        one = inspection(tx, case)
        tx.inspections.add(one)
        verdict = qc_verdict(tx, one)
        tx.qc_verdicts.add(verdict)
        assert tx.qc_verdicts.of_case(case.id) == [verdict]


def test_a_decision_is_followed_by_one_that_supersedes_it_and_by_no_other(records: SqlRecords) -> None:
    with records.begin("main") as tx:
        case = filed(tx)
        first = decision(tx, case)
        assert tx.decisions.add(first)
        assert not tx.decisions.add(decision(tx, case))
        assert not tx.decisions.add(decision(tx, case, supersedes=new_id()))
        second = decision(tx, case, supersedes=first.id)
        assert tx.decisions.add(second)
        assert not tx.decisions.add(decision(tx, case, supersedes=first.id))
        assert tx.decisions.current(case.id) == second
        assert tx.decisions.of_case(case.id) == [second, first]


def test_eight_who_decide_at_once_leave_one_decision(records: SqlRecords) -> None:
    with records.begin("main") as tx:
        case = filed(tx)

    def decide(_: int) -> str | None:
        with records.begin("main") as tx:
            mine = decision(tx, case)
            return mine.id if tx.decisions.add(mine) else None

    won = [one for one in race(8, decide) if one]
    with records.begin("main", reading=True) as tx:
        assert [one.id for one in tx.decisions.of_case(case.id)] == won
    assert len(won) == 1


def test_of_two_cases_of_one_order_only_one_is_paid_for_a_piece(records: SqlRecords) -> None:
    with records.begin("main") as tx:
        one, other = filed(tx, "C-1"), filed(tx, "C-2")

    def pay(n: int) -> int:
        with records.begin("main") as tx:
            return len(tx.payments.pay(paying((one if n % 2 else other).id, new_id(), *((0, 1) if n % 2 else (1, 0)))))

    refused = race(6, pay)
    assert sorted(refused) == [0, 2, 2, 2, 2, 2]
    with records.begin("main", reading=True) as tx:
        assert len(tx.payments.of_order("T1")) == 2


def test_parts_of_a_piece_stand_beside_each_other_and_orders_of_platforms_apart(records: SqlRecords) -> None:
    with records.begin("main") as tx:
        one, other = filed(tx, "C-1").id, filed(tx, "C-2").id
        for case in (one, other):
            (part,) = paying(case, new_id(), 0)
            assert tx.payments.pay([part.model_copy(update={"part": Decimal("2.00")})]) == ()
        assert tx.payments.pay(paying(one, new_id(), 0)) == ()
        (elsewhere,) = paying(other, new_id(), 0)
        assert tx.payments.pay([elsewhere]) != ()
        assert tx.payments.pay([elsewhere.model_copy(update={"platform": "tmall"})]) == ()
        counted = [len(tx.payments.of_order("T1", name)) for name in ("tmall", "shopify", None)]
        assert counted == [4, 3, 4], "of no platform may be of any"


def test_what_a_superseded_decision_paid_may_be_paid_again(records: SqlRecords) -> None:
    with records.begin("main") as tx:
        case, first, second = filed(tx), new_id(), new_id()
        assert tx.payments.pay(paying(case.id, first, 0, 1)) == ()
        standing = tx.payments.pay(paying(case.id, second, 2, 1))
        assert [one.unit.piece for one in standing] == [1]
        assert [one.unit.piece for one in tx.payments.of_order("T1")] == [0, 1]
        tx.payments.release(first)
        assert tx.payments.pay(paying(case.id, second, 2, 1)) == ()
        assert [one.unit.piece for one in tx.payments.of_order("T1")] == [1, 2]


def test_a_case_is_found_by_every_code_that_may_be_on_its_parcels(records: SqlRecords) -> None:
    with records.begin("main") as tx:
        case = filed(tx, "C-9", order_id="T9", claim_id="A9", waybill="SF 123-456 789")
        filed(tx, "C-8", order_id="T8")
        for code in ("C-9", "T9", "A9", "SF123456789", "sf123456789"):
            assert [one.id for one in tx.cases.carrying(code, limit=5)] == [case.id], code
        assert tx.cases.carrying("nothing", limit=5) == []
