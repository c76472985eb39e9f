"""What a station says while it works: a bar on a terminal, plain lines elsewhere, JSON lines for programs."""

import json
import os
import time
from contextlib import ExitStack
from enum import StrEnum
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

import typer

from sixfaces.domain.model import Say
from sixfaces.report.page import Language
from sixfaces.report.visible import visible

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

_LONGEST = 2000
_EVERY_S = 1.0
_TENTH = 10


class What(StrEnum):
    """What has happened to a recording, or to all."""

    SENDING = "sending"
    SEALED = "sealed"
    DELETED = "deleted"
    REFUSED = "refused"
    WAITING = "waiting"
    LATER = "later"
    TROUBLE = "trouble"


class Telling:
    """Says things on stdout, a file's name before each; `progress` is drawn, said every tenth, or told every second."""

    def __init__(self, language: Language, *, root: Path, as_json: bool = False) -> None:
        self._language = language
        self._root = root
        self._as_json = as_json
        self._stack = ExitStack()
        self._bar: Progress | None = None
        self._task: TaskID | None = None
        self._tenths = 0
        self._told = 0.0

    def __enter__(self) -> Self:
        if not self._as_json and typer.get_text_stream("stdout").isatty():
            from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn

            columns = (TextColumn("{task.description}", markup=False), BarColumn(), DownloadColumn())
            self._bar = self._stack.enter_context(Progress(*columns, TimeRemainingColumn(), transient=True))
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stack.close()

    def say(self, what: What, text: Say, *, path: Path | None = None, **more: object) -> None:
        """One line. `more`: what programs are told besides."""
        said = self.words(text)
        name = None if path is None else shown(path, self._root)
        if self._as_json:
            self._line({"event": what.value, "file": name, "text": said, **more})
            return
        line = visible(
            said if name is None else f"{name}{'：' if self._language == 'zh' else ': '}{said}", longest=_LONGEST
        )
        if self._bar is not None:
            self._bar.console.print(line, markup=False, highlight=False, soft_wrap=True)
        else:
            typer.echo(line)

    def words(self, text: Say) -> str:
        """In the language of whoever reads it."""
        return text.zh if self._language == "zh" else text.en

    def progress(self, path: Path, sent: int, size: int) -> None:
        """So much of a file is on the server."""
        if self._bar is not None:
            if self._task is None:
                self._task = self._bar.add_task(visible(shown(path, self._root), longest=40), total=size)
            self._bar.update(self._task, total=size, completed=sent)
        elif self._as_json:
            if time.monotonic() - self._told >= _EVERY_S:
                self._told = time.monotonic()
                self._line({"event": "progress", "file": shown(path, self._root), "sent": sent, "size": size})
        elif sent * _TENTH // max(size, 1) > self._tenths:
            self._tenths = sent * _TENTH // max(size, 1)
            share = self._tenths * _TENTH
            self.say(What.SENDING, Say(zh=f"{share}%", en=f"{share}%"), path=path)

    def progress_ends(self) -> None:
        """Of the file before: the next one begins anew."""
        if self._bar is not None and self._task is not None:
            self._bar.remove_task(self._task)
        self._task, self._tenths, self._told = None, 0, 0.0

    @staticmethod
    def _line(told: dict[str, object]) -> None:
        typer.echo(json.dumps({name: value for name, value in told.items() if value is not None}, ensure_ascii=False))


def shown(path: Path, root: Path) -> str:
    """The name as people see it, from the watched folder on; bytes that are no text are spelled out."""
    return os.fsencode(path.relative_to(root)).decode("utf-8", "backslashreplace")
