"""Who may use a route: stated beside it, shown in the OpenAPI file, and held by `GuardedRoute`."""

from typing import Any

from sixfaces.domain.people import ApiRole

ANYONE = frozenset(ApiRole)
"""Every good key."""
READERS = frozenset({ApiRole.REVIEWER, ApiRole.BATCH, ApiRole.ADMIN})
REVIEWERS = frozenset({ApiRole.REVIEWER, ApiRole.ADMIN})
ADMINS = frozenset({ApiRole.ADMIN})
JUDGES_AGAIN = frozenset({ApiRole.BATCH, ApiRole.ADMIN})

PROBLEM_CONTENT = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}


def open_to(roles: frozenset[ApiRole], *also: int, gives: str | None = None, as_it_is: bool = False) -> dict[str, Any]:
    """Arguments of a route that these roles may use; `also`: statuses it may answer beyond those that all may;
    `gives`: the media type of its good answer, where that is not JSON; `as_it_is`: the answer
    tells nothing of persons, and is what it is only bit for bit, so that it is not masked for anybody."""
    problems = {400, 401, 403, 404, 422, 429, 503, *(status for status in also if status >= 400)}
    told: dict[int, dict[str, Any]] = {status: {"description": f"{status}"} for status in also if status < 400}
    told |= {status: {"description": "Problem", "content": PROBLEM_CONTENT} for status in sorted(problems)}
    if gives is not None:
        told[200] = {"content": {gives: {"schema": {"type": "string"}}}}
    extra: dict[str, Any] = {"x-roles": sorted(roles), "security": [{"key": []}]}
    return {"openapi_extra": extra | ({"x-as-it-is": True} if as_it_is else {}), "responses": told}


def open_to_all(*, gives: str | None = None) -> dict[str, Any]:
    """Arguments of a route that asks for no key: it must tell nothing of any tenant."""
    told: dict[str, Any] = {"openapi_extra": {"x-roles": []}}
    if gives is not None:
        told["responses"] = {200: {"content": {gives: {"schema": {"type": "string"}}}}}
    return told
