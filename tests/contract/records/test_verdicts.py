"""Verdicts: exactly one for a revision, a version of the code and a policy, whoever else is at it."""

from sixfaces.adapters.records.store import SqlRecords
from tests.contract.records.making import filed, verdict
from tests.contract.records.racing import race


def test_eight_workers_at_one_revision_leave_exactly_one_verdict(records: SqlRecords) -> None:
    with records.begin("main") as tx:
        case = filed(tx)

    def judge(_: int) -> str | None:
        with records.begin("main") as tx:
            mine = verdict(case, tx.now)
            return mine.id if tx.verdicts.add(mine) else None

    won = [one for one in race(8, judge) if one]
    with records.begin("main", reading=True) as tx:
        assert [one.id for one in tx.verdicts.of_case(case.id)] == won
    assert len(won) == 1


def test_a_policy_that_was_left_and_is_gone_back_to_gives_a_verdict_again(records: SqlRecords) -> None:
    with records.begin("main") as tx:
        case = filed(tx)
        first = verdict(case, tx.now)
        other = verdict(case, tx.now, code_version="2").model_copy(update={"entry": 5})
        back = verdict(case, tx.now).model_copy(update={"again": 1, "entry": 6})
        assert [tx.verdicts.add(one) for one in (first, other, back)] == [True] * 3
        assert tx.verdicts.of_case(case.id) == [back, other, first]
        assert not tx.verdicts.add(verdict(case, tx.now).model_copy(update={"again": 1, "entry": 7}))


def test_a_case_has_the_verdict_of_its_present_revision_or_none(records: SqlRecords) -> None:
    with records.begin("main") as tx:
        case = filed(tx)
        assert tx.verdicts.current(case.id) is None
        first = verdict(case, tx.now)
        newer = verdict(case, tx.now, code_version="2").model_copy(update={"entry": 5})
        assert tx.verdicts.add(first)
        assert tx.verdicts.add(newer)
        assert tx.verdicts.current(case.id) == newer
        assert tx.verdicts.of_case(case.id) == [newer, first]
        tx.cases.change(case.id, revised=True)
        assert tx.verdicts.current(case.id) is None
        late = verdict(case, tx.now, code_version="3")
        assert tx.verdicts.add(late)
        assert tx.verdicts.current(case.id) is None
        present = verdict(case, tx.now, revision=2)
        assert tx.verdicts.add(present)
        assert tx.verdicts.current(case.id) == present
