"""Figures for Prometheus: of this process and of the queue, never of a tenant."""

from fastapi import APIRouter, Request, Response

from sixfaces.api.guarded import GuardedRoute
from sixfaces.api.measures import Measures
from sixfaces.api.rights import open_to_all

router = APIRouter(route_class=GuardedRoute, tags=["health"])


@router.get("/metrics", summary="Figures for Prometheus", response_class=Response, **open_to_all(gives="text/plain"))
def get_metrics(request: Request) -> Response:
    """Requests by route and status, their duration, streams that are open; jobs by kind and state, how many of them
    are due, how long the oldest has been; stored originals, and how many of them are damaged."""
    measures: Measures = request.app.state.measures
    return Response(measures.text(), media_type="text/plain; version=0.0.4; charset=utf-8")
