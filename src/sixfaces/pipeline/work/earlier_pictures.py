"""Whether what a case's exhibits show was handed in before for another case.

1. ask       for each exhibit: pictures of other cases' exhibits that agree with its own
2. place     in which other case each of those was sealed before
3. weigh     a photo is a copy for sure where a good part of either picture agrees as a copy does. A video is one where
             two of its pictures do, and one of these is what no other parcel has: the face with the label, or the item.
             A printed box alone may be one of many
4. excuse    a case on the same order or claim is the same case filed again: it is said, and held against nobody
5. look on   a case whose exhibits were sealed later, and which was judged before these were measured, knows nothing of
             them: it is to be judged anew
"""

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from typing import NamedTuple

from sixfaces.domain.evidence import EarlierUse, History
from sixfaces.domain.exhibit import Medium
from sixfaces.domain.filing import FiledCase, FiledExhibit
from sixfaces.domain.observation import Record
from sixfaces.domain.parcel_facts import FaceFact
from sixfaces.domain.records import Transaction
from sixfaces.domain.reuse import Box, Found, PictureMatch
from sixfaces.pipeline.service import Service
from sixfaces.pipeline.work.case_evidence import NOT_EVIDENCE, Gathered
from sixfaces.pipeline.work.results import result
from sixfaces.report.serial import read_report

LEAST_SHARE = 0.2
"""Of a photo's area: a copied part may be smaller, and so may a logo; below it a person looks."""

MOST_TOLD = 20
"""Earlier exhibits of one exhibit that are told."""


class Looked(NamedTuple):
    """A case's history with what is known of earlier pictures, and ids of later cases that were judged without."""

    history: History
    unaware: frozenset[str] = frozenset()


def with_pictures(service: Service, found: Gathered) -> Looked:
    """As `Looked`; the history as it was where nothing can look for pictures."""
    if service.reuse is None:
        return Looked(found.history)
    later = set[str]()
    own = {one.exhibit.sha256 for one in found.exhibits}
    by_bytes = {(use.exhibit, use.other_exhibit) for use in found.history.uses}
    uses, flat = list(found.history.uses), []
    for record in found.records:
        if record.exhibit.medium not in (Medium.PHOTO, Medium.VIDEO) or record.failure is not None:
            continue
        seen = service.reuse.find(found.case.tenant, record, but=own)  # 1.
        if seen.asked == seen.flat:
            flat.append(record.exhibit.sha256)
        with service.records.begin(found.case.tenant, reading=True) as transaction:
            its = next(one for one in found.exhibits if one.exhibit.sha256 == record.exhibit.sha256)
            told = list(_uses(transaction, found.case, its, record=record, seen=seen))
            later |= _later(transaction, its, seen)
        uses += [use for use in told if (use.exhibit, use.other_exhibit) not in by_bytes][:MOST_TOLD]
    known = {"uses": tuple(uses), "flat": tuple(flat), "pictures_compared": True}
    unaware = frozenset(id for id in later if _is_unaware(service, found.case.tenant, id, of=own))  # 5.
    return Looked(found.history.model_copy(update=known), unaware)


def _later(transaction: Transaction, its: FiledExhibit, seen: Found) -> set[str]:
    """Other cases with exhibits that agree and were sealed after this one."""
    alike = (one for match in seen.matches for one in transaction.exhibits.with_bytes(match.other))
    return {one.case_id for one in alike if one.entry > its.entry and one.case_id != its.case_id and one.erased is None}


def _is_unaware(service: Service, tenant: str, case_id: str, *, of: Collection[str]) -> bool:
    """Whether the case's present report tells of none of these exhibits. Without one it is yet to be judged."""
    with service.records.begin(tenant, reading=True) as transaction:
        verdict = transaction.verdicts.current(case_id)
    data = result(service.blobs, verdict, "report.json") if verdict is not None else None
    if data is None:
        return False
    return not any(use.other_exhibit in of for view in read_report(data).exhibits for use in view.uses)


def _uses(
    transaction: Transaction, case: FiledCase, its: FiledExhibit, *, record: Record, seen: Found
) -> Iterator[EarlierUse]:
    """2. One for each other exhibit, the surest first."""
    of_other: dict[str, list[PictureMatch]] = defaultdict(list)
    for match in seen.matches:
        of_other[match.other].append(match)
    for sha256, matches in of_other.items():
        other = _earlier(transaction, its, sha256)
        if other is None:
            continue
        yield EarlierUse(
            exhibit=record.exhibit.sha256,
            other_case=other.file.case_id,
            other_exhibit=sha256,
            bits=round(matches[0].bits),
            sure=_is_sure(record, matches),
            resubmission=is_resubmission(case, other),
            shown=matches[0],
            pictures=len({match.picture for match in matches}),
        )


def _earlier(transaction: Transaction, its: FiledExhibit, sha256: str) -> FiledCase | None:
    """The first other case in which these bytes were sealed before."""
    for one in transaction.exhibits.with_bytes(sha256):
        is_earlier = one.entry < its.entry and one.case_id != its.case_id
        if is_earlier and one.erased is None and one.exhibit.role not in NOT_EVIDENCE:
            return transaction.cases.get(one.case_id)
    return None


def _is_sure(record: Record, matches: Sequence[PictureMatch]) -> bool:
    """3."""
    copies = [match for match in matches if match.exact and not match.common]
    if record.exhibit.medium is Medium.PHOTO:
        return any(max(_area(match.box), _area(match.other_box)) >= LEAST_SHARE for match in copies)
    facts = (one.fact for one in record.observations)
    labelled = {fact.image for fact in facts if isinstance(fact, FaceFact) and fact.waybill}
    pictures = {match.picture for match in copies}
    return len(pictures) > 1 and any(name in labelled or name.startswith("items/") for name in pictures)


def _area(box: Box) -> float:
    return box[2] * box[3]


def is_resubmission(case: FiledCase, other: FiledCase) -> bool:
    """4."""
    mine, theirs = case.file, other.file
    return (mine.order.order_id is not None and mine.order.order_id == theirs.order.order_id) or (
        mine.claim.claim_id is not None and mine.claim.claim_id == theirs.claim.claim_id
    )
