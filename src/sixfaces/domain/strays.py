"""Bytes that were stored for good and became no exhibit, because their case was closed in that very moment."""

from collections.abc import Sequence
from datetime import timedelta
from typing import NamedTuple, Protocol


class Stray(NamedTuple):
    """Such bytes, and the how manieth time these are."""

    tenant: str
    sha256: str
    number: int


class Strays(Protocol):
    """All that are known of. Only what was marked where it was made is ever removed: bytes of which a database knows
    nothing may be all that is left of what a younger one knew."""

    def found(self, sha256: str) -> None:
        """These bytes of the tenant were stored, and nothing was filed. The caller has locked them."""
        ...

    def due(self, *, older: timedelta, limit: int) -> Sequence[Stray]:
        """Those found so long ago and not ended, of all tenants where the transaction is of none."""
        ...

    def begin(self, stray: Stray) -> bool:
        """From now on the bytes are being removed: whoever seals the same tries again. The caller has locked them.
        False, and it is over, where an exhibit has them by now that is no tombstone, or an erasure removes them; False
        also where another has ended it."""
        ...

    def ended(self, stray: Stray) -> None:
        """They have gone, or stay."""
        ...
