"""The scrub: every stored original is read again within so many days, slowly, and compared with what was sealed.

1. lease     one process at a time; another goes on where this one ends, by the instants in the database
2. choose    what was found damaged an hour ago, in case it was restored; then what was read longest ago
3. read      at the rate that was set, and hash
4. tell      what became damaged, or whole again: its cases, the custody log, the program's log

Where an original stands in the order is when it was last read: nothing else is to be remembered. From half the period
on an original may be read; bytes of the same age are spread over what is left of it.
"""

import hashlib
import os
import secrets
import socket
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog

from sixfaces.domain.blobs import original_key
from sixfaces.domain.custody import Act, Deed
from sixfaces.domain.errors import StoreError
from sixfaces.domain.filing import FiledExhibit
from sixfaces.domain.originals import Age, Damage, OriginalsCount, StoredOriginal
from sixfaces.domain.records import Transaction
from sixfaces.pipeline.service import Service

log = structlog.get_logger()

LEASE = timedelta(seconds=120)
TURN_S = 60.0
"""For so long one turn goes on, if there is anything to read: then whoever sweeps may end."""

AGAIN = timedelta(hours=1)
"""What is damaged is looked at again, lest a restored original counts as lost until its turn."""

_NAME = "scrub"
_HELD_EVERY_S = 20.0
_DAMAGED = {"store.missing": Damage.MISSING, "store.corrupt": Damage.CHANGED, "store.unreadable": Damage.UNREADABLE}


@dataclass(frozen=True, slots=True)
class Pace:
    """All originals within `period`, at `bytes_s` bytes a second at most."""

    period: timedelta
    bytes_s: int

    def age(self, now: datetime, *, is_spread: bool) -> Age:
        """What is to be read now. `is_spread`: of late enough was read, and only what is late goes on."""
        return Age(now - self.period * (0.8 if is_spread else 0.5), now - min(AGAIN, self.period / 4))

    def is_enough(self, all_bytes: int, fresh_bytes: int) -> bool:
        """Whether in the last tenth of the period so much was read that the rest follows in time."""
        return fresh_bytes * 4 >= all_bytes


class Scrub:
    """The scrub of one process. `pause` waits so many seconds."""

    def __init__(self, pace: Pace, *, pause: Callable[[float], None] = time.sleep, turn_s: float = TURN_S) -> None:
        self._pace, self._pause, self._turn_s = pace, pause, turn_s
        self._holder = f"{socket.gethostname()[:60]}/{os.getpid()}/{secrets.token_hex(4)}"
        self._held_at = float("-inf")

    def turn(self, service: Service) -> int:
        """Read what is due, for a while; returns how many originals were read. Raises RecordsError and StoreError where
        database or store are away: what was read until then stands."""
        if not self._holds(service):  # 1.
            return 0
        try:
            return self._read(service)
        finally:
            with service.records.begin(None) as tx:
                tx.leases.give_back(_NAME, self._holder)

    def _read(self, service: Service) -> int:
        began, count, counted = time.monotonic(), 0, self._counted(service)
        while (one := self._next(service, counted)) is not None:  # 2.
            damage = self._look(service, one)  # 3.
            if damage is not one.damage:
                damage = self._look(service, one)  # a fault of memory or of the line is none of the store's
            _tell(service, one, damage)  # 4.
            count, counted = count + 1, counted._replace(fresh_bytes=counted.fresh_bytes + one.bytes)
            if time.monotonic() - began >= self._turn_s or not self._still_holds(service):
                break
        return count

    def _counted(self, service: Service) -> OriginalsCount:
        with service.records.begin(None, reading=True) as tx:
            return tx.originals.count(since=tx.now - self._pace.period / 10)

    def _next(self, service: Service, counted: OriginalsCount) -> StoredOriginal | None:
        is_spread = self._pace.is_enough(counted.bytes, counted.fresh_bytes)
        with service.records.begin(None, reading=True) as tx:
            return tx.originals.due(self._pace.age(tx.now, is_spread=is_spread))

    def _look(self, service: Service, one: StoredOriginal) -> Damage | None:
        """3. The lease is held on to meanwhile: a large original takes longer than a lease lasts."""
        found, size = hashlib.sha256(), 0
        try:
            with service.blobs.open(original_key(one.tenant, one.sha256)) as pieces:
                for piece in self._slowly(pieces):
                    found.update(piece)
                    size += len(piece)
                    self._still_holds(service)
        except StoreError as exc:
            if exc.code not in _DAMAGED:
                raise
            return _DAMAGED[exc.code]
        return None if (found.hexdigest(), size) == (one.sha256, one.bytes) else Damage.CHANGED

    def _slowly(self, pieces: Iterator[bytes]) -> Iterator[bytes]:
        began, count = time.monotonic(), 0
        for piece in pieces:
            yield piece
            count += len(piece)
            early = count / self._pace.bytes_s - (time.monotonic() - began)
            if early > 0:
                self._pause(early)

    def _holds(self, service: Service) -> bool:
        with service.records.begin(None) as tx:
            is_held = tx.leases.take(_NAME, self._holder, lasting=LEASE)
        self._held_at = time.monotonic() if is_held else float("-inf")
        return is_held

    def _still_holds(self, service: Service) -> bool:
        return time.monotonic() - self._held_at < _HELD_EVERY_S or self._holds(service)


def _tell(service: Service, one: StoredOriginal, damage: Damage | None) -> None:
    """4. Who reads the same at once tells nothing twice: what stands in the row decides."""
    with service.records.begin(one.tenant) as tx:
        held = tx.originals.get(one.tenant, one.sha256)
        exhibits = [each for each in tx.exhibits.with_bytes(one.sha256) if each.erased is None]
        if held is None or not exhibits:
            tx.originals.forget(one.tenant, one.sha256)
            return
        is_news = damage is not held.damage
        found_at = (tx.now if is_news else held.found_at) if damage is not None else None
        tx.originals.checked(held.model_copy(update={"checked_at": tx.now, "damage": damage, "found_at": found_at}))
        if is_news:
            _enter(tx, exhibits, damage)
    if is_news:
        found = damage.value if damage is not None else "whole"
        for exhibit in exhibits:
            told = {"exhibit": exhibit.id, "case": exhibit.case_id, "sha256": one.sha256, "code": found}
            (log.error if damage is not None else log.warning)("original_damaged", **told)


def _enter(tx: Transaction, exhibits: Sequence[FiledExhibit], damage: Damage | None) -> None:
    """Watchers of the cases and the custody log are told: nobody can say later that nobody knew."""
    found = damage.value if damage is not None else "whole"
    for exhibit in exhibits:
        kind = "exhibit.damaged" if damage is not None else "exhibit.restored"
        tx.events.tell(exhibit.case_id, kind, {"exhibit": exhibit.id, "sha256": exhibit.exhibit.sha256, "found": found})
    tx.custody.append(
        *(
            Deed(
                tenant=exhibit.tenant,
                act=Act.DAMAGE,
                subject=exhibit.id,
                actor="worker:scrub",
                body={"sha256": exhibit.exhibit.sha256, "case": exhibit.case_id, "found": found},
            )
            for exhibit in exhibits
        )
    )
