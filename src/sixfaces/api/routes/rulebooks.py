"""Rulebooks: the policies that judge, with every threshold and its reason."""

from datetime import date

from fastapi import APIRouter, Response

from sixfaces.api.asked import Asking
from sixfaces.api.files import derived_response
from sixfaces.api.guarded import GuardedRoute
from sixfaces.api.rights import ANYONE, open_to
from sixfaces.domain.model import Model, Say
from sixfaces.domain.policy import Policy
from sixfaces.pipeline.refusals import missing
from sixfaces.report.serial import json_bytes
from sixfaces.rulebook.loader import load_policy, policy_names

router = APIRouter(route_class=GuardedRoute, prefix="/rulebooks", tags=["rulebooks"])


class PolicySummary(Model):
    """A policy in a list."""

    name: str
    version: str
    digest: str
    title: Say
    effective_from: date
    template: bool


class PolicyList(Model):
    """All policies in their present version."""

    items: tuple[PolicySummary, ...]


@router.get("", summary="Policies", **open_to(ANYONE))
def list_rulebooks(asking: Asking) -> PolicyList:
    """The policies that come along."""
    policies = [load_policy(name) for name in policy_names()]
    rows = ({name: getattr(policy, name) for name in PolicySummary.model_fields} for policy in policies)
    return PolicyList(items=tuple(PolicySummary(**row) for row in rows))


@router.get("/{name}", summary="A policy", response_model=Policy, **open_to(ANYONE, 304))
def get_rulebook(asking: Asking, name: str) -> Response:
    """How it uses each rule, every threshold and why."""
    if name not in policy_names():
        raise missing()
    headers = {"cache-control": "no-cache"}
    return derived_response(
        asking.request, json_bytes(load_policy(name)), media_type="application/json", headers=headers
    )
