"""An installation of the real parts for tests of work: exhibits sealed without uploads, children of all kinds."""

import hashlib
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path

from sixfaces.adapters.archive.parquet import ParquetParts
from sixfaces.adapters.bytes import open_blobs
from sixfaces.adapters.records.store import SqlRecords
from sixfaces.adapters.wakeups import Wakeups
from sixfaces.domain.blobs import original_key
from sixfaces.domain.case import CaseFile
from sixfaces.domain.comparison import Comparison, Reference
from sixfaces.domain.custody import Act, Deed
from sixfaces.domain.exhibit import Exhibit, Role
from sixfaces.domain.filing import CaseState, FiledCase, FiledExhibit
from sixfaces.domain.job import Job, JobKind, JobState
from sixfaces.domain.observation import Record
from sixfaces.domain.ports import Hints, OnProgress, Pictures
from sixfaces.intake.sniff import HEAD_BYTES, sniff
from sixfaces.pipeline.ids import new_id
from sixfaces.pipeline.service import Measuring, Service
from sixfaces.pipeline.work.children import Allowance, Task, Watch
from sixfaces.pipeline.work.running import Runner, Step
from sixfaces.pipeline.work.steps import steps_of
from sixfaces.workers.children import ChildProcesses
from tests.rig import child_targets
from tests.rig.tables import with_tables

ROOT = Path(__file__).resolve().parents[2]
ACTING = ChildProcesses(target="tests.rig.child_targets:act", import_from=(ROOT,))
"""Children that do what the file's first word says."""

SOON = timedelta(milliseconds=30)


class NoObservatory:
    """Measures nothing: exhibits are measured by children."""

    def observe(self, exhibit: Exhibit, path: Path, *, pictures: Pictures, on_progress: OnProgress) -> Record:
        raise AssertionError("a worker measures in its children only")


class NoComparer:
    """Compares nothing."""

    def compare(
        self, references: Sequence[Reference], *, views: Mapping[str, bytes], pictures: Pictures
    ) -> tuple[Comparison, ...]:
        return ()


MEASURING = Measuring(observatory=NoObservatory(), comparer=NoComparer(), keyring={}, observers="fake 1")


def open_workshop(
    folder: Path, *, url: str | None = None, hints: Hints | None = None, measuring: Measuring = MEASURING
) -> Service:
    """The installation in the folder, made where it is not there yet."""
    url = url or f"sqlite:///{folder / 'records.sqlite'}"
    with_tables(url)
    store = open_blobs(str(folder / "blobs"))
    return Service(
        records=SqlRecords(url),
        blobs=store.blobs,
        spool=store.spool,
        hints=hints or Wakeups(),
        measuring=measuring,
        code_version="test 1",
        parts=ParquetParts(),
    )


def new_case(service: Service, file: CaseFile | None = None, *, tenant: str = "main") -> FiledCase:
    """An open case."""
    with service.records.begin(tenant) as tx:
        case = FiledCase(
            id=new_id(),
            tenant=tenant,
            file=file or CaseFile(case_id=f"C-{new_id()}"),
            revision=1,
            state=CaseState.OPEN,
            created_at=tx.now,
            updated_at=tx.now,
        )
        assert tx.cases.add(case)
    return case


@dataclass(frozen=True)
class Sent:
    """What somebody hands in."""

    data: bytes
    name: str = "take.mp4"
    role: Role = Role.UNBOXING_VIDEO
    priority: int = 5


def file_exhibit(service: Service, case: FiledCase, sent: Sent) -> tuple[FiledExhibit, Job]:
    """Seal bytes as an exhibit of the case, as an upload does in its last transaction; the job that it adds."""
    sha256 = hashlib.sha256(sent.data).hexdigest()
    with tempfile.NamedTemporaryFile() as file:
        file.write(sent.data)
        file.flush()
        service.blobs.seal(original_key(case.tenant, sha256), Path(file.name), sha256=sha256)
    form = sniff(sent.data[:HEAD_BYTES])
    with service.records.begin(case.tenant) as tx:
        exhibit = Exhibit(
            sha256=sha256, name=sent.name, role=sent.role, bytes=len(sent.data), medium=form.medium, format=form.name
        )
        id = new_id()
        tx.cases.change(case.id, revised=True, state=CaseState.VERIFYING)
        job = tx.jobs.add(new_job(tx.now, JobKind.OBSERVE, id, tenant=case.tenant, priority=sent.priority))
        deed = Deed(tenant=case.tenant, act=Act.SEAL, subject=id, actor="test", body={"sha256": sha256})
        entry = tx.custody.append(deed)[0].seq
        filed = FiledExhibit(id=id, tenant=case.tenant, case_id=case.id, exhibit=exhibit, sealed_at=tx.now, entry=entry)
        tx.exhibits.add(filed)
    return filed, job


def new_job(now: object, kind: JobKind, subject: str, *, tenant: str = "main", priority: int = 5) -> Job:
    """A job that is due."""
    return Job.model_validate(
        {
            "id": new_id(),
            "tenant": tenant,
            "kind": kind,
            "subject": subject,
            "priority": priority,
            "not_before": now,
            "created_at": now,
        }
    )


def add_jobs(service: Service, count: int, *, tenant: str = "main", priority: int = 5) -> list[Job]:
    """JUDGE jobs of subjects that nobody knows."""
    with service.records.begin(tenant) as tx:
        wanted = [new_job(tx.now, JobKind.JUDGE, new_id(), tenant=tenant, priority=priority) for _ in range(count)]
        return [tx.jobs.add(job) for job in wanted]


@dataclass
class Counted:
    """Children that are counted by the names of their exhibits. Without processes, they only write a record."""

    children: ChildProcesses | None = None
    allowance: Callable[[Allowance], Allowance] = lambda given: given
    runs: Counter[str] = field(default_factory=Counter)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def run(self, task: Task, *, allowance: Allowance, watch: Watch) -> None:
        with self._lock:
            self.runs[task.exhibit.name] += 1
        if self.children is None:
            child_targets.write(task)
        else:
            self.children.run(task, allowance=self.allowance(allowance), watch=watch)


def tight(given: Allowance) -> Allowance:
    """So little that tests need not wait for the end of those who take too much."""
    return replace(given, wall_s=60.0, cpu_s=2, memory_bytes=2 << 30, file_bytes=64 << 20, output_bytes=8 << 20)


def runner_of(
    service: Service,
    *,
    children: Counted | None = None,
    steps: Mapping[JobKind, Step] | None = None,
    name: str = "test",
) -> Runner:
    """A runner with short leases and next to no back-off."""
    return Runner(
        service,
        steps or steps_of(children or Counted()),
        name,
        lease=timedelta(seconds=3),
        backoff=lambda failed: SOON,
    )


def run_all(runner: Runner, *, within_s: float = 90.0, but: JobKind | None = None) -> None:
    """Run jobs until none is ready or running, whatever is due later too; jobs of the kind `but` are not waited for.
    What a killed worker held is made ready again as its lease runs out, as a sweep would."""
    until = time.monotonic() + within_s
    while unfinished(runner.service, but=but):
        assert time.monotonic() < until, "jobs are left"
        if runner.work() == 0:
            time.sleep(0.01)
            with runner.service.records.begin(None) as tx:
                tx.jobs.lost(limit=100)


def unfinished(service: Service, *, but: JobKind | None = None) -> int:
    """Jobs that are ready or running, of other kinds than `but`."""
    with service.records.begin(None, reading=True) as tx:
        jobs = [job for job in all_jobs(tx.jobs.find) if job.kind is not but]
    return sum(job.state in (JobState.READY, JobState.RUNNING) for job in jobs)


def all_jobs(find: Callable[..., Sequence[Job]]) -> list[Job]:
    """Every job there is, the oldest first."""
    from sixfaces.domain.records import Page

    return sorted(find(kind=None, state=None, page=Page(limit=5000)), key=lambda job: job.id)
