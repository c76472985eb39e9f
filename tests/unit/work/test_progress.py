"""Telling how far measuring has come never harms the measuring."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace
from typing import Any, cast

from sixfaces.adapters.records.trouble import unavailable
from sixfaces.domain.filing import CaseState
from sixfaces.domain.records import Records, Transaction
from sixfaces.pipeline.service import Service
from sixfaces.pipeline.work.children import Allowance, Task, Watch
from tests.rig.workshop import Counted, Sent, file_exhibit, new_case, run_all, runner_of


class Away:
    """A database that goes away while a child measures."""

    def __init__(self, real: Records) -> None:
        self.real, self.is_away = real, False

    def begin(self, *arguments: Any, **named: Any) -> AbstractContextManager[Transaction]:  # noqa: ANN401 passed on
        if self.is_away:
            raise unavailable()
        return self.real.begin(*arguments, **named)

    def healthy(self) -> bool:
        return not self.is_away


class Telling(Counted):
    """Tells how far it is while the database is away."""

    away: Away

    def run(self, task: Task, *, allowance: Allowance, watch: Watch) -> None:
        self.away.is_away = True
        tell: Callable[[float], None] = watch.on_progress
        tell(0.5)
        self.away.is_away = False
        super().run(task, allowance=allowance, watch=watch)


def test_a_database_that_is_away_while_progress_is_told_costs_no_measuring(service: Service) -> None:
    case = new_case(service)
    file_exhibit(service, case, Sent(b"one"))
    children = Telling()
    children.away = Away(service.records)
    runner = runner_of(replace(service, records=cast(Records, children.away)), children=children)
    run_all(runner)
    assert children.runs == {"take.mp4": 1}
    assert "failed" not in runner.tally.counts()
    with service.records.begin("main", reading=True) as tx:
        found = tx.cases.get(case.id)
    assert found is not None
    assert found.state is CaseState.VERIFIED
