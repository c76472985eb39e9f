"""Parts and runs for tests of the records."""

from typing import NamedTuple

from sixfaces.domain.archive import Part, PartState
from sixfaces.domain.filing import FiledCase
from sixfaces.domain.policy import Policy
from sixfaces.domain.records import Transaction
from sixfaces.domain.reverifying import Reverification, RunSpan, Selection, Tally
from sixfaces.domain.schedule import Every, Rhythm, Schedule, ScheduleTerms
from sixfaces.pipeline.ids import new_id
from sixfaces.rulebook.loader import load_policy


class Archived(NamedTuple):
    """A part that is there and one that is being written; a run, its span that is done and the one that is not; the
    schedule that began it, which is due."""

    part: Part
    writing: Part
    run: Reverification
    done: RunSpan
    waiting: RunSpan
    policy: Policy
    schedule: Schedule


def archived_of(tx: Transaction, tenant: str, case: FiledCase) -> Archived:
    """All of these, of one tenant."""
    day, policy = tx.now.date().isoformat(), load_policy("default")
    parts = [
        Part(
            id=id,
            tenant=tenant,
            day=day,
            observers="fake 1",
            place=f"archive/{tenant}/{day}/{id}.parquet",
            state=PartState.WRITING,
            made_at=tx.now,
        )
        for id in (new_id(), new_id())
    ]
    for part in parts:
        tx.archive.began(part)
    there = parts[0].model_copy(update={"state": PartState.THERE, "sha256": "0" * 64})
    assert tx.archive.holds(there, [])
    schedule = schedule_of(tx, tenant)
    run = Reverification(
        id=new_id(),
        tenant=tenant,
        selection=Selection(),
        newest="~",
        spans=2,
        schedule=schedule.id,
        by="test",
        made_at=tx.now,
    )
    spans = [
        RunSpan(id=new_id(), tenant=tenant, run=run.id, number=number, after="", until="~", verdicts=1)
        for number in (1, 2)
    ]
    tx.reverifications.add(run, spans)
    done = spans[0].model_copy(update={"tally": Tally(), "place": "p"})
    tx.reverifications.tell(done)
    tx.reverifications.judge_under(case.id, revision=1, policy=policy, run=run.id)
    return Archived(there, parts[1], run, done, spans[1], policy, schedule)


def schedule_of(tx: Transaction, tenant: str) -> Schedule:
    """A schedule that is due."""
    terms = ScheduleTerms(name="nightly", rhythm=Rhythm(every=Every.DAY, at="03:00"))
    at = {"looked_at": tx.now, "made_at": tx.now, "changed_at": tx.now}
    schedule = Schedule(id=new_id(), tenant=tenant, terms=terms, next_at=tx.now, by="test", **at)
    tx.schedules.add(schedule)
    return schedule
