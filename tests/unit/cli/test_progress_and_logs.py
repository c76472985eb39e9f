"""What goes to stderr: a bar on a terminal only, and log lines that hold no personal data."""

import io
import json
import logging
import os
import pty
import select
from typing import TextIO

import pytest
import structlog

from sixfaces.cli.language import Lang, chosen
from sixfaces.cli.progress import progress_on
from sixfaces.domain.ports import Progress
from sixfaces.telemetry import start_logging


def drawn(stream: TextIO, *, silent: bool) -> None:
    with progress_on(stream, silent=silent) as show:
        show(Progress("v\x1b[31m.mp4", None))
        show(Progress("v\x1b[31m.mp4", 0.5))


def test_nothing_is_drawn_where_nobody_watches() -> None:
    stream = io.StringIO()
    drawn(stream, silent=False)
    assert stream.getvalue() == ""


def _read_all(leader: int) -> str:
    """What has been written to the terminal so far; a moment of silence ends it."""
    parts = []
    while select.select([leader], [], [], 0.3)[0]:
        parts.append(os.read(leader, 65536))
    return b"".join(parts).decode()


@pytest.mark.parametrize("silent", [True, False])
def test_a_terminal_shows_a_bar_unless_silence_is_asked_for(silent: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm-256color")
    leader, follower = pty.openpty()
    with os.fdopen(follower, "w") as terminal:
        drawn(terminal, silent=silent)
        terminal.flush()
        shown = _read_all(leader)
    os.close(leader)
    assert ("50%" in shown) is not silent
    assert "v\x1b[31m" not in shown


def test_log_lines_hold_only_what_is_allowed(capsys: pytest.CaptureFixture[str]) -> None:
    start_logging("info", "json")
    structlog.get_logger().info("observe", exhibit="ab", name="张三", phone="13800001234")
    logging.getLogger("sixfaces.x").warning("child said: \x1b]0;%s", "boo")
    first, second = (json.loads(line) for line in capsys.readouterr().err.splitlines())
    assert set(first) == {"event", "exhibit", "level", "timestamp"}
    assert "\x1b" not in second["event"]


@pytest.mark.parametrize(
    ("asked", "environment", "language"),
    [
        (Lang.ZH, {"LANG": "en_US.UTF-8"}, "zh"),
        (None, {"LANG": "zh_CN.UTF-8"}, "zh"),
        (None, {"LC_ALL": "C", "LANG": "zh_CN.UTF-8"}, "en"),
        (None, {"SIXFACES_LANG": "zh", "LC_ALL": "en_GB"}, "zh"),
        (None, {}, "en"),
    ],
)
def test_the_language_is_the_one_asked_for_else_the_environments(
    asked: Lang | None, environment: dict[str, str], language: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("SIXFACES_LANG", "LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert chosen(asked) == language
