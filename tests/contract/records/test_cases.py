"""Cases: one for each number of a tenant, found by what they say, newest first."""

import pytest

from sixfaces.adapters.records.store import SqlRecords
from sixfaces.domain.answer import Verdict
from sixfaces.domain.errors import RecordsError
from sixfaces.domain.filing import CaseState, KnownTexts
from sixfaces.domain.records import CaseQuery, Page
from sixfaces.pipeline.ids import new_id
from tests.contract.records.making import case_file, filed, is_conflict, verdict


def test_a_case_comes_back_as_it_was_filed(records: SqlRecords) -> None:
    with records.begin("main") as tx:
        case = filed(tx, "退货 1", order_id="T1", claim_id="A1", waybill="SF 123")
    with records.begin("main", reading=True) as tx:
        assert tx.cases.get(case.id) == tx.cases.by_case_id("退货 1") == case
        assert tx.cases.get("no id at all") is None


def test_a_tenant_has_one_case_of_a_number(records: SqlRecords) -> None:
    with records.begin("main") as tx:
        case = filed(tx)
        again = case.model_copy(update={"id": case.id[:-1] + "0", "revision": 7})
        assert not tx.cases.add(again)
    with records.begin("other") as tx:
        filed(tx, tenant="other")
    with records.begin("main") as tx:
        assert tx.cases.by_case_id("C-1") == case


def test_cases_are_found_by_everything_given_at_once(records: SqlRecords) -> None:
    with records.begin("main") as tx:
        one = filed(tx, "C-1", order_id="T1", waybill="SF-123 4")
        two = filed(tx, "C-2", order_id="T1", claim_id="A2")
        tx.cases.change(two.id, state=CaseState.CLOSED)

    def found(query: CaseQuery) -> list[str]:
        with records.begin("main", reading=True) as tx:
            return [case.file.case_id for case in tx.cases.find(query, Page())]

    assert found(CaseQuery()) == found(CaseQuery(order_id="T1")) == ["C-2", "C-1"]
    assert found(CaseQuery(order_id="T1", claim_id="A2")) == found(CaseQuery(state=CaseState.CLOSED)) == ["C-2"]
    assert found(CaseQuery(order_id="T1", case_id="C-1")) == found(CaseQuery(waybill="sf1234")) == [one.file.case_id]
    assert found(CaseQuery(order_id="T2")) == found(CaseQuery(verdict=Verdict.ACCEPTED)) == []


def test_pages_follow_each_other_without_gaps_or_repeats(records: SqlRecords) -> None:
    with records.begin("main") as tx:
        all_ids = [filed(tx, f"C-{n}").id for n in range(7)]
    seen: list[str] = []
    while True:
        with records.begin("main", reading=True) as tx:
            page = tx.cases.find(CaseQuery(), Page(before=seen[-1] if seen else None, limit=3))
        if not page:
            break
        seen += [case.id for case in page]
    assert seen == all_ids[::-1]


def test_an_edit_raises_the_revision_and_takes_the_verdict_away(records: SqlRecords) -> None:
    with records.begin("main") as tx:
        case = filed(tx)
        assert tx.verdicts.add(verdict(case, tx.now))
        assert len(tx.cases.find(CaseQuery(verdict=Verdict.ACCEPTED), Page())) == 1
    with records.begin("main") as tx:
        edited = tx.cases.change(case.id, file=case_file("C-1", order_id="T9"), revised=True)
        assert (edited.revision, edited.file.order.order_id, edited.state) == (2, "T9", CaseState.OPEN)
        assert edited.updated_at == tx.now > case.updated_at
        assert tx.cases.find(CaseQuery(verdict=Verdict.ACCEPTED), Page()) == []
        assert [case.id for case in tx.cases.find(CaseQuery(order_id="T9"), Page())] == [case.id]


def test_a_number_may_be_given_up_only_for_a_free_one(records: SqlRecords) -> None:
    with records.begin("main") as tx:
        case, _ = filed(tx, "C-1"), filed(tx, "C-2")
    with pytest.raises(RecordsError) as caught, records.begin("main") as tx:
        tx.cases.change(case.id, file=case_file("C-2"))
    assert is_conflict(caught.value)


def test_changing_what_is_not_there_is_told(records: SqlRecords) -> None:
    with pytest.raises(LookupError), records.begin("main") as tx:
        tx.cases.change(new_id(), revised=True)


def test_each_case_has_a_salt_of_its_own_until_it_is_erased(records: SqlRecords) -> None:
    with records.begin("main") as tx:
        one, two = filed(tx, "C-1"), filed(tx, "C-2")
    with records.begin("other", reading=True) as tx:
        assert tx.cases.salt(one.id) is None
    with records.begin("main") as tx:
        salts = {tx.cases.salt(one.id), tx.cases.salt(two.id)}
        assert {len(salt or b"") for salt in salts} == {32}
        assert len(salts) == 2
        kept = tx.cases.salt(one.id)
        tx.cases.change(one.id, file=case_file("C-1", waybill="SF1"), revised=True)
        assert tx.cases.salt(one.id) == kept
        tx.erasures.empty_case(one.id, case_file("C-1"))
        assert tx.cases.salt(one.id) is None


def test_who_knows_masked_texts_of_a_case_is_kept_until_it_is_erased(records: SqlRecords) -> None:
    known = KnownTexts(actor="key:1", places=("claim.statement",))
    with records.begin("main") as tx:
        case = filed(tx, "C-1")
        assert tx.cases.known_texts(case.id) is None
        tx.cases.know_texts(case.id, known)
        tx.cases.change(case.id, file=case_file("C-1", waybill="SF1"), revised=True)
        assert tx.cases.known_texts(case.id) == known
        tx.erasures.empty_case(case.id, case_file("C-1"))
        assert tx.cases.known_texts(case.id) is None
