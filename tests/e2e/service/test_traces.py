"""Traces by OpenTelemetry, sent by real processes to a real receiver of OTLP over HTTP."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.rig.product import LOGS, Parts, Product, until_true
from tests.servers.otlp import Receiver, Seen, receiver
from tests.servers.ports import free_port

VIDEO = b"\x00\x00\x00\x18ftypisom\x00\x00\x02\x00isomiso2" + os.urandom(4000)
TRACE, CALLER = "4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7"
CALLED = f"00-{TRACE}-{CALLER}-01"
AT_THE_END = {"OTEL_BSP_SCHEDULE_DELAY": "600000", "OTEL_BSP_MAX_EXPORT_BATCH_SIZE": "2000"}
"""Nothing is sent before the process ends."""

PERSON = "Zhang Wei 13800001234"


@pytest.fixture
def traces() -> Iterator[Receiver]:
    with receiver() as one:
        yield one


def judged(product: Product, traceparent: str | None = None) -> dict[str, str]:
    """One case with one video, handed in in one request and judged; its ids."""
    asker = product.asker(product.first)
    case = asker.case(claim={"claim_id": "A-1", "statement": PERSON})
    headers = {"traceparent": traceparent, "tracestate": f"x={PERSON}"} if traceparent else {}
    params = {"name": f"{PERSON}.mp4", "role": "unboxing_video"}
    answer = asker.post(f"/v1/cases/{case['id']}/exhibits", params=params, content=VIDEO, headers=headers)
    assert answer.status_code == 201, answer.text
    until_true(lambda: asker.get(f"/v1/cases/{case['id']}").json()["state"] == "verified")
    return {"case": case["id"], "exhibit": answer.json()["exhibit_id"]}


def named(spans: list[Seen], name: str) -> Seen:
    (only,) = [one for one in spans if one.name == name]
    return only


def above(spans: list[Seen], one: Seen) -> list[str]:
    """Names from a span up to where the trace began."""
    of = {span.id: span for span in spans}
    return [one.name, *(above(spans, of[one.parent]) if one.parent in of else [one.parent])]


def test_one_upload_is_one_trace_through_api_and_worker(tmp_path: Path, traces: Receiver) -> None:
    with Product(tmp_path / "data", Parts(), **traces.settings, **AT_THE_END) as product:
        server = product.serve(OTEL_SERVICE_NAME="the-api")
        worker = product.worker(OTEL_SERVICE_NAME="the-worker")
        ids = judged(product, CALLED)
        worker.ended()
        server.ended()
    spans = [one for one in traces.spans if one.trace == TRACE]
    assert traces.paths == {"/v1/traces"}
    handed_in = named(spans, "POST /cases/{case}/exhibits")
    assert (handed_in.service, handed_in.kind, handed_in.parent) == ("the-api", 2, CALLER)
    assert handed_in.told["http.response.status_code"] == 201
    assert handed_in.told["sixfaces.case"] == ids["case"]
    assert above(spans, named(spans, "store")) == ["store", "seal", handed_in.name, CALLER]
    observe, judge = named(spans, "observe job"), named(spans, "judge job")
    assert (observe.service, judge.service, observe.kind) == ("the-worker", "the-worker", 5)
    assert observe.told["sixfaces.exhibit"] == ids["exhibit"]
    assert judge.told["sixfaces.case"] == ids["case"]
    assert above(spans, judge) == ["judge job", "observe job", "seal", handed_in.name, CALLER]
    measured = named(spans, "measure")
    assert above(spans, measured)[:2] == ["measure", "observe job"]
    assert (measured.told["sixfaces.decode_s"], measured.told["sixfaces.observer.fake_s"]) == (0.25, 0.125)
    assert {one.name for one in spans} >= {"transaction", "fetch", "store pictures", "judge"}
    assert [one.name for one in traces.spans if not one.parent and one.name == "transaction"] == []
    assert {one.status for one in spans} == {0}


def test_spans_hold_nothing_that_people_wrote(tmp_path: Path, traces: Receiver) -> None:
    with Product(tmp_path / "data", Parts(), **traces.settings, **AT_THE_END) as product:
        server = product.serve(workers=1)
        judged(product, CALLED)
        asker = product.asker(server)
        asker.get("/v1/cases", params={"order": PERSON})
        asker.get(f"/v1/cases/by-number/{PERSON}")
        asker.request("MYWORD", "/v1/cases")
        server.ended()
    assert len(traces.spans) > 10
    sent = b"".join(traces.raw)
    for word in (*PERSON.split(), "MYWORD", product.admin_key, "A-1"):
        assert word.encode() not in sent, word
    assert {one.service for one in traces.spans} == {"sixfaces"}


def test_a_trace_that_its_caller_does_not_record_is_recorded_nowhere(tmp_path: Path, traces: Receiver) -> None:
    with Product(tmp_path / "data", Parts(), **traces.settings, **AT_THE_END) as product:
        server = product.serve(workers=1)
        judged(product, CALLED[:-2] + "00")
        server.ended()
    assert [one for one in traces.spans if one.trace == TRACE] == []
    assert traces.spans, "other requests are"


def test_who_receives_may_be_away(tmp_path: Path) -> None:
    log = tmp_path / "log"
    quick = {"OTEL_BSP_SCHEDULE_DELAY": "50", "OTEL_EXPORTER_OTLP_TIMEOUT": "1", LOGS: str(log)}
    away = {"OTEL_EXPORTER_OTLP_ENDPOINT": f"http://127.0.0.1:{free_port()}", **quick}
    with Product(tmp_path / "data", Parts(), SIXFACES_LOG_LEVEL="warning", **away) as product:
        server = product.serve()
        asker = product.asker(server)
        until_true(lambda: asker.get("/v1/cases").is_success and "traces_not_sent" in log.read_text(), within_s=30)
        slowest = max(asker.get("/v1/cases").elapsed.total_seconds() for _ in range(200))
        assert slowest < 1.0
        server.ended(within_s=15)
    assert len(log.read_text().splitlines()) == 1


def test_without_its_variables_nothing_of_it_is_loaded() -> None:
    program = (
        "import os, sys; os.environ.update(eval(sys.argv[1]))\n"
        "import sixfaces.cli.main, sixfaces.cli.serve, sixfaces.workers.process\n"
        "from sixfaces.bootstrap import tracer; from sixfaces.domain.tracing import UNTRACED\n"
        "assert tracer() is UNTRACED\n"
        "assert [n for n in sys.modules if n.startswith('opentelemetry.sdk') or n == 'requests'] == []\n"
    )
    there = {name: text for name, text in os.environ.items() if not name.startswith("OTEL_")}
    endpoint = {"OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:1"}
    for more in ({}, {**endpoint, "OTEL_SDK_DISABLED": "true"}, {**endpoint, "OTEL_TRACES_EXPORTER": "none"}):
        subprocess.run([sys.executable, "-c", program, repr(more)], env=there, check=True, timeout=60)
