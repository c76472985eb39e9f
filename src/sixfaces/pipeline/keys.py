"""Keys: made, shown once, checked, revoked. The text is `sf_<32 hex digits: the id>_<43 characters: the secret>`."""

import base64
import hashlib
import hmac
import re
import secrets
from datetime import datetime
from typing import NamedTuple

from sixfaces.domain.custody import Act, Deed
from sixfaces.domain.people import ApiKey, ApiRole, Principal, StationId
from sixfaces.domain.records import Page, Transaction
from sixfaces.pipeline.ids import is_id, new_id
from sixfaces.pipeline.refusals import missing, not_theirs_to_give
from sixfaces.pipeline.service import Service
from sixfaces.pipeline.stations import station_of

_FORM = re.compile(r"sf_(?P<id>[0-9a-f]{32})_(?P<secret>[A-Za-z0-9_-]{43})", re.ASCII)

SYSTEM = "system"
"""The actor of what nobody asked for by a key."""


FIRST_TENANT = "main"
"""Exists by default."""

_FIRST = "the first key"


class KeyText(NamedTuple):
    """A key as its holder sends it, taken apart."""

    key_id: str
    secret: str


class KeyOrder(NamedTuple):
    """What a new key is for. `station` only for, and always for, the role station."""

    role: ApiRole
    name: str
    station: StationId | None = None
    expires_at: datetime | None = None
    sees_personal: bool | None = None
    """None: as the role does."""


def read_key_text(text: str) -> KeyText | None:
    """The parts of a key's text, None where it is no key's text."""
    found = _FORM.fullmatch(text)
    if found is None:
        return None
    digits = found["id"]
    return KeyText("-".join((digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:])), found["secret"])


def secret_fits(key: ApiKey, given: KeyText) -> bool:
    """Whether the secret is the key's; takes as long where it is not."""
    return key.id == given.key_id and hmac.compare_digest(key.secret_sha256, _digest(given.secret))


def principal_of(key: ApiKey) -> Principal:
    """Who the holder of the key is."""
    told = {} if key.sees_personal is None else {"sees_personal": key.sees_personal}
    return Principal(tenant=key.tenant, key_id=key.id, role=key.role, station=key.station, **told)


def make_key(
    transaction: Transaction, tenant: str, order: KeyOrder, *, by: Principal | None = None
) -> tuple[ApiKey, str]:
    """A new key and its text, which is kept nowhere. Raises `request.missing` for a station that is not there,
    and `request.personal` where it would see more than who makes it."""
    if order.station is not None and station_of(transaction, order.station).retired_at is not None:
        raise missing()
    secret = base64.urlsafe_b64encode(secrets.token_bytes(32)).decode("ascii").rstrip("=")
    key = ApiKey(
        id=new_id(),
        tenant=tenant,
        role=order.role,
        name=order.name,
        station=order.station,
        secret_sha256=_digest(secret),
        created_at=transaction.now,
        expires_at=order.expires_at,
        sees_personal=order.sees_personal,
    )
    its = principal_of(key)
    if by is not None and (its.sees_personal or its.may_unmask) and not by.sees_personal:
        raise not_theirs_to_give()
    transaction.people.add_key(key)
    _enter(transaction, key, by, what="made")
    return key, f"sf_{key.id.replace('-', '')}_{secret}"


def first_key(service: Service) -> str | None:
    """The text of a new admin key of the tenant `main`, where that has no key yet; two that start at once make one."""
    with service.records.begin(FIRST_TENANT) as transaction:
        transaction.answers.begin(_FIRST, hashlib.sha256(_FIRST.encode()).hexdigest())  # the others wait here
        if transaction.people.keys(Page(limit=1)):
            return None
        _, text = make_key(transaction, FIRST_TENANT, KeyOrder(ApiRole.ADMIN, "first"))
    return text


def revoke_key(transaction: Transaction, id: str, *, by: Principal) -> ApiKey:
    """From now on the key is worth nothing. Raises `request.missing`."""
    known = transaction.people.key(id) if is_id(id) else None
    if known is None:
        raise missing()
    if known.revoked_at is not None:
        return known
    key = transaction.people.revoke(id)
    if key is None:
        raise missing()
    _enter(transaction, key, by, what="revoked")
    return key


def _enter(transaction: Transaction, key: ApiKey, by: Principal | None, *, what: str) -> None:
    body = {"key": key.id, "role": str(key.role), "what": what}
    actor = by.actor if by else SYSTEM
    transaction.custody.append(Deed(tenant=key.tenant, act=Act.AMEND, subject=key.id, actor=actor, body=body))


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode("ascii")).hexdigest()
