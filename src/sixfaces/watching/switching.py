"""How strict the next lot of a stream is inspected (ISO 2859-1, 9.3) and how its sample is drawn.

1. normal to tightened    two of five or fewer lots in a row are rejected
2. tightened to normal    five lots in a row are accepted
3. tightened to stopped   five lots have been rejected since it became tightened
4. normal to reduced      the switching score is 30 or more, and somebody who may says so
5. reduced to normal      a lot is rejected
6. stopped to tightened   somebody says that the cause was mended
"""

import hashlib
from collections.abc import Iterable, Sequence

from sixfaces.domain.sampling import Lot, LotOutcome, Stream, Strictness
from sixfaces.watching.plans import AQLS, plan_of

ENOUGH = 30
_LAST = 5


def outcome_of(lot: Lot) -> LotOutcome:
    """What the sample says once all of it was looked at."""
    return LotOutcome.ACCEPTED if lot.wrong <= lot.plan.accept else LotOutcome.REJECTED


def after(stream: Stream, lot: Lot, outcome: LotOutcome) -> Stream:
    """The stream with one lot more."""
    recent = (*stream.recent, outcome)[-_LAST:]
    failed = outcome is LotOutcome.REJECTED
    if stream.strictness is Strictness.NORMAL:
        score = score_after(stream.score, lot, outcome)
        is_bad = failed and recent.count(LotOutcome.REJECTED) >= 2
        went_on = stream.model_copy(update={"recent": recent, "score": score})
        return turned(stream, Strictness.TIGHTENED) if is_bad else went_on
    if stream.strictness is Strictness.TIGHTENED:
        count = stream.failed_tightened + failed
        if count >= _LAST:
            return turned(stream, Strictness.STOPPED)
        if recent.count(LotOutcome.ACCEPTED) == _LAST:
            return turned(stream, Strictness.NORMAL)
        return stream.model_copy(update={"recent": recent, "failed_tightened": count})
    if stream.strictness is Strictness.REDUCED and failed:
        return turned(stream, Strictness.NORMAL)
    return stream.model_copy(update={"recent": recent})


def turned(stream: Stream, strictness: Strictness) -> Stream:
    """The stream with another strictness: counting begins anew."""
    anew = {"strictness": strictness, "recent": (), "score": 0, "failed_tightened": 0, "open_lot": None}
    return stream.model_copy(update=anew)


def score_after(score: int, lot: Lot, outcome: LotOutcome) -> int:
    """The switching score (9.3.3.2): a lot that would have passed a step more strictly counts three; where up to one
    wrong one is accepted, an accepted lot counts two; all else takes the score back to nothing."""
    if outcome is LotOutcome.REJECTED:
        return 0
    if lot.plan.accept < 2:
        return score + 2
    tighter = AQLS[max(0, AQLS.index(lot.aql) - 1)]
    return score + 3 if lot.wrong <= plan_of(lot.plan.letter, tighter, Strictness.NORMAL).accept else 0


def population_digest(ids: Iterable[str]) -> str:
    """SHA-256 of the ids, in order, a line each."""
    return hashlib.sha256("".join(f"{id}\n" for id in sorted(ids)).encode()).hexdigest()


def drawn(ids: Iterable[str], size: int, seed: str) -> Sequence[str]:
    """The sample: what stands first when the ids are put in the order of SHA-256 of seed and id."""
    return sorted(ids, key=lambda id: place_of(seed, id))[:size]


def place_of(seed: str, id: str) -> str:
    """Where an id stands among all, as nobody could have chosen."""
    return hashlib.sha256(f"{seed}\n{id}".encode()).hexdigest()


def order_of(seed: str, subject: str) -> str:
    """Where an item stands in the order in which items are given out: not that in which they were drawn."""
    return place_of(f"{seed} order", subject)
