"""Return labels: printed by the buyer, scanned by a station."""

from typing import Annotated, Literal

from fastapi import APIRouter, Query, Response

from sixfaces.api.asked import Asked, Asking
from sixfaces.api.guarded import GuardedRoute
from sixfaces.api.rights import ANYONE, open_to
from sixfaces.pipeline.claims.scanning import address_of
from sixfaces.pipeline.personal import shown
from sixfaces.pipeline.reading import case_of
from sixfaces.report.label import Paper, ReturnLabel, label_pdf, label_png
from sixfaces.report.page import Language

router = APIRouter(route_class=GuardedRoute, prefix="/cases", tags=["claims"])

Papers = Annotated[Paper, Query()]
Lang = Annotated[Literal["zh", "en"] | None, Query()]


@router.get(
    "/{case_id}/label.pdf",
    summary="The return label, to be printed",
    response_class=Response,
    **open_to(ANYONE, 409, gives="application/pdf"),
)
def get_label_pdf(asking: Asking, case_id: str, *, paper: Papers = "a6", lang: Lang = None) -> Response:
    """A6, or A4 to be cut out; any of its codes finds the case again at a station."""
    made = label_pdf(_label(asking, case_id), paper=paper, language=_language(asking, lang))
    return Response(made, headers=_NO_STORE, media_type="application/pdf")


@router.get(
    "/{case_id}/label.png",
    summary="The return label as a picture",
    response_class=Response,
    **open_to(ANYONE, 409, gives="image/png"),
)
def get_label_png(asking: Asking, case_id: str, *, paper: Papers = "a6", lang: Lang = None) -> Response:
    """As label printers print it, 203 dots an inch."""
    made = label_png(_label(asking, case_id), paper=paper, language=_language(asking, lang))
    return Response(made, headers=_NO_STORE, media_type="image/png")


_NO_STORE = {"cache-control": "no-store"}


def _label(asked: Asked, case_id: str) -> ReturnLabel:
    with asked.service.records.begin(asked.principal.tenant, reading=True) as transaction:
        case = case_of(transaction, case_id)
    base = asked.settings.public_url or str(asked.request.base_url)
    return ReturnLabel.model_construct(file=shown(asked.principal, case.file), opens=address_of(case.id, base))


def _language(asked: Asked, said: Language | None) -> Language:
    return said or asked.language
