"""How often one address may look at pages that ask for no key. Counted beside, and never with, requests that ask for
one: whoever shares an address with a guesser keeps their own requests."""

from starlette.requests import Request

from sixfaces.api.rates import Rates
from sixfaces.config import Settings


class Visits:
    """One of these for each app; `rate_unknown` for all looks of an address, and the same for looks in vain."""

    def __init__(self, settings: Settings) -> None:
        self._rates = Rates(settings)

    def count(self, request: Request) -> None:
        """One more look. Raises RequestError `request.rate`. Blocks where a broker counts."""
        self._rates.count_stranger(f"visit {_address(request)}")

    def in_vain(self, request: Request) -> None:
        """One that led nowhere. Raises as `count`."""
        self._rates.count_stranger(f"vain {_address(request)}")


def _address(request: Request) -> str:
    return request.client.host if request.client else ""
