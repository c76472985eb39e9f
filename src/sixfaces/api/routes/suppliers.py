"""The record of suppliers (D15)."""

from fastapi import APIRouter, Response

from sixfaces.api.asked import Asked, Asking
from sixfaces.api.guarded import GuardedRoute
from sixfaces.api.rights import READERS, open_to
from sixfaces.api.routes.measures import Since, Until
from sixfaces.domain.model import Model
from sixfaces.domain.watching import DefectCount, SupplierRecord
from sixfaces.pipeline.personal import shown
from sixfaces.pipeline.refusals import missing
from sixfaces.pipeline.watching.suppliers import csv_of, defects_of, suppliers_of

router = APIRouter(route_class=GuardedRoute, prefix="/suppliers", tags=["watching"])


class Suppliers(Model):
    """By name."""

    items: tuple[SupplierRecord, ...]


class Defects(Model):
    """Most frequent first."""

    items: tuple[DefectCount, ...]


@router.get("", summary="Suppliers", **open_to(READERS))
def list_suppliers(asking: Asking, *, since: Since, until: Until) -> Suppliers:
    """Of whom goods were inspected in the period, with how many lines had a confirmed defect."""
    found = suppliers_of(asking.service, asking.principal, since=since, until=until)
    return shown(asking.principal, Suppliers(items=tuple(found)))


@router.get("/{supplier:path}/defects", summary="Defects of a supplier", **open_to(READERS))
def get_defects(asking: Asking, supplier: str, *, since: Since, until: Until) -> Defects:
    """By batch, category, article and code; 404 where nothing of this supplier was found in the period."""
    return shown(asking.principal, _defects(asking, supplier, since=since, until=until))


@router.get("/{supplier:path}/defects.csv", summary="Defects of a supplier, as a table", response_class=Response,
            **open_to(READERS, gives="text/csv"))  # fmt: skip
def get_defects_table(asking: Asking, supplier: str, *, since: Since, until: Until) -> Response:
    """For spreadsheets: UTF-8, and no cell is a formula."""
    found = shown(asking.principal, _defects(asking, supplier, since=since, until=until))
    headers = {"content-disposition": 'attachment; filename="defects.csv"'}
    return Response(csv_of(found.items), media_type="text/csv; charset=utf-8", headers=headers)


def _defects(asked: Asked, supplier: str, *, since: Since, until: Until) -> Defects:
    found = defects_of(asked.service, asked.principal, since=since, until=until, supplier=supplier)
    if not found:
        raise missing()
    return Defects(items=tuple(found))
