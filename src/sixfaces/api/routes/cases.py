"""Cases: opened and edited by their number, read by their id, found by what is claimed."""

from collections.abc import Callable
from typing import Annotated

from fastapi import APIRouter, Query, Response

from sixfaces.api.asked import Asked, Asking
from sixfaces.api.conditions import etag, expected, weak_etag
from sixfaces.api.cursors import USUAL, Cursor, Limit, Listed, listed
from sixfaces.api.guarded import GuardedRoute
from sixfaces.api.once import Told, once
from sixfaces.api.refusals import invalid
from sixfaces.api.rights import ANYONE, READERS, open_to
from sixfaces.domain.answer import Verdict
from sixfaces.domain.case import CaseFile, Name
from sixfaces.domain.filing import CaseState, FiledCase, StoredVerdict
from sixfaces.domain.model import Say
from sixfaces.domain.records import CaseQuery, Page, Transaction
from sixfaces.pipeline.closing import close_case, reopen_case
from sixfaces.pipeline.filing import Filed, file_case
from sixfaces.pipeline.reading import case_numbered, case_of
from sixfaces.pipeline.visible import asked_by, judged_cases, verdict_shown

router = APIRouter(route_class=GuardedRoute, prefix="/cases", tags=["cases"])

Searched = Annotated[Name | None, Query(min_length=1, max_length=200)]


class CaseView(FiledCase):
    """A case, and the machine's verdict on its present revision if there is one; a station sees that of cases in which
    all is its own."""

    verdict: StoredVerdict | None = None


@router.put("/by-number/{number:path}", summary="Open or edit a case", response_model=CaseView,
            **open_to(ANYONE, 201, 409, 410, 412, 413, 415, 428))  # fmt: skip
def put_case(asking: Asking, number: str, file: CaseFile) -> Response:
    """Opens the case of this number, or edits it: an edit that changes something needs If-Match with the case's ETag.
    If-None-Match: * only opens. The same content again changes nothing."""
    if number != file.case_id:
        raise invalid(Say(zh="case_id 与地址中的编号不同", en="case_id is not the number in the address"))
    condition = expected(asking.request)

    def work(transaction: Transaction) -> Told:
        filed = file_case(transaction, asking.principal, file, expected=condition)
        status = 201 if filed.is_new else 200
        return Told(_view(transaction, asking, filed.case), status, _headers(filed.case), filed.jobs)

    return once(asking, work)


@router.get("/by-number/{number:path}", summary="A case by its number", **open_to(ANYONE))
def get_case_by_number(asking: Asking, number: str, response: Response) -> CaseView:
    """The tenant's case of this number."""
    with asking.service.records.begin(asking.principal.tenant, reading=True) as transaction:
        return _shown(transaction, asking, case_numbered(transaction, number), response=response)


@router.get("/{case_id}", summary="A case", **open_to(ANYONE))
def get_case(asking: Asking, case_id: str, response: Response) -> CaseView:
    """One case; its ETag is its revision, for edits."""
    with asking.service.records.begin(asking.principal.tenant, reading=True) as transaction:
        return _shown(transaction, asking, case_of(transaction, case_id), response=response)


@router.post("/{case_id}/close", summary="Close a case", response_model=CaseView, **open_to(READERS, 412))
def close(asking: Asking, case_id: str) -> Response:
    """It takes no more uploads and no edits, and keeps its verdict. With If-Match only as it was read."""
    return _turned(asking, case_id, close_case)


@router.post("/{case_id}/reopen", summary="Reopen a case", response_model=CaseView, **open_to(READERS, 410, 412))
def reopen(asking: Asking, case_id: str) -> Response:
    """One with evidence gets a new revision and is judged anew."""
    return _turned(asking, case_id, reopen_case)


def _turned(asked: Asked, case_id: str, use_case: Callable[..., Filed]) -> Response:
    condition = expected(asked.request)

    def work(transaction: Transaction) -> Told:
        filed = use_case(transaction, asked.principal, case_id, expected=condition)
        return Told(_view(transaction, asked, filed.case), headers=_headers(filed.case), jobs=filed.jobs)

    return once(asked, work)


@router.get("", summary="Find cases", **open_to(ANYONE))
def list_cases(  # noqa: PLR0913 the filters
    asking: Asking,
    *,
    number: Searched = None,
    order: Searched = None,
    claim: Searched = None,
    waybill: Searched = None,
    state: CaseState | None = None,
    verdict: Verdict | None = None,
    limit: Limit = USUAL,
    cursor: Cursor = None,
) -> Listed[CaseView]:
    """Cases that match everything given, newest first, each with its current verdict and without the lines of its order
    and its times of receipt: these are told of one case."""
    query = CaseQuery(number, order, claim, waybill=waybill, state=state, verdict=verdict)
    return _found(asking, query, limit=limit, cursor=cursor)


def _found(asked: Asked, query: CaseQuery, *, limit: int, cursor: str | None) -> Listed[CaseView]:
    who = asked.principal

    def find(page: Page) -> list[CaseView]:
        with asked.service.records.begin(who.tenant, reading=True) as transaction:
            cases = transaction.cases.find(asked_by(who, query), page, in_short=True)
            judged = judged_cases(transaction, who, [case.id for case in cases])
            if query.verdict is not None:  # to be in this list is to be told of the verdict
                cases = [case for case in cases if case.id in judged]
            verdicts = transaction.verdicts.current_of(judged)
        return [_with(case, verdicts.get(case.id)) for case in cases]

    return listed(asked, find, limit=limit, cursor=cursor, key=lambda case: case.id)


def _shown(transaction: Transaction, asked: Asked, case: FiledCase, *, response: Response) -> CaseView:
    response.headers.update(_headers(case) | {"etag": weak_etag(case.revision)})
    return _view(transaction, asked, case)


def _view(transaction: Transaction, asked: Asked, case: FiledCase) -> CaseView:
    verdict = verdict_shown(transaction, asked.principal, transaction.verdicts.current(case.id))
    return _with(case, verdict)


def _with(case: FiledCase, verdict: StoredVerdict | None) -> CaseView:
    return CaseView(**{name: getattr(case, name) for name in FiledCase.model_fields}, verdict=verdict)


def _headers(case: FiledCase) -> dict[str, str]:
    return {"etag": etag(case.revision), "location": f"/v1/cases/{case.id}"}
