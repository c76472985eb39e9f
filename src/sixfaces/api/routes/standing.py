"""How a claim stands, for who holds a link: the one part of the API that buyers and sellers see."""

from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse, Response

from sixfaces.api.asked import Asking
from sixfaces.api.guarded import JSON, GuardedRoute
from sixfaces.api.language import language_of
from sixfaces.api.rights import open_to_all
from sixfaces.api.visits import Visits
from sixfaces.pipeline.notices.link_terms import LinkTerms
from sixfaces.pipeline.notices.links import standing_by
from sixfaces.pipeline.notices.refusals import no_link
from sixfaces.report.page import Language
from sixfaces.report.standing_page import door_page, policy_of_page, standing_page

router = APIRouter(route_class=GuardedRoute, tags=["notices"])

Token = Annotated[str | None, Query(title="The link's token")]
Tongue = Annotated[str | None, Query(title="zh or en")]
_HTML = {"x-robots-tag": "noindex, nofollow, noarchive", "vary": "Accept, Accept-Language"}


@router.get(
    "/s/{case_id}",
    summary="How a claim stands, by a link",
    response_class=HTMLResponse,
    **open_to_all(gives="text/html"),
)
def get_standing(asking: Asking, case_id: str, *, t: Token = None, lang: Tongue = None) -> Response:
    """A page for people, or the same as JSON where `Accept` asks for that. Without a good token it is the same for
    every address."""
    visits: Visits = asking.request.app.state.visits
    terms: LinkTerms = asking.request.app.state.links
    visits.count(asking.request)
    found = standing_by(asking.service, terms.signer, case_id=case_id, token=t) if t else None
    if t and found is None:
        visits.in_vain(asking.request)
    if _wants_json(asking.request):
        if found is None:
            raise no_link()
        return Response(found[0].model_dump_json(), headers=_HTML, media_type=JSON)
    language = _language(asking.request, lang, found[1].language if found else None)
    other = "?" + urlencode({"t": t, "lang": _other(language)} if t else {"lang": _other(language)})
    if found is None:
        page = door_page(language=language, other=other if not t else f"?lang={_other(language)}", is_stale=bool(t))
        return _page(page, language, 404 if t else 200)
    return _page(standing_page(found[0], language=language, other=other), language, 200)


def _page(page: str, language: Language, status: int) -> Response:
    headers = {**_HTML, "content-security-policy": policy_of_page(), "content-language": language}
    return HTMLResponse(page, status, headers)


def _language(request: Request, asked: str | None, of_link: Language | None) -> Language:
    """What the address says, else what the reader's browser asks for, else what the link was made in."""
    if asked in {"zh", "en"}:
        return "zh" if asked == "zh" else "en"
    if "accept-language" not in request.headers and of_link is not None:
        return of_link
    return language_of(request)


def _other(language: Language) -> Language:
    return "en" if language == "zh" else "zh"


def _wants_json(request: Request) -> bool:
    accepted = request.headers.get("accept", "")
    return "application/json" in accepted and "text/html" not in accepted
