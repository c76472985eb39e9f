"""One answer to one step. The SOP says whose turn it is and what may be said; nothing that was said is lost."""

from collections.abc import Collection

from pydantic import Field

from sixfaces.domain.exhibit import Medium
from sixfaces.domain.filing import FiledExhibit
from sixfaces.domain.inspection import FoundDefect, Inspection, StepAnswer, Witness
from sixfaces.domain.model import Model, Text
from sixfaces.domain.people import ApiRole, Principal
from sixfaces.domain.records import Transaction
from sixfaces.domain.sop import Code, Inspector, SopStep
from sixfaces.pipeline.filing import Expected
from sixfaces.pipeline.inspections import errors, standards
from sixfaces.pipeline.inspections.turning import changed, held_by
from sixfaces.pipeline.visible import sees
from sixfaces.qc.checking import Showable, Shows, check
from sixfaces.qc.walk import walk

MOST_VALUES = 50
EVERYBODY = frozenset(Inspector)
OPERATOR = frozenset({Inspector.OPERATOR})


class NewAnswer(Model):
    """What an inspector says to a step. `as_` (in JSON `as`): in whose name, where that is not the inspector's own."""

    step: Code
    values: tuple[Text, ...] = Field(default=(), max_length=MOST_VALUES)
    number: float | None = None
    text: Text | None = None
    defects: tuple[FoundDefect, ...] = Field(default=(), max_length=MOST_VALUES)
    witnesses: tuple[Witness, ...] = Field(default=(), max_length=MOST_VALUES)
    as_: Inspector | None = Field(default=None, alias="as")


def inspectors(who: Principal) -> frozenset[Inspector]:
    """As whom they may answer: seniors enter also what a service point or supplier says."""
    return OPERATOR if who.role is ApiRole.STATION else EVERYBODY


def answer(transaction: Transaction, who: Principal, id: str, *, new: NewAnswer, expected: Expected) -> Inspection:
    """Enter it. A step that was answered before may be answered anew: the last answer counts, all stay.

    Raises InspectionError: `inspection.unknown_step`, `inspection.not_its_turn`, and what `qc.checking` raises.
    """
    known = held_by(transaction, who, id, expected=expected)
    sop = standards.STANDARDS.of(known)
    step = next((one for one in sop.steps if one.id == new.step), None)
    if step is None:
        raise errors.unknown_step(new.step, [one.id for one in sop.steps])
    walked = walk(sop, transaction.inspections.answers(id))
    turn = walked.next(inspectors(who))
    if step.id not in walked.answers and (turn is None or turn.id != step.id):
        raise errors.not_its_turn(turn)
    given = _given(transaction, who, new, step=step)
    check(sop, step, given, exhibits=showable(transaction, who, known, witnesses=given.witnesses))
    transaction.inspections.answer(id, given)
    return changed(transaction, known)


def showable(
    transaction: Transaction, who: Principal, inspection: Inspection, *, witnesses: Collection[Witness]
) -> dict[str, Showable]:
    """What the witnesses may point at: sealed exhibits of the case that they see and that are still there."""
    named = {one.exhibit for one in witnesses}
    exhibits = transaction.exhibits.of_case(inspection.case_id) if named else ()
    return {
        one.exhibit.sha256: _shows(transaction, one)
        for one in exhibits
        if one.exhibit.sha256 in named and one.erased is None and sees(who, one)
    }


def _shows(transaction: Transaction, exhibit: FiledExhibit) -> Showable:
    medium, role = exhibit.exhibit.medium, exhibit.exhibit.role
    if medium in (Medium.PHOTO, Medium.DOCUMENT) or (medium is Medium.UNKNOWN and not role.is_video):
        return Showable(Shows.STILL)
    found = (
        transaction.observations.get(exhibit.exhibit.sha256, by=exhibit.observed_by) if exhibit.observed_by else None
    )
    media = found[0].media if found is not None else None
    return Showable(Shows.MOVING, media.duration_s if media is not None else None)


def _given(transaction: Transaction, who: Principal, new: NewAnswer, *, step: SopStep) -> StepAnswer:
    said = {name: getattr(new, name) for name in ("step", "values", "number", "text", "defects", "witnesses")}
    return StepAnswer(**said, by=who.actor, as_=_as_whom(who, new.as_, step), at=transaction.now)


def _as_whom(who: Principal, given: Inspector | None, step: SopStep) -> Inspector:
    """Their own name where the step is for them; another's only where they say so."""
    own = OPERATOR if who.role is ApiRole.STATION else frozenset({Inspector.SENIOR, Inspector.OPERATOR})
    if given is not None:
        if given not in inspectors(who):
            raise errors.on_behalf(step)
        return given
    found = [one for one in (Inspector.SENIOR, Inspector.OPERATOR) if one in own and one in step.by]
    if not found and not step.optional:
        raise errors.on_behalf(step)
    return found[0] if found else (Inspector.OPERATOR if own == OPERATOR else Inspector.SENIOR)
