"""A progress bar on a terminal, and silence everywhere else."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TextIO

from sixfaces.domain.ports import OnProgress, Progress
from sixfaces.report.visible import visible


@contextmanager
def progress_on(stream: TextIO, *, silent: bool) -> Iterator[OnProgress]:
    """A function to tell progress to; draws on `stream` if that is a terminal and nobody asked for silence."""
    if silent or not stream.isatty():
        yield _ignore
        return
    from rich.console import Console
    from rich.progress import BarColumn, TextColumn, TimeRemainingColumn
    from rich.progress import Progress as Bar

    bar = Bar(
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        TextColumn("{task.percentage:>3.0f}%"),
        TimeRemainingColumn(),
        console=Console(file=stream),
        transient=True,
    )
    tasks = {}

    def show(progress: Progress) -> None:
        if progress.exhibit not in tasks:
            tasks[progress.exhibit] = bar.add_task(visible(progress.exhibit, longest=40), total=None)
        if progress.share is not None:
            bar.update(tasks[progress.exhibit], total=1.0, completed=progress.share)

    with bar:
        yield show


def _ignore(progress: Progress) -> None:
    """Nobody is watching."""
