"""The table of contents of the API: a new resource is one module and one line here."""

from sixfaces.api.routes import (
    cases,
    claims,
    custody,
    damaged,
    direct,
    erasures,
    events,
    exhibits,
    handing_in,
    health,
    holds,
    jobs,
    keys,
    labels,
    metrics,
    observations,
    parcels,
    persons,
    reports,
    rulebooks,
    stations,
    uploads,
    webhook_deliveries,
    webhooks,
)

PUBLIC = (health.router, metrics.router)
"""Asks for no key."""

ROUTERS = (
    cases.router,
    claims.router,
    parcels.router,
    labels.router,
    direct.router,
    handing_in.router,
    uploads.router,
    uploads.views,
    holds.router,
    erasures.router,
    exhibits.router,
    damaged.router,
    observations.router,
    reports.router,
    custody.router,
    events.router,
    stations.router,
    keys.router,
    persons.router,
    rulebooks.router,
    jobs.router,
    webhooks.router,
    webhook_deliveries.router,
)
"""Under /v1."""
