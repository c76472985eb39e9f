"""What was measured of an exhibit: the record, the six faces, and the pictures that both cite."""

from fastapi import APIRouter, Response

from sixfaces.api.asked import Asked, Asking
from sixfaces.api.files import derived_response, picture_type
from sixfaces.api.guarded import GuardedRoute
from sixfaces.api.rights import ANYONE, REVIEWERS, open_to
from sixfaces.domain.filing import FiledExhibit
from sixfaces.domain.model import Model, Sha256
from sixfaces.domain.observation import Record
from sixfaces.domain.parcel_facts import Face
from sixfaces.domain.people import Id, Principal
from sixfaces.domain.records import Transaction
from sixfaces.domain.report import FaceView, UseView
from sixfaces.pipeline.earlier_shown import other_exhibit
from sixfaces.pipeline.personal import picture_name, picture_names, shown
from sixfaces.pipeline.read_entries import enter_record, enter_report
from sixfaces.pipeline.reading import exhibit_there, picture_of, record_of, report_of, verdict_of, view_of
from sixfaces.pipeline.visible import refuse_unsighted
from sixfaces.report.serial import json_bytes
from sixfaces.report.views import picture_path

router = APIRouter(route_class=GuardedRoute, prefix="/exhibits/{exhibit_id}", tags=["observations"])


class AtlasFace(FaceView):
    """A face, and where its picture is."""

    picture: str | None = None


class Atlas(Model):
    """The six faces of the parcel in an exhibit as the present report shows them; none where no parcel was found."""

    exhibit: Id
    sha256: Sha256
    verdict: Id
    faces: dict[Face, AtlasFace]


class Match(UseView):
    """A picture of another case, where both pictures are, and that case's exhibit."""

    address: str
    other: Id | None = None
    other_address: str | None = None


class MatchList(Model):
    """Pictures of other cases that agree with an exhibit's."""

    items: tuple[Match, ...]


class PictureList(Model):
    """Addresses of all derived pictures of an exhibit, by their names."""

    items: dict[str, str]


@router.get("/observations", summary="The record", response_model=Record, **open_to(ANYONE, 304, 409, 410))
def get_observations(asking: Asking, exhibit_id: str) -> Response:
    """Everything that was measured, each fact with its span, its confidence and the version of what measured it."""
    exhibit, (record, _) = _measured(asking, exhibit_id)
    enter_record(asking.service, asking.principal, exhibit)
    headers = {"cache-control": "no-cache", "vary": "Authorization, Unmask"}
    return derived_response(
        asking.request, json_bytes(shown(asking.principal, record)), media_type="application/json", headers=headers
    )


@router.get("/faces", summary="The six faces", **open_to(ANYONE, 409, 410))
def get_faces(asking: Asking, exhibit_id: str) -> Atlas:
    """Whether each face was shown, when best, and the address of its picture."""
    with asking.service.records.begin(asking.principal.tenant, reading=True) as transaction:
        exhibit = exhibit_there(transaction, asking.principal, exhibit_id)
        verdict = verdict_of(transaction, asking.principal, exhibit.case_id, verdict_id=None)
    view = view_of(report_of(asking.service, verdict), exhibit)
    enter_report(asking.service, asking.principal, verdict)
    faces = {face: _face(exhibit, one) for face, one in view.faces.items()}
    return Atlas(exhibit=exhibit.id, sha256=exhibit.exhibit.sha256, verdict=verdict.id, faces=faces)


@router.get("/matches", summary="The same pictures in other cases", **open_to(REVIEWERS, 409, 410))
def get_matches(asking: Asking, exhibit_id: str) -> MatchList:
    """Pictures of earlier cases that show what this exhibit shows, as the present report found them, each with the
    addresses of both pictures; without one where the other exhibit was erased or may not be seen."""
    with asking.service.records.begin(asking.principal.tenant, reading=True) as transaction:
        exhibit = exhibit_there(transaction, asking.principal, exhibit_id)
        refuse_unsighted(transaction, asking.principal, exhibit.case_id)
        verdict = verdict_of(transaction, asking.principal, exhibit.case_id, verdict_id=None)
    view = view_of(report_of(asking.service, verdict), exhibit)
    enter_report(asking.service, asking.principal, verdict)
    with asking.service.records.begin(asking.principal.tenant, reading=True) as transaction:
        found = [_match(transaction, asking.principal, exhibit, use=use) for use in view.uses]
    return MatchList(items=tuple(shown(asking.principal, match) for match in found))


@router.get("/pictures", summary="Pictures of an exhibit", **open_to(ANYONE, 409, 410))
def list_pictures(asking: Asking, exhibit_id: str) -> PictureList:
    """The address of each picture that facts cite, by its name in the record; for who may not see personal data, of
    those that have a masked twin."""
    _, (record, _) = _measured(asking, exhibit_id)
    return PictureList(items={name: _address(exhibit_id, name) for name in picture_names(asking.principal, record)})


@router.get(
    "/pictures/{name:path}",
    summary="A picture",
    response_class=Response,
    **open_to(ANYONE, 304, 409, 410, gives="image/*"),
)
def get_picture(asking: Asking, exhibit_id: str, name: str) -> Response:
    """A derived picture, checked against the digest in the record. Who may not see personal data is given its masked
    twin at the same address."""
    exhibit, measured = _measured(asking, exhibit_id)
    data = picture_of(asking.service.blobs, measured, picture_name(asking.principal, measured[0], name))
    enter_record(asking.service, asking.principal, exhibit)
    return derived_response(
        asking.request, data, media_type=picture_type(data), headers={"vary": "Authorization, Unmask"}
    )


def _measured(asked: Asked, exhibit_id: str) -> tuple[FiledExhibit, tuple[Record, str]]:
    with asked.service.records.begin(asked.principal.tenant, reading=True) as transaction:
        exhibit = exhibit_there(transaction, asked.principal, exhibit_id)
        return exhibit, record_of(transaction, asked.service, exhibit)


def _match(transaction: Transaction, who: Principal, exhibit: FiledExhibit, *, use: UseView) -> Match:
    name = use.picture.removeprefix(picture_path(exhibit.exhibit.sha256, ""))
    other = other_exhibit(transaction, who, use.other_exhibit, case_id=use.other_case)
    return Match(
        **use.model_dump(),
        address=_address(exhibit.id, name),
        other=other.id if other else None,
        other_address=_address(other.id, use.other_picture) if other else None,
    )


def _face(exhibit: FiledExhibit, view: FaceView) -> AtlasFace:
    """The report names pictures as they lie beside it; here they have addresses."""
    name = view.image.removeprefix(picture_path(exhibit.exhibit.sha256, "")) if view.image else None
    return AtlasFace(**view.model_dump(), picture=_address(exhibit.id, name) if name else None)


def _address(exhibit_id: str, name: str) -> str:
    return f"/v1/exhibits/{exhibit_id}/pictures/{name}"
