"""Log lines to stderr: event names and ids, never what people wrote or what was read from footage."""

import logging
import sys
from typing import Literal

import structlog

from sixfaces.report.visible import visible

KEEP = frozenset(
    {"event", "level", "timestamp", "logger", "exhibit", "verdict", "code", "count", "wall_s", "policy"}
    | {"method", "route", "status", "key", "case", "job", "upload", "kind", "bytes"}
    | {"sha256", "size", "root", "length", "offset"}
    | {"exception", "exc_info", "stack_info"}
)
"""The keys a log line may carry. A list of what is allowed holds where a list of what is forbidden leaks."""

LONGEST_LINE = 4000

Format = Literal["console", "json"]


def start_logging(least: str, form: Format) -> None:
    """Send log lines of the level `least` and above to stderr, those of the standard library's loggers too."""
    level = logging.getLevelNamesMapping()[least.upper()]
    processors: list[structlog.typing.Processor] = [
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
        allowed,
        _renderer(form),
    ]
    structlog.configure(
        processors=processors,
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(structlog.stdlib.ProcessorFormatter(processor=_renderer(form), foreign_pre_chain=[_plain]))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)


def allowed(
    logger: structlog.typing.WrappedLogger, method: str, event: structlog.typing.EventDict
) -> structlog.typing.EventDict:
    """Drop every key that is not in KEEP."""
    return {key: value for key, value in event.items() if key in KEEP}


def _plain(
    logger: structlog.typing.WrappedLogger, method: str, event: structlog.typing.EventDict
) -> structlog.typing.EventDict:
    """A line may quote what a child process complained of: no controls, bounded."""
    return {**event, "event": visible(str(event["event"]), longest=LONGEST_LINE), "level": method}


def _renderer(form: Format) -> structlog.typing.Processor:
    if form == "json":
        return structlog.processors.JSONRenderer(ensure_ascii=False)
    return structlog.dev.ConsoleRenderer(colors=False)
