"""What inspections found, as both sides are told it (D13): what was tested, what was seen, what follows.

Titles, places and sizes are those of the standard that an inspection went by. What inspectors wrote is told to nobody.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence

from sixfaces.decision.found import found
from sixfaces.domain.chronicle import ReferralAnswered
from sixfaces.domain.decision import Found
from sixfaces.domain.errors import InspectionError, RulebookError
from sixfaces.domain.inspection import FoundDefect, QcVerdict, StepAnswer
from sixfaces.domain.model import Say
from sixfaces.domain.personal import masked_text
from sixfaces.domain.records import Transaction
from sixfaces.domain.sop import QcOutcome, Sop
from sixfaces.domain.standing import LineFound, LookTold
from sixfaces.pipeline.claims.matters import Looked
from sixfaces.pipeline.inspections import standards
from sixfaces.qc.checking import is_empty
from sixfaces.qc.defects import by_code
from sixfaces.qc.walk import walk
from sixfaces.report import standing_words as words


def found_in(transaction: Transaction, looked: Looked) -> tuple[LineFound, ...]:
    """What is told of each line that was inspected, in the order's order."""
    lines: dict[int, list[QcVerdict]] = defaultdict(list)
    for verdict in looked.matter.inspections:
        lines[verdict.line].append(verdict)
    return tuple(
        LineFound(
            item=_item(looked, line),
            looks=tuple(_told(transaction, one) for one in looks),
            follows=_follows(looked, looks),
        )
        for line, looks in sorted(lines.items())
    )


def _item(looked: Looked, line: int) -> str | None:
    items = looked.case.file.order.items
    title = items[line].title if line < len(items) and len(items) > 1 else None
    return masked_text(title) if title else None


def _told(transaction: Transaction, verdict: QcVerdict) -> LookTold:
    sop = _standard(transaction, verdict)
    return LookTold(
        at=verdict.at,
        outcome=words.FOUND[verdict.outcome],
        defects=tuple(dict.fromkeys(_defects(sop, verdict.defects))) if sop else (),
        tested=tuple(_tested(sop, transaction.inspections.answers(verdict.inspection))) if sop else (),
        is_second=verdict.second_of is not None,
    )


def _standard(transaction: Transaction, verdict: QcVerdict) -> Sop | None:
    """The standard it went by; None where its file is not what it was: the outcome is told without."""
    inspection = transaction.inspections.get(verdict.inspection)
    if inspection is None:
        return None
    try:
        return standards.STANDARDS.of(inspection)
    except (InspectionError, RulebookError):
        return None


def _defects(sop: Sop, defects: Sequence[FoundDefect]) -> Iterator[Say]:
    known = by_code(sop)
    for one in (one for one in defects if one.code in known):
        title = known[one.code].title
        where = [sop.words[name] for name in (one.place, one.size) if name in sop.words]
        yield Say(
            zh=f"{title.zh}（{'，'.join(say.zh for say in where)}）" if where else title.zh,
            en=f"{title.en} ({', '.join(say.en for say in where)})" if where else title.en,
        )


def _tested(sop: Sop, answers: Sequence[StepAnswer]) -> Iterator[Say]:
    """Titles of the steps that were answered; one that was passed over was not tested."""
    walked = walk(sop, answers)
    answered = (step for step in walked.steps if step.id in walked.answers)
    return (step.title for step in answered if not (step.optional and is_empty(walked.answers[step.id])))


def _follows(looked: Looked, looks: Sequence[QcVerdict]) -> Say | None:
    """How several looks, or a diagnosis, were resolved; else whether the goods can be sold again."""
    word = found(looks, looked.matter.course)
    if word is Found.DISPUTED:
        return words.DIFFER if looked.current is None or looked.current.at < looks[-1].at else words.DIFFERED
    if looks[-1].outcome is QcOutcome.REFERRED:
        return _diagnosis(looked, looks[-1], word=word)
    outcomes = {one.outcome for one in looks if one.outcome is not QcOutcome.REFERRED}
    if len(looks) > 1 and any(one.second_of for one in looks):
        return words.ALIKE if len(outcomes) == 1 else words.MOST
    fit = looks[-1].fit
    return None if fit is None else words.FIT[fit]


def _diagnosis(looked: Looked, referred: QcVerdict, *, word: Found) -> Say:
    """What came of a referral."""
    settled = words.DIAGNOSED.get(QcOutcome(word.value)) if word in _SETTLED else None
    if settled is not None:
        return settled
    is_answered = any(
        isinstance(one.what, ReferralAnswered) and one.what.line in (None, referred.line) and one.at >= referred.at
        for one in looked.matter.course.entries
    )
    return words.UNSETTLED if is_answered else words.AWAITED


_SETTLED = frozenset({Found.DEFECT_CONFIRMED, Found.NO_QUALITY_PROBLEM})
