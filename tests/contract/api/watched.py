"""What watching shows of a tenant: an alarm, a lot with an item, a known case."""

from sixfaces.pipeline.ids import new_id
from sixfaces.pipeline.service import Service
from tests.contract.records.making import filed
from tests.contract.records.making_watching import alarm, item, lot, plant


def watched(service: Service, tenant: str) -> dict[str, str]:
    """One of each, by their ids."""
    with service.records.begin(tenant) as tx:
        case, known = (filed(tx, f"C-{new_id()}", tenant=tenant) for _ in range(2))
        of = lot(tx, tenant=tenant, policy="shown@1")
        one = item(of, known, tenant)
        assert tx.samples.add(of, [one])
        raised = alarm(tx, measure="claims", tenant=tenant)
        assert tx.alarms.add(raised)
        assert tx.samples.take(one.id, "key:nobody") is not None
        return {"alarm": raised.id, "lot": of.id, "sample": one.id, "planted": plant(tx, case).id}
