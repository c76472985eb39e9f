"""The table of contents of the API: a new resource is one module and one line here."""

from sixfaces.api.routes import direct, handing_in, health, uploads

PUBLIC = (health.router,)
"""Asks for no key."""

ROUTERS = (direct.router, handing_in.router, uploads.router, uploads.views)
"""Under /v1."""
