"""A case of an installation that was judged with pictures and their masked twins, made without decoding anything."""

import hashlib
from pathlib import Path

from sixfaces.domain.custody import Act, Deed
from sixfaces.domain.filing import StoredVerdict
from sixfaces.domain.report import Report
from sixfaces.domain.twins import twin_of
from sixfaces.pipeline.ids import new_id
from sixfaces.pipeline.work.results import CaseResults
from sixfaces.report.serial import report_bytes
from tests.rig.chronicle import Chronicle, chronicle
from tests.rig.pack_folders import FILM, GENUINE, film_report, genuine_report, picture


def packed_case(folder: Path) -> Chronicle:
    """An installation with one case on the film of `pack_folders`, whose newest verdict has a report with pictures."""
    made = chronicle(folder, [[FILM]])
    judge_with_pictures(made, film_report())
    return made


def genuine_case(folder: Path) -> Chronicle:
    """The same on a real film."""
    made = chronicle(folder, [[GENUINE.read_bytes()]])
    judge_with_pictures(made, genuine_report())
    return made


def judge_with_pictures(made: Chronicle, report: Report, *, code_version: str = "test 2") -> StoredVerdict:
    """One verdict more on the first case, with the report's pictures and twins."""
    case = made.cases[0]
    view = report.exhibits[0]
    place = f"derived/main/cases/{case.id}/1/{new_id()}.2"
    results = CaseResults(made.service.blobs, place, {})
    names = [one.image for one in view.faces.values() if one.image] + [one.image for one in view.moments]
    for seed, name in enumerate(names):
        top, exhibit, rest = name.split("/", 2)
        results.put(name, picture(seed))
        results.put(f"{top}/{exhibit}/{twin_of(rest)}", picture(1000 + seed))
    data = report_bytes(report)
    results.put("report.html", b"<html>")
    results.put("report.json", data)
    book = report.rulebook
    body = {
        "verdict": report.verdict.value,
        "policy": f"{book.policy}@{book.version}",
        "policy_digest": book.digest,
        "report_sha256": hashlib.sha256(data).hexdigest(),
        "results_sha256": results.finish(),
    }
    with made.service.records.begin("main") as tx:
        entry = tx.custody.append(Deed(tenant="main", act=Act.JUDGE, subject=case.id, actor="worker:w", body=body))[0]
        verdict = StoredVerdict(
            id=new_id(),
            tenant="main",
            case_id=case.id,
            revision=1,
            code_version=code_version,
            policy=book.policy,
            policy_version=book.version,
            policy_digest=book.digest,
            verdict=report.verdict,
            results=place,
            entry=entry.seq,
            judged_at=tx.now,
        )
        assert tx.verdicts.add(verdict)
    return verdict
