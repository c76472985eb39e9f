"""ERASE: remove a case or an exhibit for good. May die anywhere and be done again from the start.

1. wait      while the store's own lock is in force: nothing has happened yet, and a hold that is placed now wins
2. begin     one transaction, the case's row held: looked once more whether somebody holds it; tombstones, what was
             claimed, told and written in its course, the `erase` entries. From here on nothing of it is given out, and
             nothing stops it
3. settle    once nobody works on it any more: what was written by those who were at it when it began
4. remove    uploads' leftovers, originals that nobody else needs, pictures, reports, kept answers, rows of the archive
5. end       looked whether it has gone, then entered; an hour later 3. and 4. once more, for a worker that was paused
             meanwhile and put something out when it woke
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta

import structlog

from sixfaces.domain.blobs import original_key
from sixfaces.domain.custody import Act, Deed
from sixfaces.domain.erasing import Erasure, ErasureState, Tombstone
from sixfaces.domain.errors import StoreError
from sixfaces.domain.filing import FiledExhibit
from sixfaces.domain.records import Transaction
from sixfaces.pipeline.archive.archiving import forget_erased
from sixfaces.pipeline.erasing import erasing_job, remains, still_there
from sixfaces.pipeline.holding import holding
from sixfaces.pipeline.notices import reasons
from sixfaces.pipeline.service import Service
from sixfaces.pipeline.uploading import let_go
from sixfaces.pipeline.work.hold import Hold

log = structlog.get_logger()

BUSY = timedelta(seconds=2)
UNTOLD = timedelta(hours=1)
"""Until it is tried again where the store does not say until when it holds something."""
SECOND_LOOK = timedelta(hours=1)


def erase(service: Service, hold: Hold) -> None:
    """Do the job's erasure as far as it can be done now."""
    with service.records.begin(hold.job.tenant, reading=True) as transaction:
        erasure = transaction.erasures.get(hold.job.subject)
        shas = _sole(transaction, erasure) if erasure else []
    if erasure is None or erasure.state is ErasureState.REFUSED:
        return hold.write(hold.ended)
    if erasure.began_at is None:
        until = _held_until(service, erasure, shas)  # 1.
        if until is not None:
            return hold.write(lambda tx: _wait(tx, hold, until))
        if not hold.write(lambda tx: _begin(tx, hold)):  # 2.
            return None
    hold.check()
    if not hold.write(lambda tx: _settle(tx, hold)):  # 3.
        return None
    try:
        _remove(service, hold)  # 4.
    except StoreError as exc:
        if exc.code != "store.locked":
            raise
        log.warning("erasure_waits", erasure=erasure.id, code=exc.code)
        return hold.write(lambda tx: _wait(tx, hold, tx.now + UNTOLD))
    return hold.write(lambda tx: _end(tx, hold))  # 5.


def _sole(transaction: Transaction, erasure: Erasure) -> list[str]:
    """Digests of what is to be erased and is nowhere else in the tenant."""
    goes = {one.id for one in _wanted(transaction, erasure)}
    shas = {one.exhibit.sha256 for one in _wanted(transaction, erasure)}
    return sorted(
        sha256
        for sha256 in shas
        if all(one.erased is not None or one.id in goes for one in transaction.exhibits.with_bytes(sha256))
    )


def _wanted(transaction: Transaction, erasure: Erasure) -> list[FiledExhibit]:
    there = still_there(transaction, erasure.case_id)
    return [one for one in there if erasure.exhibit_id in (None, one.id)]


def _names_only_of(transaction: Transaction, erasure: Erasure) -> set[str]:
    """File names that nothing else in the case has."""
    there = still_there(transaction, erasure.case_id)
    goes = {one.exhibit.name for one in there if one.id == erasure.exhibit_id}
    return goes - {one.exhibit.name for one in there if one.id != erasure.exhibit_id}


def _entombed(transaction: Transaction, erasure: Erasure) -> list[FiledExhibit]:
    all_of_it = transaction.exhibits.of_case(erasure.case_id)
    return [one for one in all_of_it if one.erased is not None and one.erased.erasure == erasure.id]


def _held_until(service: Service, erasure: Erasure, shas: Sequence[str]) -> datetime | None:
    """1."""
    untils = (service.blobs.held_until(original_key(erasure.tenant, sha256)) for sha256 in shas)
    return max(filter(None, untils), default=None)


def _wait(transaction: Transaction, hold: Hold, until: datetime) -> None:
    erasure = _its(transaction, hold)
    state = ErasureState.WAITING if erasure.began_at is None else erasure.state
    transaction.erasures.change(erasure.model_copy(update={"state": state, "waits_until": until}))
    told = {"erasure": erasure.id, "until": until.isoformat()}
    transaction.events.tell(erasure.case_id, "erasure.waiting", told)
    after = max(until - transaction.now, timedelta()) + timedelta(seconds=1)
    transaction.jobs.again(hold.job, after=after)


def _begin(transaction: Transaction, hold: Hold) -> bool:
    """2. False where somebody holds it by now: then it ends here."""
    erasure = _its(transaction, hold)
    case = transaction.cases.get(erasure.case_id, lock=True)
    if case is None or erasure.began_at is not None:
        return case is not None
    holds = holding(transaction, case)
    is_over = case.erased_at is not None and not (erasure.forget_waybill and erasure.exhibit_id is None)
    if holds or is_over:
        refused = {"state": ErasureState.REFUSED, "ended_at": transaction.now, "holds": holds, "waits_until": None}
        transaction.erasures.change(erasure.model_copy(update=refused))
        transaction.events.tell(case.id, "erasure.refused", {"erasure": erasure.id, "holds": list(holds)})
        hold.ended(transaction)
        return False
    exhibits, names = _wanted(transaction, erasure), _names_only_of(transaction, erasure)
    shas = _locked(transaction, (one.exhibit.sha256 for one in exhibits))
    stone = Tombstone(erasure=erasure.id, reason=erasure.reason, by=erasure.by, at=transaction.now)
    for one in exhibits:
        transaction.erasures.entomb(one.id, stone, forget_waybill=erasure.forget_waybill)
    transaction.erasures.remove_unneeded(shas, erasure=erasure.id)
    revision = case.revision
    if erasure.exhibit_id is None:
        file = remains(case.file, forget_waybill=erasure.forget_waybill)
        transaction.erasures.empty_case(case.id, file)
        transaction.erasures.forget_course(case.id, forget_waybill=erasure.forget_waybill)
        if erasure.forget_waybill:
            transaction.erasures.forget_readings(case.id)
        transaction.links.revoke(case.id)
        transaction.notices.drop(case.id, error=reasons.ERASED)
    else:
        received_at = {name: at for name, at in case.file.received_at.items() if name not in names}
        file = case.file.model_copy(update={"received_at": received_at})
        revision = transaction.cases.change(case.id, file=file, revised=True).revision
        _forget_words(transaction, _entombed(transaction, erasure))
    begun = {
        "state": ErasureState.BEGUN,
        "began_at": transaction.now,
        "revision": revision,
        "waits_until": None,
    }
    erasure = erasure.model_copy(update=begun)
    transaction.erasures.change(erasure)
    _spoil(transaction, erasure)
    transaction.erasures.forget_events(case.id, exhibit_id=erasure.exhibit_id)
    what = {"exhibit": erasure.exhibit_id} if erasure.exhibit_id else {}
    kind = "exhibit.erased" if erasure.exhibit_id else "case.erased"
    transaction.events.tell(case.id, kind, {"erasure": erasure.id, "reason": erasure.reason.value, **what})
    _enter(transaction, erasure, exhibits, actor=erasure.by, done="begun")
    log.info("erasing", erasure=erasure.id, case=case.id, exhibits=len(exhibits), reason=erasure.reason.value)
    return True


def _settle(transaction: Transaction, hold: Hold) -> bool:
    """3. False while others are still at it: the job comes again."""
    erasure = _its(transaction, hold)
    exhibits = _entombed(transaction, erasure)
    shas = _locked(transaction, (one.exhibit.sha256 for one in exhibits))
    if transaction.erasures.is_worked_on(erasure.case_id, exhibit_ids=[one.id for one in exhibits]):
        transaction.jobs.again(hold.job, after=BUSY)
        return False
    transaction.erasures.remove_unneeded(shas, erasure=erasure.id)
    if erasure.exhibit_id is None:
        transaction.erasures.forget_course(erasure.case_id, forget_waybill=erasure.forget_waybill)
    else:
        _forget_words(transaction, exhibits)
    _spoil(transaction, erasure)
    return True


def _forget_words(transaction: Transaction, exhibits: Iterable[FiledExhibit]) -> None:
    for one in exhibits:
        transaction.erasures.forget_words_on(one.id)


def _remove(service: Service, hold: Hold) -> None:
    """4. Nothing here is undone by dying; what has gone already need not go again."""
    with service.records.begin(hold.job.tenant, reading=True) as transaction:
        erasure = _its(transaction, hold)
        removals = transaction.erasures.removals(erasure.id)
        results = transaction.erasures.spoiled_results(erasure.case_id)
        uploads = transaction.erasures.uploads_of(erasure.case_id, exhibit_id=erasure.exhibit_id)
        answers = [*_answers(transaction, erasure)]
        parts = transaction.archive.spoiled(erasure.case_id)
    for id in uploads:
        _forget_upload(service, hold, id)
    if answers:
        hold.write(lambda tx: tx.erasures.forget_answers(answers))
    for one in removals:
        hold.check()
        service.blobs.erase(original_key(one.tenant, one.sha256))
        _clear(service, hold, f"derived/{one.tenant}/{one.sha256}/")
    for place in results:
        _clear(service, hold, f"{place}/")
    for part in parts:
        hold.check()
        forget_erased(service, [part])
    cases = f"derived/{erasure.tenant}/cases/{erasure.case_id}/"
    _clear(service, hold, cases, below=None if erasure.exhibit_id is None else erasure.revision)


def _answers(transaction: Transaction, erasure: Erasure) -> Iterator[str]:
    """Keys of kept answers. One to who asked of an inspection names its case no more than itself."""
    named = [erasure.exhibit_id or erasure.case_id]
    named += transaction.erasures.uploads_of(erasure.case_id, exhibit_id=erasure.exhibit_id)
    if erasure.exhibit_id is None:
        named += transaction.erasures.inspections_of(erasure.case_id)
    else:
        named += (id for one in _entombed(transaction, erasure) for id in transaction.erasures.named_by(one.id))
    for id in named:
        yield from transaction.erasures.answers_naming(id)


def _forget_upload(service: Service, hold: Hold, upload_id: str) -> None:
    hold.check()
    hold.write(lambda tx: tx.erasures.scrub_upload(upload_id))
    with service.records.begin(hold.job.tenant, reading=True) as transaction:
        upload = transaction.uploads.get(upload_id)
    if upload is not None:
        let_go(service, upload)


def _clear(service: Service, hold: Hold, prefix: str, *, below: int | None = None) -> None:
    """Everything under a prefix; `below`: only what was made of earlier revisions than this, which come next in it."""
    for key in list(service.blobs.list(prefix)):
        revision = key.removeprefix(prefix).partition("/")[0]
        if below is None or not revision.isdigit() or int(revision) < below:
            hold.check()
            service.blobs.erase(key)


def _end(transaction: Transaction, hold: Hold) -> None:
    """5."""
    erasure = _its(transaction, hold)
    exhibits = _entombed(transaction, erasure)
    transaction.erasures.removed(erasure.id)
    hold.ended(transaction)
    if erasure.state is ErasureState.DONE:
        return
    done = {"state": ErasureState.DONE, "ended_at": transaction.now, "waits_until": None}
    transaction.erasures.change(erasure.model_copy(update=done))
    again = erasing_job(transaction, erasure).model_copy(update={"not_before": transaction.now + SECOND_LOOK})
    transaction.jobs.add(again)
    _enter(transaction, erasure, exhibits, actor=f"worker:{hold.job.worker}", done="ended")
    log.info("erased", erasure=erasure.id, case=erasure.case_id, exhibits=len(exhibits))


def _spoil(transaction: Transaction, erasure: Erasure) -> None:
    """Reports tell what was seen in an exhibit: all that were made while it was there go with it."""
    below = None if erasure.exhibit_id is None else erasure.revision
    transaction.erasures.spoil_verdicts(erasure.case_id, below=below)


def _locked(transaction: Transaction, shas: Iterable[str]) -> list[str]:
    """The digests, each once and in one order for all, their bytes held until the transaction ends."""
    found = sorted(set(shas))
    for sha256 in found:
        transaction.erasures.lock_bytes(sha256)
    return found


def _its(transaction: Transaction, hold: Hold) -> Erasure:
    erasure = transaction.erasures.get(hold.job.subject)
    if erasure is None:
        raise LookupError(hold.job.subject)
    return erasure


def _enter(
    transaction: Transaction, erasure: Erasure, exhibits: Sequence[FiledExhibit], *, actor: str, done: str
) -> None:
    """On each exhibit, and on the case where all of it goes. `bytes`: removed, or needed elsewhere still."""
    told: dict[str, str | int] = {
        "case": erasure.case_id,
        "erasure": erasure.id,
        "reason": erasure.reason.value,
        "done": done,
    }
    going = {one.sha256 for one in transaction.erasures.removals(erasure.id)} if done == "begun" else None
    deeds = []
    for one in exhibits:
        sha256 = one.exhibit.sha256
        bytes_ = {} if going is None else {"bytes": "removed" if sha256 in going else "needed"}
        body = {**told, "sha256": sha256, **bytes_}
        deeds.append(Deed(tenant=erasure.tenant, act=Act.ERASE, subject=one.id, actor=actor, body=body))
    if erasure.exhibit_id is None:
        body = {**told, "exhibits": len(exhibits)}
        deeds.append(Deed(tenant=erasure.tenant, act=Act.ERASE, subject=erasure.case_id, actor=actor, body=body))
    transaction.custody.append(*deeds)
