"""What one judging saw and said, as the one compressed file that it leaves beside its report."""

import gzip
import hashlib
import json
import zlib
from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import ValidationError

from sixfaces.criteria.combining import told_by
from sixfaces.domain.archive import JUDGED, Judged, SaidOf
from sixfaces.domain.blobs import Blobs
from sixfaces.domain.case import CaseFile
from sixfaces.domain.comparison import Comparisons, with_comparisons
from sixfaces.domain.errors import ArchiveError, StoreError
from sixfaces.domain.evidence import History
from sixfaces.domain.filing import FiledExhibit, StoredVerdict
from sixfaces.domain.model import Say
from sixfaces.domain.observation import Record
from sixfaces.domain.policy import Policy
from sixfaces.domain.report import Report
from sixfaces.pipeline.archive.errors import unjudged
from sixfaces.pipeline.service import Service
from sixfaces.pipeline.work.results import DIGESTS, entered_of, held_digests


def judged_from(
    case: CaseFile,
    records: Sequence[Record],
    *,
    comparisons: Mapping[str, Comparisons],
    history: History,
    outcome: tuple[Report, Policy],
) -> Judged:
    """What was judged, as `judge_records` saw it, and what its report says of each exhibit. Observers and stations are
    left open."""
    report, policy = outcome
    seen = tuple(with_comparisons(one, comparisons.get(one.exhibit.sha256)) for one in records)
    verdicts = {one.sha256: one.verdict for one in report.exhibits}
    findings = [finding for criterion in report.criteria.values() for finding in criterion.findings]
    said = []
    for record in seen:
        told = [told_by(finding) for finding in findings if finding.exhibit == record.exhibit.sha256]
        answers = tuple((one.code.value, one.answer, one.lacks) for one in told)
        said.append(SaidOf(verdict=verdicts[record.exhibit.sha256], answers=answers))
    return Judged(case=case, history=history, policy=policy, observers="-", records=seen, said=tuple(said))


def stations_of(exhibits: Sequence[FiledExhibit]) -> tuple[str, ...]:
    """Where the exhibits were filmed, as far as that is known."""
    return tuple(sorted({one.station for one in exhibits if one.station is not None}))


def judged_bytes(judged: Judged) -> bytes:
    """The file. The same judging gives the same bytes."""
    return gzip.compress(judged.model_dump_json().encode(), compresslevel=6, mtime=0)


def judged_on(service: Service, verdict: StoredVerdict) -> Judged | None:
    """What a verdict was given on, held against its custody entry; None for one from before it was kept. Raises
    ArchiveError `archive.unjudged`, also for other bytes than were entered, and `archive.newer` for what was entered
    so and this version cannot read."""
    with service.records.begin(verdict.tenant, reading=True) as transaction:
        told = entered_of(transaction, verdict)
    data = service.blobs.get(f"{verdict.results}/{JUDGED}")
    digests = _digests(service.blobs, verdict, told)
    if data is None:
        if digests is None or JUDGED in digests:
            raise unjudged(verdict.id, "lost")
        return None
    if digests is not None and hashlib.sha256(data).hexdigest() != digests.get(JUDGED):
        raise unjudged(verdict.id, "sha256")
    try:
        return Judged.model_validate_json(gzip.decompress(data))
    except ValidationError as exc:
        if digests is not None:  # these are the bytes that judging left: nothing is lost
            raise _newer(verdict.id) from exc
        raise unjudged(verdict.id, type(exc).__name__) from exc
    except (OSError, EOFError, zlib.error) as exc:
        raise unjudged(verdict.id, type(exc).__name__) from exc


def _newer(verdict: str) -> ArchiveError:
    return ArchiveError(
        "archive.newer",
        Say(
            zh=f"判定 {verdict} 所依据的材料由更新的版本写成，本版本无法读取。",
            en=f"What the verdict {verdict} was given on was written by a later version, which this one cannot read.",
        ),
        Say(zh="请升级 sixfaces 后重试。", en="Upgrade sixfaces, then try again."),
    )


def _digests(blobs: Blobs, verdict: StoredVerdict, told: Mapping[str, Any]) -> Mapping[str, str] | None:
    """Of all files of the results, as entered. Of a verdict without an entry, which `sixfaces fsck` names, as the list
    beside them says; None where there is no such list."""
    try:
        if told:
            return held_digests(blobs, verdict, told)
        listed = blobs.get(f"{verdict.results}/{DIGESTS}")
        return None if listed is None else dict(json.loads(listed))
    except (StoreError, ValueError) as exc:
        raise unjudged(verdict.id, DIGESTS) from exc
