"""The library of known cases, and how right people and stations were about them."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Annotated

from pydantic import Field

from sixfaces.domain.answer import Verdict
from sixfaces.domain.custody import Act, Deed
from sixfaces.domain.inspection import QcVerdict
from sixfaces.domain.model import Model, Text
from sixfaces.domain.pages import Page
from sixfaces.domain.people import Id, Principal
from sixfaces.domain.records import Transaction
from sixfaces.domain.sampling import PlantedCase, PlantedFor, SampleItem, Score, Truth
from sixfaces.domain.sop import QcOutcome
from sixfaces.pipeline.ids import new_id
from sixfaces.pipeline.reading import case_of
from sixfaces.pipeline.refusals import missing
from sixfaces.pipeline.watching import errors
from sixfaces.watching.tally import Tries

MOST = 10_000


class NewPlanted(Model):
    """A case to plant: one that was opened for it, with real evidence of a truth that is known."""

    case_id: Id
    for_: PlantedFor = Field(alias="for")
    truth: Truth
    note: Annotated[Text, Field(max_length=1000)] | None = None


def plant(transaction: Transaction, who: Principal, new: NewPlanted) -> PlantedCase:
    """From now on it counts in no statistics. Raises RequestError `request.missing`, WatchingError
    `watching.planted_already`, `watching.in_use`."""
    case = case_of(transaction, new.case_id)
    if transaction.decisions.current(case.id) is not None:
        raise errors.in_use()
    given = {"id": new_id(), "tenant": who.tenant, "by": who.actor, "planted_at": transaction.now}
    planted = PlantedCase.model_validate(given | {name: getattr(new, name) for name in NewPlanted.model_fields})
    if not transaction.planting.add(planted):
        raise errors.planted_already()
    _enter(transaction, who, planted.id, what="planted")
    return planted


def retire(transaction: Transaction, who: Principal, id: str) -> PlantedCase:
    """It is given to nobody any more. Raises RequestError `request.missing`."""
    planted = transaction.planting.retire(id)
    if planted is None:
        raise missing()
    _enter(transaction, who, planted.id, what="retired")
    return planted


def _enter(transaction: Transaction, who: Principal, subject: str, *, what: str) -> None:
    """By the plant's own id, so that the log of a case does not tell on it."""
    deed = Deed(tenant=who.tenant, act=Act.SAMPLE, subject=subject, actor=who.actor, body={"what": what})
    transaction.custody.append(deed)


def scores(transaction: Transaction) -> list[Score]:
    """Of everybody who has answered, reviewers and stations, the first answer to each known case."""
    tries: dict[tuple[PlantedFor, str], Tries] = defaultdict(Tries)
    missed: dict[tuple[PlantedFor, str], int] = defaultdict(int)
    for for_, who, is_right, is_missed in (*_of_reviewers(transaction), *_of_stations(transaction)):
        tries[for_, who].add(is_right)
        missed[for_, who] += is_missed
    return [
        Score.model_validate({"who": who, "for": for_, "right": tries[for_, who].share(), "missed": missed[for_, who]})
        for for_, who in sorted(tries)
    ]


Tried = tuple[PlantedFor, str, bool, bool]


def _of_reviewers(transaction: Transaction) -> Iterator[Tried]:
    seen: set[tuple[str, str]] = set()
    standing = {one.id for one in _standing(transaction, PlantedFor.REVIEWERS)}
    for item in reversed(transaction.samples.answered(Page(limit=MOST), planted=True)):
        who = item.holder or ""
        if item.planted in standing and (who, item.case_id) not in seen:
            seen.add((who, item.case_id))
            yield PlantedFor.REVIEWERS, who, item.answer == item.said, _let_pass(item)


def _standing(transaction: Transaction, for_: PlantedFor) -> Sequence[PlantedCase]:
    """A retired one may have been retired because its truth was none."""
    return transaction.planting.find(Page(limit=MOST), for_=for_, standing=True)


def _let_pass(item: SampleItem) -> bool:
    return item.said != Verdict.ACCEPTED and item.answer == Verdict.ACCEPTED


def _of_stations(transaction: Transaction) -> Iterator[Tried]:
    for planted in _standing(transaction, PlantedFor.STATIONS):
        looks = transaction.qc_verdicts.of_case(planted.case_id)
        if not looks or planted.truth.outcome is None:
            continue
        look = looks[0]
        inspection = transaction.inspections.get(look.inspection)
        who = (inspection.station if inspection is not None else None) or look.by
        let_pass = planted.truth.outcome is not look.outcome and look.outcome is QcOutcome.NO_QUALITY_PROBLEM
        yield PlantedFor.STATIONS, who, _is_right(planted.truth, look), let_pass


def _is_right(truth: Truth, look: QcVerdict) -> bool:
    """The outcome, and every defect that is there."""
    return look.outcome is truth.outcome and set(truth.defects) <= {one.code for one in look.defects}
