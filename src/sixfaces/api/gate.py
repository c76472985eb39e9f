"""Who a request is from, whether that role may, and how often."""

from functools import partial

from starlette.requests import Request

from sixfaces.api import refusals
from sixfaces.api.key_cache import KeyCache
from sixfaces.api.rates import Rates
from sixfaces.domain.people import ApiRole, Principal
from sixfaces.pipeline.refusals import forbidden

_BEARER = "bearer "


class Gate:
    """One of these for each app."""

    def __init__(self, keys: KeyCache, rates: Rates) -> None:
        self._keys = keys
        self._rates = rates

    def admit(self, request: Request, roles: frozenset[ApiRole]) -> Principal:
        """The principal. Raises RequestError `request.key_needed`, `request.rate`, `request.forbidden`. Blocks."""
        sent = request.headers.get("authorization", "")
        address = request.client.host if request.client else ""
        text = sent[len(_BEARER) :] if sent[: len(_BEARER)].lower() == _BEARER else ""
        principal = self._keys.principal(text, may_look=partial(self._rates.let_look, address))
        if principal is None:
            self._rates.count_stranger(address)
            raise refusals.key_needed()
        request.state.rate = self._rates.count(principal.key_id)
        if principal.role not in roles:
            raise forbidden()
        return principal

    def still_good(self, principal: Principal, sent: str) -> bool:
        """Whether a long answer to this principal may go on: its key may have been revoked meanwhile."""
        return self._keys.principal(sent[len(_BEARER) :]) == principal
