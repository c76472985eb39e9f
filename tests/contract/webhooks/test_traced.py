"""An attempt to send is a span in the trace of what the event tells of, and of whoever receives nothing else."""

from dataclasses import replace

from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from sixfaces.adapters.records.store import SqlRecords
from sixfaces.adapters.tracing import OtelTracer
from tests.contract.webhooks.conftest import Outbox
from tests.rig.webhook_receiver import Receiver, status


def test_attempts_are_spans_in_the_trace_of_what_brought_them_about(outbox: Outbox, there: Receiver) -> None:
    endpoint, _ = outbox.endpoint(there.url)
    seen, provider = InMemorySpanExporter(), TracerProvider(shutdown_on_exit=False)
    provider.add_span_processor(SimpleSpanProcessor(seen))
    tracer = OtelTracer(provider)
    records = SqlRecords(outbox.url, tracer=tracer)
    traced = replace(outbox, service=replace(outbox.service, records=records, tracer=tracer))
    with tracer.begun("POST /cases/{case}/exhibits", kind="request"):
        traced.announce()
    there.answer = status(500)
    traced.turn()
    there.answer = status(204)
    traced.until(lambda: len([one for one in seen.get_finished_spans() if one.name == "webhook"]) == 2)
    assert traced.lanes.drained(20.0)
    records.close()
    spans = seen.get_finished_spans()
    (cause,) = (one for one in spans if one.name.startswith("POST"))
    first, second = (one for one in spans if one.name == "webhook")
    sends = [one for one in spans if one.name == "send"]
    for attempt in (first, second):
        assert cause.context and attempt.context and attempt.parent  # noqa: PT018 for the type checker
        assert attempt.context.trace_id == cause.context.trace_id
        assert attempt.parent.trace_id == cause.context.trace_id
        assert attempt.attributes is not None
        assert attempt.attributes["sixfaces.webhook"] == endpoint.id
        assert any(one.parent is not None and one.parent.span_id == attempt.context.span_id for one in sends)
    assert first.attributes is not None
    assert (first.attributes["sixfaces.status"], first.status.is_ok) == (500, False)
    assert second.attributes is not None
    assert (second.attributes["sixfaces.status"], second.attributes["sixfaces.attempts"]) == (204, 1)
    assert there.url not in str([one.attributes for one in spans])
    assert all("traceparent" not in heard.headers for heard in there.heard)
