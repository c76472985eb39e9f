"""Tells people about errors: what is wrong and the way out, in their language, on stderr."""

from collections.abc import Iterator
from contextlib import contextmanager

import typer

from sixfaces.domain.errors import OutputError, SixfacesError
from sixfaces.domain.model import Say
from sixfaces.report.page import Language
from sixfaces.report.visible import visible

USAGE = 2
UNWRITTEN = 1
LONGEST = 2000


def words_in(text: Say, language: Language) -> str:
    """The text in the language of who reads it."""
    return text.zh if language == "zh" else text.en


@contextmanager
def telling(language: Language) -> Iterator[None]:
    """Turn our errors into two lines on stderr and an exit code: 2, or 1 where results could not be written."""
    try:
        yield
    except SixfacesError as exc:
        typer.echo(f"sixfaces: {visible(words_in(exc.text, language), longest=LONGEST)}", err=True)
        typer.echo(f"{visible(words_in(exc.fix, language), longest=LONGEST)} [{exc.code}]", err=True)
        raise typer.Exit(UNWRITTEN if isinstance(exc, OutputError) else USAGE) from exc
