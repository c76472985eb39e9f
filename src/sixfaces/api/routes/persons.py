"""Persons who ask by tokens: whom the custody log means by `person:<id>`."""

from fastapi import APIRouter, Response

from sixfaces.api.asked import Asking
from sixfaces.api.cursors import USUAL, Cursor, Limit, Listed, listed
from sixfaces.api.guarded import GuardedRoute
from sixfaces.api.once import Told, once
from sixfaces.api.rights import ADMINS, open_to
from sixfaces.domain.identity import Person
from sixfaces.domain.records import Page
from sixfaces.pipeline.blocking import block_person, unblock_person
from sixfaces.pipeline.ids import is_id
from sixfaces.pipeline.refusals import missing

router = APIRouter(route_class=GuardedRoute, prefix="/persons", tags=["persons"])


@router.get("", summary="Persons", **open_to(ADMINS))
def list_persons(asking: Asking, limit: Limit = USUAL, cursor: Cursor = None) -> Listed[Person]:
    """Everybody who has asked by a token of an identity provider, by id, with the role and station they had last. When
    they were seen last is told to within ten minutes."""

    def find(page: Page) -> list[Person]:
        with asking.service.records.begin(asking.principal.tenant, reading=True) as transaction:
            return list(transaction.people.persons(page))

    return listed(asking, find, limit=limit, cursor=cursor, key=lambda person: person.id)


@router.get("/{person_id}", summary="A person", **open_to(ADMINS))
def get_person(asking: Asking, person_id: str) -> Person:
    """Issuer and subject of one person."""
    with asking.service.records.begin(asking.principal.tenant, reading=True) as transaction:
        person = transaction.people.person(person_id) if is_id(person_id) else None
    if person is None:
        raise missing()
    return person


@router.post("/{person_id}/block", summary="Block a person", response_model=Person, **open_to(ADMINS))
def block(asking: Asking, person_id: str) -> Response:
    """Their tokens are worth nothing from now on, within two seconds on every server; what they stream or send ends."""
    return once(asking, lambda transaction: Told(block_person(transaction, person_id, by=asking.principal)))


@router.post("/{person_id}/unblock", summary="Let a person in again", response_model=Person, **open_to(ADMINS))
def unblock(asking: Asking, person_id: str) -> Response:
    """Their tokens open again what they opened, within two seconds on every server."""
    return once(asking, lambda transaction: Told(unblock_person(transaction, person_id, by=asking.principal)))
