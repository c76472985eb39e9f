"""Errors as RFC 9457 problem details, in the language asked for. The same error is the same bytes."""

import json
from http import HTTPStatus

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

from sixfaces.api import refusals
from sixfaces.api.invalid import told_invalid
from sixfaces.api.language import language_of, say
from sixfaces.api.statuses import status_of
from sixfaces.domain.errors import IdentityError, SixfacesError
from sixfaces.pipeline.refusals import missing

PROBLEM = "application/problem+json"

CLOSING = frozenset({HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.REQUEST_ENTITY_TOO_LARGE})
"""After these the rest of the body is not read, so the connection can carry no further request."""

RETRY_S = {HTTPStatus.TOO_MANY_REQUESTS: 1, HTTPStatus.SERVICE_UNAVAILABLE: 2, HTTPStatus.INSUFFICIENT_STORAGE: 30}


REALM = 'Bearer realm="sixfaces"'
PHRASES = {460: "Checksum Mismatch"}
"""Statuses that the tus protocol gave a meaning and no registry knows."""


def problem(error: SixfacesError, request: Request, *, headers: dict[str, str] | None = None) -> Response:
    """The answer that tells the error."""
    language = language_of(request)
    status = status_of(error)
    body = {
        "type": f"urn:sixfaces:problem:{error.code}",
        "title": PHRASES.get(status) or HTTPStatus(status).phrase,
        "status": status,
        "code": error.code,
        "detail": say(error.text, language),
        "fix": say(error.fix, language),
        **getattr(error, "members", {}),
    }
    sent = {"content-language": language, "vary": "Accept-Language", **(headers or {})}
    if status == HTTPStatus.UNAUTHORIZED or (status == HTTPStatus.FORBIDDEN and error.family == IdentityError.family):
        sent["www-authenticate"] = _challenge(error, status)
    if status in CLOSING:
        sent["connection"] = "close"
    if status in RETRY_S:
        sent.setdefault("retry-after", str(RETRY_S[HTTPStatus(status)]))
    data = json.dumps(body, ensure_ascii=False).encode("utf-8", "replace")
    return Response(data, status, sent, PROBLEM)


def _challenge(error: SixfacesError, status: int) -> str:
    """As RFC 6750 has it: to a token it says what is wrong, to others only that something is needed."""
    if error.family != IdentityError.family:
        return REALM
    told = "invalid_token" if status == HTTPStatus.UNAUTHORIZED else "insufficient_scope"
    return f'{REALM}, error="{told}", error_description="{error.text.en}"'


def tell_problems(app: FastAPI) -> None:
    """Every error of the app is told as a problem."""
    app.add_exception_handler(SixfacesError, _ours)
    app.add_exception_handler(RequestValidationError, _validation)
    app.add_exception_handler(HTTPException, _framework)
    app.add_exception_handler(ClientDisconnect, _gone)
    app.add_exception_handler(Exception, _fault)


async def _ours(request: Request, error: Exception) -> Response:
    assert isinstance(error, SixfacesError)
    headers: dict[str, str] = getattr(error, "headers", {})
    return problem(error, request, headers=headers)


async def _validation(request: Request, error: Exception) -> Response:
    """A wrong id in the path is the id of nothing."""
    assert isinstance(error, RequestValidationError)
    places = [one["loc"][0] for one in error.errors()]
    return problem(missing() if "path" in places else told_invalid(error.errors()), request)


async def _framework(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    if error.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
        return problem(refusals.wrong_method(), request, headers=dict(error.headers or {}))
    if error.status_code == HTTPStatus.NOT_FOUND:
        return problem(refusals.no_route(), request)
    return problem(refusals.invalid_body(), request)


async def _gone(request: Request, error: Exception) -> Response:
    """Nobody reads this answer."""
    return Response(status_code=HTTPStatus.BAD_REQUEST)


async def _fault(request: Request, error: Exception) -> Response:
    """A bug: it is logged by who called us, and the asker learns nothing of it."""
    return problem(refusals.internal(), request)
