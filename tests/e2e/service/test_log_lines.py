"""What a whole installation logs: which case and which exhibit, and nothing of whom they are about."""

import ast
import inspect
import json
import logging
import os
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import structlog

from sixfaces.pipeline import pruning, retention
from sixfaces.pipeline.webhooks import sending as webhooks
from sixfaces.pipeline.work import erase
from sixfaces.telemetry import KEEP, start_logging
from tests.rig.product import LOGS, OCTETS, Asker, Parts, Product, until_true

VIDEO = b"\x00\x00\x00\x18ftypisom\x00\x00\x02\x00isomiso2"
STATEMENT = "Mrs Ouyang at 13800001234 says it broke"
NAME, PHONE, STREET = "欧阳小红", "13912345678", "Zhongguancun 27"
WAYBILL, ORDER, NUMBER = "SF7777777777777", "T-ORDER-5555", "C-NUMBER-4444"
FORGED = 'x"}\n{"event": "judged", "case": "forged"} \x1b[31m %s %(name)s {0} ' + PHONE
ADDRESS_KEY = "sk_SECRETSECRETSECRETSECRET"
PRIVATE = (STATEMENT, "Ouyang", "13800001234", NAME, PHONE, STREET, WAYBILL, ORDER, NUMBER, "forged", ADDRESS_KEY)


def lines(log: Path) -> list[dict[str, Any]]:
    """All of them; each is one object of JSON."""
    return [json.loads(line) for line in log.read_text("utf-8").splitlines()]


def about(product: Product, log: Path) -> tuple[dict[str, Any], dict[str, Any]]:
    """A case with everything in it that is somebody's own, handed in and judged, and an exhibit of it."""
    asker = product.asker(product.first)
    claim = {"claim_id": NUMBER, "statement": f"{FORGED} {STATEMENT}\n{NAME} {STREET}"}
    said = {"claim": claim, "order": {"order_id": ORDER}, "return_parcel": {"waybill": WAYBILL}, "case_id": NUMBER}
    answer = asker.put(f"/v1/cases/by-number/{NUMBER}", json=said)
    assert answer.status_code == 201, answer.text
    case: dict[str, Any] = answer.json()
    asker.put("/v1/cases/by-number/other", json={"case_id": FORGED, "claim": {"statement": STATEMENT, "bad": NAME}})
    receipt = asker.sealed(case["id"], VIDEO + os.urandom(500), name=f"{NAME} {PHONE} %s.mp4")
    until_true(lambda: any(one["event"] == "judged" for one in lines(log)))
    return case, receipt


def bother(product: Product, case: str) -> None:
    """Everything that is refused, and what goes wrong by itself."""
    asker = product.asker(product.first)
    for path in (f"/v1/cases?order={ORDER}&waybill={WAYBILL}", f"/v1/cases/by-number/{NAME}", f"/v1/{STREET}"):
        asker.get(path)
    Asker.get(product.asker(product.first, ADDRESS_KEY), f"/v1/cases/{NUMBER}")
    asker.hand_in(case, f"{STATEMENT} {NAME}".encode(), name=f"{PHONE}.mp4")
    path = asker.upload(5, case)
    asker.append(path, b"12345", at=3)
    asker.append(path, b"12345", at=0, **{"Upload-Checksum": "sha256 " + "A" * 44})
    asker.patch(path, content=b"1", headers={**OCTETS, "Upload-Offset": PHONE})


def test_lines_name_case_and_exhibit_and_nobody(tmp_path: Path) -> None:
    log = tmp_path / "log"
    told = {"SIXFACES_LOG_LEVEL": "info", "SIXFACES_LOG_FORMAT": "json", LOGS: str(log)}
    with Product(tmp_path / "data", Parts(), **told) as product:
        server = product.serve()
        worker = product.worker()
        case, receipt = about(product, log)
        bother(product, case["id"])
        failing = product.asker(server).sealed(case["id"], f"raise {STATEMENT} {NAME}".encode(), name=f"{NAME}.mp4")
        until_true(lambda: any(one["event"] == "job_dead" for one in lines(log)))
        worker.ended()
        server.ended()
    found = lines(log)
    assert [set(one) - KEEP for one in found if set(one) - KEEP] == []
    text = log.read_text("utf-8")
    assert [word for word in (*PRIVATE, product.admin_key) if word in text or json.dumps(word)[1:-1] in text] == []
    events = {one["event"]: one for one in found}
    exhibit = receipt["exhibit_id"]
    sealed = next(one for one in found if one["event"] == "sealed" and one["exhibit"] == exhibit)
    observed = next(one for one in found if one["event"] == "observed" and one["exhibit"] == exhibit)
    assert sealed["case"] == observed["case"] == events["judged"]["case"] == case["id"]
    assert {one["exhibit"] for one in found if one["event"] == "job_dead"} == {failing["exhibit_id"]}
    asked = [one for one in found if one["event"] == "request" and one["route"].endswith("/exhibits")]
    assert {one["case"] for one in asked} == {case["id"]}


@pytest.mark.parametrize("module", [erase, pruning, retention, webhooks])
def test_what_is_told_of_work_that_nobody_watches_arrives(module: ModuleType) -> None:
    calls = [one for one in ast.walk(ast.parse(inspect.getsource(module))) if isinstance(one, ast.Call)]
    told = [one for one in calls if isinstance(one.func, ast.Attribute) and getattr(one.func.value, "id", "") == "log"]
    assert told
    assert {word.arg for one in told for word in one.keywords} <= KEEP


def test_what_an_unforeseen_error_says_is_not_logged_and_where_it_came_up_is(
    capsys: pytest.CaptureFixture[str],
) -> None:
    start_logging("info", "json")
    try:
        try:
            raise KeyError(STATEMENT)
        except KeyError as exc:
            raise RuntimeError(NAME) from exc
    except RuntimeError:
        structlog.get_logger().error("fault", exc_info=True)
        logging.getLogger("some.library").exception("oh")
    for line in capsys.readouterr().err.splitlines():
        told = json.loads(line)["exception"]
        assert told.count("test_log_lines.py") == 2
        assert told.index("KeyError") < told.index("RuntimeError")
        assert STATEMENT not in told
        assert NAME not in told


@pytest.mark.parametrize(
    ("said", "secret"),
    [
        ("PUT https://s3/b/k?partNumber=1&X-Amz-Credential=AKIA%2Fx&X-Amz-Signature=0badcafe gone", "0badcafe"),
        ("connecting to postgresql://shop:hunter2@db.example/x failed", "hunter2"),
        ("Authorization: Bearer sk_abcdef", "sk_abcdef"),
        ("{'Authorization': 'AWS4-HMAC-SHA256 Credential=AKIA/20260101'}", "AKIA"),
    ],
)
def test_what_opens_something_is_cut_out_of_the_lines_of_libraries(
    said: str, secret: str, capsys: pytest.CaptureFixture[str]
) -> None:
    start_logging("info", "json")
    logging.getLogger("urllib3.connectionpool").warning("%s", said)
    logging.getLogger("urllib3.connectionpool").info("%s", said)
    (line,) = capsys.readouterr().err.splitlines()
    assert secret not in line
    assert json.loads(line)["event"].split(" ")[0] == said.split(" ")[0].partition("=")[0] or "://" in line
