"""OBSERVE: measure one exhibit in a process that may be killed, and keep its record with its pictures.

1. Bytes that were measured by this version of the observers, for whichever case, are not measured again.
2. Bytes that are quarantined are not touched.
3. The child measures; what it leaves is read back and checked against the digests in its record.
4. Pictures go out first, under a place that no other attempt writes to; the record that names the place comes last,
   with the custody entry, the cases to be judged and the job's end.
"""

import hashlib
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import NamedTuple

import structlog
from pydantic import ValidationError

from sixfaces.domain.blobs import original_key
from sixfaces.domain.custody import Act, Deed
from sixfaces.domain.errors import RecordsError
from sixfaces.domain.exhibit import Role
from sixfaces.domain.filing import FiledExhibit
from sixfaces.domain.job import Job
from sixfaces.domain.observation import Record
from sixfaces.domain.records import Transaction
from sixfaces.media.wire import PICTURE_NAME
from sixfaces.pipeline.challenges import with_challenges
from sixfaces.pipeline.salting import salted
from sixfaces.pipeline.service import Service
from sixfaces.pipeline.takes import take_of
from sixfaces.pipeline.work import reasons
from sixfaces.pipeline.work.children import (
    Allowance,
    ChildDiedError,
    ChildFailedError,
    Children,
    Task,
    Took,
    Watch,
    allowance_for,
    inside,
    took_in,
)
from sixfaces.pipeline.work.follow_up import hint_all, judge_anew, judge_jobs, quarantine
from sixfaces.pipeline.work.hold import GuiltyError, Hold
from sixfaces.pipeline.work.places import observed_place
from sixfaces.pipeline.work.waybills import waybills_in
from sixfaces.report.serial import json_bytes

log = structlog.get_logger()

TELL_EVERY_S = 2.0


class Found(NamedTuple):
    """A record, and the derived place of its pictures."""

    record: Record
    place: str


def observe_exhibit(service: Service, hold: Hold, *, children: Children, allowance: Allowance | None = None) -> None:
    """Measure the job's exhibit. Raises GuiltyError where the exhibit killed the child."""
    by = service.measuring.observers
    with service.records.begin(hold.job.tenant, reading=True) as transaction:
        exhibit = transaction.exhibits.get(hold.job.subject)
        alike = still_there(transaction, exhibit.exhibit.sha256) if exhibit else ()
        known = transaction.observations.get(exhibit.exhibit.sha256, by=by) if exhibit else None
    reason = next((one.quarantine for one in alike if one.quarantine), None)
    if exhibit is None or not alike:
        hold.write(hold.ended)
    elif known is None and reason is not None:  # 2.
        hint_all(service, hold.write(lambda tx: quarantine(tx, hold, reason)))
    else:
        found = (
            _measured(service, hold, exhibit, children=children, allowance=allowance)
            if known is None
            else Found(*known)  # 1.
        )
        hint_all(service, hold.write(lambda tx: _kept(tx, hold, exhibit=exhibit, found=found, by=by)))


def _measured(
    service: Service, hold: Hold, exhibit: FiledExhibit, *, children: Children, allowance: Allowance | None
) -> Found:
    """3. Run the child on the sealed bytes, and put its pictures out."""
    sealed, place = exhibit.exhibit, observed_place(hold.job, exhibit, service.measuring.observers)
    watch = Watch(hold.check, _Telling(service, exhibit))
    with (
        tempfile.TemporaryDirectory(prefix="sixfaces-") as folder,
        _fetched(service, exhibit) as path,
        service.tracer.span("measure", exhibit=exhibit.id, bytes=sealed.bytes) as span,
    ):
        task = Task(exhibit=sealed, path=str(path.resolve()), folder=folder)
        try:
            children.run(task, allowance=allowance or allowance_for(sealed), watch=watch)
        except ChildDiedError as exc:
            hold.check()  # a child that died while its worker was stopped or superseded tells nothing
            raise GuiltyError(reasons.died(exc.end)) from exc
        hold.check()
        record, pictures = _read_back(Path(folder), task)
        span.tell(decode_s=record.decode_s, failure=record.failure.code if record.failure else None)
        span.tell(**{f"observer.{name}_s": seconds for name, seconds in record.took.items()})
    with service.tracer.span("store pictures", count=len(pictures)):
        for name, data in pictures.items():
            service.blobs.put(f"{place}/{name}", data)
    return Found(salted(with_challenges(record, service.measuring.keyring)), place)


@contextmanager
def _fetched(service: Service, exhibit: FiledExhibit) -> Iterator[Path]:
    """The sealed bytes, checked."""
    with ExitStack() as stack:
        with service.tracer.span("fetch", exhibit=exhibit.id, bytes=exhibit.exhibit.bytes):
            key = original_key(exhibit.tenant, exhibit.exhibit.sha256)
            path = stack.enter_context(service.blobs.fetched(key, sha256=exhibit.exhibit.sha256))
        yield path


def _read_back(folder: Path, task: Task) -> tuple[Record, dict[str, bytes]]:
    """What the child left. Raises ChildFailedError for what is not whole: then it did not do as it was told."""
    at, shown = inside(folder)
    try:
        record = _took(folder).put_into(Record.model_validate_json(at.read_bytes()))
        if record.exhibit != task.exhibit or not all(map(PICTURE_NAME.fullmatch, record.images)):
            raise ChildFailedError("the record is of something else")
        pictures = {name: (shown / name).read_bytes() for name in record.images}
    except (OSError, ValidationError) as exc:
        raise ChildFailedError(f"its results cannot be read: {type(exc).__name__}") from exc
    if any(hashlib.sha256(data).hexdigest() != record.images[name] for name, data in pictures.items()):
        raise ChildFailedError("a picture is not the one that the record names")
    return record, pictures


def _took(folder: Path) -> Took:
    at = took_in(folder)
    return Took.model_validate_json(at.read_bytes()) if at.is_file() else Took()


def _kept(transaction: Transaction, hold: Hold, *, exhibit: FiledExhibit, found: Found, by: str) -> list[Job]:
    """4. Everything that the measuring brings about, in one transaction."""
    record, sha256 = found.record, exhibit.exhibit.sha256
    alike = still_there(transaction, sha256)
    if not alike:  # erased while it was measured: the erasure waits for this job, and removes its pictures
        hold.ended(transaction)
        return []
    new = transaction.observations.keep(record, by=by, results=found.place)
    late = mark_observed(transaction, alike, record=record, by=by)
    told = {"failure": record.failure.code} if record.failure else {}
    for one in alike:
        transaction.events.tell(one.case_id, "exhibit.observed", {"exhibit": one.id, **told})
    waiting = [*judge_jobs(transaction, hold.job, alike), *judge_anew(transaction, hold.job, late)]
    hold.ended(transaction)
    log.info("observed", exhibit=exhibit.id, case=exhibit.case_id, code=told.get("failure"))
    if new:
        digest = hashlib.sha256(json_bytes(record)).hexdigest()
        take = take_of(record)
        body = {"sha256": sha256, "observers": by, "record_sha256": digest, **told, **({"take": take} if take else {})}
        actor = f"worker:{hold.job.worker}"
        deed = Deed(tenant=exhibit.tenant, act=Act.OBSERVE, subject=exhibit.id, actor=actor, body=body)
        transaction.custody.append(deed)
    return waiting


def still_there(transaction: Transaction, sha256: str) -> list[FiledExhibit]:
    """Exhibits of these bytes that were not erased."""
    return [one for one in transaction.exhibits.with_bytes(sha256) if one.erased is None]


def mark_observed(transaction: Transaction, alike: Sequence[FiledExhibit], *, record: Record, by: str) -> list[str]:
    """Exhibits of the record's bytes have been measured by this version, and show these waybills.

    Returns the other cases of these waybills whose takes were sealed after: what they were judged by lacked this one.
    """
    waybills, late = sorted(waybills_in(record)), set[str]()
    for one in alike:
        if one.observed_by != by:
            transaction.exhibits.observed(one.id, by=by)
            new = transaction.exhibits.waybills_read(one.id, waybills)
            if one.exhibit.role is Role.UNBOXING_VIDEO:
                late.update(transaction.exhibits.cases_after(one, new))
    return sorted(late)


class _Telling:
    """Tells those who watch the case how far measuring is: a whole percentage, every two seconds at most."""

    def __init__(self, service: Service, exhibit: FiledExhibit) -> None:
        self._service, self._exhibit = service, exhibit
        self._told, self._at = -1, float("-inf")

    def __call__(self, share: float) -> None:
        percent = int(100 * share)
        if percent <= self._told or time.monotonic() - self._at < TELL_EVERY_S:
            return
        self._told, self._at = percent, time.monotonic()
        told = {"exhibit": self._exhibit.id, "percent": percent}
        try:
            with self._service.records.begin(self._exhibit.tenant) as transaction:
                transaction.events.tell(self._exhibit.case_id, "exhibit.observing", told)
        except RecordsError as exc:  # minutes of measuring are worth more than a line about them
            log.warning("progress_not_told", exhibit=self._exhibit.id, code=exc.code)
