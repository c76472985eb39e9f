"""Who a request is from, whether that role may, and how often."""

from collections.abc import Collection
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
        text, address = _sent_text(request), request.client.host if request.client else ""
        person = self._person(text, address)
        principal = person.principal if person is not None else self._holder(text, address)
        self._let_in(request, principal, person)
        return _of(principal, roles)

    def admit_at_once(self, request: Request, roles: frozenset[ApiRole]) -> Principal | None:
        """The same for who was let in a moment ago, so that nothing has to be waited for; None: ask `admit`."""
        principal = None if self._rates.may_wait else self._keys.known(_sent_text(request))
        if principal is None:
            return None
        self._let_in(request, principal)
        return _of(principal, roles)

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

    def gone(self, senders: Collection[tuple[Principal, str]]) -> Collection[tuple[Principal, str]]:
        """Those of them for whom `still_good` is false. Blocks."""
        by_key = [(who, sent) for who, sent in senders if not who.is_person]
        good = self._keys.principals({sent[len(_BEARER) :] for _, sent in by_key})
        gone = {(who, sent) for who, sent in by_key if good.get(sent[len(_BEARER) :]) != who}
        return gone | {(who, sent) for who, sent in senders if who.is_person and not self.still_good(who, sent)}

    def _let_in(self, request: Request, principal: Principal, person: Person | None = None) -> None:
        request.state.rate = self._rates.count(principal.key_id)
        self.uses.note(principal, person)

    def _person(self, text: str, address: str) -> Person | None:
        """None for what is no token."""
        if self._persons is None or not text or text.startswith(_KEY):
            return None
        try:
            return self._persons.person(text)
        except IdentityError as exc:
            self._rates.count_stranger(address if exc.code != _AWAY else f"away {address}")
            raise

    def _holder(self, text: str, address: str) -> Principal:
        principal = self._keys.principal(text, may_look=partial(self._rates.let_look, address))
        if principal is None:
            self._rates.count_stranger(address)
            raise refusals.key_needed()
        return principal


def _sent_text(request: Request) -> str:
    sent = request.headers.get("authorization", "")
    return sent[len(_BEARER) :] if sent[: len(_BEARER)].lower() == _BEARER else ""


def _of(principal: Principal, roles: frozenset[ApiRole]) -> Principal:
    if principal.role not in roles:
        raise forbidden()
    return principal
