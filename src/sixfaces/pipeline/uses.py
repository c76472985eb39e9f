"""When keys and persons were seen last: to within some minutes, and never at the cost of a request."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import structlog

from sixfaces.domain.errors import RecordsError
from sixfaces.domain.identity import Person
from sixfaces.domain.people import Principal
from sixfaces.domain.records import Records

log = structlog.get_logger()

COARSE_S = 600.0
"""A use is written down when the last one that was is so old."""
MOST_KNOWN = 20_000


class Uses:
    """Notes uses for one process. Requests only look into a table; a thread writes, all that has come together at
    once."""

    def __init__(self, records: Records) -> None:
        self._records = records
        self._noted: dict[tuple[str, str], float] = {}
        self._keys: set[str] = set()
        self._persons: dict[tuple[str, str], Person] = {}
        self._lock = threading.Lock()
        self._thread = ThreadPoolExecutor(1, "uses")

    def note(self, principal: Principal, person: Person | None = None) -> None:
        """They ask now."""
        now, who = time.monotonic(), (principal.tenant, principal.key_id)
        if now - self._noted.get(who, float("-inf")) < COARSE_S:
            return
        with self._lock:
            if now - self._noted.get(who, float("-inf")) < COARSE_S:
                return
            if len(self._noted) >= MOST_KNOWN:
                self._noted.clear()
            self._noted[who] = now
            if person is None:
                self._keys.add(principal.key_id)
            else:
                self._persons[who] = person
        self._thread.submit(self._write)

    def settle(self) -> None:
        """Return when all that was noted until now is written."""
        self._thread.submit(self._write).result()

    def _write(self) -> None:
        with self._lock:
            keys, self._keys = self._keys, set()
            persons, self._persons = self._persons, {}
        if not keys and not persons:
            return
        try:
            with self._records.begin(None) as transaction:
                transaction.people.used(keys, sparing=timedelta(seconds=COARSE_S))
                for person in persons.values():
                    transaction.people.seen(person)
        except RecordsError as exc:  # the next use after COARSE_S tries again; nobody waits for this
            log.warning("uses_not_noted", count=len(keys) + len(persons), code=exc.code)
