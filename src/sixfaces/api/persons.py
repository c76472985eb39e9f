"""Who asks by a token of an identity provider."""

import threading
import time

from sixfaces.domain.errors import IdentityError
from sixfaces.domain.identity import Person, Tokens
from sixfaces.domain.people import Principal
from sixfaces.domain.records import Records
from sixfaces.pipeline.identity_errors import no_station
from sixfaces.pipeline.persons import person_of

STATION_S = 2.0
MOST_KEPT = 10_000


class Persons:
    """Tokens in, persons out. A token is checked anew each time: that takes less than looking a key up, and so it ends
    when it expires, wherever it is in use."""

    def __init__(self, tokens: Tokens, records: Records, *, leeway_s: float) -> None:
        self._tokens = tokens
        self._records = records
        self._leeway_s = leeway_s
        self._at_work: dict[tuple[str, str], float] = {}
        self._lock = threading.Lock()

    def person(self, text: str) -> Person:
        """Who holds the token. Raises IdentityError; blocks."""
        person = person_of(self._tokens.vouched(text), now=time.time(), leeway_s=self._leeway_s)
        if person.station is not None and not self._is_at_work(person.tenant, person.station):
            raise no_station()
        return person

    def is_still(self, principal: Principal, text: str) -> bool:
        """Whether the token is still good, and makes its holder the same as before. Blocks."""
        try:
            return self.person(text).principal == principal
        except IdentityError:
            return False

    def _is_at_work(self, tenant: str, station: str) -> bool:
        """A station that is known was at work STATION_S ago at most."""
        with self._lock:
            if time.monotonic() < self._at_work.get((tenant, station), 0.0):
                return True
        with self._records.begin(tenant, reading=True) as transaction:
            found = transaction.people.station(station)
        if found is None or found.retired_at is not None:
            return False
        with self._lock:
            if len(self._at_work) >= MOST_KEPT:
                self._at_work.clear()
            self._at_work[tenant, station] = time.monotonic() + STATION_S
        return True
