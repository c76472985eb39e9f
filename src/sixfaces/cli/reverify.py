"""`sixfaces reverify`: judges this installation's archive again, by processes of its own, and says what would flip.

Reads, and writes nothing but what is asked for: the diff goes to a file of its own, whole or not at all.
"""

import json
import multiprocessing
import os
import sys
import time
from collections.abc import Iterator, Sequence
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
from sixfaces.cli.telling import telling, words_in
from sixfaces.domain.archive import Span
from sixfaces.domain.model import Say
from sixfaces.domain.reverifying import Flip, Reverification, RunState, Selection, Tally, together
from sixfaces.pipeline.archive.applying import Bringing, apply_flips
from sixfaces.pipeline.archive.errors import never_measured
from sixfaces.pipeline.archive.rejudging import policy_of
from sixfaces.pipeline.archive.spans import Asked, Judging, rejudged, spans_of
from sixfaces.pipeline.ids import new_id
from sixfaces.pipeline.service import Service
from sixfaces.report.page import Language

SCHEMA = "sixfaces.reverification/1"
AT_ONCE = 100
"""Cases in one transaction that applies."""
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


class Outcome(NamedTuple):
    """What a run came to, and how long it took."""

    tally: Tally
    wall_s: float
    processes: int
    flips: tuple[Flip, ...] = ()
    jobs: int | None = None


def reverify(request: Request) -> int:
    """Judge again, tell, and return the exit code."""
    with telling(request.lang):
        settings = bootstrap.started()
        bootstrap.prepare(settings)
        policy_of(request.asked.policy)(None)  # an unknown policy is told before anything is read
        service = bootstrap.open_service(settings)
        outcome = judge_all(service, request)
        if not request.is_dry:
            outcome = outcome._replace(jobs=apply_all(service, request, outcome))
        typer.echo(_as_json(outcome, request) if request.as_json else _for_people(outcome, request.lang))
    return 0


def judge_all(service: Service, request: Request) -> Outcome:
    """All spans, each by some process; the diff is written as they come."""
    started = time.perf_counter()
    spans = list(spans_of(service, request.tenant, request.asked))
    processes = max(1, min(request.workers or os.cpu_count() or 1, len(spans)))
    whole, flips = Tally(), list[Flip]()
    judged = _judged(service, request, [span for span, _ in spans], processes=processes)
    with diff_into(request.diff) as diff:
        for judging in _paced(judged, request.rate):
            whole = together(whole, judging.tally)
            diff.add(judging.flips)
            flips += () if request.is_dry else judging.flips
            if not request.as_json:
                sys.stderr.write(f"\r{whole.exhibits} ")
    if not request.as_json:
        sys.stderr.write("\n")
    return Outcome(whole, time.perf_counter() - started, processes, tuple(flips))


def apply_all(service: Service, request: Request, outcome: Outcome) -> int:
    """Have the flipped cases judged by the installation's workers; how many jobs that is. Raises ArchiveError
    `archive.never_measured`."""
    if outcome.tally.never_measured():
        raise never_measured(outcome.tally.never_measured())
    asked, jobs = request.asked, 0
    policy = None if asked.policy is None else policy_of(asked.policy)(None)
    with service.records.begin(request.tenant) as tx:
        run = Reverification(
            id=new_id(),
            tenant=request.tenant,
            policy=policy,
            selection=asked.selection,
            newest=new_id(),
            state=RunState.APPLIED,
            by="command line",
            made_at=tx.now,
            ended_at=tx.now,
        )
        tx.reverifications.add(run, ())
    for start in range(0, len(outcome.flips), AT_ONCE):
        with service.records.begin(request.tenant) as tx:
            some = outcome.flips[start : start + AT_ONCE]
            jobs += len(apply_flips(tx, request.tenant, some, bringing=Bringing(run.id, policy)))
    return jobs


def _judged(service: Service, request: Request, spans: Sequence[Span], *, processes: int) -> Iterator[Judging]:
    if processes == 1:
        for span in spans:
            yield rejudged(service, request.tenant, span=span, asked=request.asked)
        return
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(processes, mp_context=context) as pool:
        todo, running = iter(spans), set[Future[Judging]]()
        try:
            while True:
                for span in islice(todo, AHEAD * processes - len(running)):
                    running.add(pool.submit(_in_process, request.tenant, span, request.asked))
                if not running:
                    return
                done, running = wait(running, return_when=FIRST_COMPLETED)
                for ended in done:
                    yield ended.result()
        finally:
            pool.shutdown(wait=True, cancel_futures=True)


@cache
def _own() -> Service:
    """The installation as this process has it."""
    return bootstrap.open_service(bootstrap.started())


def _in_process(tenant: str, span: Span, asked: Asked) -> Judging:
    return rejudged(_own(), tenant, span=span, asked=asked)


def _paced(judged: Iterator[Judging], rate: float | None) -> Iterator[Judging]:
    """No faster than `rate` exhibits a second, span by span."""
    started, exhibits = time.monotonic(), 0
    for one in judged:
        yield one
        exhibits += one.tally.exhibits
        if rate is not None:
            time.sleep(max(0.0, started + exhibits / rate - time.monotonic()))


def _as_json(outcome: Outcome, request: Request) -> str:
    asked = request.asked
    told = {
        "schema": SCHEMA,
        "policy": asked.policy if isinstance(asked.policy, str) else None,
        "selection": asked.selection.model_dump(mode="json", exclude_none=True),
        **outcome.tally.model_dump(mode="json"),
        "flipped": outcome.tally.flipped,
        "never_measured": outcome.tally.never_measured(),
        "wall_s": round(outcome.wall_s, 3),
        "processes": outcome.processes,
        "jobs": outcome.jobs,
    }
    return json.dumps(told, ensure_ascii=False, indent=1)


def _for_people(outcome: Outcome, lang: Language) -> str:
    tally, zh = outcome.tally, lang == "zh"
    rate = tally.exhibits / outcome.wall_s if outcome.wall_s else 0.0
    lines = [
        words_in(_LOOKED, lang).format(cases=tally.cases, exhibits=tally.exhibits, wall=outcome.wall_s, rate=rate),
        words_in(_FLIPS, lang).format(flips=tally.flipped),
    ]
    for kind, count in tally.flips.items():
        money = ", ".join(f"{amount} {currency}" for currency, amount in tally.stake.get(kind, {}).items())
        old, _, new = kind.partition(">")
        names = ", ".join(tally.examples.get(kind, ()))
        said = (_VERDICTS[old].zh, _VERDICTS[new].zh) if zh else (old, new)
        lines.append(f"  {said[0]} → {said[1]}: {count}  {money}  ({names})")
    for code, changes in tally.rules.items():
        lines += [f"    {code}: {change.replace('>', ' → ')} × {count}" for change, count in changes.items()]
    if tally.remeasured:
        lines.append(words_in(_REMEASURED, lang).format(count=tally.remeasured))
    if outcome.jobs is not None:
        lines.append(words_in(_APPLIED, lang).format(jobs=outcome.jobs))
    if tally.unread:
        lines.append(words_in(_UNREAD, lang).format(count=tally.unread))
    lines += [words_in(_NEVER, lang).format(code=code) for code in tally.never_measured()]
    return "\n".join(lines)


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
        return Selection.model_validate(given)
    except ValidationError as exc:
        wrong = exc.errors(include_input=False, include_url=False)[0]
        option = str(wrong["loc"][0]).replace("_", "-")
        raise typer.BadParameter(wrong["msg"], param_hint=f"--{option}") from exc


_LOOKED = Say(
    zh="已重新判定 {cases} 个售后单、{exhibits} 件证据，用时 {wall:.1f} 秒（每秒 {rate:.0f} 件）。",
    en="Judged again: cases: {cases}, exhibits: {exhibits}, in {wall:.1f} s ({rate:.0f} a second).",
)
_FLIPS = Say(zh="判定会改变的售后单：{flips}。", en="Cases whose verdict would change: {flips}.")
_REMEASURED = Say(
    zh="{count} 件证据由其他版本的观测程序测量；应用结果时会先重新测量。",
    en="{count} exhibits were measured by other observers; they are measured again when this is applied.",
)
_APPLIED = Say(
    zh="已安排 {jobs} 个售后单重新判定；判定由 worker 给出，原有判定保留。",
    en="Cases that will be judged anew: {jobs}. Workers give the verdicts; those of before stay.",
)
_UNREAD = Say(
    zh="{count} 个判定早于档案功能，其依据未保存，未能重新判定。",
    en="Left out, as they are from before the archive and what they were given on was not kept: verdicts: {count}.",
)
_NEVER = Say(
    zh="规则 {code} 现为必需，但档案中没有任何证据测量过它所需的内容。",
    en="The policy newly requires {code}, for which nothing was measured in any exhibit.",
)
_VERDICTS = {
    "accepted": Say(zh="采信", en="accepted"),
    "rejected": Say(zh="不采信", en="rejected"),
    "needs_review": Say(zh="待人工复核", en="needs_review"),
}
