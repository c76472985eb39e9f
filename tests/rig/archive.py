"""A large installation, made quickly: rows of many cases are written together, and what they say of each other is what
`sixfaces fsck` finds sound. Reports, records and bytes are real but small; nothing was uploaded or measured."""

import hashlib
import json
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from sqlalchemy import Connection, Table, text

from sixfaces.adapters.records import tables
from sixfaces.adapters.records.custody import SqlCustody
from sixfaces.adapters.records.engine import engine_of
from sixfaces.adapters.records.scope import Scope, Shape
from sixfaces.adapters.records.walls import metadata
from sixfaces.adapters.records.waybills import plain
from sixfaces.domain.answer import Verdict
from sixfaces.domain.case import CaseFile, Claim, Order, OrderItem, ReturnParcel
from sixfaces.domain.custody import Act, Deed
from sixfaces.domain.exhibit import Exhibit, Medium, Role
from sixfaces.domain.filing import CaseState, FiledCase, FiledExhibit, StoredVerdict
from sixfaces.domain.job import Job, JobKind, JobState
from sixfaces.domain.observation import Record
from sixfaces.pipeline.ids import new_id
from sixfaces.pipeline.verify_case import Terms, judge_records
from sixfaces.report.serial import json_bytes, report_bytes
from sixfaces.rulebook.loader import load_policy
from sixfaces.vault.canonical import canonical_json
from tests.rig.installation import OBSERVERS

TENANT = "main"
WORKER = "worker:archive"
AT_ONCE = 1000
_CASE, _EXHIBIT = Shape(tables.cases, FiledCase), Shape(tables.exhibits, FiledExhibit)
_VERDICT, _JOB = Shape(tables.verdicts, StoredVerdict), Shape(tables.jobs, Job)
VERDICTS = (Verdict.ACCEPTED, Verdict.ACCEPTED, Verdict.NEEDS_REVIEW, Verdict.REJECTED)
ROLES = ((Role.UNBOXING_VIDEO, Medium.VIDEO, "mp4"), (Role.BUYER_PHOTO, Medium.PHOTO, "jpeg"))


class Filed(NamedTuple):
    """What a case of the archive is asked for by."""

    id: str
    number: int
    exhibits: tuple[str, ...]

    @property
    def asked_by(self) -> dict[str, str]:
        """Filters that find it alone."""
        return {"number": f"C-{self.number}", "order": f"T-{self.number}", "claim": f"A-{self.number}",
                "waybill": waybill_of(self.number)}  # fmt: skip


def waybill_of(number: int) -> str:
    """The waybill of the archive's case of this number."""
    return f"SF{number:013}"


def state_of(number: int) -> CaseState:
    """One in fifty has no evidence yet, one in twenty is closed."""
    if number % 50 == 7:
        return CaseState.OPEN
    return CaseState.CLOSED if number % 20 == 3 else CaseState.VERIFIED


def fill(url: str, blobs: Path, count: int, *, first: int = 0) -> list[Filed]:
    """So many cases more in an installation whose tables are there; oldest first. Two exhibits, one verdict, six
    events, eight custody entries and three ended jobs are in each that has evidence."""
    engine, made = engine_of(url), list[Filed]()
    for start in range(first, first + count, AT_ONCE):
        with engine.begin() as connection:
            if connection.dialect.name == "postgresql":
                connection.execute(text("SELECT set_config('sixfaces.tenant', :tenant, true)"), {"tenant": TENANT})
            block = _Block(connection, blobs)
            numbers = range(start, min(start + AT_ONCE, first + count))
            made += block.write(numbers)
    with engine.connect() as connection:
        if connection.dialect.name == "postgresql":  # as the server does by itself within a minute
            connection.execution_options(isolation_level="AUTOCOMMIT").execute(text("VACUUM ANALYZE"))
    engine.dispose()
    return made


class _Block:
    """Some cases in one transaction."""

    def __init__(self, connection: Connection, blobs: Path) -> None:
        self._connection, self._blobs = connection, blobs
        self._now = datetime.now(UTC)
        self._report: Path | None = None
        self._rows: dict[str, list[dict[str, Any]]] = {}
        self._deeds: list[Deed] = []
        self._entered: list[Callable[[int], None]] = []
        """What waits for the number of the deed at the same place."""

    def write(self, numbers: Sequence[int]) -> list[Filed]:
        made = [self._case(number) for number in numbers]
        entries = SqlCustody(Scope(self._connection, TENANT, self._now)).append(*self._deeds)
        for entry, told in zip(entries, self._entered, strict=True):
            told(entry.seq)
        for table in metadata.sorted_tables:  # what others hang on comes first
            if rows := self._rows.get(table.name):
                self._connection.execute(table.insert(), rows)
        return made

    def _case(self, number: int) -> Filed:
        state = state_of(number)
        file = _file(number)
        case = FiledCase(id=new_id(), tenant=TENANT, file=file, revision=1, state=state, created_at=self._now,
                         updated_at=self._now)  # fmt: skip
        row = self._add(tables.cases, _CASE.values(case))
        row |= {"case_id": file.case_id, "order_id": file.order.order_id, "claim_id": file.claim.claim_id}
        row |= {"waybill": plain(waybill_of(number)), "verdict": None}
        self._tell(case, "case.opened", {"revision": 1})
        digest = hashlib.sha256(json_bytes(file)).hexdigest()
        self._enter(Act.AMEND, case.id, {"revision": 1, "file_sha256": digest}, actor="key:archive")
        exhibits: list[str] = []
        if state is not CaseState.OPEN:
            exhibits = [self._exhibit(case, place) for place in range(len(ROLES))]
            row["verdict"] = self._judged(case, number)
        return Filed(case.id, number, tuple(exhibits))

    def _exhibit(self, case: FiledCase, place: int) -> str:
        id, (role, medium, form) = new_id(), ROLES[place]
        data = f"exhibit {id}".encode()
        digest = hashlib.sha256(data).hexdigest()
        self._write(f"originals/{TENANT}/{digest[:2]}/{digest}", data)
        exhibit = Exhibit(
            sha256=digest, name=f"{place}.{form}", role=role, bytes=len(data), medium=medium, format=form,
            received_at=self._now,
        )  # fmt: skip
        body = {"sha256": digest, "bytes": len(data), "case": case.id, "role": role.value}
        self._enter(Act.ACCEPT, id, body, actor="station:S1")
        filed = FiledExhibit(
            id=id, tenant=TENANT, case_id=case.id, exhibit=exhibit, sealed_at=self._now, entry=0, station="S1",
            observed_by=OBSERVERS,
        )  # fmt: skip
        row = self._add(tables.exhibits, _EXHIBIT.values(filed))
        row |= {"sha256": digest, "role": role}
        self._enter(Act.SEAL, id, body, actor="station:S1", into=row)
        self._tell(case, "exhibit.sealed", {"exhibit": id, "sha256": digest, "bytes": len(data)})
        read_back = {"tenant": TENANT, "sha256": digest, "bytes": len(data), "checked_at": self._now}
        self._add(tables.originals, {**read_back, "damage": None, "found_at": None})
        waybill = case.file.return_parcel.waybill if role is Role.UNBOXING_VIDEO else None
        self._observed(case, id, Record(exhibit=exhibit), waybill=waybill)
        return id

    def _observed(self, case: FiledCase, id: str, record: Record, *, waybill: str | None) -> None:
        sha256 = record.exhibit.sha256
        results = f"derived/{TENANT}/exhibits/{sha256}/{new_id()}.1"
        row = {"tenant": TENANT, "sha256": sha256, "by": OBSERVERS, "record": record, "results": results}
        self._add(tables.observations, {**row, "kept_at": self._now})
        if waybill is not None:
            read = {"tenant": TENANT, "exhibit_id": id, "plain": plain(waybill), "text": waybill}
            self._add(tables.waybills_read, read)
        digest = hashlib.sha256(json_bytes(record)).hexdigest()
        self._enter(Act.OBSERVE, id, {"sha256": sha256, "observers": OBSERVERS, "record_sha256": digest}, actor=WORKER)
        self._tell(case, "exhibit.observed", {"exhibit": id, "sha256": sha256})
        self._done(JobKind.OBSERVE, id)

    def _judged(self, case: FiledCase, number: int) -> Verdict:
        verdict = VERDICTS[number % len(VERDICTS)]
        place = f"derived/{TENANT}/cases/{case.id}/1/{new_id()}.1"
        report_sha256 = hashlib.sha256(_report()).hexdigest()
        digests = canonical_json({"report.json": report_sha256})
        self._write(f"{place}/digests.json", digests)
        self._reported(self._blobs / place / "report.json")
        self._write(f"{place}/pictures.json", json.dumps({"report.json": f"{place}/report.json"}).encode())
        policy = {"code_version": "test", "policy": "default", "policy_version": "1", "policy_digest": "0" * 64}
        stored = StoredVerdict(
            id=new_id(), tenant=TENANT, case_id=case.id, revision=1, **policy, verdict=verdict, results=place, entry=0,
            judged_at=self._now,
        )  # fmt: skip
        row = self._add(tables.verdicts, _VERDICT.values(stored))
        told = {"revision": 1, "verdict": verdict.value, "code_version": "test", "policy": "default@1"}
        told |= {"policy_digest": "0" * 64}
        digested = {"report_sha256": report_sha256, "results_sha256": hashlib.sha256(digests).hexdigest()}
        self._enter(Act.JUDGE, case.id, {**told, **digested}, actor=WORKER, into=row)
        self._tell(case, "evidence.judged", {**told, "id": stored.id})
        self._done(JobKind.JUDGE, case.id)
        return verdict

    def _reported(self, path: Path) -> None:
        """The reports of a block are one file: tens of thousands of names, and not gigabytes."""
        if self._report is None:
            path.write_bytes(_report())
            self._report = path
        else:
            path.hardlink_to(self._report)

    def _done(self, kind: JobKind, subject: str) -> None:
        job = Job(
            id=new_id(), tenant=TENANT, kind=kind, subject=subject, state=JobState.DONE, token=1, not_before=self._now,
            created_at=self._now, finished_at=self._now,
        )  # fmt: skip
        self._add(tables.jobs, {**_JOB.values(job), "lane": f"5{TENANT}"})

    def _add(self, table: Table, row: dict[str, Any]) -> dict[str, Any]:
        self._rows.setdefault(table.name, []).append(row)
        return row

    def _tell(self, case: FiledCase, kind: str, body: dict[str, Any]) -> None:
        self._add(tables.events, {"tenant": TENANT, "case_id": case.id, "kind": kind, "at": self._now, "body": body})

    def _enter(
        self, act: Act, subject: str, body: dict[str, Any], *, actor: str, into: dict[str, Any] | None = None
    ) -> None:
        self._deeds.append(Deed(tenant=TENANT, act=act, subject=subject, actor=actor, body=body))
        self._entered.append(lambda seq: None if into is None else into.update(entry=seq))

    def _write(self, key: str, data: bytes) -> None:
        path = self._blobs / key
        try:
            path.write_bytes(data)
        except FileNotFoundError:
            path.parent.mkdir(parents=True)
            path.write_bytes(data)


@cache
def _report() -> bytes:
    """A report on a case of two exhibits of which nothing was measured."""
    exhibits = [
        Exhibit(sha256=f"{place}" * 64, name=f"{place}.{form}", role=role, bytes=1, medium=medium, format=form)
        for place, (role, medium, form) in enumerate(ROLES)
    ]
    records = tuple(Record(exhibit=one) for one in exhibits)
    return report_bytes(judge_records(CaseFile(case_id="C-1"), records, terms=Terms(load_policy("default"))))


def _file(number: int) -> CaseFile:
    items = tuple(
        OrderItem(sku=f"SKU-{number}-{line}", title=f"无线耳机 {line}", category="electronics.audio", quantity=1,
                  barcodes=("6901234567892",), price=Decimal("199.00"), currency="CNY", weight_g=420)
        for line in range(2)
    )  # fmt: skip
    return CaseFile(
        case_id=f"C-{number}",
        order=Order(order_id=f"T-{number}", items=items),
        claim=Claim(claim_id=f"A-{number}", statement="收到时外包装完好，拆开后发现右耳无声。"),
        return_parcel=ReturnParcel(waybill=waybill_of(number), carrier="SF"),
    )
