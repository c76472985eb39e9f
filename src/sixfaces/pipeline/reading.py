"""What may be read, by whom. A station sees its tenant's cases, and of the evidence what it handed in itself."""

import hashlib
import re
from collections.abc import Sequence
from contextlib import ExitStack
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from sixfaces.domain.blobs import Blobs, original_key
from sixfaces.domain.filing import CaseState, FiledCase, FiledExhibit, StoredVerdict
from sixfaces.domain.job import Job
from sixfaces.domain.model import Say
from sixfaces.domain.observation import Record
from sixfaces.domain.originals import OriginalsCount
from sixfaces.domain.people import Principal
from sixfaces.domain.records import JobCount, Transaction
from sixfaces.domain.report import ExhibitView, Report
from sixfaces.pipeline.erasing import refuse_erased
from sixfaces.pipeline.ids import is_id
from sixfaces.pipeline.read_entries import enter_original
from sixfaces.pipeline.refusals import erased, missing, not_yet
from sixfaces.pipeline.service import Service
from sixfaces.pipeline.visible import judged_cases, sees
from sixfaces.pipeline.watching.sampling import check_sighted
from sixfaces.pipeline.work.results import changed, entered_of, held_digests, result
from sixfaces.report.serial import read_report

_NUMBER = re.compile(r"[^\x00-\x1f\x7f]{1,200}")

REPORT = Say(zh="报告", en="report")
OBSERVATIONS = Say(zh="测量记录", en="record of observations")


class Span(NamedTuple):
    """Bytes `first` to `last`, both included, of so many."""

    first: int
    last: int
    size: int

    @property
    def length(self) -> int:
        """How many bytes."""
        return self.last - self.first + 1


class Original(NamedTuple):
    """An exhibit's sealed bytes as a local file that was checked against its digest; `held` lets go of it."""

    exhibit: FiledExhibit
    path: Path
    held: ExitStack


def case_of(transaction: Transaction, case_id: str) -> FiledCase:
    """One case. Raises `request.missing`, for what is no id as well."""
    case = transaction.cases.get(case_id) if is_id(case_id) else None
    if case is None:
        raise missing()
    return case


def case_numbered(transaction: Transaction, number: str) -> FiledCase:
    """The tenant's case of this number. Raises `request.missing`, for what can be no number as well."""
    case = transaction.cases.by_case_id(number) if _NUMBER.fullmatch(number) else None
    if case is None:
        raise missing()
    return case


def job_of(transaction: Transaction, job_id: str) -> Job:
    """One job. Raises `request.missing`."""
    job = transaction.jobs.get(job_id) if is_id(job_id) else None
    if job is None:
        raise missing()
    return job


def jobs_counted(service: Service) -> Sequence[JobCount]:
    """Jobs of all tenants, counted: for figures that name none."""
    with service.records.begin(None, reading=True) as transaction:
        return transaction.jobs.count()


def originals_counted(service: Service) -> tuple[OriginalsCount, datetime]:
    """Stored originals of all tenants, counted, and when: for figures that name none."""
    with service.records.begin(None, reading=True) as transaction:
        return transaction.originals.count(since=transaction.now), transaction.now


def exhibits_of(transaction: Transaction, who: Principal, case_id: str) -> Sequence[FiledExhibit]:
    """The exhibits of a case that this principal sees, in the order in which they were sealed."""
    case = case_of(transaction, case_id)
    return [one for one in transaction.exhibits.of_case(case.id) if sees(who, one)]


def exhibit_of(transaction: Transaction, who: Principal, exhibit_id: str) -> FiledExhibit:
    """One exhibit. Raises `request.missing`."""
    exhibit = transaction.exhibits.get(exhibit_id) if is_id(exhibit_id) else None
    if exhibit is None or not sees(who, exhibit):
        raise missing()
    return exhibit


def exhibit_there(transaction: Transaction, who: Principal, exhibit_id: str) -> FiledExhibit:
    """One exhibit whose content is asked for. Raises `request.missing`, and `request.erased` with its tombstone."""
    exhibit = exhibit_of(transaction, who, exhibit_id)
    refuse_erased(exhibit)
    return exhibit


def verdicts_of(transaction: Transaction, who: Principal, case_id: str) -> Sequence[StoredVerdict]:
    """All verdicts on a case that this principal sees, newest first. Raises `request.missing`."""
    case = case_of(transaction, case_id)
    check_sighted(transaction, who, case.id)
    if not judged_cases(transaction, who, [case.id]):
        raise missing()
    return transaction.verdicts.of_case(case.id)


def verdict_of(transaction: Transaction, who: Principal, case_id: str, *, verdict_id: str | None) -> StoredVerdict:
    """The verdict on the case's present revision, or the one of this id. Raises `request.missing`, and
    `request.not_yet` where the present revision has none."""
    verdicts = verdicts_of(transaction, who, case_id)
    if verdict_id is not None:
        found = next((one for one in verdicts if one.id == verdict_id), None)
        if found is None:
            raise missing()
        return found
    current = transaction.verdicts.current(case_id)
    if current is None:
        _refuse_gone(transaction, case_id, verdicts)
        raise not_yet(REPORT)
    return current


def _refuse_gone(transaction: Transaction, case_id: str, verdicts: Sequence[StoredVerdict]) -> None:
    """A closed case of which something was erased gets no further report unless it is reopened."""
    gone = next((one for one in verdicts if one.erased_at is not None), None)
    if gone is not None and gone.erased_at is not None and case_of(transaction, case_id).state is CaseState.CLOSED:
        raise erased(gone.id, gone.erased_at)


def record_of(transaction: Transaction, service: Service, exhibit: FiledExhibit) -> tuple[Record, str]:
    """What was measured of an exhibit, and where its pictures lie. Raises `request.not_yet`."""
    found = transaction.observations.get(exhibit.exhibit.sha256, by=exhibit.observed_by or service.measuring.observers)
    if found is None:
        raise not_yet(OBSERVATIONS)
    return found


def results_file(service: Service, verdict: StoredVerdict, name: str) -> bytes:
    """One file of a verdict's results. Raises `request.missing`, `request.erased`, `store.corrupt` for other bytes than
    were judged."""
    if verdict.erased_at is not None:
        raise erased(verdict.id, verdict.erased_at)
    with service.records.begin(verdict.tenant, reading=True) as transaction:
        told = entered_of(transaction, verdict)
    data = result(service.blobs, verdict, name)
    if data is None:
        raise missing()
    digests = held_digests(service.blobs, verdict, told)
    is_held = name in digests or "results_sha256" in told
    if is_held and hashlib.sha256(data).hexdigest() != digests.get(name):
        raise changed()
    return data


def report_of(service: Service, verdict: StoredVerdict) -> Report:
    """The report of a verdict, of whichever schema it was written in."""
    return read_report(results_file(service, verdict, "report.json"))


def view_of(report: Report, exhibit: FiledExhibit) -> ExhibitView:
    """An exhibit's part of a report. Raises `request.not_yet` where the report is older than the exhibit."""
    found = next((view for view in report.exhibits if view.sha256 == exhibit.exhibit.sha256), None)
    if found is None:
        raise not_yet(REPORT)
    return found


def picture_of(blobs: Blobs, found: tuple[Record, str], name: str) -> bytes:
    """A derived picture that the record cites. Raises `request.missing`, `store.corrupt` for other bytes."""
    record, place = found
    digest = record.images.get(name)
    data = None if digest is None else blobs.get(f"{place}/{name}")
    if data is None:
        raise missing()
    if hashlib.sha256(data).hexdigest() != digest:
        raise changed()
    return data


def open_original(service: Service, who: Principal, exhibit: FiledExhibit) -> Original:
    """The exhibit's bytes for reading, checked against the digest; who reads them stands in the custody log before the
    first byte goes out. Raises `store.corrupt` if one bit differs, `request.erased` where it was erased since it
    was looked up."""
    sealed = exhibit.exhibit
    with ExitStack() as stack:
        key = original_key(exhibit.tenant, sealed.sha256)
        with service.tracer.span("fetch", exhibit=exhibit.id, bytes=sealed.bytes):
            try:
                path = stack.enter_context(service.blobs.fetched(key, sha256=sealed.sha256, again=True))
            finally:  # bytes that are not there were erased, or are lost: only the records tell which
                _refuse_erased_meanwhile(service, exhibit)
        enter_original(service, who, exhibit)
        return Original(exhibit, path, stack.pop_all())


def _refuse_erased_meanwhile(service: Service, exhibit: FiledExhibit) -> None:
    with service.records.begin(exhibit.tenant, reading=True) as transaction:
        now = transaction.exhibits.get(exhibit.id)
    if now is not None:
        refuse_erased(now)
