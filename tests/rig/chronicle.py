"""A small installation with a custody log, sealed originals and a report, made quickly and without uploads."""

import hashlib
import json
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import cast

from sixfaces.adapters.records.store import SqlRecords
from sixfaces.domain.answer import Verdict
from sixfaces.domain.blobs import original_key
from sixfaces.domain.case import CaseFile
from sixfaces.domain.custody import Act, Deed
from sixfaces.domain.exhibit import Exhibit, Medium, Role
from sixfaces.domain.filing import CaseState, FiledCase, FiledExhibit, StoredVerdict
from sixfaces.domain.records import Transaction
from sixfaces.pipeline.custody import Notary, Subject, checkpoint_now
from sixfaces.pipeline.exporting import Export, export_bundle
from sixfaces.pipeline.ids import new_id
from sixfaces.pipeline.service import Service
from sixfaces.pipeline.work.results import CaseResults
from sixfaces.vault.custody_keys import PUBLIC, load_keys, open_key
from tests.rig.installation import open_service, prepared

LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Chronicle:
    """The installation in `folder`, and its cases in the order in which they were filed."""

    folder: Path
    service: Service
    notary: Notary
    cases: list[FiledCase]

    @property
    def keys_file(self) -> Path:
        return self.folder / "keys" / PUBLIC

    def subject(self, number: int = 0) -> Subject:
        return Subject("main", "case", self.cases[number].id)

    def bundle(self, number: int = 0, *, since: int | None = None) -> bytes:
        return b"".join(export_bundle(self.service, self.notary, Export(self.subject(number), "key:test", since)))

    def seal_more(self, data: bytes, number: int = 0) -> None:
        """One original more in a case, as an upload seals it."""
        with self.service.records.begin("main") as tx:
            case = tx.cases.get(self.cases[number].id, lock=True)
            assert case is not None
            _sealed(self, tx, case, data=data)

    def exhibits(self, number: int = 0) -> Sequence[FiledExhibit]:
        with self.service.records.begin("main", reading=True) as tx:
            return tx.exhibits.of_case(self.cases[number].id)

    def close(self) -> None:
        cast(SqlRecords, self.service.records).close()


def chronicle(folder: Path, films: Sequence[Sequence[bytes]], *, checkpoint_each: bool = True) -> Chronicle:
    """An installation with one case for each of `films`, which are the originals of the case."""
    service = open_service(prepared(folder))
    key = open_key(folder / "keys", now=LONG_AGO, origin="test.example/custody")
    notary = Notary(key, load_keys(folder / "keys" / PUBLIC))
    made = Chronicle(folder, service, notary, [])
    for originals in films:
        made.cases.append(_filed(made, originals))
        if checkpoint_each:
            checkpoint_now(service, notary)
    return made


def reopened(folder: Path) -> closing[SqlRecords]:
    """The records of a copy of the folder."""
    return closing(SqlRecords(f"sqlite:///{folder / 'records.sqlite'}"))


def _filed(made: Chronicle, originals: Sequence[bytes]) -> FiledCase:
    report = json.dumps({"case": len(made.cases)}).encode()
    with made.service.records.begin("main") as tx:
        case = FiledCase(
            id=new_id(),
            tenant="main",
            file=CaseFile(case_id=f"C-{new_id()}"),
            revision=1,
            state=CaseState.VERIFIED,
            created_at=tx.now,
            updated_at=tx.now,
        )
        assert tx.cases.add(case)
        for data in originals:
            _sealed(made, tx, case, data=data)
        _judged(made, tx, case, report=report)
    return case


def _sealed(made: Chronicle, tx: Transaction, case: FiledCase, *, data: bytes) -> None:
    digest = hashlib.sha256(data).hexdigest()
    aside = made.folder / "aside"
    aside.write_bytes(data)
    made.service.blobs.seal(original_key("main", digest), aside, sha256=digest)
    exhibit_id = new_id()
    body = {"sha256": digest, "bytes": len(data), "case": case.id, "role": "unboxing_video"}
    acts = (Act.ACCEPT, Act.SEAL)
    deeds = [Deed(tenant="main", act=act, subject=exhibit_id, actor="station:S1", body=body) for act in acts]
    entry = tx.custody.append(*deeds)[-1]
    exhibit = Exhibit(
        sha256=digest,
        name="take.mp4",
        role=Role.UNBOXING_VIDEO,
        bytes=len(data),
        medium=Medium.VIDEO,
        format="mp4",
        received_at=tx.now,
    )
    filed = FiledExhibit(
        id=exhibit_id, tenant="main", case_id=case.id, exhibit=exhibit, sealed_at=tx.now, entry=entry.seq
    )
    tx.exhibits.add(filed)


def _judged(made: Chronicle, tx: Transaction, case: FiledCase, *, report: bytes) -> None:
    place = f"derived/main/cases/{case.id}/1/{new_id()}.1"
    results = CaseResults(made.service.blobs, place, {})
    results.put("report.html", b"<html>" + report)
    results.put("report.json", report)
    body = {"report_sha256": hashlib.sha256(report).hexdigest(), "results_sha256": results.finish()}
    entry = tx.custody.append(Deed(tenant="main", act=Act.JUDGE, subject=case.id, actor="worker:w", body=body))[0]
    verdict = StoredVerdict(
        id=new_id(),
        tenant="main",
        case_id=case.id,
        revision=1,
        code_version="test",
        policy="default",
        policy_version="1",
        policy_digest="0" * 64,
        verdict=Verdict.NEEDS_REVIEW,
        results=place,
        entry=entry.seq,
        judged_at=tx.now,
    )
    assert tx.verdicts.add(verdict)
