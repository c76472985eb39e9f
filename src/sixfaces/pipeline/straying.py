"""Removes originals that were stored and became no exhibit, a day later. Safe against a sealing of the same bytes: it
looks before it stores and again before it files whether they were on their way out in between."""

from datetime import timedelta

import structlog

from sixfaces.domain.blobs import original_key
from sixfaces.domain.errors import StoreError
from sixfaces.domain.strays import Stray
from sixfaces.pipeline.service import Service

log = structlog.get_logger()

AFTER = timedelta(days=1)
MOST = 100


def remove_strays(service: Service, *, older: timedelta = AFTER) -> int:
    """Remove what is due; returns how much went. Safe to run anywhere, at any time, twice at once. What the store does
    not let go of waits until its lock ends."""
    with service.records.begin(None, reading=True) as transaction:
        due = transaction.strays.due(older=older, limit=MOST)
    return sum(_removed(service, one) for one in due)


def _removed(service: Service, stray: Stray) -> bool:
    key = original_key(stray.tenant, stray.sha256)
    if service.blobs.held_until(key) is not None:
        return False
    with service.records.begin(stray.tenant) as transaction:
        transaction.erasures.lock_bytes(stray.sha256)
        if not transaction.strays.begin(stray):
            return False
    try:
        service.blobs.erase(key)
    except StoreError as exc:
        if exc.code != "store.locked":
            raise  # on its way out still: the next round goes on with it
        log.warning("stray_stays", sha256=stray.sha256, code=exc.code)
    with service.records.begin(stray.tenant) as transaction:
        transaction.strays.ended(stray)
    log.info("stray_removed", sha256=stray.sha256)
    return True
