"""What the footage says about a number: the codes that carry it, those that contradict it, and print read by OCR."""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from sixfaces.criteria.consistency_numbers import SHORTEST_TOKEN, Match, article, match, normalised, shape
from sixfaces.criteria.sureness import Seen, start_s, sure
from sixfaces.domain.case import CaseFile
from sixfaces.domain.evidence import Evidence, ExhibitEvidence
from sixfaces.domain.parcel_facts import Stage, StageFact
from sixfaces.domain.policy import Policy
from sixfaces.domain.reading_facts import CheckDigit, CodeFact, TextFact

_RETAIL = re.compile(r"^(EAN|UPC|ISBN|DATABAR)")
_ONE_NUMBER = re.compile(r"[A-Z0-9]+")


def is_retail(code: CodeFact) -> bool:
    """Whether the code is of a sort that names articles on shelves, never parcels."""
    return _RETAIL.match(normalised(code.format)) is not None


@dataclass(frozen=True, slots=True)
class Reading:
    """Everything read that bears on one number."""

    ours: Seen[CodeFact]
    """Codes that carry the number, sure enough."""
    doubtful: Seen[CodeFact]
    """Codes in which the number stands only inside a longer one, lost the vote, or was read without certainty."""
    printed: Seen[TextFact]
    """Lines of print that carry the number in full or masked: advisory."""

    @property
    def reads(self) -> int:
        """Votes for the number over all codes that carry it."""
        return sum(code.reads for _, code in self.ours)


def reading(seen: ExhibitEvidence, number: str, policy: Policy) -> Reading:
    """All that was read of `number` in the exhibit."""
    limits, confidence = policy.thresholds.reading, policy.thresholds.evidence.confidence
    key = (reading, number, limits.masked_visible, limits.text_score, confidence)
    return seen.once(key, lambda: _reading(seen, number, policy))


def _reading(seen: ExhibitEvidence, number: str, policy: Policy) -> Reading:
    limits = policy.thresholds.reading
    codes = seen.of(CodeFact)
    found = [(o, c, match(c.text, number, visible=limits.masked_visible)) for o, c in codes]
    carrying = [(o, c) for o, c, how in found if how in (Match.FULL, Match.MASKED)]
    ours = sure(carrying, policy)
    outvoted = [
        (o, c)
        for o, c, how in found
        if how is Match.EMBEDDED
        or (how is Match.NONE and any(match(r, number, visible=limits.masked_visible) is Match.FULL for r in c.rivals))
    ]
    printed = [
        (o, t)
        for o, t in seen.of(TextFact)
        if t.score >= limits.text_score
        and match(t.text, number, visible=limits.masked_visible) in (Match.FULL, Match.MASKED)
    ]
    return Reading(ours, outvoted + [pair for pair in carrying if pair not in ours], printed)


def rival_reads(seen: ExhibitEvidence, ours: Seen[CodeFact], *, number: str, policy: Policy) -> dict[str, int]:
    """Other numbers read at the place of ours, with their votes; one vote where the observer tells no number."""
    visible = policy.thresholds.reading.masked_visible
    votes: Counter[str] = Counter()
    for _, code in seen.of(CodeFact):
        votes[normalised(code.text)] += code.reads
    return {
        rival: votes[normalised(rival)] or 1
        for _, code in ours
        for rival in code.rivals
        if match(rival, number, visible=visible) is Match.NONE
    }


def other_waybills(evidence: Evidence, seen: ExhibitEvidence, policy: Policy) -> dict[str, Seen[CodeFact]]:
    """Codes on the parcel that are waybills but not the case's, by number.

    A code counts as a waybill if its observer knows the carrier's format, or if it is no retail code and looks
    exactly like the case's number (same length, same pattern of letters and digits) without being an article's or a
    pallet's, which their check digit tells. Codes first seen after the
    parcel is open are the goods'; numbers that the case names otherwise are no waybills.
    """
    claimed, visible = evidence.case.return_parcel.waybill or "", policy.thresholds.reading.masked_visible
    candidates = [
        (o, c)
        for o, c in seen.of(CodeFact)
        if match(c.text, claimed, visible=visible) is Match.NONE and _is_waybill(c, claimed)
    ]
    if not candidates:
        return {}
    named = {normalised(number) for number in other_numbers(evidence.case)}
    opened = opened_s(seen, policy)
    found: dict[str, Seen[CodeFact]] = {}
    for observation, code in candidates:
        number, begins = normalised(code.text), start_s(observation)
        after = opened is not None and begins is not None and begins >= opened
        if not after and number not in named:
            found[number] = [*found.get(number, ()), (observation, code)]
    return found


def _is_waybill(code: CodeFact, claimed: str) -> bool:
    number = normalised(code.text)
    article_or_pallet = code.carrier is None and code.check_digit is CheckDigit.OK
    if code.check_digit is CheckDigit.FAILED or article_or_pallet or not _ONE_NUMBER.fullmatch(number):
        return False
    alike = len(number) >= SHORTEST_TOKEN and shape(number) == shape(claimed)
    return code.carrier is not None or (alike and not is_retail(code))


def other_numbers(case: CaseFile) -> Iterable[str]:
    """Numbers that the case names, and none of them a waybill."""
    yield from filter(None, (case.order.order_id, case.claim.claim_id, case.case_id))
    for item in case.order.items:
        yield from (*item.serials, *item.barcodes)
        yield from filter(None, (item.sku,))


def opened_s(seen: ExhibitEvidence, policy: Policy) -> float | None:
    """When the parcel is first open, if the stages say so surely."""
    stages = sure(seen.of(StageFact), policy)
    begins = [start_s(o) for o, fact in stages if fact.stage in (Stage.OPEN, Stage.ITEM_OUT)]
    return min((at for at in begins if at is not None), default=None)


def article_of(code: CodeFact) -> str | None:
    """The retail number a code carries, if it does: 14 digits."""
    return article(code.text) if is_retail(code) or normalised(code.text).startswith(("01", "(01", "]")) else None
