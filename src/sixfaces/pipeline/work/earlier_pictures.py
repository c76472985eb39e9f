"""Whether what a case's exhibits show was handed in before for another case.

1. ask       for each exhibit: pictures of other cases' exhibits that agree with its own
2. place     in which other case each of those was sealed before
3. weigh     where regions agree, the thing shown is the same: but of a box, a book or a label there are many, and two
             honest photos of one print agree as well as two copies of one photo. It is a copy for sure only where what
             stands around it agrees too, so that the whole pictures look alike: those of a photo, or of half a video of
             which two faces or items agree as well and no other waybill is read. All else is for a person
4. excuse    a case on the same order or claim is the same case filed again: it is said, and held against nobody
5. look on   a case whose exhibits were sealed later, and which was judged before these were measured, knows nothing of
             them: it is to be judged anew
"""

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from typing import NamedTuple

from sixfaces.domain.evidence import EarlierUse, History
from sixfaces.domain.exhibit import Medium
from sixfaces.domain.facts import FingerprintFact
from sixfaces.domain.filing import FiledCase, FiledExhibit
from sixfaces.domain.fingerprint import BITS, variants
from sixfaces.domain.observation import Record
from sixfaces.domain.parcel_facts import FaceFact
from sixfaces.domain.records import Transaction
from sixfaces.domain.reuse import Box, Found, PictureMatch
from sixfaces.pipeline.service import Service
from sixfaces.pipeline.work.case_evidence import NOT_EVIDENCE, Gathered
from sixfaces.pipeline.work.results import result
from sixfaces.pipeline.work.waybills import waybills_in
from sixfaces.report.serial import read_report

WHOLE_BITS = 24
"""Of the 256 of whole pictures: so many move when a picture is encoded anew, made smaller and brighter. Other pictures
lie near 128, and those of another hand, light and background with them."""

MOST_COMPARED = 60
MOST_COMPARED_WITH = 400
"""Whole pictures of a video, spread evenly, that are laid beside those of another."""

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
        kept = transaction.observations.newest(sha256)
        if other is None or kept is None:
            continue
        theirs = kept[0]
        yield EarlierUse(
            exhibit=record.exhibit.sha256,
            other_case=other.file.case_id,
            other_exhibit=sha256,
            bits=(apart := _apart(record, theirs)),
            sure=apart <= WHOLE_BITS and _is_sure(record, theirs, matches),
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


def _is_sure(record: Record, theirs: Record, matches: Sequence[PictureMatch]) -> bool:
    """3. By the regions, and the waybills of videos."""
    copies = [match for match in matches if match.exact and not match.common]
    if record.exhibit.medium is Medium.PHOTO:
        return any(max(_area(match.box), _area(match.other_box)) >= LEAST_SHARE for match in copies)
    facts = (one.fact for one in record.observations)
    labelled = {fact.image for fact in facts if isinstance(fact, FaceFact) and fact.waybill}
    pictures = {match.picture for match in copies}
    mine, other = waybills_in(record), waybills_in(theirs)
    if mine and other and mine.isdisjoint(other):
        return False
    return len(pictures) > 1 and any(name in labelled or name.startswith("items/") for name in pictures)


def _apart(record: Record, theirs: Record) -> int:
    """3. Bits by which the whole pictures differ, however they were mirrored or turned by right angles: of videos the
    median over the pictures of the one that has fewer. 256 where there are none to compare."""
    fewer, more = sorted((_whole(record), _whole(theirs)), key=len)
    if not fewer:
        return BITS
    others = [int(one, 16) for one in _spread(more, MOST_COMPARED_WITH)]
    least = [
        min((int(turned, 16) ^ other).bit_count() for turned in variants(one).values() for other in others)
        for one in _spread(fewer, MOST_COMPARED)
    ]
    return sorted(least)[len(least) // 2]


def _whole(record: Record) -> Sequence[str]:
    facts = (one.fact for one in record.observations)
    return [one for fact in facts if isinstance(fact, FingerprintFact) for one in fact.hashes]


def _spread(hashes: Sequence[str], most: int) -> Sequence[str]:
    return hashes[:: -(-len(hashes) // most)]


def _area(box: Box) -> float:
    return box[2] * box[3]


def is_resubmission(case: FiledCase, other: FiledCase) -> bool:
    """4."""
    mine, theirs = case.file, other.file
    return (mine.order.order_id is not None and mine.order.order_id == theirs.order.order_id) or (
        mine.claim.claim_id is not None and mine.claim.claim_id == theirs.claim.claim_id
    )
