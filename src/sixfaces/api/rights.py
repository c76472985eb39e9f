"""Who may use a route: stated beside it, shown in the OpenAPI file, and held by `GuardedRoute`."""

from typing import Any

from sixfaces.domain.people import ApiRole

ANYONE = frozenset(ApiRole)
"""Every good key."""
READERS = frozenset({ApiRole.REVIEWER, ApiRole.BATCH, ApiRole.ADMIN})
FILERS = frozenset({ApiRole.STATION, ApiRole.REVIEWER, ApiRole.BATCH, ApiRole.ADMIN})
ADMINS = frozenset({ApiRole.ADMIN})

PROBLEM_CONTENT = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}


def open_to(roles: frozenset[ApiRole], *also: int) -> dict[str, Any]:
    """Arguments of a route that these roles may use; `also`: statuses it may answer beyond those that all may."""
    statuses = sorted({400, 401, 403, 404, 422, 429, *also})
    return {
        "openapi_extra": {"x-roles": sorted(roles), "security": [{"key": []}]},
        "responses": {status: {"description": "Problem", "content": PROBLEM_CONTENT} for status in statuses},
    }


def open_to_all() -> dict[str, Any]:
    """Arguments of a route that asks for no key: it must tell nothing of any tenant."""
    return {"openapi_extra": {"x-roles": []}}
