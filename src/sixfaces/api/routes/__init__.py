"""The table of contents of the API: a new resource is one module and one line here."""

from sixfaces.api.routes import (
    cases,
    custody,
    damaged,
    direct,
    events,
    exhibits,
    handing_in,
    health,
    jobs,
    keys,
    metrics,
    observations,
    reports,
    rulebooks,
    stations,
    uploads,
)

PUBLIC = (health.router, metrics.router)
"""Asks for no key."""

ROUTERS = (
    cases.router,
    direct.router,
    handing_in.router,
    uploads.router,
    uploads.views,
    exhibits.router,
    damaged.router,
    observations.router,
    reports.router,
    custody.router,
    events.router,
    stations.router,
    keys.router,
    rulebooks.router,
    jobs.router,
)
"""Under /v1."""
