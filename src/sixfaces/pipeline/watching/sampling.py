"""Gives samples to people, who answer without knowing what was said before, nor whether the truth is known.

1. next      one at a time: nothing of one's own making, nothing whose report one has read; who does not answer within a
             day gives it back
2. blind     from then on neither verdict nor decision of the case is shown to them, until they have answered
3. answer    stays as it is; then they are told what was said, and whether it was a known case
"""

from collections.abc import Collection
from datetime import timedelta

from sixfaces.domain.answer import Verdict
from sixfaces.domain.custody import Act
from sixfaces.domain.decision import Remedy
from sixfaces.domain.people import ApiRole, Principal
from sixfaces.domain.records import Transaction
from sixfaces.domain.sampling import Asks, LotOf, SampleAnswered, SampleItem, SampleTask
from sixfaces.pipeline.refusals import missing
from sixfaces.pipeline.watching import errors
from sixfaces.pipeline.watching.lots import end_if_looked_at

MOST_TRIED = 200
HELD = timedelta(days=1)
PERSONS = frozenset({ApiRole.REVIEWER, ApiRole.ADMIN})
ANSWERS = {
    LotOf.ACCEPTED: tuple(one.value for one in Verdict),
    LotOf.CLOSED: tuple(one.value for one in Remedy if one is not Remedy.ASK_PERSON),
}
"""What may be said of evidence, and of what the buyer gets."""
ASKS = {LotOf.ACCEPTED: Asks.EVIDENCE, LotOf.CLOSED: Asks.REMEDY}


def take_next(transaction: Transaction, who: Principal) -> SampleTask | None:
    """1. The item that they hold already, or the next one for them; None where there is none."""
    held = transaction.samples.held(who.actor)
    if held is not None:
        return task_of(held)
    transaction.samples.release(before=transaction.now - HELD)
    for item in transaction.samples.waiting(who.actor, limit=MOST_TRIED):
        if _is_strange(transaction, who, item.case_id):
            taken = transaction.samples.take(item.id, who.actor)
            if taken is not None:
                return task_of(taken)
    return None


def task_of(item: SampleItem) -> SampleTask:
    """The item without anything that would tell what was said."""
    if item.taken_at is None:
        raise ValueError("nobody has taken this item")
    asks = ASKS[item.of]
    return SampleTask(id=item.id, case_id=item.case_id, asks=asks, answers=ANSWERS[item.of], taken_at=item.taken_at)


def _is_strange(transaction: Transaction, who: Principal, case_id: str) -> bool:
    """Whether it is there still, and they have neither decided nor inspected it, nor read what was found."""
    case = transaction.cases.get(case_id)
    if case is None or case.erased_at is not None:
        return False
    if any(one.by == who.actor for one in transaction.decisions.of_case(case_id)):
        return False
    if any(one.by == who.actor for one in transaction.qc_verdicts.of_case(case_id)):
        return False
    read = transaction.custody.about(case_id)
    return not any(one.act is Act.READ and one.actor == who.actor and one.body.get("what") == "report" for one in read)


def answer(transaction: Transaction, who: Principal, item_id: str, *, said: str, note: str | None) -> SampleAnswered:
    """3. Raises RequestError `request.missing`, WatchingError `watching.answer`, `watching.answered`."""
    item = transaction.samples.item(item_id, lock=True)
    if item is None or item.holder != who.actor:
        raise missing()
    if item.answered_at is not None:
        raise errors.answered()
    if said not in ANSWERS[item.of]:
        raise errors.bad_answer(ANSWERS[item.of])
    item = item.model_copy(update={"answer": said, "note": note, "answered_at": transaction.now})
    transaction.samples.answer(item)
    if item.lot is not None:
        end_if_looked_at(transaction, item.lot, who.actor)
    return told_of(item)


def told_of(item: SampleItem) -> SampleAnswered:
    """What is shown once it is answered."""
    if item.answer is None or item.answered_at is None:
        raise ValueError("the item has no answer yet")
    return SampleAnswered(
        id=item.id,
        case_id=item.case_id,
        of=item.of,
        answer=item.answer,
        said=item.said,
        agrees=item.answer == item.said,
        was_planted=item.planted is not None,
        answered_at=item.answered_at,
    )


def hidden_cases(transaction: Transaction, who: Principal, case_ids: Collection[str]) -> frozenset[str]:
    """2. Those of the cases of which they must not know what was said."""
    if who.role not in PERSONS or not case_ids:
        return frozenset()
    return frozenset(transaction.samples.hidden(who.actor, case_ids))


def check_sighted(transaction: Transaction, who: Principal, case_id: str) -> None:
    """2. Raises WatchingError `watching.blind`."""
    if hidden_cases(transaction, who, [case_id]):
        raise errors.blind()
