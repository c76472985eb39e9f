"""What of a run is told to whom: nothing of a case that was erased since, nor of one of which they must not know how it
goes, and without personal data for who may not see it. Numbers of cases are evidence and stay readable."""

from collections.abc import Collection, Sequence
from typing import NamedTuple

from sixfaces.domain.people import Principal
from sixfaces.domain.records import Transaction
from sixfaces.domain.reverifying import Flip, RuleShare, Tally
from sixfaces.pipeline.personal import shown
from sixfaces.pipeline.visible import unsighted_cases


class Placed(NamedTuple):
    """A flip, and its place among all of its span: the same whatever is left out."""

    flip: Flip
    at: int


def flips_shown(transaction: Transaction, who: Principal, flips: Sequence[Flip]) -> list[Placed]:
    """Those of a span's flips that they may know of, as they may see them."""
    there = {one.id for one in transaction.archive.several([flip.verdict_id for flip in flips]) if not one.erased_at}
    hidden = unsighted_cases(transaction, who, [flip.case_id for flip in flips])
    return [
        Placed(shown(who, flip).model_copy(update={"number": flip.number}), at)
        for at, flip in enumerate(flips)
        if flip.verdict_id in there and flip.case_id not in hidden
    ]


def tally_shown(transaction: Transaction, who: Principal, tally: Tally) -> Tally:
    """The tally, with those of its examples that they may know of."""
    named = {number for numbers in tally.examples.values() for number in numbers}
    named |= {number for shares in tally.by_rule.values() for share in shares.values() for number in share.examples}
    ids = {}
    for number in named:
        case = transaction.cases.by_case_id(number)
        if case is not None and case.erased_at is None:
            ids[number] = case.id
    hidden = unsighted_cases(transaction, who, ids.values())
    return _with(tally, {number for number, id in ids.items() if id not in hidden})


def without_examples(tally: Tally) -> Tally:
    """The sums alone, as a list tells them."""
    return _with(tally, ())


def _with(tally: Tally, numbers: Collection[str]) -> Tally:
    def kept(examples: Sequence[str]) -> tuple[str, ...]:
        return tuple(one for one in examples if one in numbers)

    def share_of(share: RuleShare) -> RuleShare:
        return share.model_copy(update={"examples": kept(share.examples)})

    examples = {kind: kept(some) for kind, some in tally.examples.items()}
    shares = {kind: {code: share_of(one) for code, one in of.items()} for kind, of in tally.by_rule.items()}
    return tally.model_copy(update={"examples": examples, "by_rule": shares})
