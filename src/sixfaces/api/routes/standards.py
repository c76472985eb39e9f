"""Standards of inspection: SOPs by category, and schemes of grades."""

from datetime import date

from fastapi import APIRouter

from sixfaces.api.asked import Asking
from sixfaces.api.guarded import GuardedRoute
from sixfaces.api.rights import ANYONE, open_to
from sixfaces.domain.model import Model, Say
from sixfaces.domain.sop import GradeScheme, Sop
from sixfaces.pipeline.refusals import missing
from sixfaces.rulebook.grades import GRADES
from sixfaces.rulebook.sops import SOPS

router = APIRouter(route_class=GuardedRoute, tags=["standards"])


class SopSummary(Model):
    """An SOP in a list."""

    name: str
    version: str
    digest: str
    title: Say
    effective_from: date
    scheme: str


class SopList(Model):
    """All SOPs in their newest version."""

    items: tuple[SopSummary, ...]


class GradesList(Model):
    """All schemes of grades."""

    items: tuple[GradeScheme, ...]


@router.get("/sops", summary="SOPs", **open_to(ANYONE, as_it_is=True))
def list_sops(asking: Asking) -> SopList:
    """What goods are inspected by."""
    sops = [SOPS.load(name) for name in SOPS.names()]
    rows = ({name: getattr(sop, name) for name in SopSummary.model_fields} for sop in sops)
    return SopList(items=tuple(SopSummary(**row) for row in rows))


@router.get("/sops/{name}", summary="An SOP", **open_to(ANYONE, as_it_is=True))
def get_sop(asking: Asking, name: str) -> Sop:
    """Its steps, the defects it knows and the outcomes that they lead to; `name@version` is that very edition."""
    if name.partition("@")[0] not in SOPS.names():
        raise missing()
    return SOPS.load(name)


@router.get("/grades", summary="Schemes of grades", **open_to(ANYONE, as_it_is=True))
def list_grades(asking: Asking) -> GradesList:
    """Grades, what each allows, and which grade of other schemes it is."""
    return GradesList(items=tuple(GRADES.load(name) for name in GRADES.names()))


@router.get("/grades/{name}", summary="A scheme of grades", **open_to(ANYONE, as_it_is=True))
def get_grades(asking: Asking, name: str) -> GradeScheme:
    """One scheme."""
    if name.partition("@")[0] not in GRADES.names():
        raise missing()
    return GRADES.load(name)
