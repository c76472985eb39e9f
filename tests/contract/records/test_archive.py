"""What waits for the archive is looked through from front to back, whatever of it stays where it is."""

from sixfaces.adapters.records.store import SqlRecords
from sixfaces.domain.archive import Part, PartState
from sixfaces.domain.records import Transaction
from sixfaces.pipeline.ids import new_id
from tests.contract.records.making import filed, verdict

TENANTS = ("main", "other")


def part(tx: Transaction, tenant: str, *, day: str, cases: int = 1, size: int = 1) -> Part:
    """A part that is there."""
    id = new_id()
    writing = Part(
        id=id, tenant=tenant, day=day, observers="fake 1", place=f"archive/{tenant}/{id}", state=PartState.WRITING,
        made_at=tx.now,
    )  # fmt: skip
    tx.archive.began(writing)
    there = writing.model_copy(
        update={"state": PartState.THERE, "cases": cases, "bytes": size, "first": id, "sha256": "0" * 64}
    )
    assert tx.archive.holds(there, [])
    return there


def test_verdicts_without_a_part_follow_each_other_by_tenant_and_id(records: SqlRecords) -> None:
    wanted = []
    for tenant in TENANTS:
        with records.begin(tenant) as tx:
            for number in range(3):
                one = verdict(filed(tx, f"C-{number}", tenant=tenant), tx.now)
                assert tx.verdicts.add(one)
                wanted.append((tenant, one.id))
    found, last = list[tuple[str, str]](), ("", "")
    with records.begin(None, reading=True) as tx:
        while some := tx.archive.loose(before="~", after=last, limit=2):
            found += [(one.tenant, one.id) for one in some]
            last = found[-1]
    assert found == sorted(wanted)


def test_small_parts_follow_each_other_by_tenant_and_day(records: SqlRecords) -> None:
    wanted = []
    for tenant in TENANTS:
        with records.begin(tenant) as tx:
            for day in ("2026-01-02", "2026-01-01"):
                wanted.append([part(tx, tenant, day=day) for _ in range(2)])
                part(tx, tenant, day=day, cases=9)
                part(tx, tenant, day=day, size=9)
            part(tx, tenant, day="2026-01-03")
    found, last = list[list[Part]](), None
    with records.begin(None, reading=True) as tx:
        while groups := tx.archive.small(cases=9, bytes=9, after=last, limit=1):
            found += [list(group) for group in groups]
            last = groups[-1][0].group
    assert found == sorted(wanted, key=lambda group: group[0].group)
