"""Writes: one request is one transaction, and the same Idempotency-Key gives the same answer byte for byte.

The answer is kept in the transaction of the effect, so that there are both or neither. A request that ends in an
error has had no effect and keeps no answer: the same key may be tried again.
"""

import hashlib
import random
import re
import time
from collections.abc import Callable, Iterable
from datetime import timedelta
from typing import NamedTuple, TypeVar

from starlette.responses import Response

from sixfaces.api import refusals
from sixfaces.api.asked import Asked
from sixfaces.api.sealed_answers import opened, sealed
from sixfaces.domain.errors import RecordsError
from sixfaces.domain.job import Job
from sixfaces.domain.model import Model
from sixfaces.domain.records import KeptAnswer, Transaction

T = TypeVar("T")

MOST_TRIES = 6
FIRST_PAUSE_S = 0.01
JSON = "application/json"

_KEY = re.compile(r"[\x21-\x7e]{1,255}")


class Told(NamedTuple):
    """What a write answers, and the jobs it brought about. `is_secret`: the answer is kept in a form that only who
    sends the same key again can read."""

    body: Model | None = None
    status: int = 200
    headers: dict[str, str] = {}  # noqa: RUF012 never changed
    jobs: Iterable[Job] = ()
    is_secret: bool = False


def once(asked: Asked, work: Callable[[Transaction], Told]) -> Response:
    """Do the work in a transaction and answer; with an Idempotency-Key seen before, only answer. Blocks."""
    key = asked.request.headers.get("idempotency-key")
    if key is not None and not _KEY.fullmatch(key):
        raise refusals.bad_idempotency_key()
    told: list[Told] = []

    def transact() -> Response:
        told.clear()
        with asked.service.records.begin(asked.principal.tenant) as transaction:
            if key is None:
                told.append(work(transaction))
                return _response(_answer(told[0], ""))
            return _kept_or_done(asked, transaction, key, work=work, told=told)

    response = patiently(transact)
    for job in (job for one in told for job in one.jobs):
        asked.service.hints.hint(job.id, priority=job.priority)
    return response


def patiently(transact: Callable[[], T]) -> T:
    """Repeat a transaction that lost against another. Raises RecordsError `records.conflict` where it always does."""
    for attempt in range(MOST_TRIES):
        try:
            return transact()
        except RecordsError as exc:
            if exc.code != "records.conflict" or attempt == MOST_TRIES - 1:
                raise
            time.sleep(random.uniform(0, FIRST_PAUSE_S * 2**attempt))
    raise AssertionError("unreachable")


def _kept_or_done(
    asked: Asked, transaction: Transaction, key: str, *, work: Callable[[Transaction], Told], told: list[Told]
) -> Response:
    request_sha256 = _request_digest(asked)
    place = _place(asked, key)
    kept = transaction.answers.begin(place, request_sha256)
    if kept is not None:
        return _response(opened(kept, asked.request))
    told.append(work(transaction))
    answer = _answer(told[0], request_sha256)
    lasting = timedelta(seconds=asked.settings.answers_s)
    kept = sealed(answer, asked.request) if told[0].is_secret else answer
    transaction.answers.keep(place, kept, lasting=lasting)
    return _response(answer)


def _answer(told: Told, request_sha256: str) -> KeptAnswer:
    body = b"" if told.body is None else told.body.model_dump_json().encode()
    headers = {"content-type": JSON, **told.headers} if body else told.headers
    return KeptAnswer(request_sha256=request_sha256, status=told.status, headers=headers, body=body)


def _response(answer: KeptAnswer) -> Response:
    return Response(answer.body, answer.status, answer.headers)


def _place(asked: Asked, key: str) -> str:
    """A key is its sender's: another role or station of the tenant has another."""
    who = asked.principal
    return hashlib.sha256(f"{who.role}\n{who.station}\n{key}".encode()).hexdigest()


def _request_digest(asked: Asked) -> str:
    """Of all that decides what the request does."""
    request = asked.request
    conditions = (request.headers.get(name, "") for name in ("if-match", "if-none-match"))
    parts = (request.method, request.url.path, request.url.query, *conditions)
    head = "\n".join(parts).encode("utf-8", "surrogateescape")
    body: bytes = getattr(request, "_body", b"")
    return hashlib.sha256(head + b"\n\n" + body).hexdigest()
