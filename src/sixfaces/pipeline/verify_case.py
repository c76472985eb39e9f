"""START READING HERE: how handed-in files become a judged report.

1. accept   each file is opened once, hashed and recognised by its own bytes; what cannot be one is refused
2. seal     one exhibit for each digest: from here on the digest is what the file is
3. observe  each exhibit is measured in a jail of its own; challenge codes seen in it are checked against our keys
4. compare  views of the item are laid beside the order's reference pictures, and the parcel beside the one of a
            packing video, in a jail as well
5. judge    the rules read the measured facts, never the pixels, and answer met, not_met or cannot_tell
6. render   report.json, the page for people, and each exhibit's record go out; report.json last

Everything that touches the outside comes in as `Ports`; `bootstrap` chooses them.
"""

import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import structlog

from sixfaces.criteria.judge import judge
from sixfaces.domain.case import CaseFile
from sixfaces.domain.comparison import Comparisons, with_comparisons
from sixfaces.domain.errors import IntakeError
from sixfaces.domain.evidence import Evidence, ExhibitEvidence, History
from sixfaces.domain.exhibit import Exhibit, Medium, Role
from sixfaces.domain.model import Say
from sixfaces.domain.observation import Record
from sixfaces.domain.policy import Policy
from sixfaces.domain.ports import Comparer, Observatory, OnProgress, OutboundComparer, Progress, Results
from sixfaces.domain.report import Report
from sixfaces.intake.accept import IntakeLimits, accept
from sixfaces.pipeline.challenges import Keyring, with_challenges
from sixfaces.pipeline.comparing import compared, references_of
from sixfaces.pipeline.outbound import beside_packings, joined
from sixfaces.report.build import build_report, timed
from sixfaces.report.page import Language, html_report
from sixfaces.report.serial import json_bytes, report_bytes
from sixfaces.report.views import picture_path

log = structlog.get_logger()

ROLE_OF = {
    Medium.VIDEO: Role.UNBOXING_VIDEO,
    Medium.PHOTO: Role.BUYER_PHOTO,
    Medium.DOCUMENT: Role.DOCUMENT,
    Medium.UNKNOWN: Role.UNBOXING_VIDEO,
}
"""What a file is taken for when nobody says: one that cannot be recognised must not escape the rules for videos."""


MOST_NAMED = 3
"""Names of files in one note; a case may state the receipt of hundreds."""

NOTHING_EARLIER = Say(
    zh="本次运行没有以往证据的记录，因此无法排除素材重复使用或更早的拆封。",
    en="This run knows of no earlier evidence, so it cannot rule out re-used footage or an earlier opening.",
)
"""What a run must say that has no history to search."""


@dataclass(frozen=True, slots=True)
class Beside:
    """Who compares items with reference pictures, and the case file's folder, in which the pictures lie; `outbound`
    compares parcels with packing videos."""

    comparer: Comparer
    folder: Path
    outbound: OutboundComparer | None = None


@dataclass(frozen=True, slots=True)
class Ports:
    """The outside: who measures, where results go, which keys sign challenge codes, who is told of progress.

    Without a `comparer` no reference pictures are read.
    """

    observatory: Observatory
    results: Results
    keyring: Keyring = field(default_factory=dict)
    on_progress: OnProgress = lambda progress: None
    comparer: Beside | None = None


@dataclass(frozen=True, slots=True)
class Terms:
    """By what a case is judged and shown: the policy, what is known of earlier evidence, what else is to be said."""

    policy: Policy
    history: History = field(default_factory=History)
    notes: tuple[Say, ...] = ()
    language: Language = "zh"


@dataclass(frozen=True, slots=True)
class Sealed:
    """An exhibit and where its bytes lie."""

    exhibit: Exhibit
    path: Path


def verify_case(
    case: CaseFile, paths: Iterable[Path], *, role: Role | None = None, terms: Terms, ports: Ports
) -> Report:
    """Verify the files as evidence of the case and hand all results to `ports.results`.

    Raises IntakeError for a path that holds no file, OutputError where results cannot be kept. What the files
    contain raises nothing: it ends as a finding.
    """
    started = time.perf_counter()
    accepted = [_accept(path, role, case) for path in paths]  # 1.
    sealed, notes = _seal(accepted)  # 2.
    records = tuple(_observe(one, ports) for one in sealed)  # 3.
    notes += not_handed_in(case, {one.exhibit.name for one in accepted})
    comparisons = compare(case, records, ports)  # 4.
    report = judge_records(case, records, comparisons=comparisons, terms=terms, notes=notes)  # 5.
    decode_s = sum(record.decode_s or 0.0 for record in records)
    report = timed(report, wall_s=time.perf_counter() - started, decode_s=decode_s)
    render(report, (*records, *comparisons.values()), language=terms.language, results=ports.results)  # 6.
    log.info("verified", verdict=report.verdict, policy=terms.policy.name, count=len(records))
    return report


def judge_records(
    case: CaseFile,
    records: tuple[Record, ...],
    *,
    comparisons: Mapping[str, Comparisons] | None = None,
    terms: Terms,
    notes: tuple[Say, ...] = (),
) -> Report:
    """Judge stored records again, without their media: how an archive meets a new rule. Pure.

    `comparisons` are what the exhibits were compared with for this case, by the exhibits' digests.
    """
    records = tuple(with_comparisons(r, (comparisons or {}).get(r.exhibit.sha256)) for r in records)
    evidence = Evidence(case=case, exhibits=tuple(ExhibitEvidence(r) for r in records), history=terms.history)
    judged = judge(evidence, terms.policy)
    return build_report(case, records, judged=judged, terms=(terms.policy, terms.history), notes=terms.notes + notes)


def _accept(path: Path, role: Role | None, case: CaseFile) -> Sealed:
    """1. Hash and recognise one file; who hands in nothing but a file is taken by what it is."""
    exhibit = accept(path, role=role or Role.UNBOXING_VIDEO)
    taken_for = case.roles.get(exhibit.name) or role or ROLE_OF[exhibit.medium]
    if exhibit.bytes > IntakeLimits().for_role(taken_for):
        exhibit = accept(path, role=taken_for)  # refuses it, with the limit of what it turned out to be
    received_at = case.received_at.get(exhibit.name)
    return Sealed(exhibit.model_copy(update={"role": taken_for, "received_at": received_at}), path)


def not_handed_in(case: CaseFile, names: set[str]) -> tuple[Say, ...]:
    """A slip in a name would otherwise look like a time of receipt that nobody stated, or another kind of video."""
    notes = []
    for field_name, of, lost in (
        ("received_at", case.received_at, Say(zh="其接收时间未被采用", en="the time of receipt is not used")),
        ("roles", case.roles, Say(zh="其角色未被采用", en="the role is not used")),
    ):
        if strangers := sorted(set(of) - names):
            notes.append(_strangers(field_name, strangers, lost))
    return tuple(notes)


def _strangers(field_name: str, strangers: list[str], lost: Say) -> Say:
    more = len(strangers) - MOST_NAMED
    zh, en = "、".join(strangers[:MOST_NAMED]), ", ".join(strangers[:MOST_NAMED])
    if more > 0:
        zh, en = f"{zh} 等 {len(strangers)} 个文件", f"{en} and {more} more"
    were = "was" if len(strangers) == 1 else "were"
    return Say(
        zh=f"售后单文件的 {field_name} 写有 {zh}，但本次未收到同名文件，{lost.zh}。",
        en=f"{field_name} names {en}, which {were} not handed in: {lost.en}.",
    )


def _seal(accepted: list[Sealed]) -> tuple[list[Sealed], tuple[Say, ...]]:
    """2. The same bytes under two names are one exhibit: it is judged once, and the report says so."""
    by_digest: dict[str, Sealed] = {}
    notes = []
    for one in accepted:
        first = by_digest.setdefault(one.exhibit.sha256, one)
        if first is not one:
            names = (one.exhibit.name, first.exhibit.name)
            notes.append(
                Say(
                    zh=f"{names[0]} 与 {names[1]} 内容完全相同，只核验一次。",
                    en=f"{names[0]} has the very bytes of {names[1]}: it is verified once.",
                )
            )
    return list(by_digest.values()), tuple(notes)


def _observe(one: Sealed, ports: Ports) -> Record:
    """3. Measure one exhibit; its bytes must be the sealed ones before and after."""
    log.info("observe", exhibit=one.exhibit.sha256)

    def on_progress(progress: Progress) -> None:
        ports.on_progress(Progress(one.exhibit.name, progress.share))

    on_progress(Progress(one.exhibit.name, None))
    pictures = _PicturesOf(one.exhibit, ports.results)
    record = ports.observatory.observe(one.exhibit, one.path, pictures=pictures, on_progress=on_progress)
    if accept(one.path, role=one.exhibit.role).sha256 != one.exhibit.sha256:
        raise _changed(one.exhibit)
    return with_challenges(record, ports.keyring)


def compare(case: CaseFile, records: tuple[Record, ...], ports: Ports) -> dict[str, Comparisons]:
    """4. Lay each exhibit's views of the item beside the order's reference pictures, if the case names any, and the
    parcel beside those of packing videos."""
    beside = ports.comparer
    if beside is None:
        return {}
    found = _beside_references(case, records, beside, results=ports.results)
    if beside.outbound is None:
        return found
    return joined(found, beside_packings(case, records, comparer=beside.outbound, results=ports.results))


def _beside_references(
    case: CaseFile, records: tuple[Record, ...], beside: Beside, *, results: Results
) -> dict[str, Comparisons]:
    if not any(line.reference_images for line in case.order.items):
        return {}
    references, holes = references_of(case, beside.folder)
    found = {}
    for record in records:
        pictures = _PicturesOf(record.exhibit, results)
        one = compared(record, references, comparer=beside.comparer, results=results, pictures=pictures)
        found[record.exhibit.sha256] = one.model_copy(update={"holes": holes + one.holes})
    return found


def render(report: Report, measured: tuple[Record | Comparisons, ...], *, language: Language, results: Results) -> None:
    """6. Put out everything; what makes the rest count comes last."""
    for one in measured:
        place = f"records/{one.exhibit.sha256}" if isinstance(one, Record) else f"comparisons/{one.exhibit}"
        results.put(f"{place}.json", json_bytes(one))
    results.put("report.html", html_report(report, pictures=results.get, language=language).encode())
    results.put("report.json", report_bytes(report))


class _PicturesOf:
    """The pictures of one exhibit, under a name of its own in the results."""

    def __init__(self, exhibit: Exhibit, results: Results) -> None:
        self._sha256 = exhibit.sha256
        self._results = results

    def put(self, name: str, data: bytes) -> None:
        self._results.put(picture_path(self._sha256, name), data)


def _changed(exhibit: Exhibit) -> IntakeError:
    return IntakeError(
        "intake.changed",
        Say(zh=f"{exhibit.name} 在核验过程中被改动。", en=f"{exhibit.name} changed while it was being verified."),
        Say(zh="请等录制或复制结束后再核验。", en="Verify it once recording or copying has finished."),
    )
