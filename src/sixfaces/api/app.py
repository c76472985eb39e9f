"""The application: one router for each resource, one table of errors, one guard before everything."""

import hashlib
from functools import partial

from fastapi import FastAPI

from sixfaces import __version__
from sixfaces.api.console_pages import show_pages
from sixfaces.api.edge import Edge
from sixfaces.api.gate import Gate
from sixfaces.api.key_cache import KeyCache
from sixfaces.api.measures import Measures
from sixfaces.api.origins import Origins
from sixfaces.api.outbox_figures import DELIVERIES, NOTICES
from sixfaces.api.persons import Persons
from sixfaces.api.problems import tell_problems
from sixfaces.api.rates import Rates
from sixfaces.api.routes import PUBLIC, ROUTERS
from sixfaces.api.schema import describe
from sixfaces.api.session_seal import SessionSeal
from sixfaces.api.sessions import Sessions
from sixfaces.api.streams import Streams
from sixfaces.api.visits import Visits
from sixfaces.bootstrap import challenge_key, link_terms, notary, tokens, webhook_terms
from sixfaces.config import Settings
from sixfaces.pipeline.notices.outbox import notices_counted
from sixfaces.pipeline.reading import jobs_counted, originals_counted
from sixfaces.pipeline.service import Service
from sixfaces.pipeline.uses import Uses
from sixfaces.pipeline.webhooks.endpoints import deliveries_counted

_CURSORS = b"sixfaces.cursor/1\n"
"""Cursors are signed with what all servers of an installation share: their key of challenge codes."""


def create_app(service: Service, settings: Settings) -> FastAPI:
    """An ASGI application that serves this installation."""
    app = FastAPI(
        title="sixfaces",
        version=__version__,
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
    )
    app.state.service = service
    app.state.settings = settings
    app.state.gate = _gate(service, settings)
    app.state.challenge_key = key = challenge_key(settings)
    app.state.cursor_secret = hashlib.sha256(_CURSORS + key.private.private_bytes_raw()).digest()
    app.state.session_seal = SessionSeal(key.private)
    app.state.notary = notary(settings)
    app.state.webhooks = webhook_terms(settings)
    app.state.links = link_terms(settings)
    app.state.visits = Visits(settings)
    app.state.streams = Streams(service, app.state.gate)
    app.state.measures = Measures(app.state.streams)
    app.state.measures.serve_queue(partial(jobs_counted, service))
    app.state.measures.serve_originals(partial(originals_counted, service))
    app.state.measures.serve_outbox(DELIVERIES, partial(deliveries_counted, service))
    app.state.measures.serve_outbox(NOTICES, partial(notices_counted, service))
    tell_problems(app)
    for router in PUBLIC:
        app.include_router(router)
    for router in ROUTERS:
        app.include_router(router, prefix="/v1")
    describe(app)
    show_pages(app)
    app.add_middleware(Sessions, seal=app.state.session_seal)
    app.add_middleware(Origins, settings=settings)
    app.add_middleware(Edge, settings=settings, measures=app.state.measures, tracer=service.tracer)
    return app


def _gate(service: Service, settings: Settings) -> Gate:
    """Keys always; tokens where an identity provider is trusted."""
    trusted = tokens(settings)
    persons = Persons(trusted, service.records, leeway_s=settings.oidc_leeway_s) if trusted is not None else None
    return Gate(KeyCache(service.records), Rates(settings), Uses(service.records), persons=persons)
