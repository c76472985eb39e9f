"""The table of contents of the API: a new resource is one module and one line here."""

from sixfaces.api.routes import health

PUBLIC = (health.router,)
"""Asks for no key."""

ROUTERS = ()
"""Under /v1."""
