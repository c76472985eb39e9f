"""Stored originals as they are read again and again: when each was last found to be what was sealed."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Annotated, NamedTuple, Protocol

from pydantic import AwareDatetime, Field

from sixfaces.domain.model import Model, Sha256
from sixfaces.domain.people import TenantId


class Damage(StrEnum):
    """What is wrong with stored bytes."""

    MISSING = "missing"
    CHANGED = "changed"
    UNREADABLE = "unreadable"


class StoredOriginal(Model):
    """Bytes that a tenant's exhibits were sealed with, however many exhibits these are. `checked_at`: when they were
    last read and compared, at first by sealing them. `damage` was found at `found_at` and stands until they are found
    whole again."""

    tenant: TenantId
    sha256: Sha256
    bytes: Annotated[int, Field(ge=0)]
    checked_at: AwareDatetime
    damage: Damage | None = None
    found_at: AwareDatetime | None = None


class Age(NamedTuple):
    """Which originals are to be read: found whole last before `whole`, or damaged and looked at last before
    `damaged`."""

    whole: datetime
    damaged: datetime


class OriginalsCount(NamedTuple):
    """All originals together: how many, their bytes, those of them read since an instant, how many of each damage,
    and when the one was read that was read longest ago."""

    originals: int
    bytes: int
    fresh_bytes: int
    damaged: dict[Damage, int]
    oldest: datetime | None


class Originals(Protocol):
    """Stored originals of the tenant, or of all. `Exhibits.add` adds them."""

    def get(self, tenant: str, sha256: str) -> StoredOriginal | None:
        """One original."""
        ...

    def due(self, age: Age) -> StoredOriginal | None:
        """The next to be read: damaged ones first, in case they were restored, then the one read longest ago."""
        ...

    def checked(self, original: StoredOriginal) -> None:
        """Write its `checked_at`, `damage` and `found_at`."""
        ...

    def forget(self, tenant: str, sha256: str) -> None:
        """No exhibit has these bytes any more."""
        ...

    def damaged(self, *, before: str | None, limit: int) -> Sequence[StoredOriginal]:
        """By digest, falling; those below the digest `before`."""
        ...

    def count(self, *, since: datetime) -> OriginalsCount:
        """Reads all rows: not to be asked often."""
        ...


class Leases(Protocol):
    """What one process at a time may do, by name."""

    def take(self, name: str, holder: str, *, lasting: timedelta) -> bool:
        """Hold it from now for so long, or go on holding it; False while another does."""
        ...

    def give_back(self, name: str, holder: str) -> None:
        """Others need not wait until it runs out; nothing where another holds it."""
        ...
