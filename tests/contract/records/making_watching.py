"""Alarms, lots, samples and known cases, made with no more said than a test needs."""

from datetime import date, timedelta
from typing import NamedTuple

from sixfaces.domain.filing import FiledCase
from sixfaces.domain.records import Transaction
from sixfaces.domain.sampling import Level, Lot, LotOf, Plan, PlantedCase, PlantedFor, SampleItem, Strictness, Truth
from sixfaces.domain.watching import Alarm, DayCount, Dimension, Group, ShippedUnits
from sixfaces.domain.watching_records import Between
from sixfaces.pipeline.ids import new_id
from tests.contract.records.making import MINUTE, digest

DAY = date(2026, 6, 1)
SHIRTS = Group(dimension=Dimension.SUPPLIER, name="Dye & Co")


def now_and_then(tx: Transaction, **more: object) -> Between:
    """Around now."""
    return Between(tx.now - MINUTE, tx.now + MINUTE)._replace(**more)  # type: ignore[arg-type]  # any field


def plant(tx: Transaction, case: FiledCase) -> PlantedCase:
    """A known case that the transaction has added."""
    one = PlantedCase.model_validate(
        {"id": new_id(), "tenant": case.tenant, "case_id": case.id, "for": PlantedFor.REVIEWERS,
         "truth": Truth.model_validate({"verdict": "rejected"}), "by": "key:1", "planted_at": tx.now}
    )  # fmt: skip
    assert tx.planting.add(one)
    return one


def alarm(tx: Transaction, group: Group = SHIRTS, measure: str = "quality", tenant: str = "main") -> Alarm:
    """A rise, which nobody has acknowledged."""
    return Alarm(
        id=new_id(), tenant=tenant, measure=measure, group=group, since=DAY, events=5, exposure=6.0, usual=0.1,
        chance=0.001, strength=900.0, threshold=90.0, raised_at=tx.now,
    )  # fmt: skip


def lot(tx: Transaction, n: int = 0, **more: object) -> Lot:
    """A lot of one day, so many days from now."""
    start = tx.now + timedelta(days=n)
    base = {
        "id": new_id(), "tenant": "main", "of": LotOf.ACCEPTED, "policy": "default@1", "from": start,
        "until": start + timedelta(days=1), "level": Level.II, "aql": "1.0", "size": 1200,
        "population_sha256": "0" * 64, "seed": "1" * 64, "log_size": 1, "drawn_at": tx.now,
        "plan": Plan(strictness=Strictness.NORMAL, letter="J", size=80, accept=2, reject=3),
    }  # fmt: skip
    return Lot.model_validate(base | more)


def item(of: Lot, case: FiledCase, word: str) -> SampleItem:
    """An item of the lot, given out by the digest of a word."""
    return SampleItem(
        id=new_id(), tenant=of.tenant, lot=of.id, case_id=case.id, of=of.of, subject=new_id(), said="accepted",
        order=digest(word),
    )  # fmt: skip


class Watched(NamedTuple):
    """Something of everything that watching keeps."""

    alarm: Alarm
    lot: Lot
    item: SampleItem
    planted: PlantedCase


def watched_of(tx: Transaction, tenant: str, case: FiledCase) -> Watched:
    """One of each, which the transaction has added, and counts of a day."""
    raised, of = alarm(tx, tenant=tenant), lot(tx, tenant=tenant)
    one = item(of, case, tenant)
    assert tx.alarms.add(raised)
    assert tx.samples.add(of, [one])
    tx.samples.keep_stream(tx.samples.stream(of.of, of.policy, lock=True))
    tx.day_counts.put(DAY, [DayCount(day=DAY, group=SHIRTS, what="cases", n=1)])
    tx.day_counts.ship([ShippedUnits(day=DAY, supplier="Dye & Co", units=1)])
    return Watched(raised, of, one, plant(tx, case))
