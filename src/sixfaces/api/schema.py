"""The OpenAPI file, and the page that shows it."""

from functools import cache
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response

from sixfaces.api.docs_page import docs_page

PROBLEM = {
    "type": "object",
    "required": ["type", "title", "status", "code", "detail", "fix"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "code": {"type": "string", "description": "Stable: programs may depend on it."},
        "detail": {"type": "string", "description": "In the language asked for by Accept-Language: zh or en."},
        "fix": {"type": "string", "description": "The way out."},
    },
}

BEARER = "A key (sf_…), or a token (JWT) of an identity provider that this installation trusts."


def describe(app: FastAPI) -> None:
    """Serve /openapi.json and /docs, each made when it is first asked for: drawing them takes longer than starting."""

    @cache
    def schema() -> dict[str, Any]:
        return openapi_of(app)

    @cache
    def page() -> str:
        return docs_page(schema())

    def openapi(request: Request) -> Response:
        return JSONResponse(schema())

    def docs(request: Request) -> Response:
        policy = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'"
        return HTMLResponse(page(), headers={"content-security-policy": policy})

    app.add_route("/openapi.json", openapi, include_in_schema=False)
    app.add_route("/docs", docs, include_in_schema=False)


def openapi_of(app: FastAPI) -> dict[str, Any]:
    """The OpenAPI description of all operations."""
    schema = get_openapi(
        title=app.title, version=app.version, routes=app.routes, description="Evidence in, verdicts out."
    )
    parts = schema.setdefault("components", {})
    parts.setdefault("schemas", {})["Problem"] = PROBLEM
    for leftover in ("HTTPValidationError", "ValidationError"):
        parts["schemas"].pop(leftover, None)
    parts["securitySchemes"] = {"key": {"type": "http", "scheme": "bearer", "description": BEARER}}
    app.openapi_schema = schema
    return schema
