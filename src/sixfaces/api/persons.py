"""Who asks by a token of an identity provider."""

import threading
import time

from sixfaces.domain.errors import IdentityError
from sixfaces.domain.identity import Person, Tokens
from sixfaces.domain.people import Principal
from sixfaces.domain.records import Records
from sixfaces.pipeline.identity_errors import blocked, changed, no_station
from sixfaces.pipeline.persons import person_of

STATION_S = 2.0
"""So old may be what is known of a station at work."""
BLOCKED_S = 2.0
"""So old may be what is known of a person who is not blocked."""
MOST_KEPT = 10_000


class Persons:
    """Tokens in, persons out. A token is checked anew each time: that takes less than looking a key up, and so it ends
    when it expires, wherever it is in use. Whether its holder is blocked is looked up every other second."""

    def __init__(self, tokens: Tokens, records: Records, *, leeway_s: float) -> None:
        self._tokens = tokens
        self._records = records
        self._leeway_s = leeway_s
        self._at_work: dict[tuple[str, str], float] = {}
        self._let_in: dict[tuple[str, str], float] = {}
        self._lock = threading.Lock()

    def person(self, text: str) -> Person:
        """Who holds the token. Raises IdentityError; blocks."""
        person = person_of(self._tokens.vouched(text), now=time.time(), leeway_s=self._leeway_s)
        if person.station is not None and not self._is_at_work(person.tenant, person.station):
            raise no_station()
        if not self._is_let_in(person):
            raise blocked()
        return person

    def insist(self, principal: Principal, text: str) -> None:
        """Nothing, where the token is still good and makes its holder the same as before. Raises IdentityError with
        what is wrong with it now; blocks."""
        if self.person(text).principal != principal:
            raise changed()

    def is_still(self, principal: Principal, text: str) -> bool:
        """Whether the token is still good, and makes its holder the same as before. Blocks."""
        try:
            self.insist(principal, text)
        except IdentityError:
            return False
        return True

    def _is_at_work(self, tenant: str, station: str) -> bool:
        """A station that is known was at work STATION_S ago at most."""
        if self._is_fresh(self._at_work, (tenant, station)):
            return True
        with self._records.begin(tenant, reading=True) as transaction:
            found = transaction.people.station(station)
        if found is None or found.retired_at is not None:
            return False
        self._keep(self._at_work, (tenant, station), STATION_S)
        return True

    def _is_let_in(self, person: Person) -> bool:
        """A person who is not blocked was not BLOCKED_S ago at most; one who was never seen cannot be."""
        who = (person.tenant, person.id)
        if self._is_fresh(self._let_in, who):
            return True
        with self._records.begin(person.tenant, reading=True) as transaction:
            found = transaction.people.person(person.id)
        if found is not None and found.blocked_at is not None:
            return False
        self._keep(self._let_in, who, BLOCKED_S)
        return True

    def _is_fresh(self, known: dict[tuple[str, str], float], one: tuple[str, str]) -> bool:
        with self._lock:
            return time.monotonic() < known.get(one, 0.0)

    def _keep(self, known: dict[tuple[str, str], float], one: tuple[str, str], seconds: float) -> None:
        with self._lock:
            if len(known) >= MOST_KEPT:
                known.clear()
            known[one] = time.monotonic() + seconds
