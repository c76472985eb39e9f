"""Who receives traces by OTLP over HTTP, on a loopback port: parses what comes as whoever keeps traces does."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.trace.v1.trace_pb2 import Span


@dataclass(frozen=True)
class Seen:
    """One span: whose it is, and what it tells."""

    service: str
    name: str
    trace: str
    id: str
    parent: str
    kind: int
    status: int
    seconds: float
    told: dict[str, str | int | float | bool]


@dataclass
class Receiver:
    """All spans that came so far, and the bytes that they came in."""

    url: str = ""
    spans: list[Seen] = field(default_factory=list)
    raw: list[bytes] = field(default_factory=list)
    paths: set[str] = field(default_factory=set)
    _changed: threading.Condition = field(default_factory=threading.Condition)

    @property
    def settings(self) -> dict[str, str]:
        """What a process is told so that it sends here."""
        return {"OTEL_EXPORTER_OTLP_ENDPOINT": self.url}

    def take(self, path: str, body: bytes) -> None:
        """One request."""
        found = [
            _seen(span, {one.key: one.value.string_value for one in of.resource.attributes})
            for of in ExportTraceServiceRequest.FromString(body).resource_spans
            for scope in of.scope_spans
            for span in scope.spans
        ]
        with self._changed:
            self.paths.add(path)
            self.raw.append(body)
            self.spans += found
            self._changed.notify_all()

    def wait(self, true: Callable[[list[Seen]], object], *, within_s: float = 90.0) -> list[Seen]:
        """All spans, as soon as it is true of them. Raises TimeoutError."""
        with self._changed:
            if not self._changed.wait_for(lambda: true(self.spans), within_s):
                raise TimeoutError([one.name for one in self.spans])
            return list(self.spans)


def _seen(span: Span, resource: dict[str, str]) -> Seen:
    told = {one.key: getattr(one.value, one.value.WhichOneof("value") or "string_value") for one in span.attributes}
    return Seen(
        service=resource["service.name"],
        name=span.name,
        trace=span.trace_id.hex(),
        id=span.span_id.hex(),
        parent=span.parent_span_id.hex(),
        kind=span.kind,
        status=span.status.code,
        seconds=(span.end_time_unix_nano - span.start_time_unix_nano) / 1e9,
        told=told,
    )


@contextmanager
def receiver() -> Iterator[Receiver]:
    """One that listens for as long as the block lasts."""
    found = Receiver()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            found.take(self.path, self.rfile.read(int(self.headers["content-length"])))
            self.send_response(200)
            self.send_header("content-length", "0")
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:
            """Nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    found.url = f"http://127.0.0.1:{server.server_port}"
    try:
        yield found
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
