"""Traces by OpenTelemetry: spans go in batches, from a thread of their own, to where the OTEL_* variables say.

Nothing that people wrote becomes part of a span, nor the text of an error, which may quote it: names, codes, ids of
ours and figures do. Of what a caller sends, `traceparent` is heeded; `tracestate` and baggage are not passed on.
"""

import threading
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from typing import Literal

import structlog
from opentelemetry import context
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import SERVICE_NAME, SERVICE_VERSION, Resource
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SpanExporter, SpanExportResult
from opentelemetry.trace import Span as OtelSpan
from opentelemetry.trace import SpanKind, Status, StatusCode, get_current_span, set_span_in_context
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

from sixfaces import __version__
from sixfaces.domain.errors import SixfacesError
from sixfaces.domain.tracing import NOTHING, Span, Told

log = structlog.get_logger()

CLOSING_S = 3.0
"""How long the end of a process waits for spans to go out."""

_KINDS = {"request": SpanKind.SERVER, "job": SpanKind.CONSUMER}
_BROKEN = 500
_TRACEPARENT = TraceContextTextMapPropagator()


def open_tracer() -> "OtelTracer":
    """As the OTEL_* variables say: where to, how many, under which name (`sixfaces` unless one is given)."""
    ours = Resource({SERVICE_NAME: "sixfaces", SERVICE_VERSION: __version__})
    told = Resource.create()
    named = Resource({}) if str(told.attributes.get(SERVICE_NAME, "")).startswith("unknown_service") else told
    provider = TracerProvider(resource=told.merge(ours).merge(named), shutdown_on_exit=False)
    provider.add_span_processor(BatchSpanProcessor(_Sending(OTLPSpanExporter())))
    return OtelTracer(provider)


class OtelTracer:
    """Implements `domain.tracing.Tracer`. Safe to share between threads."""

    def __init__(self, provider: TracerProvider) -> None:
        self._provider = provider
        self._tracer = provider.get_tracer("sixfaces", __version__)

    @contextmanager
    def begun(self, name: str, *, kind: Literal["request", "job"], by: str | None = None) -> Iterator[Span]:
        """As in the interface."""
        above = _TRACEPARENT.extract({"traceparent": by}, context.Context()) if by else context.Context()
        with _current(self._tracer.start_span(name, above, _KINDS[kind])) as span:
            yield span

    def span(self, name: str, **what: Told | None) -> AbstractContextManager[Span]:
        """As in the interface."""
        return self._inner(name, what) if get_current_span().get_span_context().is_valid else NOTHING

    def carried(self) -> str | None:
        """As in the interface."""
        now = get_current_span().get_span_context()
        return f"00-{now.trace_id:032x}-{now.span_id:016x}-{now.trace_flags & 1:02x}" if now.is_valid else None

    def close(self) -> None:
        """As in the interface: who is away is not waited for to the end of all tries."""
        closing = threading.Thread(target=self._provider.shutdown, name="last spans", daemon=True)
        closing.start()
        closing.join(CLOSING_S)

    @contextmanager
    def _inner(self, name: str, what: dict[str, Told | None]) -> Iterator[Span]:
        with _current(self._tracer.start_span(name)) as span:
            span.tell(**what)
            yield span


class _Span:
    """Implements `domain.tracing.Span`."""

    def __init__(self, span: OtelSpan) -> None:
        self._span = span

    def tell(self, **what: Told | None) -> None:
        told: dict[str, Told] = {f"sixfaces.{name}": one for name, one in what.items() if one is not None}
        self._span.set_attributes(told)

    def answered(self, method: str, route: str, *, status: int) -> None:
        self._span.update_name(f"{method} {route}")
        told: dict[str, Told] = {
            "http.request.method": method,
            "http.route": route,
            "http.response.status_code": status,
        }
        self._span.set_attributes(told)
        if status >= _BROKEN or not status:
            self.fail(str(status) if status else "no_answer")

    def fail(self, code: str) -> None:
        self._span.set_attribute("error.type", code)
        self._span.set_status(Status(StatusCode.ERROR))


@contextmanager
def _current(span: OtelSpan) -> Iterator[_Span]:
    """The span is what is going on, and log lines name it."""
    its = span.get_span_context()
    token = context.attach(set_span_in_context(span))
    told = _Span(span)
    try:
        with structlog.contextvars.bound_contextvars(trace_id=f"{its.trace_id:032x}", span_id=f"{its.span_id:016x}"):
            yield told
    except BaseException as exc:  # noted on the span and raised again, interruptions too
        told.fail(exc.code if isinstance(exc, SixfacesError) else type(exc).__name__)
        raise
    finally:
        span.end()
        context.detach(token)


class _Sending(SpanExporter):
    """Sends, and says once when that begins to fail and once when it goes again, however many batches are lost."""

    def __init__(self, exporter: SpanExporter) -> None:
        self._exporter = exporter
        self._lost = 0

    def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
        result = self._exporter.export(spans)
        if result is not SpanExportResult.SUCCESS:
            if not self._lost:
                log.warning("traces_not_sent", count=len(spans))
            self._lost += len(spans)
        elif self._lost:
            log.warning("traces_sent_again", count=self._lost)
            self._lost = 0
        return result

    def shutdown(self) -> None:
        self._exporter.shutdown()
