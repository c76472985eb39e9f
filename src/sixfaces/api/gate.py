"""Who a request is from, whether that role may, and how often."""

from functools import partial

from starlette.requests import Request

from sixfaces.api import refusals
from sixfaces.api.key_cache import KeyCache
from sixfaces.api.persons import Persons
from sixfaces.api.rates import Rates
from sixfaces.domain.errors import IdentityError
from sixfaces.domain.identity import Person
from sixfaces.domain.people import ApiRole, Principal
from sixfaces.pipeline.refusals import forbidden
from sixfaces.pipeline.uses import Uses

_BEARER = "bearer "
_KEY = "sf_"
_AWAY = "identity.provider_away"


class Gate:
    """One of these for each app. `persons`: where tokens of identity providers are taken as well."""

    def __init__(self, keys: KeyCache, rates: Rates, uses: Uses, *, persons: Persons | None = None) -> None:
        self._keys = keys
        self._rates = rates
        self.uses = uses
        self._persons = persons

    def admit(self, request: Request, roles: frozenset[ApiRole]) -> Principal:
        """The principal. Raises RequestError `request.key_needed`, `request.rate`, `request.forbidden`, and
        IdentityError for tokens. Blocks."""
        sent = request.headers.get("authorization", "")
        address = request.client.host if request.client else ""
        text = sent[len(_BEARER) :] if sent[: len(_BEARER)].lower() == _BEARER else ""
        person = self._person(text, address)
        principal = person.principal if person is not None else self._holder(text, address)
        request.state.rate = self._rates.count(principal.key_id)
        self.uses.note(principal, person)
        if principal.role not in roles:
            raise forbidden()
        return principal

    def still_good(self, principal: Principal, sent: str) -> bool:
        """Whether a long answer to this principal may go on: its key may have been revoked meanwhile, its token may
        have expired."""
        text = sent[len(_BEARER) :]
        if principal.is_person:
            return self._persons is not None and self._persons.is_still(principal, text)
        return self._keys.principal(text) == principal

    def insist(self, principal: Principal, sent: str) -> None:
        """The same of a request that is still sending. Raises RequestError `request.key_needed`, and IdentityError with
        what has become of a token or its holder. Blocks."""
        if principal.is_person and self._persons is not None:
            self._persons.insist(principal, sent[len(_BEARER) :])
        elif not self.still_good(principal, sent):
            raise refusals.key_needed()

    def _person(self, text: str, address: str) -> Person | None:
        """None for what is no token."""
        if self._persons is None or not text or text.startswith(_KEY):
            return None
        try:
            return self._persons.person(text)
        except IdentityError as exc:
            if exc.code != _AWAY:
                self._rates.count_stranger(address)
            raise

    def _holder(self, text: str, address: str) -> Principal:
        principal = self._keys.principal(text, may_look=partial(self._rates.let_look, address))
        if principal is None:
            self._rates.count_stranger(address)
            raise refusals.key_needed()
        return principal
