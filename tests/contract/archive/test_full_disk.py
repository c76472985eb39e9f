"""A disk that is full while a diff, a part of the archive or the flips of a span are written, or a run is applied: it
is said with a code, nothing is there by half, and room is all that is needed to go on."""

from pathlib import Path

import pytest

from sixfaces.adapters.archive.diffs import diff_into
from sixfaces.domain.errors import OutputError, StoreError
from sixfaces.domain.filing import FiledCase
from sixfaces.domain.people import ApiRole, Principal
from sixfaces.domain.policy import Policy
from sixfaces.domain.reverifying import RunState, Selection
from sixfaces.pipeline.archive import runs
from sixfaces.pipeline.archive.archiving import Archivist
from sixfaces.pipeline.ids import new_id
from sixfaces.pipeline.service import Service
from sixfaces.rulebook.loader import load_policy
from tests.contract.archive.conftest import SmallDisk, flip_of
from tests.rig.workshop import Sent, file_exhibit, new_case, open_workshop, run_all, runner_of, unfinished
from tests.unit.archive.test_archiving import rows, there, tomorrow

BATCH = Principal(tenant="main", key_id=new_id(), role=ApiRole.BATCH)


@pytest.fixture
def service(small: SmallDisk, monkeypatch: pytest.MonkeyPatch) -> Service:
    monkeypatch.setattr("sixfaces.pipeline.work.running.AWAY_S", 0.02)
    return open_workshop(small.folder.parent)


@pytest.fixture
def cases(service: Service) -> list[FiledCase]:
    """Three judged cases."""
    made = [new_case(service) for _ in range(3)]
    for number, case in enumerate(made):
        file_exhibit(service, case, Sent(f"take {number}".encode()))
    run_all(runner_of(service))
    return made


def files(folder: Path) -> set[str]:
    return {one.relative_to(folder).as_posix() for one in folder.rglob("*") if one.is_file() and one.name != "ballast"}


def lenient(name: str) -> Policy:
    """Under it every verdict of these tests is another one."""
    tree = load_policy(name).model_dump(mode="json")
    for use in tree["rules"].values():
        use["use"] = "advisory"
    return Policy.model_validate({**tree, "version": "2099.1", "digest": "1" * 64})


@pytest.mark.parametrize("name", ["diff.csv", "diff.parquet"])
@pytest.mark.parametrize("flips", [3, 5000])
def test_a_diff_is_whole_or_what_was_there_before(small: SmallDisk, name: str, flips: int) -> None:
    path = small.folder / name
    with diff_into(path) as diff:
        diff.add([flip_of(1)])
    before = path.read_bytes()
    small.fill()
    with pytest.raises(OutputError) as caught, diff_into(path) as diff:
        diff.add([flip_of(number) for number in range(flips)])
    assert caught.value.code == "output.full"
    assert (path.read_bytes(), files(small.folder)) == (before, {name})
    small.empty()
    with diff_into(path) as diff:
        diff.add([flip_of(number) for number in range(flips)])
    assert len(path.read_bytes()) > len(before)


def test_a_part_that_has_no_room_holds_nothing_and_is_written_later(
    service: Service, small: SmallDisk, cases: list[FiledCase]
) -> None:
    small.fill()
    before = files(small.folder)
    for _ in range(2):
        with pytest.raises(StoreError) as caught:
            Archivist(service).turn(until=tomorrow(service))
        assert caught.value.code == "store.full"
    assert (there(service), files(small.folder)) == ([], before)
    small.empty()
    Archivist(service).turn(until=tomorrow(service))
    assert len(rows(service)) == len(cases)


def test_flips_that_have_no_room_count_once_there_is(
    service: Service, small: SmallDisk, cases: list[FiledCase], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(runs, "load_policy", lenient)
    run, _ = runs.start_run(service, "main", runs.Wish("default", Selection()), by="test")
    small.fill()
    before = files(small.folder)
    for _ in range(3):
        runner_of(service).work()
    with service.records.begin("main", reading=True) as tx:
        assert (runs.run_of(tx, run.id).state, tx.reverifications.progress(run.id).done) == (RunState.RUNNING, 0)
    assert files(small.folder) == before
    small.empty()
    run_all(runner_of(service))
    with service.records.begin("main", reading=True) as tx:
        assert runs.run_of(tx, run.id).state is RunState.DONE
        assert tx.reverifications.progress(run.id).tally.flipped == len(cases)


def test_what_is_applied_without_room_waits_and_is_judged_once(
    service: Service, small: SmallDisk, cases: list[FiledCase], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(runs, "load_policy", lenient)
    run, _ = runs.start_run(service, "main", runs.Wish("default", Selection()), by="test")
    run_all(runner_of(service))
    small.fill()
    with service.records.begin("main") as tx:
        runs.apply(tx, BATCH, run.id)
    for _ in range(5):
        runner_of(service).work()
    assert unfinished(service)
    assert given(service, cases) == [1] * len(cases), "no verdict without its report"
    small.empty()
    run_all(runner_of(service))
    assert given(service, cases) == [2] * len(cases)


def given(service: Service, cases: list[FiledCase]) -> list[int]:
    """How many verdicts each has."""
    with service.records.begin("main", reading=True) as tx:
        return [len(tx.verdicts.of_case(case.id)) for case in cases]
