"""Webhooks and mail sent from a server that runs no jobs: where workers have no way out, it is the server
that has one."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import structlog

from sixfaces import bootstrap
from sixfaces.config import Settings
from sixfaces.domain.errors import SixfacesError
from sixfaces.pipeline.service import Service
from sixfaces.workers.duties import NOTICES_S, WEBHOOKS_S

log = structlog.get_logger()


@contextmanager
def sending_without_workers(service: Service, settings: Settings) -> Iterator[None]:
    """While the block lasts; nothing where workers of this process do it, or where it is left to others."""
    if settings.workers or not settings.webhook_sender:
        yield
        return
    lanes, post, over = bootstrap.webhook_lanes(settings), bootstrap.post(settings), threading.Event()

    def turns(kind: str, every_s: float, do: Callable[[Service], object]) -> None:
        while not over.wait(every_s):
            try:
                do(service)
            except SixfacesError as exc:
                log.warning("sweep_failed", kind=kind, code=exc.code)
            except Exception:  # a bug ends a turn, not the thread that all other notices wait for
                log.error("sender_fault", kind=kind, exc_info=True)

    for kind, every_s, do in (
        ("webhooks", WEBHOOKS_S, lanes.start_due),
        ("notices", NOTICES_S, post.send_due),
    ):
        threading.Thread(target=turns, args=(kind, every_s, do), name=kind, daemon=True).start()
    try:
        yield
    finally:
        over.set()
