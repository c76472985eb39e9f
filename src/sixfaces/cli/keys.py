"""`sixfaces key`: a key for a tenant, made where the database is: the first one, or when all others are lost."""

import re

import typer

from sixfaces import bootstrap
from sixfaces.cli.telling import telling
from sixfaces.domain.people import TENANT, ApiRole
from sixfaces.pipeline.keys import KeyOrder, make_key
from sixfaces.report.page import Language


def print_new_key(tenant: str, role: str, language: Language, *, sees_personal: bool | None = None) -> None:
    """Make the key and print its secret on stdout, and nothing else."""
    roles = [one for one in ApiRole if one is not ApiRole.STATION]
    if role not in roles:
        raise typer.BadParameter(" | ".join(roles), param_hint="--role")
    if not re.fullmatch(TENANT, tenant):
        raise typer.BadParameter(TENANT, param_hint="TENANT")
    order = KeyOrder(ApiRole(role), "sixfaces key", sees_personal=sees_personal)
    with telling(language):
        settings = bootstrap.started()
        bootstrap.prepare(settings)
        with bootstrap.open_records(settings).begin(tenant) as transaction:
            _, text = make_key(transaction, tenant, order)
    typer.echo(text)
