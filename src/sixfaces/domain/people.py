"""Who asks: tenants, their keys, the stations that film. One tenant never learns that another exists."""

from enum import StrEnum
from typing import Annotated, Any

from pydantic import AwareDatetime, Field, model_validator

from sixfaces.domain.model import Model, Sha256, Text

TENANT = r"^[a-z0-9][a-z0-9-]{0,39}$"

TenantId = Annotated[str, Field(pattern=TENANT)]
"""A seller, warehouse or platform whose data are its own."""

STATION = r"^[A-Z0-9-]{1,16}$"

StationId = Annotated[str, Field(pattern=STATION)]
"""As challenge codes carry it."""

Id = Annotated[str, Field(pattern=r"^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$")]
"""A UUID of version 7: ordered by the time it was made, never guessed. That of a person has version 8: it is made of
who vouches for them, and no key's id can be the same."""

_VERSION = 14
"""Where an id says its version."""


class ApiRole(StrEnum):
    """What a key may do. A station files evidence and sees its own; a reviewer reads and answers; a batch job reads and
    re-verifies; an admin also gives keys."""

    STATION = "station"
    REVIEWER = "reviewer"
    BATCH = "batch"
    ADMIN = "admin"

    @property
    def sees_personal(self) -> bool:
        """Whether names, phone numbers and addresses are shown, where nothing else was said of the key."""
        return self is ApiRole.ADMIN

    @property
    def may_unmask(self) -> bool:
        """Whether they are shown for a stated reason, where nothing else was said of the key."""
        return self is ApiRole.REVIEWER


class Station(Model):
    """A place that films."""

    id: StationId
    tenant: TenantId
    name: Text
    created_at: AwareDatetime
    retired_at: AwareDatetime | None = None


class ApiKey(Model):
    """A key as it is kept: its secret only as a digest (256 random bits need no slow hash)."""

    id: Id
    tenant: TenantId
    role: ApiRole
    name: Text
    station: StationId | None = None
    secret_sha256: Sha256
    created_at: AwareDatetime
    expires_at: AwareDatetime | None = None
    revoked_at: AwareDatetime | None = None
    last_used_at: AwareDatetime | None = None
    """To within some minutes; None until its first use."""
    sees_personal: bool | None = None
    """None: as its role does."""


class Principal(Model):
    """Who a request is from, after its key or token was checked. `key_id` is the key's, or the person's who asks by a
    token: whatever is counted, kept or entered for a key is so for a person."""

    tenant: TenantId
    key_id: Id
    role: ApiRole
    station: StationId | None = None
    sees_personal: bool = False
    """Whether names, phone numbers and addresses are shown to them. As their role says unless told otherwise."""
    may_unmask: bool = False
    """Whether they are shown it of one case, for a reason that they state. As their role says unless told otherwise."""

    @model_validator(mode="before")
    @classmethod
    def _as_the_role_says(cls, given: Any) -> Any:  # noqa: ANN401 whatever is to be validated
        if isinstance(given, dict) and given.get("sees_personal") is None and "role" in given:
            role = ApiRole(given["role"])
            return {**given, "sees_personal": role.sees_personal, "may_unmask": role.may_unmask}
        return given

    @property
    def actor(self) -> str:
        """As the custody log names who acted."""
        return actor_of(self.key_id, self.station)

    @property
    def is_person(self) -> bool:
        """Whether an identity provider vouches for them."""
        return is_persons(self.key_id)


def is_persons(id: str) -> bool:
    """Whether the id of who asked is a person's, not a key's."""
    return id[_VERSION] == "8"


def actor_of(key_id: str, station: str | None) -> str:
    """Who acted with this key, or as this person, in the words of the custody log."""
    if station:
        return f"station:{station}"
    return f"person:{key_id}" if is_persons(key_id) else f"key:{key_id}"
