"""What a case is judged by: the records of its exhibits, its reference pictures, and what was opened earlier."""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path, PurePosixPath
from typing import NamedTuple

from sixfaces.criteria.consistency_numbers import normalised
from sixfaces.domain.blobs import original_key
from sixfaces.domain.case import CaseFile
from sixfaces.domain.evidence import EarlierTake, EarlierUse, History
from sixfaces.domain.exhibit import Exhibit, Role
from sixfaces.domain.filing import FiledCase, FiledExhibit, Quarantine
from sixfaces.domain.observation import MediaFailure, Record
from sixfaces.domain.records import Transaction
from sixfaces.intake.reference import MOST_BYTES
from sixfaces.pipeline.service import Service
from sixfaces.pipeline.work.results import pictures_of
from sixfaces.pipeline.work.waybills import not_waybills, waybills_in

NOT_EVIDENCE = frozenset({Role.DOCUMENT, Role.QC_PHOTO})
"""Roles of exhibits that, named as a reference picture, are what evidence is compared with and none themselves. A
buyer's photo is both."""

REFERENCE_ROLES = NOT_EVIDENCE | {Role.BUYER_PHOTO}


class Gathered(NamedTuple):
    """A case at one revision. `pending`: exhibits that are still to be measured. `pictures`: keys of what records
    cite. `late`: exhibits whose bytes were measured for another case."""

    case: FiledCase
    exhibits: tuple[FiledExhibit, ...]
    records: tuple[Record, ...]
    pictures: dict[str, str]
    references: tuple[FiledExhibit, ...]
    history: History
    pending: tuple[FiledExhibit, ...]
    late: tuple[tuple[FiledExhibit, Record], ...]


def gathered(transaction: Transaction, case: FiledCase, *, by: str) -> Gathered:
    """Everything that the rules may look at, by the records of this version of the observers."""
    filed = tuple(one for one in transaction.exhibits.of_case(case.id) if one.erased is None)
    references = tuple(one for one in filed if one.exhibit.role in REFERENCE_ROLES and _reference_name(case.file, one))
    judged = [one for one in filed if one not in references or one.exhibit.role not in NOT_EVIDENCE]
    judged = list({one.exhibit.sha256: one for one in reversed(judged)}.values())[::-1]
    records: list[Record] = []
    pictures: dict[str, str] = {}
    pending, late = [], []
    for one in judged:
        kept = transaction.observations.get(one.exhibit.sha256, by=by)
        if kept is not None:
            record, place = kept
            pictures |= pictures_of(record, place)
            records.append(record.model_copy(update={"exhibit": _received(case.file, one)}))
            if one.observed_by != by:
                late.append((one, record))
        elif one.quarantine is not None:
            records.append(_unmeasured(_received(case.file, one), one.quarantine))
        else:
            pending.append(one)
    return Gathered(
        case=case,
        exhibits=filed,
        records=tuple(records),
        pictures=pictures,
        references=references,
        history=_history(transaction, case, judged, records=records),
        pending=tuple(pending),
        late=tuple(late),
    )


def lay_out(service: Service, case: FiledCase, references: Sequence[FiledExhibit], *, folder: Path) -> None:
    """Put the reference pictures into a folder under the names that the case gives them."""
    with ExitStack() as stack:
        for one in references:
            name = _reference_name(case.file, one)
            if name is None or one.exhibit.bytes > MOST_BYTES:
                continue
            key = original_key(one.tenant, one.exhibit.sha256)
            path = stack.enter_context(service.blobs.fetched(key, sha256=one.exhibit.sha256))
            target = folder / name
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(path.read_bytes())


def _reference_name(case: CaseFile, exhibit: FiledExhibit) -> str | None:
    """What the case calls this exhibit as a reference picture. Uploads have names without folders."""
    named = [name for item in case.order.items for name in item.reference_images]
    given = exhibit.exhibit.name
    inside = (name for name in named if ".." not in (path := PurePosixPath(name)).parts and not path.is_absolute())
    return next((name for name in inside if given in (name, PurePosixPath(name).name)), None)


def _received(case: CaseFile, one: FiledExhibit) -> Exhibit:
    """The exhibit as this case has it; the instant at which it was received here counts before a stated one."""
    stated = case.received_at.get(one.exhibit.name)
    return one.exhibit.model_copy(update={"received_at": one.exhibit.received_at or stated})


def _unmeasured(exhibit: Exhibit, why: Quarantine) -> Record:
    return Record(exhibit=exhibit, failure=MediaFailure(code=why.code, text=why.text, fix=why.fix))


def _history(
    transaction: Transaction, case: FiledCase, judged: Sequence[FiledExhibit], *, records: Sequence[Record]
) -> History:
    """Unboxing takes sealed before each of this case's, by the waybill that is claimed and those that are shown, and
    the same bytes in earlier cases."""
    of = {record.exhibit.sha256: record for record in records}
    takes = (
        take.model_copy(update={"than": one.exhibit.sha256})
        for one in judged
        if one.exhibit.role is Role.UNBOXING_VIDEO
        for waybill in _waybills(case.file, of.get(one.exhibit.sha256))
        for take in transaction.exhibits.earlier_takes(waybill, before=one)
    )
    uses = tuple(use for one in judged for use in _earlier_uses(transaction, one))
    return History(searched=True, pictures_compared=False, uses=uses, takes=tuple(_once(takes)))


def _earlier_uses(transaction: Transaction, one: FiledExhibit) -> Iterator[EarlierUse]:
    """Other cases in which the very same bytes were sealed before."""
    sha256 = one.exhibit.sha256
    for other in transaction.exhibits.with_bytes(sha256):
        case = transaction.cases.get(other.case_id) if other.case_id != one.case_id else None
        if case is not None and other.entry < one.entry:
            yield EarlierUse(exhibit=sha256, other_case=case.file.case_id, other_exhibit=sha256, bits=0)


def _waybills(case: CaseFile, record: Record | None) -> list[str]:
    shown = waybills_in(record) if record else frozenset()
    others, claimed = not_waybills(case), case.return_parcel.waybill
    kept = sorted(text for text in shown if normalised(text) not in others)
    return [*([claimed] if claimed else []), *(text for text in kept if normalised(text) != normalised(claimed or ""))]


def _once(takes: Iterator[EarlierTake]) -> Iterator[EarlierTake]:
    """A take found by two of its numbers is one take."""
    seen = set()
    for take in takes:
        if (take.than, take.exhibit, take.case_id) not in seen:
            seen.add((take.than, take.exhibit, take.case_id))
            yield take
