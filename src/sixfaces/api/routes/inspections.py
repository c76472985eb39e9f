"""Inspections by SOP: one step at a time, concluded by a person, looked at again by somebody who does not know."""

from collections.abc import Callable
from typing import Annotated

from fastapi import APIRouter, Query, Response

from sixfaces.api.asked import Asked, Asking
from sixfaces.api.conditions import etag, expected
from sixfaces.api.cursors import USUAL, Cursor, Limit, Listed, listed
from sixfaces.api.guarded import GuardedRoute
from sixfaces.api.once import Told, once
from sixfaces.api.rights import ANYONE, READERS, open_to
from sixfaces.domain.claim_records import InspectionQuery
from sixfaces.domain.inspection import Inspection, InspectionState
from sixfaces.domain.job import Job
from sixfaces.domain.model import Model, Text
from sixfaces.domain.people import ApiRole, Id, StationId
from sixfaces.domain.records import Page, Transaction
from sixfaces.domain.report import Report
from sixfaces.pipeline.claims.matters import judged_report
from sixfaces.pipeline.filing import Expected
from sixfaces.pipeline.inspections import turning
from sixfaces.pipeline.inspections.answering import NewAnswer, answer
from sixfaces.pipeline.inspections.concluding import Conclusion, Referral, conclude, refer
from sixfaces.pipeline.inspections.knowing import may_read
from sixfaces.pipeline.inspections.starting import NewInspection, SecondLook, inspection_of, second_look, start
from sixfaces.pipeline.inspections.viewing import InspectionView, compared, measured, view
from sixfaces.qc.comparing import Agreement, Compared

router = APIRouter(route_class=GuardedRoute, prefix="/inspections", tags=["inspections"])

INSPECTORS = ANYONE - {ApiRole.BATCH}
"""A program inspects nothing."""
Name = Annotated[Text | None, Query(max_length=100)]


class HandOver(Model):
    """Who is at it from now on: `station:ID`, `person:ID`, or `key:ID` of a reviewer or admin."""

    to: Text


@router.post("", status_code=201, summary="Begin an inspection", response_model=InspectionView,
             **open_to(INSPECTORS, 409, 410, 413, 415, 422))  # fmt: skip
def add_inspection(asking: Asking, new: NewInspection) -> Response:
    """Of one line of a case's order, by the SOP in force for its category. Who asks is at it."""
    return _written(asking, new.case, lambda tx: (start(tx, asking.principal, new), ()), status=201)


@router.get("", summary="Find inspections", **open_to(ANYONE))
def list_inspections(  # noqa: PLR0913 the filters
    asking: Asking,
    *,
    case: Id | None = None,
    state: InspectionState | None = None,
    holder: Name = None,
    station: StationId | None = None,
    sop: Name = None,
    limit: Limit = USUAL,
    cursor: Cursor = None,
) -> Listed[Inspection]:
    """Those that match everything given, newest first, without what was found. `state=suspended` is the queue of those
    that wait for somebody."""
    query = InspectionQuery(case, state, holder, station, sop)

    def find(page: Page) -> list[Inspection]:
        with asking.service.records.begin(asking.principal.tenant, reading=True) as transaction:
            return list(transaction.inspections.find(query, page))

    return listed(asking, find, limit=limit, cursor=cursor, key=lambda one: one.id)


@router.get("/agreement", summary="How well second looks agree", **open_to(READERS))
def get_agreement(asking: Asking, sop: Name = None) -> Agreement:
    """Over the newest second looks, with Cohen's kappa and how many overturned a first "no problem"."""
    with asking.service.records.begin(asking.principal.tenant, reading=True) as transaction:
        return measured(transaction, asking.principal, sop)


@router.get("/{inspection_id}", summary="An inspection", **open_to(ANYONE))
def get_inspection(asking: Asking, inspection_id: str, response: Response) -> InspectionView:
    """The one next step, with what the machine saw of it; its ETag goes with each answer."""
    who = asking.principal
    with asking.service.records.begin(who.tenant, reading=True) as transaction:
        case_id = inspection_of(transaction, inspection_id).case_id
    report = _report(asking, case_id)
    with asking.service.records.begin(who.tenant, reading=True) as transaction:
        found = inspection_of(transaction, inspection_id)
        response.headers.update(_headers(found))
        return _view(transaction, asking, found, report=report)


@router.post("/{inspection_id}/answers", summary="Answer a step", response_model=InspectionView,
             **open_to(INSPECTORS, 409, 410, 412, 413, 415, 422, 428))  # fmt: skip
def add_answer(asking: Asking, inspection_id: str, new: NewAnswer) -> Response:
    """The next step, or anew one that was answered. The answer tells what comes next. Needs If-Match."""
    return _changed(
        asking, inspection_id, lambda tx, it: (answer(tx, asking.principal, inspection_id, new=new, expected=it), ())
    )


@router.post("/{inspection_id}/suspend", summary="Put aside", response_model=InspectionView,
             **open_to(INSPECTORS, 409, 410, 412, 428))  # fmt: skip
def suspend(asking: Asking, inspection_id: str) -> Response:
    """It goes on where it was, with whoever takes it up. Needs If-Match."""
    return _changed(
        asking, inspection_id, lambda tx, it: (turning.suspend(tx, asking.principal, inspection_id, expected=it), ())
    )


@router.post("/{inspection_id}/resume", summary="Take up", response_model=InspectionView,
             **open_to(INSPECTORS, 409, 410, 412, 428))  # fmt: skip
def resume(asking: Asking, inspection_id: str) -> Response:
    """Who asks is at it from now on. Needs If-Match."""
    return _changed(
        asking, inspection_id, lambda tx, it: (turning.resume(tx, asking.principal, inspection_id, expected=it), ())
    )


@router.post("/{inspection_id}/hand-over", summary="Hand over", response_model=InspectionView,
             **open_to(INSPECTORS, 409, 410, 412, 413, 415, 422, 428))  # fmt: skip
def hand_over(asking: Asking, inspection_id: str, order: HandOver) -> Response:
    """Another is at it from now on. Needs If-Match."""
    return _changed(
        asking,
        inspection_id,
        lambda tx, it: (turning.hand_over(tx, asking.principal, inspection_id, to=order.to, expected=it), ()),
    )


@router.post("/{inspection_id}/abandon", summary="Give up", response_model=InspectionView,
             **open_to(INSPECTORS, 409, 410, 412, 428))  # fmt: skip
def abandon(asking: Asking, inspection_id: str) -> Response:
    """It ends without a conclusion; its answers stay. Needs If-Match."""
    return _changed(
        asking, inspection_id, lambda tx, it: (turning.abandon(tx, asking.principal, inspection_id, expected=it), ())
    )


@router.post("/{inspection_id}/conclude", summary="Conclude", response_model=InspectionView,
             **open_to(INSPECTORS, 409, 410, 412, 413, 415, 422, 428))  # fmt: skip
def add_conclusion(asking: Asking, inspection_id: str, said: Conclusion) -> Response:
    """Signed by who asks. Every step is answered; what differs from the suggestion needs a reason. Needs If-Match."""

    def work(transaction: Transaction, it: Expected) -> tuple[Inspection, tuple[Job, ...]]:
        done = conclude(transaction, asking.principal, inspection_id, said=said, expected=it)
        return done.inspection, (done.job,)

    return _changed(asking, inspection_id, work)


@router.post("/{inspection_id}/refer", summary="Refer to who can tell", response_model=InspectionView,
             **open_to(INSPECTORS, 409, 410, 412, 413, 415, 422, 428))  # fmt: skip
def add_referral(asking: Asking, inspection_id: str, said: Referral) -> Response:
    """To a service point or the supplier, by when. Their answer is told to the chronicle, as `referral.answered`.
    Needs If-Match."""

    def work(transaction: Transaction, it: Expected) -> tuple[Inspection, tuple[Job, ...]]:
        done = refer(transaction, asking.principal, inspection_id, said=said, expected=it)
        return done.inspection, (done.job,)

    return _changed(asking, inspection_id, work)


@router.post("/{inspection_id}/second-look", status_code=201, summary="Look again", response_model=InspectionView,
             **open_to(INSPECTORS, 409, 410, 413, 415, 422))  # fmt: skip
def add_second_look(asking: Asking, inspection_id: str, order: SecondLook) -> Response:
    """By another inspector, who is shown nothing of the first look until theirs is concluded."""
    with asking.service.records.begin(asking.principal.tenant, reading=True) as transaction:
        case_id = inspection_of(transaction, inspection_id).case_id
    return _written(
        asking, case_id, lambda tx: (second_look(tx, asking.principal, inspection_id, order=order), ()), status=201
    )


@router.get("/{inspection_id}/comparison", summary="A second look beside the first", **open_to(READERS, 409))
def get_comparison(asking: Asking, inspection_id: str) -> Compared:
    """Whether both agree, and at which steps they part."""
    with asking.service.records.begin(asking.principal.tenant, reading=True) as transaction:
        return compared(transaction, asking.principal, inspection_id)


Work = Callable[[Transaction], tuple[Inspection, tuple[Job, ...]]]


def _changed(
    asked: Asked, id: str, work: Callable[[Transaction, Expected], tuple[Inspection, tuple[Job, ...]]]
) -> Response:
    """A write to an inspection that there is. Who may not read it learns nothing by an answer that was kept."""
    condition = expected(asked.request)
    with asked.service.records.begin(asked.principal.tenant, reading=True) as transaction:
        known = inspection_of(transaction, id)
        may_read(transaction, asked.principal, known)
    return _written(asked, known.case_id, lambda tx: work(tx, condition), status=200)


def _written(asked: Asked, case_id: str, work: Work, *, status: int) -> Response:
    report = _report(asked, case_id)

    def whole(transaction: Transaction) -> Told:
        inspection, jobs = work(transaction)
        body = _view(transaction, asked, inspection, report=report)
        return Told(body, status, _headers(inspection), jobs=jobs)

    return once(asked, whole, said=(asked.principal.actor,))


def _view(transaction: Transaction, asked: Asked, inspection: Inspection, *, report: Report | None) -> InspectionView:
    return view(transaction, asked.principal, inspection, report=report)


def _report(asked: Asked, case_id: str) -> Report | None:
    """What the machine reported of the case, to be shown beside steps."""
    return judged_report(asked.service, asked.principal.tenant, case_id)[1]


def _headers(inspection: Inspection) -> dict[str, str]:
    return {"etag": etag(inspection.revision), "location": f"/v1/inspections/{inspection.id}"}
