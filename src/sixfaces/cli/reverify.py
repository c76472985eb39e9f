"""`sixfaces reverify`: judges this installation's archive again, by processes of its own, and says what would flip.

A dry run reads, and writes nothing but the diff, whole or not at all. One that is applied is a run on record from its
beginning, of which memory holds no flip: who applies it is entered, workers apply it, and what is interrupted rests.
"""

import multiprocessing
import os
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from datetime import UTC, datetime
from functools import cache
from itertools import islice
from pathlib import Path
from typing import NamedTuple

import typer
from pydantic import ValidationError

from sixfaces import bootstrap
from sixfaces.adapters.archive.diffs import diff_into
from sixfaces.cli.reverify_applying import Recorded
from sixfaces.cli.reverify_telling import Outcome, as_json, for_people
from sixfaces.cli.telling import telling
from sixfaces.domain.archive import Span
from sixfaces.domain.reverifying import Selection, Tally, together
from sixfaces.pipeline.archive.rejudging import policy_of
from sixfaces.pipeline.archive.spans import Asked, Judging, rejudged, spans_of
from sixfaces.pipeline.service import Service
from sixfaces.report.page import Language

AHEAD = 2
"""Spans that are handed out for each process: memory does not depend on how many there are."""


class Request(NamedTuple):
    """What the command line asks for. `rate`: exhibits a second at most."""

    asked: Asked
    tenant: str = "main"
    diff: Path | None = None
    workers: int | None = None
    rate: float | None = None
    as_json: bool = False
    is_dry: bool = True
    lang: Language = "en"


def reverify(request: Request) -> int:
    """Judge again, tell, and return the exit code."""
    with telling(request.lang):
        settings = bootstrap.started()
        bootstrap.prepare(settings)
        policy_of(request.asked.policy)(None)  # an unknown policy is told before anything is read
        service = bootstrap.open_service(settings)
        outcome = judge_all(service, request) if request.is_dry else apply_all(service, request)
        typer.echo(as_json(outcome, request.asked) if request.as_json else for_people(outcome, request.lang))
    return 0


def judge_all(service: Service, request: Request) -> Outcome:
    """All spans, each by some process; nothing is written but the diff, as they come. What is judged meanwhile is not
    looked at: the verdict that was the newest before it is."""
    with service.records.begin(request.tenant, reading=True) as tx:
        request = request._replace(asked=request.asked._replace(newest=tx.archive.newest()))
    spans = [span for span, _ in spans_of(service, request.tenant, request.asked)]
    return _judged_all(service, request, spans, each=lambda span, judging: None)


def apply_all(service: Service, request: Request) -> Outcome:
    """As `judge_all`, as a run on record, whose flips the installation's workers then apply. Raises ArchiveError
    `archive.never_measured`."""
    recorded = Recorded.begun(service, request.tenant, request.asked, rate=request.rate)
    with recorded.told_of_failure():
        asked = request.asked._replace(newest=recorded.run.newest)
        outcome = _judged_all(service, request._replace(asked=asked), recorded.spans, each=recorded.count)
        recorded.apply()
    return outcome._replace(run=recorded.run.id)


def _judged_all(
    service: Service, request: Request, spans: Sequence[Span], *, each: Callable[[Span, Judging], None]
) -> Outcome:
    started, whole = time.perf_counter(), Tally()
    processes = max(1, min(request.workers or os.cpu_count() or 1, len(spans)))
    judged = _judged(service, request, spans, processes=processes)
    with diff_into(request.diff) as diff:
        for span, judging in _paced(judged, request.rate):
            whole = together(whole, judging.tally)
            diff.add(judging.flips)
            each(span, judging)
            if not request.as_json:
                sys.stderr.write(f"\r{whole.exhibits} ")
    if not request.as_json:
        sys.stderr.write("\n")
    return Outcome(whole, time.perf_counter() - started, processes)


def _judged(
    service: Service, request: Request, spans: Sequence[Span], *, processes: int
) -> Iterator[tuple[Span, Judging]]:
    if processes == 1:
        for span in spans:
            yield span, rejudged(service, request.tenant, span=span, asked=request.asked)
        return
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(processes, mp_context=context) as pool:
        todo, running = iter(spans), dict[Future[Judging], Span]()
        try:
            while True:
                for span in islice(todo, AHEAD * processes - len(running)):
                    running[pool.submit(_in_process, request.tenant, span, request.asked)] = span
                if not running:
                    return
                for ended in wait(running, return_when=FIRST_COMPLETED).done:
                    yield running.pop(ended), ended.result()
        finally:
            pool.shutdown(wait=True, cancel_futures=True)


@cache
def _own() -> Service:
    """The installation as this process has it."""
    return bootstrap.open_service(bootstrap.started())


def _in_process(tenant: str, span: Span, asked: Asked) -> Judging:
    return rejudged(_own(), tenant, span=span, asked=asked)


def _paced(judged: Iterator[tuple[Span, Judging]], rate: float | None) -> Iterator[tuple[Span, Judging]]:
    """No faster than `rate` exhibits a second, span by span."""
    started, exhibits = time.monotonic(), 0
    for span, one in judged:
        yield span, one
        exhibits += one.tally.exhibits
        if rate is not None:
            time.sleep(max(0.0, started + exhibits / rate - time.monotonic()))


def instant(text: str | None, name: str) -> datetime | None:
    """An instant, or a day of UTC, as the command line gives it. Raises typer.BadParameter."""
    if text is None:
        return None
    try:
        at = datetime.fromisoformat(text)
    except ValueError as exc:
        raise typer.BadParameter(text, param_hint=name) from exc
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def selection_of(**given: object) -> Selection:
    """What the command line selects by. Raises typer.BadParameter."""
    try:
        selection = Selection.model_validate(given)
    except ValidationError as exc:
        wrong = exc.errors(include_input=False, include_url=False)[0]
        option = str(wrong["loc"][0]).replace("_", "-")
        raise typer.BadParameter(wrong["msg"], param_hint=f"--{option}") from exc
    if selection.holds_no_time:
        raise typer.BadParameter("nothing was judged after --since and before it", param_hint="--until")
    return selection
