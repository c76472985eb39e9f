"""kill -9 at every step of an erasure: whoever comes next ends it, and nothing is ever half."""

import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

import pytest

from sixfaces.adapters.records.store import SqlRecords
from sixfaces.domain.erasing import ErasureState
from sixfaces.domain.job import JobState
from sixfaces.domain.records import Page
from sixfaces.pipeline.work.sweep import MOST_LOST_AT_ONCE
from tests.rig.installation import KeptHints
from tests.rig.keeping import Keeping, keeping

MOST_STEPS = 80
EVERY = {"sqlite": 1, "postgresql": 5}
"""Steps between two that are tried."""


class Doomed:
    """What a process does to the world, counted: before the n-th deed it is killed, as the power would."""

    def __init__(self, wrapped: Any, names: tuple[str, ...], die: Callable[[], None]) -> None:  # noqa: ANN401 any port
        self._wrapped, self._names, self._die = wrapped, names, die

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 of the port
        found = getattr(self._wrapped, name)
        if name not in self._names:
            return found

        def counted(*arguments: Any, **more: Any) -> Any:  # noqa: ANN401 as the port has it
            self._die()
            return found(*arguments, **more)

        return counted


class DoomedRecords:
    """The same of what is committed: it dies before and after each transaction that writes."""

    def __init__(self, records: SqlRecords, die: Callable[[], None]) -> None:
        self._records, self._die = records, die

    @contextmanager
    def begin(self, tenant: str | None, *, reading: bool = False) -> Iterator[Any]:
        with self._records.begin(tenant, reading=reading) as transaction:
            yield transaction
            if not reading:
                self._die()
        if not reading:
            self._die()


def dies_at(number: int) -> Callable[[], None]:
    left = [number]

    def die() -> None:
        left[0] -= 1
        if left[0] < 0:
            os.kill(os.getpid(), signal.SIGKILL)

    return die


def erased_by_a_process_that_dies(made: Keeping, number: int) -> bool:
    """Work in a process of its own that is killed at its n-th deed; False where it ended before."""
    child = os.fork()
    if child == 0:
        die = dies_at(number)
        records = SqlRecords(made.place.database)
        service = replace(
            made.service,
            records=cast(Any, DoomedRecords(records, die)),
            blobs=Doomed(made.service.blobs, ("erase", "remove"), die),
            spool=Doomed(made.service.spool, ("forget",), die),
        )
        try:
            replace(made, service=service).runner(lease_s=0.15).work()
        finally:
            os._exit(0)
    _, status = os.waitpid(child, 0)
    return os.WIFSIGNALED(status)


def leases_ran_out(made: Keeping) -> None:
    """The sweep finds the job of the dead."""
    while True:
        with made.service.records.begin(None) as tx:
            tx.jobs.lost(limit=MOST_LOST_AT_ONCE)
            if not tx.jobs.find(kind=None, state=JobState.RUNNING, page=Page()):
                return


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_whoever_comes_next_ends_what_was_killed_at_any_step(
    kind: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    url = request.getfixturevalue("server").database() if kind == "postgresql" else None
    made = keeping(tmp_path, url=url)
    kept = made.case(b"kept", b"shared")
    number = 0
    while True:
        assert number < MOST_STEPS
        case = made.case(b"goes %d" % number, b"shared")
        asked = made.ask(case)
        was_killed = erased_by_a_process_that_dies(made, number)
        leases_ran_out(made)
        is_begun = made.erasure(asked.id).began_at is not None
        stones = [one.erased is not None for one in made.exhibits(case)]
        assert stones == [is_begun, is_begun], "all or nothing"
        made.work()
        assert made.erasure(asked.id).state is ErasureState.DONE
        if not was_killed:
            break
        number += EVERY[kind]
    assert number > 12, "so many deeds at least: else nothing was tried"
    made.sound(kept, case)
    cast(SqlRecords, made.service.records).close()
    assert isinstance(made.service.hints, KeptHints)
