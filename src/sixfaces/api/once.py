"""Writes: one request is one transaction, and the same Idempotency-Key gives the same answer byte for byte.

The answer is kept in the transaction of the effect, so that there are both or neither. A request that ends in an
error has had no effect and keeps no answer: the same key may be tried again.
"""

import hashlib
import random
import re
import time
from collections.abc import Callable, Iterable, Sequence
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


def once(asked: Asked, work: Callable[[Transaction], Told], *, said: Sequence[object] = ()) -> Response:
    """Do the work in a transaction and answer; with an Idempotency-Key seen before, only answer. Blocks.

    `said`: what decides what the request does beside its address, its conditions and its JSON body."""
    key = key_of(asked)
    told: list[Told] = []

    def transact() -> Response:
        told.clear()
        with asked.service.records.begin(asked.principal.tenant) as transaction:
            if key is None:
                told.append(work(transaction))
                return answered(asked, told[0])
            return _kept_or_done(transaction, Claimed(asked, key, said), work=work, told=told)

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


def key_of(asked: Asked) -> str | None:
    """The request's Idempotency-Key. Raises RequestError `request.idempotency_key`."""
    key = asked.request.headers.get("idempotency-key")
    if key is not None and not _KEY.fullmatch(key):
        raise refusals.bad_idempotency_key()
    return key


class Claimed:
    """A key as one request came with it: the answer kept under it, if there is one, and the keeping of the first."""

    def __init__(self, asked: Asked, key: str, said: Sequence[object] = ()) -> None:
        self._asked = asked
        self._place = _place(asked, key)
        self._request_sha256 = _request_digest(asked, said)

    def kept(self, transaction: Transaction) -> Response | None:
        """The first answer; None where this request is to give it. Raises RequestError `request.key_reused`."""
        kept = transaction.answers.begin(self._place, self._request_sha256)
        return None if kept is None else _response(opened(kept, self._asked.request))

    def keep(self, transaction: Transaction, told: Told) -> Response:
        """Keep the first answer, in the transaction that was told that there is none."""
        answer = _answer(self._asked, told, self._request_sha256)
        lasting = timedelta(seconds=self._asked.settings.answers_s)
        kept = sealed(answer, self._asked.request) if told.is_secret else answer
        transaction.answers.keep(self._place, kept, lasting=lasting)
        return _response(answer)


def _kept_or_done(
    transaction: Transaction, claimed: Claimed, *, work: Callable[[Transaction], Told], told: list[Told]
) -> Response:
    kept = claimed.kept(transaction)
    if kept is not None:
        return kept
    told.append(work(transaction))
    return claimed.keep(transaction, told[0])


def answered(asked: Asked, told: Told) -> Response:
    """The answer itself, kept nowhere."""
    return _response(_answer(asked, told, ""))


def _answer(asked: Asked, told: Told, request_sha256: str) -> KeptAnswer:
    body = b"" if told.body is None else asked.told(told.body)
    headers = {"content-type": JSON, **told.headers} if body else told.headers
    return KeptAnswer(request_sha256=request_sha256, status=told.status, headers=headers, body=body)


def _response(answer: KeptAnswer) -> Response:
    return Response(answer.body, answer.status, answer.headers)


def _place(asked: Asked, key: str) -> str:
    """A key is its sender's: another role, station or person of the tenant has another, and so has who
    sees more of persons than others of their role, or less."""
    who = asked.principal
    unusual = "" if who.sees_personal is who.role.sees_personal else f"\n{who.sees_personal}"
    person = f"\n{who.key_id}" if who.is_person else ""
    return hashlib.sha256(f"{who.role}\n{who.station}\n{key}{person}{unusual}".encode()).hexdigest()


def _request_digest(asked: Asked, said: Sequence[object]) -> str:
    """Of all that decides what the request does."""
    request = asked.request
    conditions = (request.headers.get(name, "") for name in ("if-match", "if-none-match"))
    parts = (request.method, request.url.path, request.url.query, *conditions, *(repr(one) for one in said))
    head = "\n".join(parts).encode("utf-8", "surrogateescape")
    body: bytes = getattr(request, "_body", b"")
    return hashlib.sha256(head + b"\n\n" + body).hexdigest()
