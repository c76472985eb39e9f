"""Who asks: tenants, their keys, the stations that film. One tenant never learns that another exists."""

from enum import StrEnum
from typing import Annotated

from pydantic import AwareDatetime, Field

from sixfaces.domain.model import Model, Sha256, Text

TENANT = r"^[a-z0-9][a-z0-9-]{0,39}$"

TenantId = Annotated[str, Field(pattern=TENANT)]
"""A seller, warehouse or platform whose data are its own."""

STATION = r"^[A-Z0-9-]{1,16}$"

StationId = Annotated[str, Field(pattern=STATION)]
"""As challenge codes carry it."""

Id = Annotated[str, Field(pattern=r"^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$")]
"""A UUID of version 7: ordered by the time it was made, never guessed."""


class ApiRole(StrEnum):
    """What a key may do. A station files evidence and sees its own; a reviewer reads and answers; a batch job reads and
    re-verifies; an admin also gives keys."""

    STATION = "station"
    REVIEWER = "reviewer"
    BATCH = "batch"
    ADMIN = "admin"


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


class Principal(Model):
    """Who a request is from, after its key was checked."""

    tenant: TenantId
    key_id: Id
    role: ApiRole
    station: StationId | None = None

    @property
    def actor(self) -> str:
        """As the custody log names who acted."""
        return f"station:{self.station}" if self.station else f"key:{self.key_id}"
