"""An inspection as somebody at it sees it: the one next step with what the machine saw of it, and how far it is."""

from pydantic import Field

from sixfaces.domain.claim_records import InspectionQuery
from sixfaces.domain.inspection import Inspection, InspectionState, QcVerdict, Seen, StepAnswer
from sixfaces.domain.model import Model, Say
from sixfaces.domain.pages import Page
from sixfaces.domain.people import Principal
from sixfaces.domain.records import Transaction
from sixfaces.domain.report import Report
from sixfaces.domain.sop import Inspector, SopStep
from sixfaces.pipeline.inspections import errors, standards
from sixfaces.pipeline.inspections.answering import inspectors
from sixfaces.pipeline.inspections.knowing import blind_cases, may_read
from sixfaces.pipeline.inspections.starting import inspection_of
from sixfaces.pipeline.visible import judged_cases
from sixfaces.qc.comparing import Agreement, Compared, agreement, compare
from sixfaces.qc.defects import found
from sixfaces.qc.grading import Suggested, suggest
from sixfaces.qc.prefill import seen
from sixfaces.qc.walk import Walk, walk

MOST_PAIRS = 200


class Progress(Model):
    """How far it is: steps that the answers so far open, those answered, those that still have to be."""

    steps: int
    answered: int
    needed: int


class InspectionView(Model):
    """One inspection. `step`: what is asked next of who asks, None where nothing is left to them; `waits_for`: who has
    to answer what is left; `seen`: what the machine saw of that step, no answer. `suggested` comes when every step is
    answered. `hidden`: answers and conclusion are not for who asks."""

    inspection: Inspection
    title: Say
    step: SopStep | None = None
    seen: tuple[Seen, ...] = ()
    words: dict[str, Say] = Field(default_factory=dict)
    waits_for: tuple[Inspector, ...] = ()
    progress: Progress
    answers: tuple[StepAnswer, ...] = ()
    suggested: Suggested | None = None
    verdict: QcVerdict | None = None
    hidden: bool = False


def view(transaction: Transaction, who: Principal, inspection: Inspection, *, report: Report | None) -> InspectionView:
    """As they see it. Raises InspectionError `inspection.blind`."""
    sop = standards.STANDARDS.of(inspection)
    answers = tuple(transaction.inspections.answers(inspection.id))
    walked = walk(sop, answers)
    progress = Progress(steps=len(walked.steps), answered=len(walked.answers), needed=len(walked.needed))
    if not may_read(transaction, who, inspection):
        return InspectionView(inspection=inspection, title=sop.title, progress=progress, hidden=True)
    is_at_it = inspection.state is InspectionState.OPEN and inspection.holder == who.actor
    step = walked.next(inspectors(who)) if is_at_it else None
    words = {name: sop.words[name] for one in sop.defects for name in (*one.places, *one.sizes)} if step else {}
    may_see = report is not None and bool(judged_cases(transaction, who, [inspection.case_id]))
    return InspectionView(
        inspection=inspection,
        title=sop.title,
        step=step,
        seen=seen(step, report) if step is not None and may_see else (),
        words=words,
        waits_for=_awaited(walked) if step is None and inspection.state is InspectionState.OPEN else (),
        progress=progress,
        answers=answers,
        suggested=None if walked.needed else suggest(sop, standards.STANDARDS.grades(sop), found(walked)),
        verdict=verdict_of(transaction, inspection),
    )


def verdict_of(transaction: Transaction, inspection: Inspection) -> QcVerdict | None:
    """What it concluded."""
    if inspection.state is not InspectionState.CONCLUDED:
        return None
    given = transaction.qc_verdicts.of_case(inspection.case_id)
    return next((one for one in given if one.inspection == inspection.id), None)


def compared(transaction: Transaction, who: Principal, id: str) -> Compared:
    """A second look beside the first. Raises InspectionError `inspection.not_concluded`, `inspection.blind`."""
    second = inspection_of(transaction, id)
    if second.second_of is None:
        raise errors.not_concluded()
    first = inspection_of(transaction, second.second_of)
    for one in (first, second):
        may_read(transaction, who, one)
    verdicts = [verdict_of(transaction, one) for one in (first, second)]
    if verdicts[0] is None or verdicts[1] is None:
        raise errors.not_concluded()
    sop = standards.STANDARDS.of(second)
    walks = [walk(sop, transaction.inspections.answers(one.id)) for one in (first, second)]
    return compare(sop, walks[0], walks[1], outcomes=(verdicts[0].outcome, verdicts[1].outcome))


def measured(transaction: Transaction, who: Principal, sop: str | None = None) -> Agreement:
    """How well the newest second looks agree with their first ones, over all of the tenant's or those by one SOP;
    without cases in which who asks is to know nothing of any look."""
    blind = blind_cases(transaction, who)
    query = InspectionQuery(state=InspectionState.CONCLUDED, sop=sop, second_looks=True)
    pairs = []
    for look in transaction.inspections.find(query, Page(limit=MOST_PAIRS)):
        given = {one.inspection: one.outcome for one in transaction.qc_verdicts.of_case(look.case_id)}
        if look.second_of in given and look.id in given and look.case_id not in blind:
            pairs.append((given[look.second_of], given[look.id]))
    return agreement(pairs)


def _awaited(walked: Walk) -> tuple[Inspector, ...]:
    return tuple(sorted({who for step in walked.needed for who in step.by}))
