"""What a span of a run came to: its flips beside the blobs, its tally in its row. It counts once, whoever brings it."""

import gzip
import hashlib
import zlib
from collections.abc import Sequence

import structlog
from pydantic import TypeAdapter, ValidationError

from sixfaces.domain.blobs import Blobs
from sixfaces.domain.records import Transaction
from sixfaces.domain.reverifying import Flip, RunSpan, RunState
from sixfaces.pipeline.archive.errors import corrupt
from sixfaces.pipeline.archive.runs import end_run, next_in_turn
from sixfaces.pipeline.archive.spans import Judging

log = structlog.get_logger()

_SHA256 = 64

FLIPS: TypeAdapter[tuple[Flip, ...]] = TypeAdapter(tuple[Flip, ...])


def flips_in(place: str) -> str:
    """The key under which a span's flips lie."""
    return f"{place}/flips.json.gz"


def keep_flips(blobs: Blobs, attempt: str, flips: Sequence[Flip]) -> str:
    """Write them under a place of this attempt alone, before any row names it. Returns the place, which ends in their
    SHA-256: whoever reads them by the row holds them to it. Raises StoreError."""
    data = gzip.compress(FLIPS.dump_json(tuple(flips)), mtime=0)
    place = f"{attempt}.{hashlib.sha256(data).hexdigest()}"
    blobs.put(flips_in(place), data)
    return place


def flips_of(blobs: Blobs, span: RunSpan) -> Sequence[Flip]:
    """The flips of a span that is done, held against its row. Raises ArchiveError `archive.corrupt`."""
    data = blobs.get(flips_in(span.place)) if span.place else None
    if data is None or span.place is None or span.tally is None:
        raise corrupt(span.id, "flips")
    held = span.place.rpartition(".")[2]
    if len(held) == _SHA256 and hashlib.sha256(data).hexdigest() != held:  # places of before end in a token
        raise corrupt(span.id, "sha256")
    try:
        flips = FLIPS.validate_json(gzip.decompress(data))
    except (OSError, EOFError, zlib.error, ValidationError) as exc:
        raise corrupt(span.id, type(exc).__name__) from exc
    if len(flips) != span.tally.flipped:
        raise corrupt(span.id, f"{len(flips)} of {span.tally.flipped} flips")
    return flips


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
        left = transaction.reverifications.waiting(run.id)
        if run.state is RunState.RUNNING:
            next_in_turn(transaction, run, left, exhibits=judging.tally.exhibits)
        if not left:
            end_run(transaction, run)
            log.info("reverified", run=run.id)
    return True
