"""Webhooks sent from a server that runs no jobs: where workers have no way out, it is the server that has one."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import structlog

from sixfaces import bootstrap
from sixfaces.config import Settings
from sixfaces.domain.errors import SixfacesError
from sixfaces.pipeline.service import Service
from sixfaces.workers.duties import WEBHOOKS_S

log = structlog.get_logger()


@contextmanager
def sending_without_workers(service: Service, settings: Settings) -> Iterator[None]:
    """While the block lasts; nothing where workers of this process do it, or where it is left to others."""
    if settings.workers or not settings.webhook_sender:
        yield
        return
    lanes, over = bootstrap.webhook_lanes(settings), threading.Event()

    def turns() -> None:
        while not over.wait(WEBHOOKS_S):
            try:
                lanes.start_due(service)
            except SixfacesError as exc:
                log.warning("sweep_failed", kind="webhooks", code=exc.code)

    threading.Thread(target=turns, name="webhooks", daemon=True).start()
    try:
        yield
    finally:
        over.set()
