"""Keys: made (their secret is shown once), listed, revoked."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Query, Response
from pydantic import AwareDatetime, model_validator

from sixfaces.api.asked import Asking
from sixfaces.api.cursors import USUAL, Cursor, Limit, Listed, listed
from sixfaces.api.guarded import GuardedRoute
from sixfaces.api.once import Told, once
from sixfaces.api.refusals import invalid
from sixfaces.api.rights import ADMINS, open_to
from sixfaces.domain.case import Name
from sixfaces.domain.model import Model, Say
from sixfaces.domain.people import ApiKey, ApiRole, Id, StationId, TenantId
from sixfaces.domain.records import KeyQuery, Page, Transaction
from sixfaces.pipeline.keys import KeyOrder, make_key, principal_of, revoke_key

router = APIRouter(route_class=GuardedRoute, prefix="/keys", tags=["keys"])

Instant = Annotated[AwareDatetime | None, Query()]


class NewKey(Model):
    """A key to make. A station's key names the station, and no other does."""

    role: ApiRole
    name: Name
    station: StationId | None = None
    expires_at: AwareDatetime | None = None
    sees_personal: bool | None = None
    """Whether names, phone numbers and addresses are shown to its holder. Unless this says so, admins see them, and
    reviewers of one case for a reason that they state; false: for none; stations and batch jobs do not."""

    @model_validator(mode="after")
    def _station_for_stations(self) -> "NewKey":
        if (self.station is None) is (self.role is ApiRole.STATION):
            raise ValueError("a key of the role station names its station, and no other does")
        return self


class KeyView(Model):
    """A key without its secret. `last_used_at` is told to within ten minutes."""

    id: Id
    tenant: TenantId
    role: ApiRole
    name: str
    station: StationId | None
    created_at: datetime
    expires_at: datetime | None
    revoked_at: datetime | None
    last_used_at: datetime | None
    sees_personal: bool
    may_unmask: bool


class MadeKey(KeyView):
    """A new key. `secret` is what its holder sends as bearer token; it is shown here and never again."""

    secret: str


@router.post("", status_code=201, summary="Make a key", response_model=MadeKey, **open_to(ADMINS, 413, 415))
def create_key(asking: Asking, new: NewKey) -> Response:
    """The secret is in this answer only: we keep its digest."""
    order = KeyOrder(
        new.role, new.name, station=new.station, expires_at=new.expires_at, sees_personal=new.sees_personal
    )

    def work(transaction: Transaction) -> Told:
        if new.expires_at is not None and new.expires_at <= transaction.now:
            raise invalid(Say(zh="expires_at：已经过去", en="expires_at: has passed already"))
        key, secret = make_key(transaction, asking.principal.tenant, order, by=asking.principal)
        made = MadeKey(**_view(key).model_dump(), secret=secret)
        return Told(made, 201, {"location": f"/v1/keys/{key.id}"}, is_secret=True)

    return once(asking, work)


@router.get("", summary="Keys", **open_to(ADMINS))
def list_keys(  # noqa: PLR0913 the filters
    asking: Asking,
    *,
    role: ApiRole | None = None,
    station: StationId | None = None,
    active: bool | None = None,
    used_since: Instant = None,
    unused_since: Instant = None,
    limit: Limit = USUAL,
    cursor: Cursor = None,
) -> Listed[KeyView]:
    """Keys of the tenant that match everything given, revoked ones too, newest first. `active`: neither revoked nor
    expired; `unused_since` finds those that nobody needs any more."""
    query = KeyQuery(role, station, active, used_since=used_since, unused_since=unused_since)

    def find(page: Page) -> list[KeyView]:
        with asking.service.records.begin(asking.principal.tenant, reading=True) as transaction:
            return [_view(key) for key in transaction.people.keys(page, query)]

    return listed(asking, find, limit=limit, cursor=cursor, key=lambda key: key.id)


@router.delete("/{key_id}", summary="Revoke a key", response_model=KeyView, **open_to(ADMINS))
def delete_key(asking: Asking, key_id: str) -> Response:
    """Worth nothing from now on, within two seconds on every server."""
    return once(asking, lambda transaction: Told(_view(revoke_key(transaction, key_id, by=asking.principal))))


def _view(key: ApiKey) -> KeyView:
    told, its = {name: getattr(key, name) for name in KeyView.model_fields if hasattr(key, name)}, principal_of(key)
    return KeyView(**told | {"sees_personal": its.sees_personal, "may_unmask": its.may_unmask})
