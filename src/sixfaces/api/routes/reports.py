"""Verdicts and their reports, as JSON and as the page for people."""

from fastapi import APIRouter, Response

from sixfaces.api.asked import Asked, Asking
from sixfaces.api.files import derived_response
from sixfaces.api.guarded import GuardedRoute
from sixfaces.api.rights import ANYONE, open_to
from sixfaces.domain.filing import StoredVerdict
from sixfaces.domain.model import Model
from sixfaces.domain.report import Report
from sixfaces.pipeline.earlier_shown import with_earlier
from sixfaces.pipeline.personal import MaskedResults
from sixfaces.pipeline.read_entries import enter_report
from sixfaces.pipeline.reading import results_file, verdict_of, verdicts_of

router = APIRouter(route_class=GuardedRoute, prefix="/cases/{case_id}", tags=["reports"])

PAGE_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; sandbox; frame-ancestors 'none'"
"""The page needs nothing but itself."""


class VerdictList(Model):
    """All verdicts on a case, newest first. None is ever changed or removed."""

    items: tuple[StoredVerdict, ...]


@router.get("/verdicts", summary="Verdicts on a case", **open_to(ANYONE))
def list_verdicts(asking: Asking, case_id: str) -> VerdictList:
    """Each is on one revision, by one version of the code and of the policy."""
    with asking.service.records.begin(asking.principal.tenant, reading=True) as transaction:
        return VerdictList(items=tuple(verdicts_of(transaction, asking.principal, case_id)))


@router.get("/report", summary="The present report", response_model=Report, **open_to(ANYONE, 304, 409, 410))
def get_report(asking: Asking, case_id: str) -> Response:
    """report.json on the case's present revision; `request.not_yet` while it is being verified."""
    return _json(asking, case_id, verdict_id=None)


@router.get(
    "/report.html",
    summary="The report as a page",
    response_class=Response,
    **open_to(ANYONE, 304, 409, 410, gives="text/html"),
)
def get_report_page(asking: Asking, case_id: str) -> Response:
    """One file, without a script, for people."""
    return _page(asking, case_id, verdict_id=None)


@router.get("/verdicts/{verdict_id}/report", summary="A report", response_model=Report, **open_to(ANYONE, 304, 410))
def get_verdict_report(asking: Asking, case_id: str, verdict_id: str) -> Response:
    """report.json of one verdict, however old."""
    return _json(asking, case_id, verdict_id=verdict_id)


@router.get("/verdicts/{verdict_id}/report.html", summary="A report as a page", response_class=Response,
            **open_to(ANYONE, 304, 410))  # fmt: skip
def get_verdict_report_page(asking: Asking, case_id: str, verdict_id: str) -> Response:
    """The page of one verdict, however old."""
    return _page(asking, case_id, verdict_id=verdict_id)


def _json(asked: Asked, case_id: str, *, verdict_id: str | None) -> Response:
    return _file(asked, case_id, verdict_id=verdict_id, name="report.json")


def _page(asked: Asked, case_id: str, *, verdict_id: str | None) -> Response:
    return _file(asked, case_id, verdict_id=verdict_id, name="report.html")


def _file(asked: Asked, case_id: str, *, verdict_id: str | None, name: str) -> Response:
    with asked.service.records.begin(asked.principal.tenant, reading=True) as transaction:
        verdict = verdict_of(transaction, asked.principal, case_id, verdict_id=verdict_id)
        masked = None if asked.principal.sees_personal else MaskedResults(asked.service, verdict, transaction)
    data = results_file(asked.service, verdict, name) if masked is None else masked.file(name)
    enter_report(asked.service, asked.principal, verdict)
    is_page = name.endswith(".html")
    data = with_earlier(asked.service, asked.reader, data) if is_page else data
    headers = {
        "verdict-id": verdict.id,
        "vary": "Authorization, Unmask",
        **({"content-security-policy": PAGE_POLICY} if is_page else {}),
    }
    if verdict_id is None:
        headers["cache-control"] = "no-cache"
    media_type = "text/html; charset=utf-8" if is_page else "application/json"
    return derived_response(asked.request, data, media_type=media_type, headers=headers)
