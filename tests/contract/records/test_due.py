"""What runs next: who waits first, then each tenant in its turn, then the oldest."""

from datetime import timedelta

from sixfaces.adapters.records.store import SqlRecords
from tests.contract.records.making import MINUTE, job


def fill(records: SqlRecords, tenant: str, count: int, *, priority: int = 5) -> None:
    """Waiting jobs of a tenant."""
    with records.begin(None) as tx:
        for _ in range(count):
            tx.jobs.add(job(tx, tenant=tenant, priority=priority))


def due(records: SqlRecords, limit: int = 99) -> str:
    """The tenants' letters and the priorities, in turn."""
    with records.begin(None, reading=True) as tx:
        return " ".join(f"{one.tenant}{one.priority}" for one in tx.jobs.due(limit=limit))


def test_the_more_urgent_runs_first_whoever_it_is_of(records: SqlRecords) -> None:
    fill(records, "a", 2, priority=8)
    fill(records, "b", 1)
    fill(records, "a", 1, priority=1)
    assert due(records) == "a1 b5 a8 a8"
    assert due(records, 2) == "a1 b5"
    assert due(records, 0) == ""


def test_tenants_take_turns_however_much_one_brings(records: SqlRecords) -> None:
    fill(records, "a", 5)
    fill(records, "b", 2)
    fill(records, "c", 1)
    assert due(records) == "a5 b5 c5 a5 b5 a5 a5 a5"
    assert due(records, 3) == "a5 b5 c5"


def test_who_has_much_running_waits_for_those_who_have_not(records: SqlRecords) -> None:
    fill(records, "a", 4)
    with records.begin(None) as tx:
        for one in tx.jobs.due(limit=2):
            assert tx.jobs.claim(one.id, worker="w", lease=MINUTE)
    fill(records, "b", 4)
    assert due(records) == "b5 b5 a5 b5 a5 b5"


def test_among_many_tenants_the_longest_waiting_are_seen_first(records: SqlRecords) -> None:
    names = [f"t{n}" for n in range(20)][::-1]
    for name in names:
        fill(records, name, 1)
    assert due(records, 3) == " ".join(f"{name}5" for name in names[:3])


def test_tenants_whose_jobs_must_wait_keep_nobody_back(records: SqlRecords) -> None:
    with records.begin(None) as tx:
        for number in range(5):
            tx.jobs.add(job(tx, tenant=f"w{number}", not_before=tx.now + MINUTE))
    fill(records, "a", 2)
    assert due(records, 1) == "a5"


def test_a_tenant_sees_its_own_queue(records: SqlRecords) -> None:
    fill(records, "a", 1)
    fill(records, "b", 1)
    with records.begin("a") as tx:
        assert [one.tenant for one in tx.jobs.due(limit=9)] == ["a"]
        assert tx.jobs.add(job(tx, tenant="a", not_before=tx.now + timedelta(days=1))).tenant == "a"
        assert len(tx.jobs.due(limit=9)) == 1
