"""`sixfaces rulebook`: what judges, for people."""

from pathlib import Path

import typer

from sixfaces.cli.telling import USAGE, telling, words_in
from sixfaces.domain.errors import RulebookError
from sixfaces.domain.model import Say
from sixfaces.report.page import Language
from sixfaces.report.serial import json_bytes
from sixfaces.report.visible import visible
from sixfaces.rulebook.check import check, kind_of
from sixfaces.rulebook.loader import load_policy, policy_asked_for, policy_names

TEMPLATE = Say(zh="含未确认数值", en="unconfirmed values")


def list_policies(language: Language) -> None:
    """One line for each policy: name, version, title."""
    with telling(language):
        policies = [load_policy(name) for name in policy_names()]
    for policy in policies:
        kind = f"  [{words_in(TEMPLATE, language)}]" if policy.template else ""
        typer.echo(f"{policy.name:<14} {policy.version:<8} {visible(words_in(policy.title, language))}{kind}")


def show_policy(name: str, language: Language) -> None:
    """The policy as JSON."""
    with telling(language):
        policy = policy_asked_for(name)
    typer.echo(json_bytes(policy), nl=False)


def check_policies(place: Path | None, language: Language) -> None:
    """One line for each file that is fit, and what is wrong with the others; exits 2 if any is unfit."""
    paths = _policy_files(place) if place else []
    if place is not None and not paths:
        raise typer.BadParameter(f"{place}: *.toml", param_hint="PLACE")
    unfit = False
    for result in check(paths):
        if isinstance(result, RulebookError):
            unfit = True
            typer.echo(visible(words_in(result.text, language), longest=2000), err=True)
            typer.echo(visible(words_in(result.fix, language), longest=2000), err=True)
        else:
            typer.echo(f"✓ {result.name} {result.version} {kind_of(result)} {result.digest}")
    if unfit:
        raise typer.Exit(USAGE)


def _policy_files(place: Path) -> list[Path]:
    """The TOML files of a folder; whatever else is named is the file itself."""
    return sorted(place.glob("*.toml")) if place.is_dir() else [place]
