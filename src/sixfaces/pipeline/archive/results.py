"""What a span of a run came to: its flips beside the blobs, its tally in its row. It counts once, whoever brings it."""

import gzip
import zlib
from collections.abc import Sequence

import structlog
from pydantic import TypeAdapter, ValidationError

from sixfaces.domain.blobs import Blobs
from sixfaces.domain.records import Transaction
from sixfaces.domain.reverifying import Flip, RunSpan, RunState
from sixfaces.pipeline.archive.errors import corrupt
from sixfaces.pipeline.archive.runs import end_run
from sixfaces.pipeline.archive.spans import Judging

log = structlog.get_logger()

FLIPS: TypeAdapter[tuple[Flip, ...]] = TypeAdapter(tuple[Flip, ...])


def flips_in(place: str) -> str:
    """The key under which a span's flips lie."""
    return f"{place}/flips.json.gz"


def keep_flips(blobs: Blobs, place: str, flips: Sequence[Flip]) -> None:
    """Write them under a place of this attempt alone, before any row names it. Raises StoreError."""
    blobs.put(flips_in(place), gzip.compress(FLIPS.dump_json(tuple(flips)), mtime=0))


def flips_of(blobs: Blobs, span: RunSpan) -> Sequence[Flip]:
    """The flips of a span that is done. Raises ArchiveError `archive.corrupt`."""
    data = blobs.get(flips_in(span.place)) if span.place else None
    if data is None:
        raise corrupt(span.id, "flips")
    try:
        return FLIPS.validate_json(gzip.decompress(data))
    except (OSError, EOFError, zlib.error, ValidationError) as exc:
        raise corrupt(span.id, type(exc).__name__) from exc


def count_span(transaction: Transaction, span: RunSpan, judging: Judging, *, place: str) -> bool:
    """What it came to, where nothing was counted before; the last span ends the run. False where the run is over.

    The run's row is held first: of two spans that end at once, one sees that it is the last.
    """
    run = transaction.reverifications.get(span.run, lock=True)
    now = transaction.reverifications.span(span.id)
    if run is None or now is None or run.state not in (RunState.RUNNING, RunState.PAUSED):
        return False
    if now.tally is None:
        done = span.model_copy(update={"tally": judging.tally, "place": place, "applied": not judging.flips})
        transaction.reverifications.tell(done)
        if not transaction.reverifications.waiting(run.id):
            end_run(transaction, run)
            log.info("reverified", run=run.id)
    return True
