"""Judging the archive again over all workers: what would flip, and having it judged."""

import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, Query, Response
from fastapi.responses import StreamingResponse
from pydantic import AfterValidator, AwareDatetime, Field

from sixfaces.adapters.archive.diffs import csv_lines, diff_into
from sixfaces.api.asked import Asked, Asking
from sixfaces.api.cursors import USUAL, Cursor, Limit, Listed, cursor_to, listed, place_of
from sixfaces.api.guarded import GuardedRoute
from sixfaces.api.once import Told, once
from sixfaces.api.rights import JUDGES_AGAIN, READERS, open_to
from sixfaces.domain.filing import Quarantine
from sixfaces.domain.job import Job
from sixfaces.domain.model import Model, Text
from sixfaces.domain.people import Id, Principal
from sixfaces.domain.records import Page, Transaction
from sixfaces.domain.reverifying import Flip, Reverification, RunState, Selection, Tally
from sixfaces.pipeline.archive import runs
from sixfaces.pipeline.archive.results import flips_of
from sixfaces.pipeline.archive.shown import Placed, flips_shown, tally_shown, without_examples

router = APIRouter(route_class=GuardedRoute, prefix="/reverifications", tags=["archive"])

OfSchedule = Annotated[str | None, Query(min_length=36, max_length=36)]

CSV, PARQUET = "text/csv", "application/vnd.apache.parquet"
PIECE = 1 << 18


def holding_time(selection: Selection) -> Selection:
    """The selection, if anything can have been judged in its time. Raises ValueError."""
    if selection.holds_no_time:
        raise ValueError("`until` is not after `since`")
    return selection


class Wanted(Model):
    """What is to be judged again. `policy`: name, or name@version; none: each case by what judges it now. `rate`:
    exhibits a second at most, over all workers."""

    policy: Annotated[str, Field(max_length=80)] | None = None
    selection: Annotated[Selection, AfterValidator(holding_time)] = Selection()
    rate: Annotated[float, Field(gt=0, le=1_000_000)] | None = None


class RunView(Model):
    """A run and how far it is. `done` and `applied` count spans; `tally`: what those that are done came to, from which
    verdict to which, by which rules, with the money at stake. `schedule`: what began it."""

    id: Id
    state: RunState
    policy: Text | None
    policy_digest: Text | None
    code_version: Text | None
    observers: Text | None
    selection: Selection
    rate: float | None
    spans: int
    done: int
    applied: int
    tally: Tally
    flipped: int
    never_measured: tuple[Text, ...]
    schedule: Id | None
    by: Text
    made_at: AwareDatetime
    ended_at: AwareDatetime | None
    failure: Quarantine | None


@router.post("", status_code=202, summary="Judge the archive again", response_model=RunView,
             **open_to(JUDGES_AGAIN, 413, 415))  # fmt: skip
def start(asking: Asking, wanted: Wanted) -> Response:
    """Everything that was judged until now and matches, behind all live work. Writes no verdict: what would flip is
    told, and `apply` has it judged."""
    tenant, by = asking.principal.tenant, asking.principal.actor
    plan = runs.planned(asking.service, tenant, runs.Wish(wanted.policy, wanted.selection, wanted.rate))

    def work(transaction: Transaction) -> Told:
        run, jobs = runs.begin_run(transaction, tenant, plan, by=by)
        view = view_of(transaction, run)
        return Told(view, 202, {"location": f"/v1/reverifications/{run.id}"}, jobs)

    return once(asking, work)


@router.get("", summary="Runs over the archive", **open_to(READERS))
def list_runs(
    asking: Asking, *, schedule: OfSchedule = None, limit: Limit = USUAL, cursor: Cursor = None
) -> Listed[RunView]:
    """Newest first, their sums without examples; `schedule`: those that it began."""

    def find(page: Page) -> list[RunView]:
        with asking.service.records.begin(asking.principal.tenant, reading=True) as transaction:
            found = transaction.reverifications.find(page, schedule=schedule)
            return [view_of(transaction, run) for run in found]

    return listed(asking, find, limit=limit, cursor=cursor, key=lambda run: run.id)


@router.get("/{run_id}", summary="A run over the archive", **open_to(READERS))
def get_run(asking: Asking, run_id: str) -> RunView:
    """How far it is, and what it came to so far."""
    with asking.service.records.begin(asking.principal.tenant, reading=True) as transaction:
        return view_of(transaction, runs.run_of(transaction, run_id), asking.principal)


@router.post("/{run_id}/pause", summary="Let a run rest", response_model=RunView, **open_to(JUDGES_AGAIN, 409))
def pause(asking: Asking, run_id: str) -> Response:
    """Spans that are being judged are finished, no other is begun."""
    return once(asking, lambda tx: Told(view_of(tx, runs.pause(tx, run_id))))


@router.post("/{run_id}/resume", summary="Let a run go on", response_model=RunView, **open_to(JUDGES_AGAIN, 409))
def resume(asking: Asking, run_id: str) -> Response:
    """Where it was."""
    return once(asking, lambda tx: _turned(tx, *runs.resume(tx, run_id)))


@router.post("/{run_id}/cancel", summary="End a run", response_model=RunView, **open_to(JUDGES_AGAIN, 409))
def cancel(asking: Asking, run_id: str) -> Response:
    """Without a result. Verdicts that were given by then stay."""
    return once(asking, lambda tx: Told(view_of(tx, runs.cancel(tx, run_id))))


@router.post("/{run_id}/apply", status_code=202, summary="Have flipped cases judged", response_model=RunView,
             **open_to(JUDGES_AGAIN, 409))  # fmt: skip
def apply(asking: Asking, run_id: str) -> Response:
    """Each case that would flip, and has not gone on since, is judged by the run's policy: a verdict more, and those of
    before stay. What people decided is not touched. 409 for a policy that requires what was never measured."""
    return once(asking, lambda tx: _turned(tx, *runs.apply(tx, asking.principal, run_id), status=202))


@router.get("/{run_id}/flips", summary="What would flip", **open_to(READERS))
def list_flips(asking: Asking, run_id: str, *, limit: Limit = USUAL, cursor: Cursor = None) -> Listed[Flip]:
    """Case by case, in the order in which they were judged; while a run is under way, what is known so far. Without
    cases that were erased since, and those of which who asks must not know how they go."""
    number, at = _place(asking, cursor)
    found: list[tuple[Flip, int, int]] = []
    for span, flips in _flips(asking, run_id, after=number - 1):
        start = at if span == number else 0
        found += [(flip, span, place) for flip, place in flips if place >= start][: limit + 1]
        if len(found) > limit:
            _, span, index = found[limit]
            return Listed(items=tuple(flip for flip, *_ in found[:limit]), next=cursor_to(asking, f"{span}:{index}"))
    return Listed(items=tuple(flip for flip, *_ in found))


@router.get("/{run_id}/flips.csv", summary="What would flip, as a table", response_class=Response,
            **open_to(READERS, gives=CSV))  # fmt: skip
def get_flips_table(asking: Asking, run_id: str) -> Response:
    """For spreadsheets: UTF-8, and no cell is a formula."""
    pages = _flips(asking, run_id, after=0)

    def lines() -> Iterator[bytes]:
        yield csv_lines((), titled=True)
        for _, flips in pages:
            if not asking.may_go_on():
                raise PermissionError("the key is no longer good")  # breaks off, lest it seem whole
            yield csv_lines(flip for flip, _ in flips)

    headers = {"content-disposition": 'attachment; filename="flips.csv"'}
    return StreamingResponse(lines(), media_type=f"{CSV}; charset=utf-8", headers=headers)


@router.get("/{run_id}/flips.parquet", summary="What would flip, as Parquet", response_class=Response,
            **open_to(READERS, 501, gives=PARQUET))  # fmt: skip
def get_flips_columns(asking: Asking, run_id: str) -> Response:
    """The same in columns."""
    pages = _flips(asking, run_id, after=0)
    with tempfile.TemporaryDirectory(prefix="sixfaces-") as folder:
        path = Path(folder) / "flips.parquet"
        with diff_into(path) as diff:
            for _, flips in pages:
                diff.add(flip for flip, _ in flips)
        whole = path.open("rb")  # readable until it is closed, though its name goes now

    def pieces() -> Iterator[bytes]:
        with whole:
            while piece := whole.read(PIECE):
                yield piece

    headers = {"content-disposition": 'attachment; filename="flips.parquet"'}
    return StreamingResponse(pieces(), media_type=PARQUET, headers=headers)


def view_of(transaction: Transaction, run: Reverification, who: Principal | None = None) -> RunView:
    """A run as it is told: its policy by name, and what its spans came to together; examples to who may know them."""
    progress = transaction.reverifications.progress(run.id)
    same = {name: getattr(run, name) for name in RunView.model_fields if name in Reverification.model_fields}
    policy, tally = run.policy, progress.tally
    tally = without_examples(tally) if who is None else tally_shown(transaction, who, tally)
    return RunView(
        **same
        | {
            "policy": None if policy is None else f"{policy.name} {policy.version}",
            "policy_digest": None if policy is None else policy.digest,
            "done": progress.done,
            "applied": progress.applied,
            "tally": tally,
            "flipped": progress.tally.flipped,
            "never_measured": progress.tally.never_measured(),
        }
    )


def _turned(transaction: Transaction, run: Reverification, jobs: list[Job], *, status: int = 200) -> Told:
    return Told(view_of(transaction, run), status, {}, jobs)


def _place(asked: Asked, cursor: str | None) -> tuple[int, int]:
    """The span at which a page begins, and how many of its flips were told before."""
    if cursor is None:
        return 1, 0
    number, _, at = place_of(asked, cursor).partition(":")
    return int(number), int(at)


def _flips(asked: Asked, run_id: str, *, after: int) -> Iterator[tuple[int, list[Placed]]]:
    """Spans of the run that have flips, one at a time. Raises RequestError `request.missing` before the first."""
    tenant = asked.principal.tenant
    with asked.service.records.begin(tenant, reading=True) as transaction:
        run = runs.run_of(transaction, run_id)
    return _spans(asked, run, after=after)


def _spans(asked: Asked, run: Reverification, *, after: int) -> Iterator[tuple[int, list[Placed]]]:
    while True:
        with asked.service.records.begin(run.tenant, reading=True) as transaction:
            some = transaction.reverifications.spans(run.id, after=after, limit=100)
        for span in some:
            if span.tally is not None and span.tally.flipped:
                flips = flips_of(asked.service.blobs, span)
                with asked.service.records.begin(run.tenant, reading=True) as transaction:
                    placed = flips_shown(transaction, asked.principal, flips)
                yield span.number, placed
        if not some:
            return
        after = some[-1].number
