"""What is told of running work: log lines to stderr and, where they are asked for, traces.

Log lines hold event names, ids of ours, codes and figures: never what people wrote, what was read from footage, a
secret, or an address that opens something. docs/telemetry.md lists all keys.
"""

import logging
import re
import sys
import traceback
from collections.abc import Mapping
from types import TracebackType
from typing import Literal

import structlog

from sixfaces.domain.errors import SixfacesError
from sixfaces.domain.tracing import UNTRACED, Tracer
from sixfaces.report.visible import visible

log = structlog.get_logger()

KEEP = frozenset(
    {"event", "level", "timestamp", "logger", "exhibit", "verdict", "code", "count", "wall_s", "policy"}
    | {"method", "route", "status", "key", "case", "job", "upload", "kind", "bytes"}
    | {"sha256", "size", "root", "length", "offset", "trace_id", "span_id"}
    | {"webhook", "delivery", "notice", "alarm"}
    | {"erasure", "exhibits", "reason"}
    | {"exception", "exc_info", "stack_info"}
)
"""The keys a log line may carry. A list of what is allowed holds where a list of what is forbidden leaks."""

LONGEST_LINE = 4000

Format = Literal["console", "json"]
_Line = structlog.typing.EventDict
_Wrapped = structlog.typing.WrappedLogger
_Failure = tuple[type[BaseException], BaseException, TracebackType | None]

_OPENS = re.compile(
    r"(?i)(?P<kept>[?&;,\s](?:x-amz-[a-z-]+|signature|awsaccesskeyid|token|key|secret|password)=|://(?=[^/@\s]*@)"
    r"|bearer\s+|authorization['\":\s]+(?:(?:aws4-hmac-sha256|bearer|basic)\s+)?)[^\s&'\"@;,]*"
)
"""What opens something when others than us wrote the line: signed addresses, passwords in addresses, tokens."""


def start_logging(least: str, form: Format) -> None:
    """Send log lines of the level `least` and above to stderr, those of the standard library's loggers too: but of
    libraries warnings at least, as what they tell below that are the very requests and statements."""
    level = logging.getLevelNamesMapping()[least.upper()]
    processors: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.ExceptionRenderer(_failure_told),
        allowed,
        _renderer(form),
    ]
    structlog.configure(
        processors=processors,
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )
    plain: list[structlog.typing.Processor] = [structlog.contextvars.merge_contextvars, _failed, _plain]
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(structlog.stdlib.ProcessorFormatter(processor=_renderer(form), foreign_pre_chain=plain))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(max(level, logging.WARNING))
    logging.getLogger("sixfaces").setLevel(level)
    logging.getLogger("opentelemetry").setLevel(logging.CRITICAL)  # what it has to say of its sending, we say once


def tracer_of(environment: Mapping[str, str]) -> Tracer:
    """Who tells of work as the OTEL_* variables say: nobody unless they name where spans are to go.

    Where they do and it cannot be, that is logged and work goes on: nothing of ours depends on being watched.
    """
    if not _is_wanted(environment):
        return UNTRACED
    protocol = environment.get("OTEL_EXPORTER_OTLP_TRACES_PROTOCOL") or environment.get("OTEL_EXPORTER_OTLP_PROTOCOL")
    if protocol not in (None, "", "http/protobuf"):
        log.error("traces_off", code="traces.protocol")
        return UNTRACED
    try:
        from sixfaces.adapters.tracing import open_tracer
    except ModuleNotFoundError:
        log.error("traces_off", code="traces.not_installed")
        return UNTRACED
    return open_tracer()


def _is_wanted(environment: Mapping[str, str]) -> bool:
    if environment.get("OTEL_SDK_DISABLED", "").strip().lower() == "true":
        return False
    to = environment.get("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT") or environment.get("OTEL_EXPORTER_OTLP_ENDPOINT")
    return bool(to) and environment.get("OTEL_TRACES_EXPORTER", "otlp").strip().lower() in ("", "otlp")


def allowed(logger: _Wrapped, method: str, event: _Line) -> _Line:
    """Drop every key that is not in KEEP."""
    return {key: value for key, value in event.items() if key in KEEP}


def _plain(logger: _Wrapped, method: str, event: _Line) -> _Line:
    """A line may quote what a child process or a library complained of: nothing that opens anything, no controls,
    bounded."""
    text = visible(_OPENS.sub(r"\g<kept>…", str(event["event"])), longest=LONGEST_LINE)
    return {**event, "event": text, "level": method}


def _failed(logger: _Wrapped, method: str, event: _Line) -> _Line:
    """A failure that came with a line of the standard library's, as ours tell theirs."""
    failure = event.pop("exc_info", None)
    return {**event, "exception": _failure_told(failure)} if isinstance(failure, tuple) and failure[1] else event


def _failure_told(exc_info: _Failure) -> str:
    """Where it happened and what kinds of errors it was, the first cause first; what they say stays untold, as it
    quotes values."""
    told: list[str] = []
    error: BaseException | None = exc_info[1]
    while error is not None:
        told.insert(0, "".join(traceback.format_tb(error.__traceback__)) + _kind(error))
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    return "\n".join(told)


def _kind(error: BaseException) -> str:
    more = error.code if isinstance(error, SixfacesError) else error.strerror if isinstance(error, OSError) else None
    return f"{type(error).__name__}: {more}" if more else type(error).__name__


def _renderer(form: Format) -> structlog.typing.Processor:
    if form == "json":
        return structlog.processors.JSONRenderer(ensure_ascii=False)
    return structlog.dev.ConsoleRenderer(colors=False)
